"""Does the board tell where it is stuck: each number with the cases behind it, to each what is theirs?"""

import re
from datetime import timedelta

import httpx
import pytest
from bs4 import Tag
from sqlmodel import col, select, update

from models.case import Case
from models.database import reading, real_now, transaction
from models.gates import Assignment, Gate
from models.mail import Message
from models.notice import day_of
from models.people import Person
from models.wakeup import Wakeup
from models.words import AssignmentState, GateState
from models.workdays import calendar
from tasks.attention import note_opened, remind
from tests.api.conftest import Statements, Visitor, soup, text_of
from tests.world import World

STEP = "department_opinions"


def rows_of(response: httpx.Response, table: str) -> dict[str, list[str]]:
    """The words of a table by the head of each row."""
    found = soup(response).select(f"#{table} tbody tr")
    return {_words(r.select_one("th")): [_words(c) for c in r.select("td")] for r in found}


def _words(cell: Tag | None) -> str:
    return " ".join(cell.get_text(" ").split()) if cell else ""


def three(world: World) -> tuple[Case, Case, Case]:
    """One at the departments of 鱼峰区, one at the office, one still a draft."""
    at_departments = world.bring_to(world.enter(name="样例韦某"), STEP)
    at_office = world.bring_to(world.enter(route="city"), "office_review")
    return at_departments, at_office, world.enter()


# --- numbers and what is behind them ------------------------------------------------------------------------------


def test_each_number_leads_to_as_many_cases(office: Visitor, world: World) -> None:
    three(world)
    world.move_to(world.notice.due("county_review"))
    board = office.get("/board")

    links = [
        (str(a["href"]), int(found[0]))
        for a in soup(board).select("#stages-table a, .stage-columns a, .tiles a")
        if (found := re.findall(r"\d+", a.get_text()))
    ]
    assert len(links) == 2 + 2 * 2 + 2 * 2 + 3 + 2
    for link, number in links:
        status = text_of(office.get(link), "[role=status]")
        assert (link, status) == (link, f"{number} 名人选，{number} 个环节")

    stages = rows_of(board, "stages-table")
    assert stages["资格审查"][:2] == ["2", "1"]
    assert stages["基层申报"][:2] == ["1", "1"]
    assert stages["社会公示"][:2] == ["0", "0"]
    with reading() as session:
        days = calendar(session).between(day_of(world.season.opened_at), day_of(world.now()))
    assert {row[2] for row in rows_of(board, "whom-table").values()} == {str(days)}
    assert f"{days} 个工作日" in text_of(office.get(f"/board/waiting?step={STEP}"), "tbody")


@pytest.mark.parametrize(
    ("by", "labels"),
    [
        ("department", {"鱼峰区公安部门 公安部门", "市认定工作领导小组办公室", "填报人"}),
        ("county", {"鱼峰区", "市直"}),
        ("unit", {"样例机械制造有限公司", "样例钢铁集团有限公司"}),
        ("expert", set()),
        ("person", {"鱼峰区公安部门经办（样例） 公安部门"}),
    ],
)
def test_open_tasks_are_grouped(address: str, half_way: World, by: str, labels: set[str]) -> None:
    office = Visitor(address, half_way).log_in(half_way.person("office"))
    page = office.get(f"/board?by={by}&sort=days")
    assert labels <= set(rows_of(page, "whom-table"))
    for row in soup(page).select("#whom-table tbody tr"):
        link = row.select_one("td a")
        assert link is not None
        behind = text_of(office.get(str(link["href"])), "[role=status]")
        assert not behind.startswith("0 ")


@pytest.fixture(scope="module")
def half_way(standing: World) -> World:
    """The season of those who only look, with three cases on their way."""
    three(standing)
    return standing


# --- to each what is theirs ---------------------------------------------------------------------------------------


def test_each_sees_what_is_theirs(address: str, world: World) -> None:
    case, _, _ = three(world)
    review = world.bring_to(world.enter(), "expert_review")
    [task, *_] = world.assignments("expert_review", review)
    with reading() as session:
        expert = session.get_one(Person, task.person_id)

    def cases(body: str, county: str = "yufeng") -> str:
        visitor = Visitor(address, world).log_in(world.person(body, county))
        return text_of(visitor.get("/board/waiting"), "[role=status]").split("，")[0]

    assert [cases("office"), cases("county_union"), cases("county_union", "liunan")] == [
        "4 名人选",
        "3 名人选",
        "0 名人选",
    ]
    unit = Visitor(address, world).log_in(world.filler())
    page = unit.get("/board?by=expert")
    assert "未打开" not in text_of(page)
    assert "按专家" not in text_of(page)
    assert rows_of(page, "whom-table")["评审专家"][0] == "3"
    assert expert.name not in unit.get("/board/waiting").text
    assert expert.name not in unit.get("/board/forecast").text
    assert unit.get(f"/board/waiting?person={expert.id}").status_code == 404
    assert unit.get(f"/board/remind?person={expert.id}").status_code == 404
    office = Visitor(address, world).log_in(world.person("office"))
    assert expert.name in text_of(office.get("/board?by=expert"), "#whom-table")
    assert expert.name in office.get(f"/board/waiting?person={expert.id}").text
    judge = Visitor(address, world).log_in(expert)
    assert text_of(judge.get("/board/waiting"), "[role=status]").startswith("1 名人选")
    assert case.name not in judge.get("/board/waiting").text


