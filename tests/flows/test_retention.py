"""Does the nightly run remind of what is kept long enough, and erase nothing?"""

from sqlmodel import col, select

from flows.timetable import RETENTION, timed
from models.case import Case
from models.database import reading
from models.mail import Message
from tests.flows.dashboard import until
from tests.flows.walked import Walked
from tests.tasks.test_retention import due_now, over


def test_it_only_reminds(walked: Walked) -> None:
    case = walked.at_office()
    walked.world.answer("office_review", case, "reject", reason="样例理由")
    over(walked.world)
    before = due_now(walked.world)
    run_id = walked.dashboard.quick_run("retention", {})

    until(lambda: (run := walked.dashboard.run(run_id)) and run.state == "Completed", "the reminder")

    assert RETENTION in timed()
    with reading() as session:
        mine = select(Message).where(Message.season_id == walked.world.season_id)
        assert session.exec(mine.where(col(Message.template) == "erasure_due")).first()
        assert session.get_one(Case, case.id).sealed
    assert due_now(walked.world) == before != {}
