"""How does an uploaded 附件2 become drafts: checked, confirmed, all of its people or none?"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import col, select

from models.case import Case
from models.crypto import unseal
from models.database import reading, transaction
from models.event import Event
from models.importing import SheetImport, sheet_about
from models.people import Organisation, Person, Seat
from models.personal import whole_form
from models.priorities import places
from models.season import Season
from models.verdict import Refused
from models.words import EventKind, ImportState
from tasks.imports import Checked, check_sheet, checked_of, confirm_import, discard_import
from tasks.intake import edit_case
from tests.documents.sheets import PERSON, people, sheet
from tests.world import UNIT, World, complete_form

NAME = "鱼峰区总工会申报2025年度柳州工匠材料.xlsx"
E, W = "error", "warning"


def upload(world: World, rows: list[dict[str, Any]] | bytes, person: Person | None = None) -> SheetImport:
    content = rows if isinstance(rows, bytes) else sheet(rows)
    with transaction() as session:
        season = session.get_one(Season, world.season_id)
        return check_sheet(session, season, person or world.person("county_union"), NAME, content)


def confirm(world: World, found: SheetImport, person: Person | None = None) -> list[Case]:
    with transaction() as session:
        return confirm_import(session, found.id, person or world.person("county_union"))


def seen(found: SheetImport) -> Checked:
    with reading() as session:
        return checked_of(session.get_one(SheetImport, found.id))


def told(found: SheetImport) -> list[tuple[int, str, str, str]]:
    rows = seen(found).result["rows"]
    return [(r["row"], p["column"], p["code"], p["severity"]) for r in rows for p in r["problems"]]


def refused(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as error:
        call()
    return [r.code for r in error.value.reasons]


def cases(world: World) -> list[Case]:
    with reading() as session:
        wanted = select(Case).where(Case.season_id == world.season_id).order_by(col(Case.number))
        return list(session.exec(wanted))


# --- from the sheet to drafts ------------------------------------------------------------------------------------


def test_every_row_becomes_a_draft_of_the_clerk_who_imports(world: World) -> None:
    found = upload(world, people(3))
    assert (found.accepted, found.rejected, cases(world)) == (3, 0, [])

    made = confirm(world, found)

    clerk = world.person("county_union")
    assert [(c.name, c.channel, c.route, c.county, c.entered_by) for c in made] == [
        (f"样例{n}", "unit", "county", "yufeng", clerk.id) for n in "甲乙丙"
    ]
    world.pump()
    assert [world.open_steps(c) for c in made] == [["application"]] * 3
    form = whole_form(world.case(made[0]))
    assert (form["phone"], form["handler"], form["category"]) == ("19900000001", "样例经办", "manufacturing")
    with reading() as session:
        union = session.exec(select(Organisation).where(Organisation.name == "鱼峰区总工会")).one()
        assert {c.unit_id for c in made} == {union.id}
        order = places(session, world.season_id, [c.id for c in made])
        event = session.exec(
            select(Event).where(Event.chain == world.season_id, Event.kind == EventKind.SHEET_IMPORTED)
        ).one()
        settled = session.get_one(SheetImport, found.id)
    assert [[(p.organisation, p.position) for p in order[c.id]] for c in made] == [
        [("鱼峰区总工会", n)] for n in (1, 2, 3)
    ]
    assert event.facts == {"sheet": str(found.id), "organisation": "鱼峰区总工会", "cases": 3}
    assert (settled.state, seen(found).cases["4"]) == (ImportState.CONFIRMED, str(made[0].id))


def test_the_order_in_the_sheet_counts_not_the_order_of_its_rows(world: World) -> None:
    rows = people(3)
    for row, rank in zip(rows, (30, 10, 20), strict=True):
        row["推荐优先顺序"] = rank
    made = confirm(world, upload(world, rows))
    with reading() as session:
        found = places(session, world.season_id, [c.id for c in made])
    assert [found[c.id][0].position for c in made] == [3, 1, 2]


def test_a_union_reviews_whom_it_recommends_itself(world: World) -> None:
    [draft] = confirm(world, upload(world, people(1)))
    clerk = world.person("county_union")
    form = complete_form(world.notice, "unit", {k: v for k, v in whole_form(draft).items() if v})
    with transaction() as session:
        edit_case(session, draft.id, form, clerk)
    world.pump()
    world.submit(draft, clerk)
    assert world.open_steps(draft) == ["unit_review"]
    world.pass_step("unit_review", draft)
    assert "county_review" in world.open_steps(draft) or "department_opinions" in world.open_steps(draft)


def test_people_of_the_other_channels_wait_for_the_office(world: World) -> None:
    """A county's file may list them all (四（二）、（三））."""
    rows = people(3)
    for row, named in zip(rows, ("鱼峰区总工会", "专业人士推荐", "个人自荐"), strict=True):
        row["推荐单位"] = named
    made = confirm(world, upload(world, rows))
    assert [(c.channel, c.route, c.county, c.channel_doubted) for c in made] == [
        ("unit", "county", "yufeng", False),
        ("professional", "city", None, True),
        ("self", "city", None, True),
    ]
    with reading() as session:
        assert len(places(session, world.season_id, [c.id for c in made])) == 3


