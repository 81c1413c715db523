"""How does a year go, from the notice to the last report? A story dated like 三、工作安排, driven by the real engine.

The notice is Liuzhou's, with two places instead of thirty, so that six candidates fill its lists. Nobody opens a gate
here: people answer, the engine does the rest.
"""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from models.case import Case
from models.database import reading, transaction
from models.invariants import check
from models.lists import Entry, Shortlist
from models.mail import Message
from models.people import Person
from models.progress import current_list, listed
from models.verdict import Refused
from models.words import GateState, MessageState, Outcome, Place
from processes.supervise import Stack
from tasks.audit import verify
from tasks.intake import admit_late, edit_case, submit_case, withdraw
from tasks.publicity import conclude_objection, register_objection, verify_objection
from tests.flows.dashboard import until
from tests.refusals import codes
from tests.world import NOTICE, World, open_world


class Year:
    """Waits for the engine where `World` would pump."""

    def __init__(self, world: World) -> None:
        self.world = world

    def at(self, step: str, case: Case | None = None) -> None:
        """The step is open, for the case or for the season."""
        until(
            lambda: step in self.world.open_steps(case), f"{case.number if case else 'the season'} at {step}"
        )

    def all_pass(self, step: str, case: Case | None = None, **given: Any) -> None:
        """Everyone who is asked gives the first answer of the notice."""
        self.at(step, case)
        for assignment in self.world.assignments(step, case):
            self.world.answer_as(None, assignment, self.world.notice.step(step).answers[0].key, **given)

    def score(self, case: Case, points: int) -> None:
        scores = {c.key: points for c in self.world.notice.step("expert_review").criteria}
        self.all_pass("expert_review", case, facts={"scores": scores})

    def submit(self, case: Case, person: Person) -> None:
        with transaction() as session:
            submit_case(session, case.id, person)

    def names(self, step: str, place: Place = Place.ON) -> list[str]:
        with reading() as session:
            shortlist = current_list(session, self.world.season_id, step)
            assert shortlist is not None
            return [c.name for _, c in listed(session, shortlist, place)]

    def outcome(self, case: Case) -> str | None:
        return self.world.case(case).outcome


@pytest.fixture
def year(running: Stack, tmp_path: Path) -> Year:
    notice = tmp_path / "two-places.yaml"
    notice.write_text(NOTICE.read_text(encoding="utf-8").replace("places: 30", "places: 2"), encoding="utf-8")
    return Year(open_world(notice))