def test_words_that_name_nothing_find_nothing(address: str, half_way: World) -> None:
    office = Visitor(address, half_way).log_in(half_way.person("office"))
    for words in ("organisation=x", "unit=y", "person=1", "county=nowhere", "stage=x", "step=x", "body=x"):
        page = office.get(f"/board/waiting?{words}")
        assert (words, page.status_code) == (words, 200)
        assert text_of(page, "[role=status]") == "0 名人选，0 个环节"
    assert office.get("/board?by=nothing&sort=nothing").status_code == 200


# --- 催办 --------------------------------------------------------------------------------------------------------


def test_all_late_ones_are_asked_for_again_exactly_as_shown(address: str, world: World) -> None:
    first, second = (world.bring_to(world.enter(), STEP) for _ in range(2))
    county = world.person("county_union")
    world.move_to(world.notice.due("county_review"))
    police = [next(a for a in world.assignments(STEP, c) if a.body == "police") for c in (first, second)]
    with transaction() as session:
        note_opened(session, police[0].id, world.person("police"))
        remind(session, police[1].id, county)
    visitor = Visitor(address, world).log_in(county)
    row = rows_of(visitor.get("/board"), "whom-table")["鱼峰区公安部门 公安部门"]
    assert row[:2] + row[3:5] == ["2", "2", "1", "1"]

    where = "/board/remind?body=police"
    shown = visitor.get(where)
    assert "将催办 1 项任务，发给 1 人" in text_of(shown)
    assert "police@example.org" in shown.text
    assert "今天已于" in text_of(shown)
    assert reminders(first) == 0

    tasks = [str(i["value"]) for i in soup(shown).select("input[name=task]")]
    assert tasks == [str(police[0].id)]
    assert visitor.post(where, {"task": tasks}).headers["location"] == "/board"
    assert "已催办1项任务" in text_of(visitor.get("/board"))
    assert [reminders(first), reminders(second)] == [1, 1]

    again = visitor.post(where, {"task": tasks})
    assert again.status_code == 409
    assert "没有催办任何一项" in text_of(again)
    assert visitor.post(where, {"task": "x"}).status_code == 404
    other = Visitor(address, world).log_in(world.filler())
    other.get("/board")
    assert other.post(where, {"task": tasks}).status_code == 409
    assert reminders(first) == 1


def reminders(case: Case) -> int:
    with reading() as session:
        mails = select(Message.id).where(Message.case_id == case.id, Message.template == "reminded")
        return len(session.exec(mails).all())


# --- nothing ahead ------------------------------------------------------------------------------------------------


def test_a_case_with_nothing_ahead_is_shown_in_red(office: Visitor, unit: Visitor, world: World) -> None:
    asked = world.bring_to(world.enter(route="city"), "office_review")
    case = world.enter()
    assert soup(office.get("/board")).select("#stranded") == []

    with transaction() as session:
        mine = update(Wakeup).where(col(Wakeup.case_id) == case.id)
        session.exec(mine.values(done_at=real_now() + timedelta(seconds=9)))
        gate = session.get_one(Gate, world.gate("application", case).id)
        gate.state, gate.closed_at = GateState.VOID, world.now()
        session.add(gate)
        [task] = session.exec(
            select(Assignment).where(Assignment.gate_id == world.gate("office_review", asked).id)
        ).all()
        task.state = AssignmentState.CANCELLED
        session.add(task)

    board = office.get("/board")
    assert text_of(board, ".tile.stuck") == "没有下文，须处理 2"
    assert case.number in text_of(board, "#stranded")
    assert asked.number in text_of(board, "#stranded")
    assert case.number in text_of(unit.get("/board"), "#stranded")
    assert asked.number not in text_of(unit.get("/board"), "#stranded")


# --- the other pages ----------------------------------------------------------------------------------------------


def test_the_timeline_sets_what_happened_beside_the_plan(office: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), STEP)
    world.move_to(world.notice.due("county_review"))
    world.pass_step(STEP, case)
    rows = rows_of(office.get("/board/timeline"), "spans-table")

    assert len(rows) == len(world.notice.steps)
    assert rows["推荐单位审查"][3:6] == ["1", "0", "0"]
    assert rows["县（区）部门意见"][3:] == ["1", "0", "1", "已到的都已办完"]
    assert rows["县（区）总工会审核"][3:] == ["0", "1", "1", "已过期，还有 1 项在办"]
    assert rows["宣传展示"][1:] == ["—", "—", "0", "0", "0", "尚未开始"]


def test_the_forecast_names_its_method_and_what_will_be_late(office: Visitor, world: World) -> None:
    world.bring_to(world.enter(), STEP)
    world.bring_to(world.enter(route="city"), "office_review")
    world.move_to(world.now() + timedelta(days=2))
    page = office.get("/board/forecast")

    assert "Kaplan–Meier" in text_of(page)
    rows = rows_of(page, "forecast-table")
    assert rows["县（区）部门意见"][:2] == ["1", "0"]
    assert rows["办公室资格初审"][-1].endswith("依据不足")


def test_the_pages_take_as_many_statements_for_three_cases_as_for_one(office: Visitor, world: World) -> None:
    paths = ("/board", "/board?by=person", "/board/timeline", "/board/forecast", "/board/waiting")
    world.bring_to(world.enter(), STEP)
    for path in paths:
        office.get(path)
    alone = {path: statements(office, path) for path in paths}
    world.enter()
    world.bring_to(world.enter(), STEP)
    assert {path: statements(office, path) for path in paths} == alone


def statements(visitor: Visitor, path: str) -> int:
    with Statements() as counted:
        assert visitor.get(path).status_code == 200
    return len(counted.seen)
