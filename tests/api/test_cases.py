"""How is a candidate put in, found, corrected, withdrawn and let in late, on the pages?"""

from datetime import timedelta
from typing import Any

import pytest
from httpx import Response
from sqlmodel import select

from api.render import FOLDER
from models.case import Case
from models.database import reading
from models.people import Organisation
from models.personal import whole_form
from models.words import EventKind
from tests.api.conftest import Statements, Visitor, errors_of, sent_by, soup, text_of, value_of
from tests.posted import posted
from tests.world import CITY_UNIT, UNIT, World, complete_form


def filled_in(world: World, channel: str = "unit", **changes: Any) -> dict[str, Any]:
    """The form as a clerk of the example unit fills it in; `changes` are inputs of the page."""
    with reading() as session:
        unit = session.exec(select(Organisation).where(Organisation.name == UNIT)).one()
    fields = {
        "channel": channel,
        "route": "county" if channel == "unit" else "city",
        "county": "yufeng" if channel == "unit" else "",
        "unit_id": str(unit.id),
        "action": "save",
    }
    form = complete_form(world.notice, channel, {"name": "覃立恒（样例）", "occupation": "电焊工"})
    return fields | posted(world.notice, form) | changes


def put_in(visitor: Visitor, world: World, **changes: Any) -> Response:
    """A draft with everything that is asked for but its files: the page that follows."""
    visitor.get("/cases/new")
    return visitor.follow(visitor.post("/cases/new", filled_in(world, **changes)))


def only_case(world: World) -> Case:
    with reading() as session:
        return session.exec(select(Case).where(Case.season_id == world.season_id)).one()


def test_a_candidate_is_put_in_and_handed_in(unit: Visitor, world: World) -> None:
    page = unit.get("/cases/new")
    assert soup(page).select_one("input[name=channel][checked]")["value"] == "unit"  # type: ignore[index]
    assert soup(page).select_one("input[name=route][checked]")["value"] == "county"  # type: ignore[index]
    edit = put_in(unit, world)
    assert "2026-0001已保存为草稿" in text_of(edit, ".note.good")
    case = only_case(world)
    world.supply(case)
    shown = unit.follow(unit.post(f"/cases/{case.id}/edit", sent_by(edit) | {"action": "submit"}))
    assert "覃立恒（样例）" in text_of(shown, "h1")
    assert "2026-0001已提交" in text_of(shown, ".note.good")
    world.pump()
    assert "推荐单位审查" in text_of(unit.get(f"/cases/{case.id}"), "#main")
    facts = text_of(shown, ".facts")
    assert "单位推荐" in facts
    assert "经县（区）总工会（鱼峰区）" in facts


def test_what_a_page_sends_back_is_what_was_kept(unit: Visitor, world: World) -> None:
    """Opening and saving the form changes nothing: every kind of field comes back as it was."""
    put_in(unit, world)
    case = only_case(world)
    edit = unit.get(f"/cases/{case.id}/edit")
    assert unit.post(f"/cases/{case.id}/edit", sent_by(edit)).status_code == 303
    after = only_case(world)
    assert after.form_version == case.form_version
    assert after.form["craft"] == {"一技之长": "样例"}
    assert [row["where"] for row in after.form["history"]] == ["样例工作单位"]


def test_what_is_missing_is_named_and_what_was_typed_is_saved(unit: Visitor, world: World) -> None:
    put_in(unit, world)
    case = only_case(world)
    world.supply(case)
    empty = dict.fromkeys(("skill_level", "craft", "passing_on", "contribution", "condition", "craft-1"), "")
    fields = filled_in(world, nationality="", **empty, summary="写了很久的事迹\n第二行", action="submit")
    response = unit.post(f"/cases/{case.id}/edit", fields)
    assert response.status_code == 422
    assert list(errors_of(response)) == ["#nationality", "#condition", "#indicators"]
    assert "内容已经保存，但还不能提交" in text_of(response, "#errors h2")
    assert value_of(response, "summary") == "写了很久的事迹\n第二行"
    assert value_of(response, "name") == "覃立恒（样例）"
    for target in errors_of(response):
        assert soup(response).select_one(target), target
    assert world.case(case).form["summary"] == "写了很久的事迹\n第二行"
    states = {li["data-of"]: li["data-state"] for li in soup(response).select(".sections li[data-of]")}
    assert states == {"identity": "bad", "contact": "done", "work": "done", "skill": "bad", "deeds": "done"}


