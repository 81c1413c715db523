"""The daily anchors of the record: what cannot be seen in a chain alone."""

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
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("anchor_head")
    op.drop_table("anchor")
