"""Handing on: substitutes' seats, delegated tasks, for whom an answer was given."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None

NEW = (("seat", "stands_in_for"), ("assignment", "given_by"), ("decision", "acted_for"))


def upgrade() -> None:
    for table, column in NEW:
        op.add_column(table, sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{table}_{column}_person"), table, "person", [column], ["id"])


def downgrade() -> None:
    for table, column in reversed(NEW):
        op.drop_constraint(op.f(f"fk_{table}_{column}_person"), table, type_="foreignkey")
        op.drop_column(table, column)
