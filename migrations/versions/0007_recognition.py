"""Recognition: the joint document, certificates, award and payments, revocations, coverage in the media."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None

APPEND_ONLY = ("joint_text", "joint_number", "certificate", "award_amount", "payment", "revocation")


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (upheld IS NULL)", name=op.f("ck_appeal_answered_either_way")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_appeal_answered_by_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_appeal_case_id_case")),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["person.id"], name=op.f("fk_appeal_registered_by_person")
        ),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_appeal_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index(op.f("ix_appeal_case_id"), "appeal", ["case_id"], unique=False)
    op.create_index(op.f("ix_appeal_season_id"), "appeal", ["season_id"], unique=False)
    op.create_table(
        "award_amount",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("amount_yuan", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_yuan >= 0", name=op.f("ck_award_amount_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_award_amount_recorded_by_person")
        ),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_award_amount_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_amount")),
        sa.UniqueConstraint("season_id", "revision", name=op.f("uq_award_amount_season_id_revision")),
    )
    op.create_table(
        "coverage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("medium", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removal_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("link = '' OR link LIKE 'https://%'", name=op.f("ck_coverage_link_is_https")),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by IS NULL)", name=op.f("ck_coverage_removed_by_somebody")
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_coverage_entered_by_person")),
        sa.ForeignKeyConstraint(["removed_by"], ["person.id"], name=op.f("fk_coverage_removed_by_person")),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_coverage_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
    )
    op.create_index(op.f("ix_coverage_season_id"), "coverage", ["season_id"], unique=False)
    op.create_table(
        "joint_number",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "revision = 1 OR reason <> ''", name=op.f("ck_joint_number_correction_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_joint_number_recorded_by_person")
        ),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_joint_number_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_number")),
        sa.UniqueConstraint("season_id", "revision", name=op.f("uq_joint_number_season_id_revision")),
    )
    op.create_table(
        "joint_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("addressee", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("list_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_joint_text_season_id_season")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_joint_text_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_text")),
        sa.UniqueConstraint("season_id", "version", name=op.f("uq_joint_text_season_id_version")),
    )
    op.create_table(
        "season_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_season_file_season_id_season")),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["person.id"], name=op.f("fk_season_file_uploaded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_season_file")),
    )
    op.create_index(op.f("ix_season_file_about"), "season_file", ["about"], unique=False)
    op.create_index(op.f("ix_season_file_season_id"), "season_file", ["season_id"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("numbered_by", sa.Uuid(), nullable=False),
        sa.Column("numbered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_certificate_case_id_case")),
        sa.ForeignKeyConstraint(
            ["numbered_by"], ["person.id"], name=op.f("fk_certificate_numbered_by_person")
        ),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_certificate_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("case_id", name=op.f("uq_certificate_case_id")),
        sa.UniqueConstraint("season_id", "number", name=op.f("uq_certificate_season_id_number")),
        sa.UniqueConstraint("season_id", "sequence", name=op.f("uq_certificate_season_id_sequence")),
    )
    op.create_index(op.f("ix_certificate_number"), "certificate", ["number"], unique=False)
    op.create_table(
        "coverage_of",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("coverage_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_coverage_of_case_id_case")),
        sa.ForeignKeyConstraint(
            ["coverage_id"], ["coverage.id"], name=op.f("fk_coverage_of_coverage_id_coverage")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_of")),
        sa.UniqueConstraint("coverage_id", "case_id", name=op.f("uq_coverage_of_coverage_id_case_id")),
    )
    op.create_index(op.f("ix_coverage_of_case_id"), "coverage_of", ["case_id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("amount_yuan", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("paid_on IS NOT NULL OR note <> ''", name=op.f("ck_payment_paid_or_explained")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_payment_case_id_case")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_payment_recorded_by_person")),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_payment_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("case_id", "revision", name=op.f("uq_payment_case_id_revision")),
    )
    op.create_index("ix_payment_season_id", "payment", ["season_id"], unique=False)
    op.create_table(
        "revocation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("paper", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_revocation_case_id_case")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_revocation_recorded_by_person")
        ),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_revocation_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation")),
        sa.UniqueConstraint("case_id", name=op.f("uq_revocation_case_id")),
    )
    op.create_index(op.f("ix_revocation_season_id"), "revocation", ["season_id"], unique=False)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_appeal_season_id"), table_name="appeal")
    op.drop_index(op.f("ix_appeal_case_id"), table_name="appeal")
    op.drop_table("appeal")
    op.drop_index(op.f("ix_revocation_season_id"), table_name="revocation")
    op.drop_table("revocation")
    op.drop_index("ix_payment_season_id", table_name="payment")
    op.drop_table("payment")
    op.drop_index(op.f("ix_coverage_of_case_id"), table_name="coverage_of")
    op.drop_table("coverage_of")
    op.drop_index(op.f("ix_certificate_number"), table_name="certificate")
    op.drop_table("certificate")
    op.drop_index(op.f("ix_season_file_season_id"), table_name="season_file")
    op.drop_index(op.f("ix_season_file_about"), table_name="season_file")
    op.drop_table("season_file")
    op.drop_table("joint_text")
    op.drop_table("joint_number")
    op.drop_index(op.f("ix_coverage_season_id"), table_name="coverage")
    op.drop_table("coverage")
    op.drop_table("award_amount")
