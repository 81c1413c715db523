"""How does a candidate enter, come late, and leave? (三（一）、四)"""

from typing import Any

import pytest

from models.case import Case
from models.database import reading, transaction
from models.people import Person
from models.pinyin import searchable
from models.verdict import Refused
from models.words import Outcome
from tasks.intake import Application, admit_late, edit_case, enter_case
from tasks.leaving import withdraw
from tests.refusals import codes
from tests.world import World, complete_form


def test_numbers_count_up_within_the_season(world: World) -> None:
    assert [world.enter().number, world.enter().number] == ["2026-0001", "2026-0002"]


def test_entering_opens_the_form_for_whoever_entered(world: World) -> None:
    case = world.enter()

    [assignment] = world.assignments("application", case)
    assert assignment.person_id == world.filler().id


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"channel": "friend"}, "unknown_channel"),
        ({"channel": "self", "route": "county"}, "unknown_route"),
        ({"route": "county", "county": None}, "nobody_seated"),
        ({"unit_id": None}, "nobody_seated"),
        ({"form": {"horoscope": "狮子座"}}, "unknown_field"),
    ],
)
def test_what_does_not_fit_the_notice_is_refused(world: World, changes: dict[str, Any], code: str) -> None:
    unit = world.enter().unit_id
    given: dict[str, Any] = {"name": "样例", "channel": "unit", "route": "city", "unit_id": unit} | changes

    with pytest.raises(Refused) as refusal, transaction() as session:
        enter_case(session, world.season_id, Application(**given), world.filler())

    assert code in codes(refusal)


@pytest.mark.parametrize("body", ["police", "expert", "leading_group", "host_youth"])
def test_whoever_only_reviews_enters_nobody(world: World, body: str) -> None:
    with pytest.raises(Refused) as refusal:
        world.enter(channel="self", route="city", person=world.person(body))

    assert codes(refusal) == ["may_not_enter"]
    assert refusal.value.status == 403


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"nationality": "外国"}, "not_chinese"),
        ({"summary": ""}, "field_missing"),
        ({"craft": {}, "skill_level": "", "passing_on": {}, "contribution": {}}, "indicator_missing"),
        ({"condition": ""}, "field_missing"),
        ({"id_number": "45020319850615991X"}, "id_checksum"),
    ],
)
def test_incomplete_form_is_not_submitted(world: World, changes: dict[str, Any], code: str) -> None:
    case = world.enter(**changes)

    with pytest.raises(Refused) as refusal:
        world.submit(case)

    assert codes(refusal) == [code]


def test_professional_recommendation_needs_two_recommenders(world: World) -> None:
    person = world.person("office")
    rows = complete_form(world.notice, "professional", {})["recommenders"][:1]
    case = world.enter(channel="professional", route="city", person=person, recommenders=rows)

    with pytest.raises(Refused) as refusal:
        world.submit(case, person)

    assert codes(refusal) == ["recommenders_missing"]


def test_submitted_form_is_not_changed(world: World) -> None:
    case = world.bring_to(world.enter(), "unit_review")

    with pytest.raises(Refused) as refusal, transaction() as session:
        edit_case(session, case.id, {"summary": "另一份事迹"}, world.filler())

    assert codes(refusal) == ["not_editable"]


def test_office_admits_a_late_application_with_a_reason(world: World) -> None:
    case = world.enter()
    world.move_to(world.notice.due("application"))

    with transaction() as session:
        admit_late(session, case.id, world.person("office"), "邮路延误")
    world.submit(case)

    assert world.open_steps(case) == ["unit_review"]


def test_only_the_office_admits_a_late_application(world: World) -> None:
    case = world.enter()

    with pytest.raises(Refused) as refusal, transaction() as session:
        admit_late(session, case.id, world.filler(), "邮路延误")

    assert codes(refusal) == ["office_only"]


def test_withdrawal_ends_the_case_wherever_it_stands(world: World) -> None:
    case = world.bring_to(world.enter(), "department_opinions")

    with transaction() as session:
        withdraw(session, case.id, world.filler(), "本人放弃")

    assert world.case(case).outcome == Outcome.WITHDRAWN
    assert world.open_steps(case) == []


@pytest.mark.parametrize(
    ("by", "reason", "code"), [("county_union", "理由", "not_yours"), ("office", "", "reason_missing")]
)
def test_withdrawal_by_a_stranger_or_without_reason_is_refused(
    world: World, by: str, reason: str, code: str
) -> None:
    case = world.enter()

    with pytest.raises(Refused) as refusal, transaction() as session:
        withdraw(session, case.id, world.person(by), reason)

    assert codes(refusal) == [code]


def enterer(case: Case) -> Person:
    with reading() as session:
        return session.get_one(Person, case.entered_by)


def test_person_who_nominates_himself_goes_straight_to_the_office(world: World) -> None:
    applicant = world.applicant()
    case = world.enter(channel="self", route="city", person=applicant)

    world.submit(case, applicant)

    assert enterer(case).id == applicant.id
    assert world.open_steps(case) == ["office_review"]


@pytest.mark.parametrize(("name", "found"), [("覃立恒", "qinliheng qlh"), ("单丹", "shandan sd"), ("", "")])
def test_name_is_found_by_its_pinyin(name: str, found: str) -> None:
    assert searchable(name) == found
