"""What is erased when its time is over: the lists, their items, and what is held back."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision: str | None = "0020"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_when_not_open"),
        sa.CheckConstraint("settled_by <> proposed_by OR state = 'declined'", name="two_people"),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_has_time"),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_erasure_season_id_season")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_erasure_proposed_by_person")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_erasure_settled_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(
        "uq_erasure_open",
        "erasure",
        ["season_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'confirmed')"),
    )
    op.create_table(
        "erasure_item",
        sa.Column("erasure_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("data_class", sa.String(length=20), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("ref", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["erasure_id"], ["erasure.id"], name=op.f("fk_erasure_item_erasure_id_erasure")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_erasure_item_case_id_case")),
        sa.PrimaryKeyConstraint("erasure_id", "position", name=op.f("pk_erasure_item")),
    )
    op.create_index(op.f("ix_erasure_item_case_id"), "erasure_item", ["case_id"])
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_has_person"),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_hold_season_id_season")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_hold_case_id_case")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_hold_set_by_person")),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name=op.f("fk_hold_lifted_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index("ix_hold_standing", "hold", ["season_id"], postgresql_where=sa.text("lifted_at IS NULL"))


def downgrade() -> None:
    for table in ("hold", "erasure_item", "erasure"):
        op.drop_table(table)