@pytest.mark.parametrize(
    ("named", "route", "county", "unit"),
    [
        (UNIT, "county", "yufeng", UNIT),
        ("样例钢铁集团有限公司", "city", None, "样例钢铁集团有限公司"),
        ("样例纺织工艺厂", "county", "chengzhong", "样例纺织工艺厂"),
        ("没有登记的单位", "county", "yufeng", "鱼峰区总工会"),
        ("", "county", "yufeng", "鱼峰区总工会"),
    ],
)
def test_the_recommending_unit_decides_the_route(
    world: World, named: str, route: str, county: str | None, unit: str
) -> None:
    [case] = confirm(world, upload(world, people(1, 推荐单位=named)))
    with reading() as session:
        found = session.get_one(Organisation, case.unit_id)
    assert (case.route, case.county, found.name) == (route, county, unit)


def test_what_is_not_certain_of_the_unit_is_told(world: World) -> None:
    rows = people(3)
    for row, named in zip(rows, ("没有登记的单位", "", "样例纺织工艺厂"), strict=True):
        row["推荐单位"] = named
    assert told(upload(world, rows)) == [
        (4, "推荐单位", "recommender_unknown", W),
        (5, "推荐单位", "recommender_unknown", W),
        (6, "推荐单位", "other_county", W),
    ]


def test_the_office_imports_for_whom_the_sheet_names(world: World) -> None:
    office = world.person("office")
    found = upload(world, people(1, 推荐单位="没有登记的单位"), office)
    assert told(found) == [(4, "推荐单位", "recommender_unknown", E)]
    rows = people(2)
    rows[0]["推荐单位"], rows[1]["推荐单位"] = UNIT, "柳南区总工会"
    made = confirm(world, upload(world, rows, office), office)
    with reading() as session:
        found_places = places(session, world.season_id, [c.id for c in made])
    assert [(p.organisation, p.position) for c in made for p in found_places[c.id]] == [
        (UNIT, 1),
        ("柳南区总工会", 1),
    ]


# --- errors ------------------------------------------------------------------------------------------------------


def test_a_file_with_one_error_makes_no_draft_at_all(world: World) -> None:
    rows = people(3)
    rows[1]["联系电话"] = None
    found = upload(world, rows)
    assert (found.accepted, found.rejected) == (2, 1)
    assert refused(lambda: confirm(world, found)) == ["rows_rejected"]
    assert cases(world) == []


def test_a_fault_found_at_the_last_moment_undoes_all(world: World) -> None:
    """The union's seats ended between the check and the confirmation."""
    rows = people(2)
    rows[1]["推荐单位"] = "样例纺织工艺厂"
    found = upload(world, rows)
    with transaction() as session:
        unit = session.exec(select(Organisation).where(Organisation.name == "样例纺织工艺厂")).one()
        for seat in session.exec(
            select(Seat).where(Seat.season_id == world.season_id, Seat.organisation_id == unit.id)
        ):
            seat.until = seat.since
    assert refused(lambda: confirm(world, found)) == ["nobody_seated"]
    assert cases(world) == []
    with reading() as session:
        assert session.get_one(SheetImport, found.id).state == ImportState.CHECKED


def test_what_is_no_spreadsheet_is_refused_with_the_reason(world: World) -> None:
    def give(content: bytes) -> None:
        with transaction() as session:
            season = session.get_one(Season, world.season_id)
            check_sheet(session, season, world.person("county_union"), NAME, content)

    assert refused(lambda: give(b"")) == ["empty"]
    assert refused(lambda: give(b"%PDF-1.4 nothing")) != []


