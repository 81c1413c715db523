"""Does the office confirm the channel of those whom a list of others names, and does the right step come next?"""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.people import Organisation, Person
from models.verdict import Refused
from models.words import EventKind
from tasks.channels import Way, confirm_channel, doubted
from tasks.intake import Application, enter_case
from tests.refusals import codes
from tests.world import CITY_UNIT, UNIT, World, complete_form

OTHER_UNIT = "样例纺织工艺厂"
SELF = Way("self", "city")


def unit_id(name: str) -> UUID:
    with reading() as session:
        return session.exec(select(Organisation.id).where(Organisation.name == name)).one()


def by_unit(name: str = UNIT, county: str | None = "yufeng") -> Way:
    return Way("unit", "county" if county else "city", county, unit_id(name))


def doubtful(world: World, way: Way = SELF) -> Case:
    """Entered by the unit's clerk from a list, as it stood there."""
    with transaction() as session:
        form = complete_form(world.notice, way.channel, {})
        application = Application("样例", way.channel, way.route, way.county, way.unit_id, form, True)
        return enter_case(session, world.season_id, application, world.filler())


def confirm(
    world: World, case: Case, way: Way, reason: str = "本人补交了推荐表", by: Person | None = None
) -> None:
    with transaction() as session:
        confirm_channel(session, case.id, by or world.person("office"), way, reason)
    world.pump()


def test_the_office_sees_who_waits_and_confirms(world: World) -> None:
    case = doubtful(world)
    world.enter()
    with reading() as session:
        assert [c.id for c in doubted(session, world.season_id)] == [case.id]
    confirm(world, case, SELF, reason="")

    assert not world.case(case).channel_doubted
    with reading() as session:
        assert doubted(session, world.season_id) == []
        wanted = select(Event).where(Event.chain == case.id, Event.kind == EventKind.CHANNEL_CONFIRMED)
        facts = session.exec(wanted).one().facts
    assert (facts["channel"], facts["changed"]) == ("self", False)


def test_the_office_lets_nobody_pass_whose_channel_is_in_doubt(world: World) -> None:
    case = world.bring_to(doubtful(world), "office_review")
    with pytest.raises(Refused) as refusal:
        world.answer("office_review", case, "pass")
    assert codes(refusal) == ["channel_unconfirmed"]
    world.answer("office_review", case, "return", reason="缺推荐表")

    confirm(world, case, SELF)
    world.answer("office_review", world.bring_to(case, "office_review"), "pass")


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (lambda: by_unit(), ["unit_review", "department_opinions", "county_review", "office_review"]),
        (lambda: by_unit(CITY_UNIT, None), ["unit_review", "office_review"]),
    ],
    ids=["county", "city"],
)
def test_the_steps_of_the_new_route_are_walked(world: World, way: Any, expected: list[str]) -> None:
    case = world.bring_to(doubtful(world), "office_review")
    confirm(world, case, way())

    walked = []
    while (current := world.open_steps(case)) != ["expert_review"]:
        walked += current
        world.pass_step(current[0], case)
    assert walked == expected


def test_what_the_new_channel_does_not_ask_is_not_waited_for(world: World) -> None:
    case = world.bring_to(doubtful(world, by_unit()), "unit_review")
    confirm(world, case, SELF)

    assert world.open_steps(case) == ["office_review"]
    assert (world.case(case).unit_id, world.case(case).county) == (None, None)


def test_a_draft_keeps_its_form(world: World) -> None:
    case = doubtful(world)
    confirm(world, case, by_unit())
    assert world.open_steps(case) == ["application"]

    world.submit(case)
    assert world.open_steps(case) == ["unit_review"]


def test_what_the_new_channel_asks_besides_is_asked_of_whoever_filled_in(world: World) -> None:
    case = world.bring_to(doubtful(world), "office_review")
    confirm(world, case, Way("professional", "city"))

    assert world.open_steps(case) == ["application"]
    [task] = world.assignments("application", case)
    assert task.person_id == world.filler().id


def test_another_county_is_asked_anew(world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    confirm(world, case, by_unit(OTHER_UNIT, "chengzhong"))

    assert world.open_steps(case) == ["unit_review"]
    world.pass_step("unit_review", case)
    [*tasks] = world.assignments("department_opinions", case)
    with reading() as session:
        counties = {session.get_one(Organisation, t.organisation_id).county for t in tasks}
    assert counties == {"chengzhong"}


@pytest.mark.parametrize(
    ("way", "reason", "expected"),
    [
        (lambda: Way("unit", "city", None, None), "经核实", ["unit_missing"]),
        (lambda: by_unit(UNIT, None), "经核实", ["route_mismatch"]),
        (lambda: by_unit(CITY_UNIT, "yufeng"), "经核实", ["route_mismatch"]),
        (lambda: by_unit(UNIT, "liunan"), "经核实", ["county_mismatch"]),
        (lambda: Way("self", "county"), "经核实", ["unknown_route"]),
        (lambda: Way("friend", "city"), "经核实", ["unknown_channel"]),
        (lambda: by_unit(), " ", ["reason_missing"]),
    ],
)
def test_a_way_that_does_not_fit_is_refused(world: World, way: Any, reason: str, expected: list[str]) -> None:
    case = doubtful(world)

    with pytest.raises(Refused) as refusal:
        confirm(world, case, way(), reason)
    assert codes(refusal) == expected


def test_only_the_office_confirms_and_only_what_lives(world: World) -> None:
    case = doubtful(world)
    with pytest.raises(Refused) as refusal:
        confirm(world, case, SELF, by=world.filler())
    assert codes(refusal) == ["office_only"]

    world.bring_to(case, "office_review")
    world.answer("office_review", case, "reject", reason="材料不实")
    with pytest.raises(Refused) as refusal:
        confirm(world, case, SELF)
    assert codes(refusal) == ["case_ended"]


def test_the_channel_stays_once_the_office_has_let_the_case_pass(world: World) -> None:
    case = world.bring_to(world.enter(), "expert_review")

    with pytest.raises(Refused) as refusal:
        confirm(world, case, SELF)
    assert codes(refusal) == ["already_passed"]


@pytest.mark.parametrize(
    ("unit", "route", "county", "code"),
    [
        (UNIT, "city", None, "route_mismatch"),
        (CITY_UNIT, "county", "yufeng", "route_mismatch"),
        (UNIT, "county", "liunan", "county_mismatch"),
    ],
)
def test_a_unit_reports_by_where_it_belongs(
    world: World, unit: str, route: str, county: str | None, code: str
) -> None:
    application = Application("样例", "unit", route, county, unit_id(unit))

    with pytest.raises(Refused) as refusal, transaction() as session:
        enter_case(session, world.season_id, application, world.filler())
    assert codes(refusal) == [code]
