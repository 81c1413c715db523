"""A mailed link ends with its person's task; nothing has to revoke it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision: str | None = "0014"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.drop_column("task_link", "revoked_at")


def downgrade() -> None:
    op.add_column("task_link", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
