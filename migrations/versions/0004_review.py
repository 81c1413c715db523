"""Review: who stays away from which case, when inspectors go there, and their photos."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "recusal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_recusal_season_id_season")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_recusal_case_id_case")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recusal_person_id_person")),
        sa.ForeignKeyConstraint(["declared_by"], ["person.id"], name=op.f("fk_recusal_declared_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
        sa.UniqueConstraint("person_id", "case_id", name=op.f("uq_recusal_person_id_case_id")),
    )
    op.create_index(op.f("ix_recusal_season_id"), "recusal", ["season_id"], unique=False)
    op.create_index(op.f("ix_recusal_case_id"), "recusal", ["case_id"], unique=False)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON recusal "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        "relative",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kinship", sa.String(length=40), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_by", sa.Uuid(), nullable=True),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_relative_season_id_season")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_relative_person_id_person")),
        sa.ForeignKeyConstraint(["struck_by"], ["person.id"], name=op.f("fk_relative_struck_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relative")),
    )
    op.create_index(
        "uq_relative_standing",
        "relative",
        ["person_id", "season_id", "name"],
        unique=True,
        postgresql_where=sa.text("struck_at IS NULL"),
    )
    op.create_table(
        "inspection_visit",
        sa.Column("gate_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_inspection_visit_gate_id_gate")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_inspection_visit_set_by_person")),
        sa.PrimaryKeyConstraint("gate_id", name=op.f("pk_inspection_visit")),
    )
    op.create_table(
        "inspection_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_inspection_photo_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_inspection_photo_case_id_case")),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["person.id"], name=op.f("fk_inspection_photo_uploaded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_photo")),
    )
    op.create_index(
        op.f("ix_inspection_photo_assignment_id"), "inspection_photo", ["assignment_id"], unique=False
    )
    op.create_index(op.f("ix_inspection_photo_case_id"), "inspection_photo", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_inspection_photo_case_id"), table_name="inspection_photo")
    op.drop_index(op.f("ix_inspection_photo_assignment_id"), table_name="inspection_photo")
    op.drop_table("inspection_photo")
    op.drop_table("inspection_visit")
    op.drop_index(
        "uq_relative_standing", table_name="relative", postgresql_where=sa.text("struck_at IS NULL")
    )
    op.drop_table("relative")
    op.drop_index(op.f("ix_recusal_case_id"), table_name="recusal")
    op.drop_index(op.f("ix_recusal_season_id"), table_name="recusal")
    op.drop_table("recusal")
