"""How often somebody was refused an address in a day is counted beside the log, which tells it with fewer rows."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision: str | None = "0018"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "denial_count",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_denial_count_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "day", "address", name=op.f("pk_denial_count")),
    )


def downgrade() -> None:
    op.drop_table("denial_count")
