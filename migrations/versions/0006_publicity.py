"""The public notice: what was released, what was corrected; objections are sealed and have a receipt and days."""

import uuid
from datetime import timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from models.crypto import seal_json, unseal_json

revision = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

SAID = ("objector", "contact", "text", "finding", "conclusion")
CONCLUDED = "(state IN ('upheld','dismissed'{more})) = (concluded_at IS NOT NULL)"
DAYS = timedelta(days=5)


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("gate_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("rows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_publication_gate_id_gate")),
        sa.ForeignKeyConstraint(
            ["released_by"], ["person.id"], name=op.f("fk_publication_released_by_person")
        ),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_publication_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("gate_id", name=op.f("uq_publication_gate_id")),
    )
    op.create_index(op.f("ix_publication_season_id"), "publication", ["season_id"], unique=False)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON publication "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("column", sa.String(length=40), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("published_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (settled_at IS NULL)", name=op.f("ck_correction_settled_has_time")
        ),
        sa.CheckConstraint(
            "settled_by IS NULL OR settled_by <> asked_by", name=op.f("ck_correction_two_persons")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_correction_asked_by_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_correction_case_id_case")),
        sa.ForeignKeyConstraint(
            ["published_id"], ["publication.id"], name=op.f("fk_correction_published_id_publication")
        ),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_correction_season_id_season")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_correction_settled_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_case_id"), "correction", ["case_id"], unique=False)
    op.create_index(op.f("ix_correction_season_id"), "correction", ["season_id"], unique=False)
    op.create_index(
        "uq_correction_asked",
        "correction",
        ["case_id", "column"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    _seal_objections()
    op.create_table(
        "objection_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objection.id"], name=op.f("fk_objection_file_objection_id_objection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_file")),
    )
    op.create_index(op.f("ix_objection_file_objection_id"), "objection_file", ["objection_id"], unique=False)


def _seal_objections() -> None:
    op.add_column("objection", sa.Column("receipt", sa.String(length=20), nullable=True))
    op.add_column("objection", sa.Column("source", sa.String(length=20), nullable=True))
    op.add_column("objection", sa.Column("received_on", sa.Date(), nullable=True))
    op.add_column("objection", sa.Column("late", sa.Boolean(), nullable=True))
    op.add_column("objection", sa.Column("heard", sa.Boolean(), nullable=True))
    op.add_column("objection", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.add_column("objection", sa.Column("asked_from", sa.String(length=64), nullable=True))
    op.add_column("objection", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT * FROM objection")).mappings().all():
        sealed = seal_json({key: row[key] for key in SAID}, f"objection:{row['id']}")
        connection.execute(
            sa.text(
                "UPDATE objection SET receipt = :receipt, source = 'letter', received_on = registered_at, "
                "late = false, sealed = :sealed, asked_from = '', due_at = registered_at + :days WHERE id = :id"
            ),
            {"id": row["id"], "receipt": uuid.uuid4().hex[:10].upper(), "sealed": sealed, "days": DAYS},
        )
    for name in ("receipt", "source", "received_on", "late", "sealed", "asked_from", "due_at"):
        op.alter_column("objection", name, nullable=False)
    op.alter_column("objection", "registered_by", nullable=True)
    op.create_unique_constraint(op.f("uq_objection_receipt"), "objection", ["receipt"])
    _check_conclusion(",'declined'")
    op.create_check_constraint(
        op.f("ck_objection_only_late_declined"), "objection", "state <> 'declined' OR late"
    )
    for name in SAID:
        op.drop_column("objection", name)


def _check_conclusion(more: str) -> None:
    name = op.f("ck_objection_concluded_has_time")
    op.drop_constraint(name, "objection", type_="check")
    op.create_check_constraint(name, "objection", CONCLUDED.format(more=more))


def downgrade() -> None:
    op.drop_table("objection_file")
    _unseal_objections()
    op.drop_table("correction")
    op.drop_table("publication")


def _unseal_objections() -> None:
    """What the page took in without a person, and what was declined, has no place in the older shape."""
    connection = op.get_bind()
    connection.execute(sa.text("DELETE FROM objection WHERE registered_by IS NULL OR state = 'declined'"))
    for name, length in (("objector", 80), ("contact", 200)):
        op.add_column("objection", sa.Column(name, sa.String(length=length), nullable=True))
    for name in SAID[2:]:
        op.add_column("objection", sa.Column(name, sa.Text(), nullable=True))
    for row in connection.execute(sa.text("SELECT id, sealed FROM objection")).mappings().all():
        said = unseal_json(row["sealed"], f"objection:{row['id']}")
        values = {key: said.get(key, "") for key in SAID}
        assignments = ", ".join(f"{key} = :{key}" for key in SAID)
        connection.execute(
            sa.text(f"UPDATE objection SET {assignments} WHERE id = :id"),  # noqa: S608 -- our own column names
            {"id": row["id"], **values},
        )
    for name in SAID:
        op.alter_column("objection", name, nullable=False)
    op.alter_column("objection", "registered_by", nullable=False)
    op.drop_constraint(op.f("ck_objection_only_late_declined"), "objection", type_="check")
    _check_conclusion("")
    for name in ("receipt", "source", "received_on", "late", "heard", "sealed", "asked_from", "due_at"):
        op.drop_column("objection", name)
