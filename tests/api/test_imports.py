"""What does a clerk see on the way from a filled 附件2 to drafts, and back to 附件2?"""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from models.case import Case
from models.database import reading
from models.event import Event
from models.importing import SheetImport
from models.people import Person
from models.words import EventKind
from tests.api.conftest import Visitor, errors_of, soup, text_of
from tests.documents.sheets import HEADINGS, SUMMARY, column, faults, opened, people, read, sheet
from tests.world import UNIT, World

NAME = "鱼峰区总工会申报2025年度柳州工匠材料.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def union(address: str, world: World) -> Visitor:
    return Visitor(address, world).log_in(world.person("county_union"))


def upload(visitor: Visitor, content: bytes | None, name: str = NAME, **fields: str) -> httpx.Response:
    visitor.get("/imports")
    files = {"file": (name, content, XLSX)} if content is not None else None
    answer = visitor.client.post(
        "/imports",
        data={"csrf": visitor.csrf, **fields},
        files=files or {"other": ("", b"")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    return visitor._seen(answer)


def checked(visitor: Visitor, rows: list[dict[str, Any]]) -> httpx.Response:
    return visitor.follow(upload(visitor, sheet(rows)))


def drafts(world: World) -> list[Case]:
    with reading() as session:
        wanted = select(Case).where(Case.season_id == world.season_id).order_by(col(Case.number))
        return list(session.exec(wanted))


def the_import(world: World) -> SheetImport:
    with reading() as session:
        return session.exec(select(SheetImport).where(SheetImport.season_id == world.season_id)).one()


def faulty() -> list[dict[str, Any]]:
    rows = people(12)
    rows[2]["联系电话"] = None
    rows[5] |= {"推荐优先顺序": 5, SUMMARY: "事" * 301}
    return rows


# --- upload, preview, confirm -------------------------------------------------------------------------------------


def test_a_good_sheet_goes_through_its_three_steps(union: Visitor, world: World) -> None:
    preview = checked(union, people(3))
    assert "确认导入 3 名" in text_of(preview)
    assert drafts(world) == []

    done = union.follow(union.post(f"/imports/{the_import(world).id}/confirm"))

    assert [c.name for c in drafts(world)] == ["样例甲", "样例乙", "样例丙"]
    said = text_of(done)
    assert "已录入3名人选的草稿" in said
    assert "还没有上传" in said
    assert f"/cases/{drafts(world)[0].id}/edit" in done.text


def test_faulty_cells_are_marked_and_nothing_can_be_confirmed(union: Visitor, world: World) -> None:
    page = checked(union, faulty())
    assert len(soup(page).select("td.error")) == 3
    assert [li.get_text() for li in soup(page).select(".told li.error")] == [
        "第6行“联系电话”没有填写，请补上。",
        "第9行“推荐优先顺序”与第8行重复，都是5，请按优先次序改为不同的数。",
        "第9行“简要事迹(300字以内)”有301字，最多300字，请删减1字。",
    ]
    assert len(soup(page).select("td.warning")) == 1
    assert [r.get_text() for r in soup(page).select("tbody th")] == ["6", "8", "9"]
    assert "确认导入 12 名" not in text_of(page)
    refused = union.post(f"/imports/{the_import(world).id}/confirm")
    assert (refused.status_code, drafts(world)) == (409, [])
    assert "一名也没有导入" in text_of(refused)


def test_the_error_workbook_is_mended_and_uploaded_again(union: Visitor, world: World) -> None:
    checked(union, faulty())
    answer = union.get(f"/imports/{the_import(world).id}/findings.xlsx")
    assert answer.headers["content-type"] == XLSX
    book = opened(answer.content)
    found = book["汇总表"]
    assert found.cell(6, len(HEADINGS) + 1).value == "错误：第6行“联系电话”没有填写，请补上。"
    assert faults(read(answer.content)) == faults(read(sheet(faulty())))
    assert found.cell(6, column("联系电话")).comment is not None


def test_all_rows_can_be_seen_in_parts(union: Visitor, world: World) -> None:
    names = [f"样例{a}{b}" for a in "甲乙丙丁戊己庚辛" for b in "子丑寅卯辰巳午未"]
    rows = [
        {**row, "推荐优先顺序": n, "姓名": name, "联系电话": f"1990000{n:04d}"}
        for n, (name, row) in enumerate(zip(names, people(1) * 60, strict=False), 1)
    ]
    page = checked(union, rows)
    assert len(soup(page).select(".import-rows tbody tr")) == 50
    second = union.get(f"/imports/{the_import(world).id}?show=all&p=2")
    assert len(soup(second).select(".import-rows tbody tr")) == 10


def test_what_is_put_aside_is_gone(union: Visitor, world: World) -> None:
    checked(union, people(2))
    page = union.follow(union.post(f"/imports/{the_import(world).id}/discard"))
    assert "已放弃" in text_of(page)
    assert "样例甲" not in union.get(f"/imports/{the_import(world).id}").text


def test_the_same_file_is_told_with_when_and_by_whom(union: Visitor, world: World) -> None:
    content = sheet(people(2))
    upload(union, content)
    union.get("/imports")
    union.post(f"/imports/{the_import(world).id}/confirm")
    again = upload(union, content)
    assert again.status_code == 409
    assert "鱼峰区总工会经办（样例）于" in errors_of(again)["#file"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (None, NAME, "请先选择填好的汇总表"),
        (b"", NAME, "请先选择填好的汇总表"),
        (b"%PDF-1.4 x", NAME, "请"),
        (b"MZ" + b"\0" * 100, NAME, "是程序"),
        (b"<html><body>", "表.xls", "网页"),
    ],
)
def test_what_can_not_be_read_is_refused_on_the_page(
    union: Visitor, world: World, content: bytes | None, name: str, said: str
) -> None:
    answer = upload(union, content, name)
    assert answer.status_code == 422
    assert said in errors_of(answer)["#file"]


def test_a_sheet_without_the_headings_says_which_are_needed(union: Visitor, world: World) -> None:
    page = union.follow(upload(union, sheet([], ["物品", "数量"])))
    assert "没有找到附件2的列名" in text_of(page)


def test_a_name_that_is_a_script_stays_a_text(union: Visitor, world: World) -> None:
    rows = people(1, 职务="<script>alert(1)</script>")
    page = checked(union, rows)
    union.get("/imports")
    assert "<script>alert" not in page.text
    shown = union.get(f"/imports/{the_import(world).id}?show=all")
    assert "&lt;script&gt;alert" in shown.text


# --- whose it is --------------------------------------------------------------------------------------------------


def other(world: World, body: str, county: str = "yufeng") -> Person:
    return world.person(body, county)


@pytest.mark.parametrize("who", ["other union", "expert", "applicant"])
def test_an_upload_does_not_exist_for_others(address: str, union: Visitor, world: World, who: str) -> None:
    checked(union, people(1))
    person = {
        "other union": lambda: world.person("county_union", "liunan"),
        "expert": lambda: world.person("expert"),
        "applicant": world.applicant,
    }[who]()
    visitor = Visitor(address, world).log_in(person)
    visitor.get("/cases")
    path = f"/imports/{the_import(world).id}"
    assert [visitor.get(p).status_code for p in (path, f"{path}/findings.xlsx")] == [404, 404]
    assert [visitor.post(f"{path}/{verb}").status_code for verb in ("confirm", "discard")] == [404, 404]


def test_the_office_sees_every_upload_and_imports_for_a_unit(
    union: Visitor, office: Visitor, world: World
) -> None:
    checked(union, people(1))
    assert NAME in text_of(office.get("/imports"))
    with reading() as session:
        unit = session.get_one(Person, world.filler().id).employer
    page = office.get("/imports")
    value = next(o["value"] for o in soup(page).select("#organisation option") if o.get_text() == unit)
    shown = office.follow(upload(office, sheet(people(2, 推荐单位="")), organisation=str(value)))
    assert "将由“样例机械制造有限公司”推荐" in text_of(shown)


# --- template and list --------------------------------------------------------------------------------------------


def test_the_template_is_the_notices(union: Visitor, world: World) -> None:
    answer = union.get("/imports/template.xlsx")
    assert [c.value for c in opened(answer.content)["汇总表"][3]] == HEADINGS


def exported(visitor: Visitor, **query: str) -> list[dict[str, Any]]:
    visitor.get("/summary")
    answer = visitor.post("/summary.xlsx", query)
    assert answer.status_code == 200
    rows = read(answer.content)["rows"]
    return [r["values"] for r in rows]


def test_what_was_imported_is_exported_the_same(union: Visitor, world: World) -> None:
    rows = people(3)
    rows[0]["职务"], rows[1]["姓名"] = "@班长", "龑堃"
    checked(union, rows)
    union.post(f"/imports/{the_import(world).id}/confirm")
    wanted = [
        {**r, "联系电话": r["联系电话"].replace("-", ""), "经办人及联系电话": "样例经办\n19900000090"}
        for r in rows
    ]
    assert exported(union, county="yufeng") == wanted
    assert exported(union, unit="鱼峰区总工会") == wanted


def test_a_list_names_whom_one_may_see(address: str, unit: Visitor, world: World) -> None:
    world.enter(name="样例甲")
    world.enter(name="样例乙", route="city", channel="self", person=world.applicant())
    assert [r["姓名"] for r in exported(unit)] == ["样例甲"]
    elsewhere = Visitor(address, world).log_in(world.person("county_union", "liunan"))
    assert exported(elsewhere) == []


def test_numbers_are_masked_for_those_who_may_not_read_them(address: str, world: World) -> None:
    case = world.enter(name="样例甲", phone="19900000001")
    world.bring_to(case, "department_opinions")
    police = Visitor(address, world).log_in(world.person("police"))
    office = Visitor(address, world).log_in(world.person("office"))
    assert [r["联系电话"] for r in exported(police)] == ["199****0001"]
    assert numbers_taken(world) == []
    assert [r["联系电话"] for r in exported(office)] == ["19900000001"]
    assert numbers_taken(world) == ["导出汇总表，含1名他人填报的人选"]


def numbers_taken(world: World) -> list[str]:
    with reading() as session:
        seen = select(Event).where(Event.chain == world.season_id, Event.kind == EventKind.NUMBERS_SEEN)
        return [str(e.facts["reason"]) for e in session.exec(seen)]


def test_a_unit_that_nobody_knows_is_told(unit: Visitor, world: World) -> None:
    unit.get("/summary")
    answer = unit.post("/summary.xlsx", {"unit": "没有的单位"})
    assert (answer.status_code, "单位名录里没有“没有的单位”" in text_of(answer)) == (422, True)


# --- ranking ------------------------------------------------------------------------------------------------------

Place = Callable[[Case], str]


def place(case: Case) -> str:
    return f"place_{case.id}"


def shown(response: httpx.Response) -> list[str]:
    return [str(a.get_text()) for a in soup(response).select("[data-order] td a")]


def test_a_unit_ranks_by_numbers(unit: Visitor, world: World) -> None:
    a, b, c = (world.enter(name=f"样例{x}") for x in "甲乙丙")
    page = unit.get("/priorities")
    assert shown(page) == ["样例甲", "样例乙", "样例丙"]
    saved = unit.follow(unit.post("/priorities", {place(a): "3", place(b): "10", place(c): ""}))
    assert shown(saved) == ["样例甲", "样例乙", "样例丙"]
    saved = unit.follow(unit.post("/priorities", {place(a): "3", place(b): "2", place(c): "1"}))
    assert shown(saved) == ["样例丙", "样例乙", "样例甲"]
    assert [r["推荐优先顺序"] for r in exported(unit, unit=UNIT)] == [1, 2, 3]


def test_a_number_given_twice_is_told_and_stays_typed(unit: Visitor, world: World) -> None:
    a, b = world.enter(name="样例甲"), world.enter(name="样例乙")
    unit.get("/priorities")
    answer = unit.post("/priorities", {place(a): "1", place(b): "1"})
    assert answer.status_code == 422
    assert "样例乙与样例甲的顺序都是1" in errors_of(answer)[f"#{place(b)}"]
    assert [i["value"] for i in soup(answer).select("input.place")] == ["1", "1"]
    answer = unit.post("/priorities", {place(a): "第一", place(b): "2"})
    assert "不是1、2、3这样的整数" in errors_of(answer)[f"#{place(a)}"]


def test_more_than_three_get_the_notices_sentence_and_no_refusal(unit: Visitor, world: World) -> None:
    cases = [world.enter() for _ in range(4)]
    assert "优中选优推荐1-3名" in text_of(unit.get("/priorities"))
    saved = unit.post("/priorities", {place(c): str(n) for n, c in enumerate(cases, 1)})
    assert "优中选优推荐1-3名" in text_of(unit.follow(saved))


def test_the_place_stands_on_the_case_page_and_in_the_list(
    unit: Visitor, office: Visitor, world: World
) -> None:
    a, b = world.enter(name="样例甲"), world.enter(name="样例乙")
    unit.get("/priorities")
    unit.post("/priorities", {place(a): "2", place(b): "1"})
    assert f"{UNIT}第 2 位" in text_of(office.get(f"/cases/{a.id}"))
    assert f"{UNIT}第 1 位" in text_of(office.get("/cases"))


def test_ranking_is_for_those_who_recommend(office: Visitor, address: str, world: World) -> None:
    assert office.get("/priorities").status_code == 404
    police = Visitor(address, world).log_in(world.person("police"))
    assert police.get("/priorities").status_code == 404
    assert police.get("/imports").status_code == 404
