"""Screening: who has opened a task, who was reminded of it, the sealed paper of an opinion."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_reminder_asked_by_person")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_reminder_assignment_id_assignment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("assignment_id", "day", name=op.f("uq_reminder_assignment_id_day")),
    )
    op.create_table(
        "task_opening",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_task_opening_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_opening_person_id_person")),
        sa.PrimaryKeyConstraint("assignment_id", "person_id", name=op.f("pk_task_opening")),
    )
    op.add_column("attachment", sa.Column("decision_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_attachment_decision_id_decision"), "attachment", "decision", ["decision_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_attachment_decision_id_decision"), "attachment", type_="foreignkey")
    op.drop_column("attachment", "decision_id")
    op.drop_table("task_opening")
    op.drop_table("reminder")
