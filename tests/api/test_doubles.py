"""How does the office settle doubles, channels and earlier winners on its pages, and does anybody else see them?"""

from io import BytesIO

import pytest
from openpyxl import Workbook
from sqlmodel import select

from models.case import Case
from models.database import reading, transaction
from models.people import Organisation
from models.sameness import PastWinner
from tasks.channels import Way, confirm_channel
from tasks.doubles import Ruling, settle_double
from tasks.intake import Application, enter_case
from tests.api.conftest import Statements, Visitor, errors_of, soup, text_of
from tests.world import CITY_UNIT, UNIT, World, complete_form

ID = "450203198506159917"


def twice(world: World) -> tuple[Case, Case]:
    """The same person by a unit and by himself."""
    by_unit = world.enter(name="样例甲", id_number=ID, sex="男", phone="19900000021")
    alone = world.enter(
        channel="self", route="city", person=world.applicant(), name="样例申", id_number=ID, sex="男"
    )
    return by_unit, alone


def ruling(first: Case, second: Case, kept: str, reason: str = "电话核实为同一人") -> dict[str, str]:
    return {"first": str(first.id), "second": str(second.id), "ruling": kept, "reason": reason}


def test_the_office_sees_both_side_by_side_with_numbers_masked(office: Visitor, world: World) -> None:
    first, second = twice(world)
    page = office.get("/doubles")

    said = text_of(page)
    for words in ("身份证号相同", first.number, second.number, "单位推荐", "个人自荐", UNIT, "鱼峰区"):
        assert words in said
    assert "199****0021" in said
    assert ID not in page.text
    assert "19900000021" not in page.text
    assert "核对事项 ， 1 项" in text_of(office.get("/"), ".menu")


def test_who_is_not_the_office_learns_nothing(unit: Visitor, office: Visitor, world: World) -> None:
    first, second = twice(world)
    unit.get("/")
    for path in ("/doubles", "/channels", "/winners", f"/cases/{first.id}/channel"):
        assert unit.get(path).status_code == 404
    assert unit.post("/doubles", ruling(first, second, "two")).status_code == 404
    page = unit.get(f"/cases/{first.id}")
    assert "身份证号相同" not in page.text
    assert second.number not in text_of(page)
    assert "身份证号相同" in text_of(office.get(f"/cases/{first.id}"), ".note.warn")


def test_the_office_says_which_stands(office: Visitor, unit: Visitor, world: World) -> None:
    first, second = twice(world)
    office.get("/doubles")
    page = office.follow(office.post("/doubles", ruling(first, second, str(second.id))))

    assert f"保留{second.number}" in text_of(page, ".note.good")
    assert "没有需要核定" in text_of(page)
    assert (world.case(first).outcome, world.case(second).live) == ("withdrawn", True)
    assert f"与{second.number}核定为同一人" in text_of(office.get(f"/cases/{first.id}"), ".record")
    assert "核定为同一人" not in unit.get(f"/cases/{first.id}").text


@pytest.mark.parametrize(
    ("kept", "reason", "field"),
    [("two", "核实", "#ruling"), ("", "核实", "#ruling"), ("first", "", "#reason")],
)
def test_what_is_refused_says_so_and_keeps_what_was_typed(
    office: Visitor, world: World, kept: str, reason: str, field: str
) -> None:
    first, second = twice(world)
    office.get("/doubles")
    page = office.post("/doubles", ruling(first, second, str(first.id) if kept == "first" else kept, reason))

    assert page.status_code == 422
    assert list(errors_of(page)) == [field]
    assert soup(page).find(id=field[1:]) is not None
    assert not reason or reason in text_of(page)