@pytest.mark.parametrize("body", ["", "police", "expert"])
def test_only_units_unions_and_the_office_import(world: World, body: str) -> None:
    person = world.person(body) if body else world.applicant()
    assert refused(lambda: upload(world, people(1), person)) == ["may_not_import"]


def test_nobody_confirms_for_another_unit(world: World) -> None:
    found = upload(world, people(1))
    assert refused(lambda: confirm(world, found, world.filler())) == ["may_not_import"]


# --- twice -------------------------------------------------------------------------------------------------------


def test_the_same_person_twice_in_the_file_is_told(world: World) -> None:
    rows = people(4)
    rows[1] |= {"姓名": "样例甲", "推荐单位": "个人自荐"}
    rows[3] |= {"姓名": "样 例 丙", "工作单位": "别的单位", "联系电话": rows[2]["联系电话"]}
    found = upload(world, rows)
    assert told(found) == [(5, "姓名", "same_person_in_file", W), (7, "姓名", "same_person_in_file", W)]
    message = seen(found).result["rows"][1]["problems"][0]["message"]
    assert "推荐单位分别是“鱼峰区总工会”和“个人自荐”" in message


def test_a_person_known_in_the_season_is_told_and_not_refused(world: World) -> None:
    known = world.enter(name="样例乙", employer=PERSON["工作单位"])
    by_phone = world.enter(name="样例丙", phone="19900000003", employer="别的单位")
    found = upload(world, people(4))
    assert told(found) == [
        (5, "姓名", "same_person_in_season", W),
        (6, "姓名", "same_person_in_season", W),
    ]
    rows = seen(found).result["rows"]
    assert known.number in rows[1]["problems"][0]["message"]
    assert by_phone.number in rows[2]["problems"][0]["message"]
    assert len(confirm(world, found)) == 4


def test_who_may_not_see_the_other_application_is_not_told_its_number(world: World) -> None:
    known = world.enter(name="样例甲", employer=PERSON["工作单位"])
    found = upload(world, people(1), world.person("county_union", "liunan"))
    problem = seen(found).result["rows"][0]["problems"][-1]
    assert (problem["code"], known.number in problem["message"]) == ("same_person_in_season", False)


def test_the_same_file_is_taken_in_once(world: World) -> None:
    content = sheet(people(2))
    first, second = upload(world, content), upload(world, content)
    confirm(world, first)
    assert refused(lambda: confirm(world, second)) == ["already_imported"]
    assert refused(lambda: confirm(world, first)) == ["already_imported"]
    with pytest.raises(Refused) as error:
        upload(world, content)
    [reason] = error.value.reasons
    assert (reason.code, "鱼峰区总工会经办" in reason.text, "共2名" in reason.text) == (
        "already_imported",
        True,
        True,
    )
    assert len(cases(world)) == 2


def test_two_who_confirm_at_once_make_the_drafts_once(world: World) -> None:
    content = sheet(people(3))
    uploads = [upload(world, content) for _ in range(4)]

    def attempt(found: SheetImport) -> str:
        try:
            return f"made {len(confirm(world, found))}"
        except Refused as error:
            return error.reasons[0].code

    with ThreadPoolExecutor(8) as pool:
        results = sorted(pool.map(attempt, uploads * 2))
    assert results == ["already_imported"] * 7 + ["made 3"]
    assert len(cases(world)) == 3


# --- what is kept ------------------------------------------------------------------------------------------------


def test_what_was_uploaded_is_sealed(world: World) -> None:
    found = upload(world, people(1))
    with reading() as session:
        kept = session.get_one(SheetImport, found.id)
    assert b"0000-0001" not in kept.content
    assert "199-0000-0001" in json.dumps(json.loads(unseal(kept.content, sheet_about(kept))))


def test_a_discarded_upload_keeps_nothing(world: World) -> None:
    found = upload(world, people(2))
    with transaction() as session:
        discard_import(session, found.id, world.person("county_union"))
    with reading() as session:
        assert session.get_one(SheetImport, found.id).state == ImportState.DISCARDED
    assert seen(found).result["rows"] == []
    assert refused(lambda: confirm(world, found)) == ["import_settled"]
