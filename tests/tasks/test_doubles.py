"""Is the same person found in two applications, told to the office alone, and decided by it alone?"""

from typing import Any

import pytest
from sqlmodel import Session, select

from models.case import Case
from models.database import reading, transaction
from models.doubles import certain_count, pairs_of, recommending_candidates, unsettled
from models.event import Event
from models.mail import Message
from models.people import Person
from models.sameness import Sameness
from models.verdict import Refused
from models.words import EventKind, Ground
from tasks.doubles import Ruling, settle_double
from tasks.intake import edit_case
from tasks.leaving import withdraw
from tests.refusals import codes
from tests.world import World

ID = "450203198506159917"
OTHER_ID = "450203198506159933"


def grounds(world: World) -> list[tuple[Ground, ...]]:
    with reading() as session:
        return list(unsettled(session, world.season_id).values())


def by_himself(world: World, **form: Any) -> Case:
    return world.enter(channel="self", route="city", person=world.applicant(), **form)


def with_id(number: str = ID) -> dict[str, Any]:
    return {"id_number": number, "sex": "男"}


def settle(world: World, first: Case, second: Case, kept: Case | None, reason: str = "经核实") -> None:
    with transaction() as session:
        ruling = Ruling(kept.id if kept else None, reason)
        settle_double(session, first.id, second.id, world.person("office"), ruling)


@pytest.mark.parametrize("typed", [ID, " 450203 19850615 9917", "４５０２０３１９８５０６１５９９１７"])
def test_an_equal_id_number_is_certain_however_it_is_typed(world: World, typed: str) -> None:
    world.enter(name="样例甲", id_number=ID)
    by_himself(world, name="样例乙", id_number=typed)

    assert grounds(world) == [(Ground.ID_NUMBER,)]
    with reading() as session:
        assert certain_count(session, world.season_id) == 1


def test_a_small_x_is_a_capital_x(world: World) -> None:
    world.enter(id_number="45020319850602991x")
    by_himself(world, id_number="45020319850602991Ｘ")

    assert grounds(world) == [(Ground.ID_NUMBER,)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            {"name": "样 例甲"},
            {"name": "样例甲", "employer": "样例 机械制造有限公司"},
            [(Ground.NAME_EMPLOYER,)],
        ),
        ({"name": "阿卜杜拉·样例"}, {"name": "阿卜杜拉.样例"}, [(Ground.NAME_EMPLOYER,)]),
        (
            {"name": "样例甲", "birth_date": "1985-06-15"},
            {"name": "样例甲", "birth_date": "1985-06-15", "employer": "样例新单位"},
            [(Ground.NAME_BIRTH,)],
        ),
        ({"phone": "19900000011"}, {"phone": "199-0000-0011"}, [(Ground.PHONE,)]),
        ({"name": "样例甲"}, {"name": "样例甲", "employer": "样例新单位"}, []),
        ({"handler_phone": "19900000011"}, {"handler_phone": "19900000011"}, []),
        ({"handler_phone": "19900000011"}, {"phone": "19900000011"}, []),
    ],
    ids=["spaces", "dots", "birth date", "phone", "name alone", "handler", "handler and candidate"],
)
def test_what_makes_one_ask(
    world: World, first: dict[str, Any], second: dict[str, Any], expected: list[tuple[Ground, ...]]
) -> None:
    one, two = {"birth_date": "1985-06-15"}, {"birth_date": "1986-07-16"}
    world.enter(**one | first)
    by_himself(world, **two | second)

    assert grounds(world) == expected


def test_one_telephone_for_a_whole_unit_is_no_double(world: World) -> None:
    for _ in range(3):
        world.enter(phone="19900000012")

    assert grounds(world) == []


def test_it_is_found_when_the_number_is_typed_in_later(world: World) -> None:
    case, other = world.enter(id_number=ID), by_himself(world, id_number="")
    assert grounds(world) == []
    with transaction() as session:
        edit_case(session, other.id, {"id_number": ID}, world.applicant())

    assert grounds(world) == [(Ground.ID_NUMBER,)]
    with reading() as session:
        [pair] = pairs_of(session, world.case(case))
        assert pair.other(case).id == other.id


def test_the_office_cannot_let_a_certain_double_pass(world: World) -> None:
    case, other = by_himself(world, **with_id()), world.enter(**with_id())
    world.bring_to(case, "office_review")
    with pytest.raises(Refused) as refusal:
        world.answer("office_review", case, "pass")
    assert codes(refusal) == ["same_person_unsettled"]

    settle(world, case, other, kept=case)
    world.answer("office_review", case, "pass")


def test_a_suspicion_does_not_stop_the_office(world: World) -> None:
    case = by_himself(world, name="样例甲", employer="样例单位")
    world.enter(name="样例甲", employer="样例单位")
    world.bring_to(case, "office_review")

    world.answer("office_review", case, "pass")


