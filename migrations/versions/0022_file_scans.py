"""What the virus scanner said of each file."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision: str | None = "0021"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "file_scan",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("virus", sa.String(length=200), nullable=False),
        sa.Column("put_by", sa.Uuid(), nullable=True),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["put_by"], ["person.id"], name=op.f("fk_file_scan_put_by_person")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_file_scan")),
    )
    op.create_index(op.f("ix_file_scan_state"), "file_scan", ["state"])


def downgrade() -> None:
    op.drop_table("file_scan")