@pytest.mark.parametrize("first", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_ids_that_name_nothing_are_not_found(office: Visitor, first: str) -> None:
    office.get("/doubles")
    assert office.post("/doubles", {"first": first, "second": first, "ruling": "two"}).status_code == 404


def test_the_review_is_greyed_until_it_is_settled(office: Visitor, world: World) -> None:
    first, second = twice(world)
    world.bring_to(second, "office_review")
    [task] = world.assignments("office_review", second)
    page = office.get(f"/tasks/{task.id}")

    assert soup(page).select_one("#answer-pass[disabled]")
    assert not soup(page).select_one("#answer-return[disabled]")
    assert f"与{first.number}的身份证号相同" in text_of(page)
    assert office.post(f"/tasks/{task.id}", {"answer": "pass"}).status_code == 409


def test_what_was_typed_on_a_later_page_is_kept(office: Visitor, world: World) -> None:
    for _ in range(8):
        world.enter(name="样例甲")
    shown = soup(office.get("/doubles?p=2")).select_one("form:has(input[name=first])")
    assert shown is not None
    pair = {i["name"]: i["value"] for i in shown.select("input[name=first], input[name=second]")}

    page = office.post("/doubles", {**pair, "reason": "电话核实过"})  # type: ignore[dict-item]

    assert page.status_code == 422
    assert "电话核实过" in text_of(page)


def test_many_pairs_need_no_more_statements_than_one(office: Visitor, world: World) -> None:
    case, _ = world.enter(name="样例甲"), world.enter(name="样例甲")
    office.get(f"/cases/{case.id}")
    with Statements() as few:
        office.get(f"/cases/{case.id}")
    for _ in range(4):
        world.enter(name="样例甲")
    with Statements() as many:
        office.get(f"/cases/{case.id}")
    assert len(many.seen) == len(few.seen)


# --- channels -----------------------------------------------------------------------------------------------------


def doubtful(world: World) -> Case:
    with transaction() as session:
        form = complete_form(world.notice, "self", {})
        application = Application("样例乙", "self", "city", None, None, form, True)
        return enter_case(session, world.season_id, application, world.filler())


def unit_id(name: str = UNIT) -> str:
    with reading() as session:
        return str(session.exec(select(Organisation.id).where(Organisation.name == name)).one())


def test_a_channel_is_confirmed_as_it_is(office: Visitor, world: World) -> None:
    case = doubtful(world)
    page = office.get("/channels")
    assert case.number in text_of(page)
    assert "待确认" in text_of(office.get(f"/cases/{case.id}"), ".note.warn")
    office.get("/channels")
    page = office.follow(office.post(f"/cases/{case.id}/channel", {"action": "as_it_is"}))

    assert "个人自荐" in text_of(page, ".note.good")
    assert "没有待确认渠道" in text_of(page)
    assert not world.case(case).channel_doubted
    assert "确认申报渠道为“个人自荐”" in text_of(office.get(f"/cases/{case.id}"), ".record")


def test_a_channel_that_another_has_changed_is_not_confirmed_unseen(office: Visitor, world: World) -> None:
    case = doubtful(world)
    office.get("/channels")
    with reading() as session:
        unit = session.exec(select(Organisation.id).where(Organisation.name == UNIT)).one()
    with transaction() as session:
        way = Way("unit", "county", "yufeng", unit)
        confirm_channel(session, case.id, world.person("office"), way, "单位盖章推荐")

    page = office.post(f"/cases/{case.id}/channel", {"action": "as_it_is"})

    assert page.status_code == 409
    assert "已经确认为“单位推荐”" in text_of(page, "#errors")


def test_a_channel_is_changed_and_what_does_not_fit_is_said(office: Visitor, world: World) -> None:
    case = doubtful(world)
    way = {"channel": "unit", "route": "city", "unit_id": unit_id(), "reason": "单位盖章推荐"}
    office.get("/channels")
    page = office.post(f"/cases/{case.id}/channel", way)
    assert page.status_code == 422
    assert "应按隶属关系选择" in errors_of(page)["#route"]
    assert "单位盖章推荐" in text_of(page)

    done = office.post(f"/cases/{case.id}/channel", way | {"route": "county", "county": "yufeng"})
    assert done.status_code == 303
    assert (world.case(case).channel, world.case(case).county) == ("unit", "yufeng")
    page = office.get(f"/cases/{case.id}")
    assert "由“个人自荐”确认为“单位推荐”" in text_of(page, ".record")


def test_one_that_has_passed_is_not_changed_any_more(office: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "expert_review")
    page = office.get(f"/cases/{case.id}/channel")
    assert "不能再变更申报渠道" in text_of(page)
    assert not soup(page).select("main form")


def routes_offered(visitor: Visitor) -> dict[str, str]:
    picks = soup(visitor.get("/cases/new")).select("#route .pick")
    return {str(p.select_one("input")["value"]): str(p["data-when"]) for p in picks}  # type: ignore[index]


def test_a_units_clerk_is_offered_the_routes_that_fit_the_unit(
    address: str, unit: Visitor, office: Visitor, world: World
) -> None:
    """鱼峰区's unit goes through its county union, the city's own straight to the city."""
    assert routes_offered(unit) == {"county": "channel=unit", "city": "channel=professional,self"}
    city = Visitor(address, world).log_in(world.filler(CITY_UNIT))
    assert routes_offered(city) == {"city": "channel=unit,professional,self"}
    assert routes_offered(office)["county"] == "channel=unit"
    assert routes_offered(office)["city"] == "channel=unit,professional,self"


# --- earlier winners ----------------------------------------------------------------------------------------------


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.create_sheet(index=0)
    for row in rows:
        sheet.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.fixture(autouse=True)
def nobody_won(database: object) -> None:
    with transaction() as session:
        for winner in session.exec(select(PastWinner)):
            session.delete(winner)


def upload(office: Visitor, content: bytes, name: str) -> object:
    office.get("/winners")
    headers = {"Sec-Fetch-Site": "same-origin"}
    files = {"list_file": (name, content)}
    return office.client.post("/winners", data={"csrf": office.csrf}, files=files, headers=headers)


def won() -> list[tuple[int, str, str, str]]:
    with reading() as session:
        return sorted((w.year, w.name, w.employer, w.occupation) for w in session.exec(select(PastWinner)))


def test_a_list_is_read_by_its_headings(office: Visitor) -> None:
    content = workbook(
        ["往年柳州工匠名单"],
        ["姓名", "认定年度", "单位", "备注", "工种"],
        ["样例甲", 2023, UNIT, "无", "电焊工"],
        ["样例乙", "2021年度", "样例钢铁集团有限公司", None, None],
    )
    upload(office, content, "名单.xlsx")

    assert won() == [(2021, "样例乙", "样例钢铁集团有限公司", ""), (2023, "样例甲", UNIT, "电焊工")]
    upload(office, content, "名单.xlsx")
    assert len(won()) == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_file_is_read_in_either_encoding(office: Visitor, encoding: str) -> None:
    upload(office, f"年度,姓名,工作单位\n2023,样例甲,{UNIT}\n".encode(encoding), "名单.csv")

    assert won() == [(2023, "样例甲", UNIT, "")]


def test_lines_may_be_pasted(office: Visitor) -> None:
    office.get("/winners")
    page = office.follow(
        office.post(
            "/winners", {"list": f"2023\t样例甲\t{UNIT}\t车工\n2022，样例乙，样例单位\n2021年,样例丙"}
        )
    )

    assert "新登记3人" in text_of(page)
    assert won() == [
        (2021, "样例丙", "", ""),
        (2022, "样例乙", "样例单位", ""),
        (2023, "样例甲", UNIT, "车工"),
    ]


def test_a_faulty_list_adds_nobody_and_stays_typed(office: Visitor) -> None:
    office.get("/winners")
    page = office.post("/winners", {"list": "2023,样例甲\n去年,样例乙\n2021,\n"})

    assert page.status_code == 422
    said = text_of(page, "#errors")
    assert "第2行的年度“去年”看不懂" in said
    assert "第3行没有姓名" in said
    assert "去年,样例乙" in text_of(page)
    assert won() == []


@pytest.mark.parametrize(
    ("content", "name"), [(b"MZ\x90", "名单.exe"), (b"not a sheet", "名单.xlsx"), (b"", "名单.xlsx")]
)
def test_a_file_that_is_none_is_refused(office: Visitor, content: bytes, name: str) -> None:
    response = upload(office, content, name)

    assert response.status_code == 422  # type: ignore[attr-defined]
    assert won() == []


def test_a_candidate_who_won_before_is_pointed_out_to_the_office(
    office: Visitor, unit: Visitor, world: World
) -> None:
    upload(office, f"年度,姓名,工作单位\n2023,样例 甲,{UNIT}\n2021,样例乙,样例别处\n".encode(), "名单.csv")
    case, namesake = world.enter(name="样例甲", employer=UNIT), world.enter(name="样例乙")

    assert "曾于2023年度获认定（姓名、单位相同）" in text_of(office.get(f"/cases/{case.id}"), ".note.warn")
    assert "与2021年度获认定者（“样例别处”）同名" in text_of(
        office.get(f"/cases/{namesake.id}"), ".note.warn"
    )
    assert "2023年度" not in text_of(unit.get(f"/cases/{case.id}"))
    world.bring_to(case, "office_review")
    [task] = world.assignments("office_review", case)
    assert "曾于2023年度获认定" in text_of(office.get(f"/tasks/{task.id}"))
    assert not soup(office.get(f"/tasks/{task.id}")).select_one("#answer-pass[disabled]")


def test_who_stood_there_by_mistake_is_struck(office: Visitor, unit: Visitor) -> None:
    upload(office, b"2023,\xe6\xa0\xb7\xe4\xbe\x8b\xe7\x94\xb2\n", "a.csv")
    with reading() as session:
        [winner] = session.exec(select(PastWinner)).all()
    unit.get("/")
    assert unit.post(f"/winners/{winner.id}/strike").status_code == 404
    office.get("/winners")
    assert office.post(f"/winners/{winner.id}/strike").status_code == 303
    assert won() == []


def test_a_recommender_who_is_a_candidate_is_pointed_out(office: Visitor, world: World) -> None:
    candidate = world.enter(id_number=ID, sex="男")
    row = {"name": "样例推荐人甲", "id_number": ID}
    case = world.enter(channel="professional", route="city", recommenders=[row])

    assert f"推荐人中有一位（{candidate.number}" in text_of(office.get(f"/cases/{case.id}"), ".note.warn")


def test_a_pair_ruled_different_is_not_shown_again(office: Visitor, world: World) -> None:
    first, second = world.enter(name="样例甲"), world.enter(name="样例甲")
    assert first.number in text_of(office.get("/doubles"))
    with transaction() as session:
        settle_double(session, first.id, second.id, world.person("office"), Ruling(None, "两人同名"))
    assert first.number not in text_of(office.get("/doubles"))