def test_the_year(year: Year) -> None:
    world, office = year.world, year.world.person("office")
    clerk, herself = world.filler(), world.applicant()

    # ── 三（一） 基层申报: six candidates by three channels; one of them does not make the day ──
    turner = world.enter(name="样例车工")
    welder = world.enter(name="样例焊工", route="city")
    weaver = world.enter(
        name="样例织工",
        channel="professional",
        route="city",
        person=office,
        recommenders=["样例师傅甲", "样例师傅乙"],
    )
    potter = world.enter(name="样例陶工", channel="self", route="city", person=herself)
    carver = world.enter(name="样例木雕工", channel="self", route="city", person=herself)
    late = world.enter(name="样例迟报者", channel="self", route="city", person=herself)
    for case, person in (
        (turner, clerk),
        (welder, clerk),
        (weaver, office),
        (potter, herself),
        (carver, herself),
    ):
        year.submit(case, person)

    # ── 三（二） 资格审查: the unit, five departments, the county; a return comes back to who returned it ──
    year.all_pass("unit_review", turner)
    year.all_pass("department_opinions", turner)
    year.at("county_review", turner)
    world.answer("county_review", turner, "return", reason="请补充简要事迹", items=("简要事迹",))
    year.at("application", turner)
    with transaction() as session:
        edit_case(session, turner.id, {"summary": "样例：带徒十二名"}, clerk)
    year.submit(turner, clerk)
    year.all_pass("unit_review", turner)
    year.at("county_review", turner)
    assert world.gate("county_review", turner).round == 2
    assert world.gate("department_opinions", turner).round == 1
    year.all_pass("county_review", turner)

    year.all_pass("unit_review", welder)
    year.at("office_review", carver)
    world.answer("office_review", carver, "reject", reason="不在柳州区域内工作")
    assert year.outcome(carver) == Outcome.REJECTED
    for case in (welder, weaver, potter):
        year.all_pass("office_review", case)

    # ── 三（三） 现场查验: where the office asked for it ──
    year.at("office_review", turner)
    world.answer("office_review", turner, "pass_inspect")
    year.all_pass("inspection", turner)

    # ── the day after the last day of 三（一）: late, refused, admitted with a reason ──
    world.move_to(world.notice.due("application"))
    with pytest.raises(Refused) as refusal:
        year.submit(late, herself)
    assert codes(refusal) == ["too_late"]
    with transaction() as session:
        admit_late(session, late.id, office, "证明材料出具延误")
    year.submit(late, herself)
    year.all_pass("office_review", late)

    # ── 三（四） 专家评审: scores, a withdrawal, and the proposed list of ⌈2×1.3⌉ = 3 ──
    with transaction() as session:
        withdraw(session, potter.id, herself, "本人放弃")
    for case, points in ((turner, 95), (welder, 90), (weaver, 85), (late, 70)):
        year.score(case, points)
    year.all_pass("proposed_list")
    assert year.names("proposed_list") == ["样例车工", "样例焊工", "样例织工"]
    assert year.names("proposed_list", Place.RESERVE) == ["样例迟报者"]

    # ── 三（五） 市总工会评定, 三（六） 领导小组审定: three names, then two, the rest in reserve ──
    year.all_pass("party_meeting")
    year.all_pass("chair_meeting")
    year.all_pass("leading_meeting")
    assert year.names("leading_meeting") == ["样例车工", "样例焊工"]
    assert year.names("leading_meeting", Place.RESERVE) == ["样例织工", "样例迟报者"]

    # ── 三（七） 社会公示: released, published, objected to; the objection is upheld ──
    year.all_pass("release")
    world.move_to(world.notice.starts("notice_opens"))
    year.at("public_notice")
    with transaction() as session:
        objection = register_objection(
            session, turner.id, office, objector="样例群众", contact="objector@example.org", text="样例异议"
        )
    with transaction() as session:
        verify_objection(session, objection.id, office, "经核实，情况属实")
    with transaction() as session:
        conclude_objection(session, objection.id, office, upheld=True, conclusion="取消参评资格")
    assert year.outcome(turner) == Outcome.DISQUALIFIED
    world.move_to(world.notice.due("notice_closes"))
    year.all_pass("public_notice")

    # ── a place is free: the first of the reserve moves up, and is published as well ──
    year.at("vacancy")
    world.answer("vacancy", answer="promote")
    assert year.names("leading_meeting") == ["样例焊工", "样例织工"]
    until(lambda: world.gate("release").round == 2, "the second check before publishing")
    year.all_pass("release")
    until(lambda: world.gate("public_notice").round == 2, "the second notice")
    world.move_to(world.gate("public_notice").due_at)
    year.all_pass("public_notice")

    # ── 五 认定: the eight hosts sign; two hold the title ──
    year.all_pass("joint_draft")
    year.at("joint_document")
    assert len(world.assignments("joint_document")) == 8
    year.all_pass("joint_document")
    assert [year.outcome(c) for c in (welder, weaver)] == [Outcome.RECOGNISED, Outcome.RECOGNISED]
    assert year.outcome(late) == Outcome.NOT_SELECTED
    year.all_pass("award")

    # ── 三（八） 宣传展示, to the end of the year ──
    world.move_to(world.notice.starts("publicity"))
    year.all_pass("publicity")
    assert world.season.closed_at is not None

    # ── and what remains: a record without a gap, and every mail sent ──
    until(lambda: unsent(world) == 0, "every mail sent")
    with reading() as session:
        assert check(session, world.season).broken == ()
        assert verify(session) is None
    assert world.gate("publicity").state == GateState.CLEARED
    assert overfull(world) == []


def unsent(world: World) -> int:
    waiting = (MessageState.QUEUED, MessageState.SENDING)
    with reading() as session:
        rows = session.exec(select(Message.state).where(Message.season_id == world.season_id)).all()
    return sum(state in waiting for state in rows)


def overfull(world: World) -> list[str]:
    """Lists with more names than they may have."""
    with reading() as session:
        lists = session.exec(select(Shortlist).where(Shortlist.season_id == world.season_id)).all()
        on = select(Entry).where(Entry.place == Place.ON)
        return [
            s.step for s in lists if len(session.exec(on.where(Entry.shortlist_id == s.id)).all()) > s.size
        ]
