"""Mails: several messages in one letter, how sending stands, telephone calls."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None

PARTIAL = {
    "ix_message_held": "state = 'held'",
    "ix_message_unreached": "state IN ('skipped','failed','bounced')",
}


def upgrade() -> None:
    op.add_column("message", sa.Column("letter_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE message SET letter_id = id WHERE state NOT IN ('queued', 'skipped')")
    op.create_index(op.f("ix_message_letter_id"), "message", ["letter_id"], unique=False)
    op.create_index("ix_message_sent", "message", ["sent_at"], unique=False)
    op.create_index(
        "ix_message_folding",
        "message",
        ["person_id", "template"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
    )
    for name, states in PARTIAL.items():
        where = sa.text(states)
        op.create_index(name, "message", ["season_id"], unique=False, postgresql_where=where)
    op.create_table(
        "mail_route",
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("trouble_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alive_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["stopped_by"], ["person.id"], name=op.f("fk_mail_route_stopped_by_person")),
        sa.PrimaryKeyConstraint("practice", name=op.f("pk_mail_route")),
    )
    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("called_by", sa.Uuid(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["called_by"], ["person.id"], name=op.f("fk_call_called_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_call_person_id_person")),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_call_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    op.create_index(op.f("ix_call_person_id"), "call", ["person_id"], unique=False)
    op.create_index(op.f("ix_call_season_id"), "call", ["season_id"], unique=False)
    op.create_table(
        "call_about",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_call_about_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_about_call_id_call")),
        sa.PrimaryKeyConstraint("call_id", "assignment_id", name=op.f("pk_call_about")),
    )
    op.create_index(op.f("ix_call_about_assignment_id"), "call_about", ["assignment_id"], unique=False)


def downgrade() -> None:
    op.drop_table("call_about")
    op.drop_table("call")
    op.drop_table("mail_route")
    op.execute("UPDATE message SET state = 'skipped', error = '尚未放行' WHERE state = 'held'")
    op.execute("UPDATE message SET state = 'failed' WHERE state = 'bounced'")
    for name, states in PARTIAL.items():
        op.drop_index(name, table_name="message", postgresql_where=sa.text(states))
    op.drop_index("ix_message_sent", table_name="message")
    op.drop_index("ix_message_folding", table_name="message", postgresql_where=sa.text("state = 'queued'"))
    op.drop_index(op.f("ix_message_letter_id"), table_name="message")
    op.drop_column("message", "letter_id")
