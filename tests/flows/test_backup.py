"""Is a backup made by a run of its own, and only where a folder is set for it?"""

from pathlib import Path

from flows.timetable import BACKUP, timed
from tests.elsewhere import set_to
from tests.flows.dashboard import until
from tests.flows.walked import Walked


def test_a_backup_is_made_by_a_run(walked: Walked) -> None:
    run_id = walked.dashboard.quick_run("backup", {})

    until(lambda: (run := walked.dashboard.run(run_id)) and run.state == "Completed", "the backup")


def test_it_is_scheduled_where_a_folder_is_set(tmp_path: Path) -> None:
    without = timed()
    with set_to(BACKUP_FOLDER=str(tmp_path)):
        assert [*without, BACKUP] == timed()
    assert BACKUP not in without