def test_the_one_that_does_not_stand_ends_and_its_people_hear_of_it(world: World) -> None:
    kept, other = by_himself(world, id_number=ID), world.bring_to(world.enter(**with_id()), "county_review")
    settle(world, kept, other, kept=kept)

    ended = world.case(other)
    assert (world.case(kept).live, ended.outcome, world.open_steps(other)) == (True, "withdrawn", [])
    assert grounds(world) == []
    with reading() as session:
        told = session.exec(
            select(Message.person_id).where(Message.case_id == other.id, Message.template == "decided")
        )
        assert set(told) == {world.filler().id, world.person("county_union").id}
        [row] = session.exec(select(Sameness).where(Sameness.season_id == world.season_id)).all()
        assert (row.same, row.kept) == (True, kept.id)
        for case, partner in ((kept, other), (other, kept)):
            facts = facts_of(session, case)
            assert (facts["other"], facts["kept"]) == (partner.number, kept.number)
        reason = session.exec(
            select(Event.facts).where(Event.chain == other.id, Event.kind == EventKind.CASE_ENDED)
        ).one()["reason"]
        assert reason == f"与{kept.number}重复，由办公室核定"


def facts_of(session: Session, case: Case) -> dict[str, Any]:
    wanted = select(Event).where(Event.chain == case.id, Event.kind == EventKind.SAMENESS_SETTLED)
    return session.exec(wanted).one().facts


def test_no_number_gets_into_the_record(world: World) -> None:
    kept, other = by_himself(world, id_number=ID), world.enter(id_number=ID)
    settle(world, kept, other, kept=kept)

    with reading() as session:
        said = session.exec(select(Event.facts).where(Event.season_id == world.season_id)).all()
    assert ID not in str(said)


def test_two_persons_of_one_name_are_remembered(world: World) -> None:
    one, two = world.enter(name="样例甲"), world.enter(name="样例甲")
    assert grounds(world) == [(Ground.NAME_EMPLOYER,)]
    settle(world, two, one, kept=None)

    assert grounds(world) == []
    assert world.case(one).live
    assert world.case(two).live


def test_a_ruling_of_two_persons_falls_with_equal_id_numbers(world: World) -> None:
    one, two = world.enter(name="样例甲", id_number=ID), world.enter(name="样例甲", id_number=OTHER_ID)
    settle(world, one, two, kept=None)
    with transaction() as session:
        edit_case(session, two.id, {"id_number": ID}, world.filler())

    assert grounds(world) == [(Ground.ID_NUMBER, Ground.NAME_EMPLOYER, Ground.NAME_BIRTH)]
    settle(world, one, two, kept=one)
    assert not world.case(two).live


@pytest.mark.parametrize(
    ("kept", "reason", "expected"),
    [
        ("none", "经核实", ["same_number"]),
        ("first", " ", ["reason_missing"]),
        ("stranger", "经核实", ["choice_missing"]),
    ],
)
def test_what_the_office_may_not_rule(world: World, kept: str, reason: str, expected: list[str]) -> None:
    first, second, stranger = world.enter(id_number=ID), by_himself(world, id_number=ID), world.enter()
    chosen = {"none": None, "first": first, "stranger": stranger}[kept]

    with pytest.raises(Refused) as refusal:
        settle(world, first, second, kept=chosen, reason=reason)
    assert codes(refusal) == expected


def test_it_is_settled_once_and_by_the_office(world: World) -> None:
    first, second = world.enter(id_number=ID), by_himself(world, id_number=ID)

    def by(person: Person) -> list[str]:
        with pytest.raises(Refused) as refusal, transaction() as session:
            settle_double(session, first.id, second.id, person, Ruling(first.id, "经核实"))
        return codes(refusal)

    assert by(world.filler()) == ["office_only"]
    settle(world, first, second, kept=first)
    assert by(world.person("office")) == ["already_settled"]


def test_whoever_has_withdrawn_is_no_double(world: World) -> None:
    first, _ = world.enter(id_number=ID), by_himself(world, id_number=ID)
    with transaction() as session:
        withdraw(session, first.id, world.filler(), "改由本人自荐")

    assert grounds(world) == []


def test_seasons_do_not_mix(world: World) -> None:
    world.enter(id_number=ID)

    assert grounds(world) == []


def test_a_recommender_who_is_a_candidate_is_pointed_out(world: World) -> None:
    candidate = world.enter(id_number=ID)
    row = {"name": "样例推荐人甲", "id_number": ID, "phone": "19900000031"}
    case = world.enter(
        channel="professional", route="city", recommenders=[row, row | {"id_number": OTHER_ID}]
    )

    with reading() as session:
        found = recommending_candidates(session, world.notice, world.case(case))
        assert [c.id for c in found] == [candidate.id]
        assert recommending_candidates(session, world.notice, world.case(candidate)) == []
