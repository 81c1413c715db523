"""Are mails fetched by a run of their own, and only where there is a mailbox to fetch them from?"""

from pathlib import Path

import pytest

from flows.timetable import INBOX, timed
from settings import settings
from tests.flows.dashboard import until
from tests.flows.walked import Walked


def test_mails_are_fetched_by_a_run(walked: Walked) -> None:
    run_id = walked.dashboard.quick_run("inbox", {})

    until(lambda: (run := walked.dashboard.run(run_id)) and run.state == "Completed", "the fetching")


def test_fetching_is_scheduled_where_a_folder_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without = timed()
    assert INBOX not in without

    monkeypatch.setenv("GONGJIANG_INBOX_FOLDER", str(tmp_path))
    settings.cache_clear()
    try:
        assert timed() == [*without, INBOX]
    finally:
        monkeypatch.undo()
        settings.cache_clear()
