"""The calendar of working days, with the holidays and make-up days of 2025 and 2026."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

FREE = (
    ("2025-01-01", 1, "元旦"),
    ("2025-01-28", 8, "春节"),
    ("2025-04-04", 3, "清明节"),
    ("2025-05-01", 5, "劳动节"),
    ("2025-05-31", 3, "端午节"),
    ("2025-10-01", 8, "国庆节、中秋节"),
    ("2026-01-01", 3, "元旦"),
    ("2026-02-15", 9, "春节"),
    ("2026-04-04", 3, "清明节"),
    ("2026-05-01", 5, "劳动节"),
    ("2026-06-19", 3, "端午节"),
    ("2026-09-25", 3, "中秋节"),
    ("2026-10-01", 7, "国庆节"),
)
WORKED = (
    ("2025-01-26", "春节调休上班"),
    ("2025-02-08", "春节调休上班"),
    ("2025-04-27", "劳动节调休上班"),
    ("2025-09-28", "国庆节调休上班"),
    ("2025-10-11", "国庆节调休上班"),
    ("2026-01-04", "元旦调休上班"),
    ("2026-02-14", "春节调休上班"),
    ("2026-02-28", "春节调休上班"),
    ("2026-05-09", "劳动节调休上班"),
    ("2026-09-20", "国庆节调休上班"),
    ("2026-10-10", "国庆节调休上班"),
)
SOURCES = ((2025, "国办发明电〔2024〕12号"), (2026, "国办发明电〔2025〕7号"))


def upgrade() -> None:
    years = op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    days = op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    moment = datetime.now(UTC)
    op.bulk_insert(years, [{"year": y, "source": s, "entered_at": moment} for y, s in SOURCES])
    free = [
        {"day": date.fromisoformat(first) + timedelta(days=n), "working": False, "note": note}
        for first, count, note in FREE
        for n in range(count)
    ]
    worked = [{"day": date.fromisoformat(day), "working": True, "note": note} for day, note in WORKED]
    op.bulk_insert(days, free + worked)


def downgrade() -> None:
    op.drop_table("calendar_day")
    op.drop_table("calendar_year")
