"""How does a loop bear with a server that is away?

It says so once, tries again at growing intervals, and says once that all is well again.
"""

import asyncio
import logging
from types import TracebackType
from typing import Self

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0


class Patience:
    """A block that may fail: `pause` is how long to wait after it, None when it went well."""

    def __init__(self, log: logging.Logger, what: str) -> None:
        self._log, self._what = log, what
        self.pause: float | None = None
        self.recovered = False

    def __enter__(self) -> Self:
        self.recovered = False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            self.recovered = self.pause is not None
            if self.recovered:
                self._log.warning("%s works again", self._what)
            self.pause = None
            return False
        if not isinstance(error, Exception) or isinstance(error, asyncio.CancelledError):
            return False
        if self.pause is None:
            self._log.warning("%s failed, trying again: %s: %s", self._what, type(error).__name__, error)
        self.pause = min((self.pause or FIRST_PAUSE / 2) * 2, LONGEST_PAUSE)
        return True
