"""Who sees which cases? What one may not see does not exist."""

from sqlmodel import col

from models.case import Case
from models.database import reading
from models.people import Person
from models.visibility import visible_cases
from tests.world import World


def seen(world: World, person: Person) -> list[str]:
    with reading() as session:
        query = visible_cases(session, world.season, world.notice, person)
        return list(session.exec(query.with_only_columns(col(Case.number)).order_by(col(Case.number))))  # type: ignore[call-overload]


def test_office_sees_every_case(world: World) -> None:
    cases = [world.enter(), world.enter(channel="self", route="city", person=world.applicant())]

    assert seen(world, world.person("office")) == [c.number for c in cases]


def test_county_sees_its_own_cases_only(world: World) -> None:
    case = world.enter()

    assert seen(world, world.person("county_union")) == [case.number]
    assert seen(world, world.person("county_union", county="liunan")) == []


def test_unit_sees_its_own_cases_only(world: World) -> None:
    case = world.enter()
    world.enter(channel="self", route="city", person=world.applicant())

    assert seen(world, world.filler()) == [case.number]


def test_department_sees_a_case_once_it_is_asked_and_still_afterwards(world: World) -> None:
    case = world.enter()
    assert seen(world, world.person("police")) == []

    world.bring_to(case, "department_opinions")
    assert seen(world, world.person("police")) == [case.number]
    world.bring_to(case, "office_review")
    assert seen(world, world.person("police")) == [case.number]


def test_discipline_department_that_is_not_asked_sees_nothing(world: World) -> None:
    world.bring_to(world.enter(), "department_opinions")

    assert seen(world, world.person("discipline")) == []


def test_expert_sees_the_cases_assigned_to_him(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "expert_review")
    assigned = {a.person_id for a in world.assignments("expert_review", case)}

    for person in world.people("expert"):
        assert seen(world, person) == ([case.number] if person.id in assigned else [])


def test_meeting_sees_cases_from_the_list_on(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "proposed_list")
    assert seen(world, world.person("party_group")) == []

    world.move_to(world.notice.due("application"))
    world.pump()

    assert seen(world, world.person("party_group")) == [case.number]
