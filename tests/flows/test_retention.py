"""Does the nightly run only remind of what is kept long enough, and the engine erase what two people confirmed?"""

from sqlmodel import col, select

from flows.timetable import RETENTION, timed
from models.case import Case
from models.data_words import ErasureState
from models.database import reading
from models.mail import Message
from models.retention import Erasure
from tests.flows.dashboard import until
from tests.flows.walked import Walked
from tests.tasks.test_retention import confirmed, due_now, over


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


def test_the_engine_erases_what_was_confirmed(walked: Walked) -> None:
    case = walked.at_office()
    walked.world.answer("office_review", case, "reject", reason="样例理由")
    over(walked.world)
    erasure = confirmed(walked.world)

    def is_done() -> bool:
        with reading() as session:
            return session.get_one(Erasure, erasure.id).state == ErasureState.DONE

    until(is_done, "the erasure")
    assert walked.world.case(case).sealed is None
    assert due_now(walked.world) == {}
