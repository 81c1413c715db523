"""What becomes of a season whose dates are moved by a paper, and who hears of it?

The story: on 6 March the deadlines of the applications and of the counties go a week back; on the 12th the office
wants one date earlier.
"""

from datetime import date

import pytest
from sqlmodel import col, select

from models.amendment import Amendment, amendments, former_days
from models.database import reading, transaction
from models.event import Event
from models.mail import Message
from models.notice import day_end
from models.people import Person
from models.season import Season, notice_by_digest, notice_of
from models.verdict import Refused
from models.viewer import read_viewer
from models.words import EventKind
from tasks.amending import Amending, amend_dates
from tests.publishing import chosen
from tests.refusals import codes
from tests.tasks.test_deadlines import at, morning, rungs, world
from tests.world import World

__all__ = ["world"]
PAPER = {"paper": "柳工字〔2037〕8号", "reason": "多家单位反映时间不足。"}


def amend(
    world: World, days: dict[str, str], *, by: Person | None = None, confirmed: bool = False
) -> Amendment:
    with transaction() as session:
        season = session.get_one(Season, world.season_id)
        viewer = read_viewer(session, by or world.person("office"), season, notice_of(session, season))
        moved = {key: date.fromisoformat(day if len(day) > 5 else f"2037-{day}") for key, day in days.items()}
        return amend_dates(session, season.id, viewer, Amending(moved, confirmed=confirmed, **PAPER))


def told(world: World) -> dict[str, list[int]]:
    """Who was told of moved dates, and how many of his tasks are due on another day."""
    with reading() as session:
        rows = session.exec(
            select(Person.login, Person.id, Message.context)
            .join(Person, col(Person.id) == col(Message.person_id))
            .where(Message.season_id == world.season_id, Message.template == "date_moved")
        ).all()
    found: dict[str, list[int]] = {}
    for login, person_id, context in rows:
        found.setdefault(login or str(person_id), []).append(context["waiting"])
    return found


def test_a_week_more_for_applications_and_counties(world: World) -> None:
    draft, returned = world.enter(), world.bring_to(world.enter(route="city"), "office_review")
    world.answer(
        "office_review", returned, "return", reason="样例理由", items=("样例",), facts={"due": "2037-03-20"}
    )
    world.pump()
    at_county = world.bring_to(world.enter(), "department_opinions")
    morning(world, "03-06T08:30")
    before = world.season.notice_digest

    kept = amend(world, {"application": "03-16", "county_review": "03-19", "unit_review": "03-18"})

    assert world.gate("application", draft).due_at == day_end(date(2037, 3, 16))
    assert world.gate("department_opinions", at_county).due_at == day_end(date(2037, 3, 19))
    assert world.gate("application", returned).due_at == day_end(date(2037, 3, 20))  # as the return said
    assert (kept.number, kept.before_digest, kept.after_digest) == (1, before, world.season.notice_digest)
    assert {world.case(c).notice_digest for c in (draft, returned, at_county)} == {kept.after_digest}
    people = told(world)
    assert all(len(mails) == 1 for mails in people.values())
    assert (people["unit1"], people["county_union"]) == ([1], [0])
    assert people["office"] == [0]  # its ranking waits for the applications
    # The ladder goes by the new day: what was said for the old one is said again for it, on Friday.
    assert rungs(world)["day-2"] == 1
    morning(world, "03-09T08:30")
    assert (rungs(world)["day-2"], rungs(world)["day+0"]) == (1, 0)
    morning(world, "03-13T08:30")
    assert rungs(world)["day-2"] == 2
    with reading() as session:
        former = former_days(amendments(session, world.season_id))
        assert former["application"] == [(1, date(2037, 3, 9))]
        # The text under which the season was opened is still there, word for word.
        assert notice_by_digest(session, before).dates["application"].day == date(2037, 3, 9)


def test_earlier_or_already_past_needs_a_confirmation(world: World) -> None:
    world.move_to(at("03-12T10:00"))
    for days in ({"inspection": "03-13"}, {"application": "03-16"}, {"office_review": "03-11"}):
        with pytest.raises(Refused) as refusal:
            amend(world, days)
        assert codes(refusal) == ["confirmation_needed"]
    assert amend(world, {"inspection": "03-13"}, confirmed=True).number == 1
    assert amend(world, {"expert_review": "03-24"}).number == 2
    assert amend(world, {"inspection": "03-16"}).number == 3
    with reading() as session:
        former = former_days(amendments(session, world.season_id))
    assert former["inspection"] == [(1, date(2037, 3, 14)), (3, date(2037, 3, 13))]


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"application": "03-09"}, "nothing_moved"),
        ({"unheard_of": "03-09"}, "unknown_date"),
        ({"inspection": "03-01"}, "day_out_of_range"),
        ({"notice_opens": "04-20"}, "dates_cross"),
        ({"application": "03-30"}, "dates_cross"),  # the ranking has to come after it
    ],
)
def test_dates_that_cannot_be(world: World, days: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        amend(world, days, confirmed=True)
    assert set(codes(refusal)) == {code}


def test_only_the_office_with_paper_and_reason(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        amend(world, {"inspection": "03-16"}, by=world.person("county_union"))
    assert codes(refusal) == ["office_only"]
    with transaction() as session:
        season = session.get_one(Season, world.season_id)
        viewer = read_viewer(session, world.person("office"), season, notice_of(session, season))
        asked = Amending({"inspection": date(2037, 3, 16)}, " ", "")
        with pytest.raises(Refused) as refusal:
            amend_dates(session, season.id, viewer, asked)
        session.rollback()
    assert codes(refusal) == ["field_missing", "field_missing"]


def test_the_days_of_a_public_notice_stand_once_it_is_released(world: World) -> None:
    chosen(world, "样例甲", "样例乙")
    amend(world, {"notice_closes": "04-10"})
    world.pass_step("release")

    with pytest.raises(Refused) as refusal:
        amend(world, {"notice_opens": "04-03", "notice_closes": "04-13"})

    assert codes(refusal) == ["already_released", "already_released"]


def test_it_is_on_record_and_the_case_goes_on(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    amend(world, {"office_review": "03-16"})
    world.answer("office_review", case)
    world.pump()

    with reading() as session:
        wanted = select(Event).where(Event.chain == world.season_id, Event.kind == EventKind.DATES_AMENDED)
        facts = session.exec(wanted).one().facts
    assert (facts["number"], facts["paper"], facts["gates"]) == (1, PAPER["paper"], 1)
    assert facts["changes"] == [
        {"key": "office_review", "label": "办公室资格初审", "before": "2037-03-13", "after": "2037-03-16"}
    ]
    assert world.open_steps(case) != ["office_review"]
