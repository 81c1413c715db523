"""Who has read what was sent to him, and the events of cases that are sent to be read."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "event_reading",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_reading_event_id_event")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_event_reading_person_id_person")),
        sa.PrimaryKeyConstraint("event_id", "person_id", name=op.f("pk_event_reading")),
    )
    op.create_index(
        "ix_event_of_cases",
        "event",
        ["season_id", "chain"],
        unique=False,
        postgresql_where=sa.text("kind IN ('case_ended', 'title_revoked')"),
    )
    op.create_index(
        "ix_decision_acted_for",
        "decision",
        ["acted_for"],
        unique=False,
        postgresql_where=sa.text("acted_for IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_decision_acted_for", table_name="decision")
    op.drop_index("ix_event_of_cases", table_name="event")
    op.drop_table("event_reading")
