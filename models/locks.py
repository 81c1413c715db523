"""Does a lock still hold? Never for longer than it was made for, even if the clock was put back meanwhile."""

from datetime import datetime, timedelta

# Who made the lock may have looked at the clock a little later, or at another machine's.
TOLERANCE = timedelta(minutes=1)


def holds(until: datetime | None, moment: datetime, longest: timedelta) -> bool:
    return until is not None and timedelta() < until - moment <= longest + TOLERANCE
