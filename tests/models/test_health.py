"""When is a part of the system well, and is it said what to do whenever it is not?"""

from datetime import UTC, datetime, timedelta

import pytest

from models import health
from models.health import Engine, MailQueue, Part
from models.words import Condition

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def engine(seconds: float = 5, *, leads: bool = True) -> Engine:
    return Engine("one", ago(seconds=seconds), 16, 2, leads)


def queue(
    unsettled: int = 0, alarm: str = "", overdue: float | None = None, *, stopped: bool = False
) -> MailQueue:
    """`overdue`: since when the mail waits that the alarm is about, in minutes."""
    since = None if overdue is None else ago(minutes=overdue)
    return MailQueue(3, None, unsettled, stopped, [alarm] if alarm else [], since)


WELL, ATTENTION, BROKEN, NONE = Condition.WELL, Condition.ATTENTION, Condition.BROKEN, Condition.NONE


@pytest.mark.parametrize(
    ("part", "condition"),
    [
        (health.web(), WELL),
        (health.anchors(None, None, mailed=True), NONE),
        (health.anchors(None, NOW.date(), mailed=True), WELL),
        (health.anchors(ago(days=1).date(), NOW.date(), mailed=True), WELL),
        (health.anchors(NOW.date(), NOW.date(), mailed=False), ATTENTION),
        (health.anchors(ago(days=2).date(), NOW.date(), mailed=True), ATTENTION),
        (health.database(3.0), WELL),
        (health.database(1500.0), ATTENTION),
        (health.database(None), BROKEN),
        (health.prefect(True), WELL),
        (health.prefect(False), BROKEN),
        (health.engine([engine()], None, NOW), WELL),
        (health.engine([engine(), engine(60)], ago(seconds=50), NOW), WELL),
        (health.engine([engine()], ago(minutes=2), NOW), ATTENTION),
        (health.engine([engine()], ago(minutes=6), NOW), BROKEN),
        (health.engine([engine(leads=False)], None, NOW), ATTENTION),
        (health.engine([engine(46)], None, NOW), BROKEN),
        (health.engine([], None, NOW), BROKEN),
        (health.sweep(ago(minutes=9), 0, ago(days=2), NOW), WELL),
        (health.sweep(ago(minutes=30), 0, ago(days=2), NOW), ATTENTION),
        (health.sweep(ago(minutes=61), 0, ago(days=2), NOW), BROKEN),
        (health.sweep(ago(days=3), 0, ago(minutes=5), NOW), WELL),
        (health.sweep(None, 0, ago(minutes=5), NOW), NONE),
        (health.mail(queue(), NOW), WELL),
        (health.mail(queue(unsettled=1), NOW), ATTENTION),
        (health.mail(queue(alarm="450", overdue=2), NOW), ATTENTION),
        (health.mail(queue(alarm="450", overdue=16), NOW), BROKEN),
        (health.mail(queue(alarm="535", stopped=True), NOW), BROKEN),
        (health.disk(50_000, 100_000), WELL),
        (health.disk(1_999, 100_000), ATTENTION),
        (health.disk(499, 100_000), BROKEN),
        (health.backup(None, NOW), NONE),
        (health.backup(ago(days=1), NOW), WELL),
        (health.backup(ago(days=3), NOW), ATTENTION),
    ],
)
def test_each_part_is_judged_and_what_is_not_well_says_what_to_do(part: Part, condition: Condition) -> None:
    assert part.condition == condition
    assert bool(part.remedy) == (condition in (ATTENTION, BROKEN))
