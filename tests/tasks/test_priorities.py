"""In which order does a unit, or a county, recommend its people?"""

import pytest
from sqlmodel import select

from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.people import Organisation, Person
from models.priorities import Place, advice, places, ranked_cases
from models.verdict import Refused
from models.words import EventKind
from tasks.leaving import withdraw
from tasks.priorities import set_priorities
from tests.world import UNIT, World


def organisation(name: str) -> Organisation:
    with reading() as session:
        return session.exec(select(Organisation).where(Organisation.name == name)).one()


def order(world: World, name: str, cases: list[Case], person: Person) -> None:
    with transaction() as session:
        set_priorities(session, world.season_id, organisation(name).id, [c.id for c in cases], person)


def standing(world: World, name: str) -> list[tuple[str, int | None]]:
    with reading() as session:
        return [(r.case.number, r.place) for r in ranked_cases(session, world.season, organisation(name))]


def numbers(*cases: Case) -> list[tuple[str, int]]:
    return [(c.number, n) for n, c in enumerate(cases, 1)]


def test_a_unit_orders_its_own_people(world: World) -> None:
    a, b, c = world.enter(), world.enter(), world.enter(route="county")
    assert standing(world, UNIT) == [(x.number, None) for x in (a, b, c)]
    order(world, UNIT, [c, a, b], world.filler())
    assert standing(world, UNIT) == numbers(c, a, b)
    order(world, UNIT, [b, c, a], world.filler())
    assert standing(world, UNIT) == numbers(b, c, a)
    with reading() as session:
        events = session.exec(
            select(Event).where(Event.chain == world.season_id, Event.kind == EventKind.PRIORITIES_SET)
        ).all()
    assert [e.facts["cases"] for e in events] == [
        [c.number, a.number, b.number],
        [b.number, c.number, a.number],
    ]


def test_the_county_orders_all_of_its_county_for_itself(world: World) -> None:
    a, b = world.enter(), world.enter()
    order(world, UNIT, [a, b], world.filler())
    order(world, "鱼峰区总工会", [b, a], world.person("county_union"))
    with reading() as session:
        found = places(session, world.season_id, [a.id, b.id])
    assert found == {
        a.id: [Place(UNIT, 1), Place("鱼峰区总工会", 2)],
        b.id: [Place(UNIT, 2), Place("鱼峰区总工会", 1)],
    }


def test_who_withdraws_leaves_no_gap(world: World) -> None:
    a, b, c = world.enter(), world.enter(), world.enter()
    order(world, UNIT, [a, b, c], world.filler())
    with transaction() as session:
        withdraw(session, a.id, world.filler(), "本人放弃")
    assert standing(world, UNIT) == numbers(b, c)
    with reading() as session:
        assert places(session, world.season_id, [a.id, c.id]) == {c.id: [Place(UNIT, 2)]}
    order(world, UNIT, [c, b], world.filler())
    assert standing(world, UNIT) == numbers(c, b)


def test_an_order_of_another_list_than_the_present_one_is_refused(world: World) -> None:
    a, b = world.enter(), world.enter()
    for given in ([a], [a, b, b], [a, a]):
        with pytest.raises(Refused) as refused:
            order(world, UNIT, given, world.filler())
        assert refused.value.reasons[0].code == "order_stale"


def test_nobody_orders_for_others(world: World) -> None:
    a = world.enter()
    for person in (world.person("office"), world.person("county_union", "liunan"), world.applicant()):
        with pytest.raises(Refused) as refused:
            order(world, UNIT, [a], person)
        assert [(r.code, r.kind) for r in refused.value.reasons] == [("not_yours", "forbidden")]


def test_more_than_advised_is_let_through_with_the_notices_sentence(world: World) -> None:
    assert advice(world.notice, 3) == ""
    assert "优中选优推荐1-3名" in advice(world.notice, 4)