def test_a_draft_is_saved_as_it_is_and_handed_in_later(unit: Visitor, world: World) -> None:
    put_in(unit, world, summary="")
    case = only_case(world)
    where = f"/cases/{case.id}"
    world.supply(case)
    refused = unit.post(f"{where}/submit")
    assert refused.status_code == 422
    assert list(errors_of(refused)) == ["#summary"]
    handed_in = unit.follow(
        unit.post(f"{where}/edit", filled_in(world, summary="补上的事迹", action="submit"))
    )
    assert "已提交" in text_of(handed_in, ".note.good")
    closed = unit.get(f"{where}/edit")
    assert closed.status_code == 409
    assert "审核中不能修改" in closed.text


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"channel": ""}, "#channel", "请选择申报渠道。"),
        ({"channel": "nonsense"}, "#channel", "请选择申报渠道：单位推荐、专业人士推荐、个人自荐。"),
        ({"name": " 　"}, "#name", "请填写姓名。"),
        ({"name": "名" * 81}, "#name", "“姓名”最多80字，现在81字，请删减。"),
        (
            {"unit_id": "nonsense"},
            "#unit_id",
            "所选单位或县（区）还没有登记“推荐单位”的办理人，请先在名录中补齐。",
        ),
        ({"category": "nonsense"}, "#category", "“类别（附件5）”没有填写的这个选项，请重新选择。"),
        ({"skill_level": "国内先进"}, "#skill_level", "“技术水平”没有填写的这个选项，请重新选择。"),
        ({"craft": ["", "不存在"]}, "#craft", "“是否具有工艺专长”没有填写的这个选项，请重新选择。"),
        ({"craft-1": "长" * 101}, "#craft-1", "“是否具有工艺专长”“一技之长”后最多填100字，请删减。"),
        ({"history-1-post": "长" * 61}, "#history-1-post", "“工作简历第1行的岗位（职务）”最多60字，现在61字"),
        ({"summary": "长" * 150 + "\n \n" + "长" * 151}, "#summary", "“简要事迹”最多300字，现在302字"),
    ],
)
def test_what_can_not_be_kept_is_said_at_its_field(
    looker: Visitor, standing: World, changes: dict[str, Any], field: str, sentence: str
) -> None:
    looker.get("/cases/new")
    response = looker.post("/cases/new", filled_in(standing, **changes))
    assert response.status_code == 422
    found = errors_of(response)
    assert field in found
    assert soup(response).select_one(field)
    assert found[field].startswith(sentence)


def test_a_line_more_or_less_without_scripts_keeps_what_was_typed(unit: Visitor, world: World) -> None:
    page = unit.get("/cases/new")
    assert len(soup(page).select('[data-lines="history"] .line')) == 3
    rows = {f"history-{n}-where": f"样例单位{n}" for n in (1, 2, 3, 4)}
    more = unit.post("/cases/new", filled_in(world, **rows, action="more:history"))
    assert more.status_code == 200
    assert value_of(more, "history-4-where") == "样例单位4"
    assert value_of(more, "history-5-where") == ""
    less = unit.post("/cases/new", sent_by(more) | {"action": "drop:history:2"})
    assert [value_of(less, f"history-{n}-where") for n in (1, 2, 3)] == [
        "样例单位1",
        "样例单位3",
        "样例单位4",
    ]
    assert value_of(less, "name") == "覃立恒（样例）"
    assert world.season.case_count == 0


def test_every_channel_can_be_put_in(office: Visitor, world: World) -> None:
    with reading() as session:
        city = session.exec(select(Organisation).where(Organisation.name == CITY_UNIT)).one()
    for channel, changes in (
        ("unit", {}),
        ("unit", {"route": "city", "county": "", "unit_id": str(city.id)}),
        ("professional", {"route": ""}),
        ("self", {}),
    ):
        office.get("/cases/new")
        assert office.post("/cases/new", filled_in(world, channel, **changes)).status_code == 303
    numbers = [row.get_text(strip=True) for row in soup(office.get("/cases")).select("td.number")]
    assert numbers == ["2026-0001", "2026-0002", "2026-0003", "2026-0004"]


