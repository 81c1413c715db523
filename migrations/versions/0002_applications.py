"""Applications: sealed numbers, attachments, submissions, 附件2, rulings on doubles, mails that come in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "cipher_key",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cipher_key")),
    )
    op.create_table(
        "past_winner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("occupation", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_winner")),
        sa.UniqueConstraint(
            "award", "year", "name", "employer", name=op.f("uq_past_winner_award_year_name_employer")
        ),
    )
    op.create_index(op.f("ix_past_winner_name"), "past_winner", ["name"], unique=False)
    op.create_table(
        "typed",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_typed_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "about", name=op.f("pk_typed")),
    )
    op.create_table(
        "incoming",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_incoming_season_id_season")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_incoming_settled_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming")),
        sa.UniqueConstraint("sha256", name=op.f("uq_incoming_sha256")),
    )
    op.create_index(op.f("ix_incoming_message_id"), "incoming", ["message_id"], unique=False)
    op.create_index(
        "ix_incoming_waiting",
        "incoming",
        ["season_id", "received_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "sheet_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_sheet_import_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_sheet_import_season_id_season")),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["person.id"], name=op.f("fk_sheet_import_uploaded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_import")),
    )
    op.create_index(op.f("ix_sheet_import_season_id"), "sheet_import", ["season_id"], unique=False)
    op.create_index(
        "uq_sheet_import_confirmed",
        "sheet_import",
        ["season_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("state = 'confirmed'"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("sealed_and_signed", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_attachment_case_id_case")),
        sa.ForeignKeyConstraint(["removed_by"], ["person.id"], name=op.f("fk_attachment_removed_by_person")),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["person.id"], name=op.f("fk_attachment_uploaded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_case_id"), "attachment", ["case_id"], unique=False)
    op.create_table(
        "incoming_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incoming_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=False),
        sa.Column("looks_like", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_incoming_part_case_id_case")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["sheet_import.id"], name=op.f("fk_incoming_part_import_id_sheet_import")
        ),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_incoming_part_incoming_id_incoming")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_part")),
    )
    op.create_index(op.f("ix_incoming_part_incoming_id"), "incoming_part", ["incoming_id"], unique=False)
    op.create_table(
        "incoming_source",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_incoming_source")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("asked_from", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_invitation_case_id_case")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_invitation_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
    )
    op.create_index(op.f("ix_invitation_case_id"), "invitation", ["case_id"], unique=False)
    op.create_index(op.f("ix_invitation_email"), "invitation", ["email"], unique=False)
    op.create_table(
        "paper_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("received_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_paper_receipt_case_id_case")),
        sa.ForeignKeyConstraint(
            ["received_by"], ["person.id"], name=op.f("fk_paper_receipt_received_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_receipt")),
        sa.UniqueConstraint("case_id", "document", name=op.f("uq_paper_receipt_case_id_document")),
    )
    op.create_table(
        "priority",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_priority_case_id_case")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_priority_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_priority_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority")),
        sa.UniqueConstraint("organisation_id", "case_id", name=op.f("uq_priority_organisation_id_case_id")),
        sa.UniqueConstraint(
            "season_id",
            "organisation_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_priority_season_id_organisation_id_position"),
        ),
    )
    op.create_index(op.f("ix_priority_case_id"), "priority", ["case_id"], unique=False)
    op.create_table(
        "sameness",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Uuid(), nullable=False),
        sa.Column("second", sa.Uuid(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("kept", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first < second", name=op.f("ck_sameness_ordered")),
        sa.CheckConstraint("same = (kept IS NOT NULL)", name=op.f("ck_sameness_one_stands")),
        sa.ForeignKeyConstraint(["first"], ["case.id"], name=op.f("fk_sameness_first_case")),
        sa.ForeignKeyConstraint(["kept"], ["case.id"], name=op.f("fk_sameness_kept_case")),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_sameness_season_id_season")),
        sa.ForeignKeyConstraint(["second"], ["case.id"], name=op.f("fk_sameness_second_case")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_sameness_settled_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sameness")),
        sa.UniqueConstraint("first", "second", name=op.f("uq_sameness_first_second")),
    )
    op.create_index(op.f("ix_sameness_season_id"), "sameness", ["season_id"], unique=False)
    op.create_index(op.f("ix_sameness_second"), "sameness", ["second"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("form", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("handed_in_by", sa.Uuid(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_submission_case_id_case")),
        sa.ForeignKeyConstraint(
            ["handed_in_by"], ["person.id"], name=op.f("fk_submission_handed_in_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_submission_case_id_number")),
    )
    op.add_column("case", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.add_column(
        "case",
        sa.Column(
            "sealed_versions", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
    )
    op.add_column("case", sa.Column("id_index", sa.String(length=120), nullable=True))
    op.add_column("case", sa.Column("phone_index", sa.String(length=120), nullable=True))
    op.add_column("case", sa.Column("channel_doubted", sa.Boolean(), server_default="false", nullable=False))
    op.create_index(op.f("ix_case_id_index"), "case", ["id_index"], unique=False)
    op.create_index(op.f("ix_case_phone_index"), "case", ["phone_index"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_case_phone_index"), table_name="case")
    op.drop_index(op.f("ix_case_id_index"), table_name="case")
    op.drop_column("case", "channel_doubted")
    op.drop_column("case", "phone_index")
    op.drop_column("case", "id_index")
    op.drop_column("case", "sealed_versions")
    op.drop_column("case", "sealed")
    op.drop_table("submission")
    op.drop_index(op.f("ix_sameness_second"), table_name="sameness")
    op.drop_index(op.f("ix_sameness_season_id"), table_name="sameness")
    op.drop_table("sameness")
    op.drop_index(op.f("ix_priority_case_id"), table_name="priority")
    op.drop_table("priority")
    op.drop_table("paper_receipt")
    op.drop_index(op.f("ix_invitation_email"), table_name="invitation")
    op.drop_index(op.f("ix_invitation_case_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("incoming_source")
    op.drop_index(op.f("ix_incoming_part_incoming_id"), table_name="incoming_part")
    op.drop_table("incoming_part")
    op.drop_index(op.f("ix_attachment_case_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index(
        "uq_sheet_import_confirmed",
        table_name="sheet_import",
        postgresql_where=sa.text("state = 'confirmed'"),
    )
    op.drop_index(op.f("ix_sheet_import_season_id"), table_name="sheet_import")
    op.drop_table("sheet_import")
    op.drop_index("ix_incoming_waiting", table_name="incoming", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index(op.f("ix_incoming_message_id"), table_name="incoming")
    op.drop_table("incoming")
    op.drop_table("typed")
    op.drop_index(op.f("ix_past_winner_name"), table_name="past_winner")
    op.drop_table("past_winner")
    op.drop_table("cipher_key")
