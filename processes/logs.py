"""How does a process write its log, and to which request does a line belong?

One event is one line: as text to be read, or as JSON for a program that collects logs (`GONGJIANG_LOG_FORMAT`). In JSON
an error's own text is left out, since it may repeat what somebody typed; its kind and where it came through stay.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from settings import settings

TEXT = "%(asctime)s | %(levelname)-7s | %(name)s - %(message)s"
request_id: ContextVar[str] = ContextVar("request_id", default="")


class TextLine(logging.Formatter):
    """A line to be read; that of a request begins its message with the request's id."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- the library's name
        line = super().formatMessage(record)
        return f"{line} [{found}]" if (found := request_id.get()) else line


class JsonLine(logging.Formatter):
    """time, level, logger, request, text; for an error also its kind and where it came through."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "text": record.getMessage(),
        }
        if found := request_id.get():
            line["request"] = found
        if record.exc_info and (error := record.exc_info[1]) is not None:
            line["error"] = type(error).__name__
            line["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
        return json.dumps(line, ensure_ascii=False)


def write_logs() -> None:
    """Write everything that is logged in this process as the settings say, whoever has set up logging before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine() if settings().log_format == "json" else TextLine(TEXT))
    for name in logging.root.manager.loggerDict:
        _replace_on_screen(logging.getLogger(name), handler)
    _replace_on_screen(logging.root, handler)
    if handler not in logging.root.handlers:
        logging.root.addHandler(handler)


def _replace_on_screen(logger: logging.Logger, handler: logging.Handler) -> None:
    """What wrote to the screen is replaced; the rest stays, such as whether a logger passes on what it is told."""
    on_screen = [h for h in logger.handlers if isinstance(h, logging.StreamHandler) and h.stream in _SCREEN]
    for old in on_screen:
        logger.removeHandler(old)
        logger.addHandler(handler)


_SCREEN = (sys.stdout, sys.stderr)