def test_everyone_sees_numbers_masked_but_who_types_them(
    unit: Visitor, office: Visitor, world: World
) -> None:
    put_in(unit, world, phone="199-0000-0001", home_address="柳州市样例路1号样例小区2栋")
    case = only_case(world)
    number = str(whole_form(case)["id_number"])
    for visitor in (unit, office):
        shown = visitor.get(f"/cases/{case.id}")
        assert number not in shown.text
        assert f"{number[:6]}********{number[-4:]}" in shown.text
        assert "199****0001" in shown.text
        assert "样例小区" not in shown.text
    edit = unit.get(f"/cases/{case.id}/edit")
    assert value_of(edit, "id_number") == number
    assert value_of(edit, "phone") == "19900000001"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=覃志", ["覃志勇"]),
        ("q=qinzhi", ["覃志勇"]),
        ("q=WXL", ["韦秀兰"]),
        ("q=0002", ["韦秀兰"]),
        ("q=样例机械", ["覃志勇", "韦秀兰"]),
        ("q=没有这个人", []),
        ("channel=self", ["曾国强"]),
        ("county=yufeng", ["覃志勇", "韦秀兰"]),
        ("outcome=withdrawn", ["韦秀兰"]),
        ("outcome=live&channel=unit", ["覃志勇"]),
        ("stage=review", []),
    ],
)
def test_the_list_is_searched_and_narrowed(
    office: Visitor, world: World, query: str, names: list[str]
) -> None:
    world.enter(name="覃志勇")
    second = world.enter(name="韦秀兰")
    world.enter(name="曾国强", channel="self", route="city", employer="某厂", person=world.person("office"))
    office.get(f"/cases/{second.id}")
    office.post(f"/cases/{second.id}/withdraw", {"withdraw_reason": "本人放弃"})
    found = [a.get_text() for a in soup(office.get(f"/cases?{query}")).select('td[data-label="姓名"] a')]
    assert found == names


def test_withdrawing_says_what_it_means_and_needs_a_reason(unit: Visitor, world: World) -> None:
    case = world.enter()
    page = unit.get(f"/cases/{case.id}")
    assert "不能恢复" in text_of(page)
    refused = unit.post(f"/cases/{case.id}/withdraw", {"withdraw_reason": "  "})
    assert refused.status_code == 422
    assert errors_of(refused) == {"#withdraw_reason": "撤回申报须写明理由。"}
    shown = unit.follow(unit.post(f"/cases/{case.id}/withdraw", {"withdraw_reason": "本人放弃"}))
    assert "已撤回申报" in text_of(shown, ".head")
    assert "本人放弃" in text_of(shown, ".record")
    assert "撤回理由" not in shown.text


def test_a_late_one_is_refused_then_let_in_by_the_office(
    unit: Visitor, office: Visitor, world: World
) -> None:
    case = world.enter()
    world.move_to(world.notice.due("application") + timedelta(hours=1))
    unit.get(f"/cases/{case.id}")
    world.supply(case)
    late = unit.post(f"/cases/{case.id}/submit")
    assert late.status_code == 409
    assert "24时截止" in text_of(late, "#errors")
    assert "准予逾期申报" not in unit.get(f"/cases/{case.id}").text
    office.get(f"/cases/{case.id}")
    assert errors_of(office.post(f"/cases/{case.id}/admit")) == {
        "#admit_reason": "准予逾期申报须写明理由。 （三（一））"
    }
    office.follow(office.post(f"/cases/{case.id}/admit", {"admit_reason": "邮路中断"}))
    assert unit.post(f"/cases/{case.id}/submit").status_code == 303


def test_every_event_has_its_line(office: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    world.answer("county_review", case, "return", reason="缺章", items=("补盖公章",))
    world.pump()
    record = text_of(office.get(f"/cases/{case.id}"), ".record")
    for words in (
        "录入人选：单位推荐",
        "到达“基层申报”",
        "提交申报",
        "缺章",
        "需补正：补盖公章",
        "退回到“基层申报”",
    ):
        assert words in record


@pytest.mark.parametrize("kind", EventKind)
def test_each_kind_of_event_has_a_partial(kind: EventKind) -> None:
    assert (FOLDER / "templates" / "events" / f"{kind.value}.html").exists()


# --- as many statements for fifty as for one ----------------------------------------------------------------------


def test_a_page_asks_a_constant_number_of_times(office: Visitor, world: World) -> None:
    paths = ("/", "/?tab=entered", "/cases", "/cases?q=样例", "/season", "/objections", "/lists")
    for _ in range(2):
        world.submit(world.enter())
    few = [asked(office, path) for path in paths]
    for _ in range(12):
        world.submit(world.enter())

    assert [asked(office, path) for path in paths] == few
    assert max(few) <= 42


def asked(office: Visitor, path: str) -> int:
    """How many statements a page takes."""
    with Statements() as seen:
        assert office.get(path).status_code == 200
    return len(seen.seen)


def test_a_case_page_asks_a_constant_number_of_times(office: Visitor, world: World) -> None:
    young = world.enter()
    with Statements() as few:
        office.get(f"/cases/{young.id}")
    old = world.bring_to(world.enter(), "expert_review")
    with Statements() as many:
        office.get(f"/cases/{old.id}")
    assert len(many.seen) <= len(few.seen) + 4
    assert len(many.seen) <= 53
