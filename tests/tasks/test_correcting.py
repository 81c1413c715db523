"""How does the office put a wrong entry right, and who is asked again because of it?"""

from collections.abc import Collection
from typing import Any

import pytest
from sqlmodel import select

from models.case import Case
from models.changes import changes_of
from models.database import reading, transaction
from models.event import Event
from models.people import Person
from models.verdict import Refused
from models.words import EventKind, GateState
from tasks.correcting import correct_entry
from tests.refusals import codes
from tests.world import World


def put_right(
    world: World,
    case: Case,
    person: Person | None = None,
    *,
    reason: str = "样例：证书上是这样写的",
    again: Collection[str] = (),
    **changes: Any,
) -> list[str]:
    with transaction() as session:
        asked = correct_entry(session, case.id, person or world.person("office"), changes, reason, again)
    world.pump()
    return asked


@pytest.fixture
def case(world: World) -> Case:
    return world.bring_to(world.enter(name="样例立恒"), "expert_review")


def test_a_correction_is_a_new_version_with_before_and_after_and_its_reason(world: World, case: Case) -> None:
    put_right(world, case, name="样例立衡", employer="样例机械（二厂）")

    found = world.case(case)
    assert (found.name, found.form["employer"]) == ("样例立衡", "样例机械（二厂）")
    assert found.form_version == case.form_version + 1
    with reading() as session:
        wanted = select(Event).where(Event.chain == case.id, Event.kind == EventKind.ENTRY_CORRECTED)
        [event] = session.exec(wanted).all()
        changes = changes_of(session, world.notice, found, event.facts["submission"])
    assert (event.facts["fields"], event.facts["reason"]) == (["employer", "name"], "样例：证书上是这样写的")
    assert [(c.field.key, c.old, c.new) for c in changes] == [
        ("name", "样例立恒", "样例立衡"),
        ("employer", case.form["employer"], "样例机械（二厂）"),
    ]


def test_no_personal_number_stands_in_the_event(world: World, case: Case) -> None:
    put_right(world, case, phone="19900000009")

    with reading() as session:
        event = session.exec(select(Event).where(Event.kind == EventKind.ENTRY_CORRECTED)).all()[-1]
    assert "19900000009" not in str(event.facts)
    assert world.case(case).phone_index != case.phone_index


def test_approvals_stand_unless_the_office_says_so_and_the_case_goes_on_where_it_is(
    world: World, case: Case
) -> None:
    assert put_right(world, case, employer="样例机械（二厂）") == []
    assert world.open_steps(case) == ["expert_review"]

    asked = put_right(world, case, employer="样例机械（三厂）", again=["unit_review", "county_review"])

    assert asked == ["unit_review", "county_review"]
    assert world.open_steps(case) == ["unit_review", "county_review", "expert_review"]
    assert world.gate("department_opinions", case).state == GateState.CLEARED
    assert world.case(case).stage == "review"


def test_who_must_answer_follows_from_the_field_and_is_asked_in_any_case(world: World, case: Case) -> None:
    assert put_right(world, case, public_power=True) == ["department_opinions"]

    assert "discipline" in {a.body for a in world.assignments("department_opinions", case)}


def test_what_the_office_left_standing_is_not_asked_again_by_a_later_return(world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    put_right(world, case, employer="样例机械（二厂）")
    world.answer("office_review", case, "return", reason="请补充", items=())
    world.pump()

    world.submit(case)

    assert world.open_steps(case) == ["office_review"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "nothing_changed"),
        ({"sex": "不详"}, "unknown_choice"),
        ({"birth_date": "1900-01-01"}, "birth_mismatch"),
        ({"indicators": []}, "not_correctable"),
        ({"employer": "样例二厂", "reason": " "}, "reason_missing"),
    ],
)
def test_what_can_not_be_put_right_is_refused(
    world: World, case: Case, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        put_right(world, case, **changes)

    assert code in codes(refusal)


def test_only_the_office_and_only_after_the_form_was_handed_in(world: World, case: Case) -> None:
    draft = world.enter()
    with pytest.raises(Refused) as foreign:
        put_right(world, case, world.filler(), employer="样例二厂")
    with pytest.raises(Refused) as early:
        put_right(world, draft, employer="样例二厂")

    assert [codes(foreign), codes(early)] == [["office_only"], ["with_filler"]]
