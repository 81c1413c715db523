"""Is each line of a log whole, does it belong to a request, and does it repeat nothing that was typed?"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# uvicorn's and Prefect's own set-ups of logging come first, as in the engine.
LOGS = """
import logging, prefect
from processes.logs import request_id, write_logs
write_logs()
request_id.set("bcdfghjkmn")
log = logging.getLogger("gongjiang.web")
log.warning("two\\nlines at %s", "GET")
logging.getLogger("prefect.worker").warning("from Prefect")
try:
    int("样例：450202199001010014")
except ValueError as error:
    log.error("fault at %s", "POST", exc_info=error)
"""


def said(form: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOGS],
        env=os.environ | {"GONGJIANG_LOG_FORMAT": form, "PREFECT_LOGGING_LEVEL": "WARNING"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_one_event_is_one_line_of_json_without_what_was_typed() -> None:
    lines: list[dict[str, Any]] = [json.loads(line) for line in said("json")]

    first, other, fault = lines
    assert (first["level"], first["logger"], first["text"]) == (
        "warning",
        "gongjiang.web",
        "two\nlines at GET",
    )
    assert first["request"] == "bcdfghjkmn"
    assert first["time"].endswith("+00:00")
    assert (other["logger"], other["text"]) == ("prefect.worker", "from Prefect")
    assert (fault["error"], len(fault["trace"])) == ("ValueError", 1)
    assert "450202" not in json.dumps(lines)


def test_text_has_time_level_logger_and_request() -> None:
    first, second = said("text")[:2]

    assert " | WARNING | gongjiang.web - two" in first
    assert second.endswith("lines at GET [bcdfghjkmn]")
