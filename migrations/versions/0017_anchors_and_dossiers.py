"""The daily anchors of the record, and the dossiers that are asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None

APPEND_ONLY = ("anchor", "anchor_head")


def upgrade() -> None:
    op.create_table(
        "anchor",
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_anchor_season_id_season")),
        sa.PrimaryKeyConstraint("season_id", "number", name=op.f("pk_anchor")),
        sa.UniqueConstraint("season_id", "day", name=op.f("uq_anchor_season_id_day")),
        sa.UniqueConstraint("hash", name=op.f("uq_anchor_hash")),
    )
    op.create_table(
        "anchor_head",
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["season_id", "number"],
            ["anchor.season_id", "anchor.number"],
            name=op.f("fk_anchor_head_season_id_anchor"),
        ),
        sa.PrimaryKeyConstraint("season_id", "number", "chain", name=op.f("pk_anchor_head")),
    )
    op.create_index("ix_anchor_head_chain", "anchor_head", ["chain", "number"], unique=False)
    op.create_table(
        "dossier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("redacted", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_dossier_asked_by_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_dossier_case_id_case")),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_dossier_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
    )
    op.create_index(op.f("ix_dossier_season_id"), "dossier", ["season_id"], unique=False)
    op.create_index(
        "ix_dossier_under_way",
        "dossier",
        ["asked_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting','working')"),
    )
    op.create_table(
        "dossier_part",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_dossier_part_case_id_case")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_part_dossier_id_dossier")
        ),
        sa.PrimaryKeyConstraint("dossier_id", "position", name=op.f("pk_dossier_part")),
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("dossier_part")
    op.drop_table("dossier")
    op.drop_table("anchor_head")
    op.drop_table("anchor")
