"""What do county union, office and departments see of the departments' opinions, and how do they ask again?"""

import pytest
from sqlmodel import select

from models.attention import TaskOpening
from models.case import Case
from models.database import reading
from simulation.papers import pdf
from tests.api.conftest import Statements, Visitor, soup, text_of
from tests.world import World

STEP = "department_opinions"


@pytest.fixture
def case(world: World) -> Case:
    return world.bring_to(world.enter(), STEP)


@pytest.fixture
def county(address: str, world: World) -> Visitor:
    return Visitor(address, world).log_in(world.person("county_union"))


def row(visitor: Visitor, case: Case, body: str) -> str:
    page = visitor.get(f"/cases/{case.id}")
    found = next(tr for tr in soup(page).select(f"#gate-{STEP} tbody tr") if body in tr.get_text())
    return " ".join(found.get_text(" ").split())


def opened(task_id: object) -> int:
    with reading() as session:
        return len(session.exec(select(TaskOpening).where(TaskOpening.assignment_id == task_id)).all())


def test_the_county_asks_again_once_a_day(county: Visitor, world: World, case: Case) -> None:
    task = next(a for a in world.assignments(STEP, case) if a.body == "police")
    assert "不涉及" in row(county, case, "纪检监察部门")
    assert "催办" in row(county, case, "公安部门")

    back = county.post(f"/tasks/{task.id}/remind", {"back": f"/cases/{case.id}"})

    page = county.follow(back)
    assert text_of(page, ".note.good").startswith(f"{case.number}：已催办“县（区）部门意见”（公安部门）")
    assert "一天只能催办一次" in row(county, case, "公安部门")
    assert county.post(f"/tasks/{task.id}/remind").status_code == 409


def test_others_do_not_see_the_button_and_can_not_press_it(
    address: str, unit: Visitor, world: World, case: Case
) -> None:
    [task, *_] = world.assignments(STEP, case)
    assert "催办" not in text_of(unit.get(f"/cases/{case.id}"), f"#gate-{STEP}")
    assert unit.post(f"/tasks/{task.id}/remind").status_code == 403
    liunan = Visitor(address, world).log_in(world.person("county_union", "liunan"))
    liunan.get("/")
    assert liunan.post(f"/tasks/{task.id}/remind").status_code == 404


def test_looking_at_a_task_is_logged_but_not_by_a_scanner(
    address: str, county: Visitor, world: World, case: Case
) -> None:
    task = next(a for a in world.assignments(STEP, case) if a.body == "police")
    police = Visitor(address, world).log_in(world.person("police"))
    police.head(f"/tasks/{task.id}")
    assert opened(task.id) == 0

    for _ in range(2):
        assert police.get(f"/tasks/{task.id}").status_code == 200

    assert opened(task.id) == 1
    assert "已打开" in row(county, case, "公安部门")


def test_an_opinion_with_its_paper_is_sent_on_the_task_page(
    address: str, county: Visitor, world: World, case: Case
) -> None:
    task = next(a for a in world.assignments(STEP, case) if a.body == "police")
    police = Visitor(address, world).log_in(world.person("police"))
    police.get(f"/tasks/{task.id}")
    fields = {"csrf": police.csrf, "answer": "object", "reason": "样例：有未结案件"}

    sent = police.client.post(
        f"/tasks/{task.id}",
        data=fields,
        files={"scan": ("样例意见.pdf", pdf("sealed"), "application/pdf")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert sent.status_code == 303, sent.text
    page = county.get(f"/cases/{case.id}")
    assert "盖章扫描件" in row(county, case, "公安部门")
    link = soup(page).select_one(f"#gate-{STEP} td a[href$='/view']")
    assert link is not None
    assert county.get(str(link["href"])).status_code == 200
    assert "公安部门（" in text_of(page, "[aria-label=有部门不同意]")
    world.pass_step(STEP, case)
    [review] = world.assignments("county_review", case)
    assert "样例：有未结案件" in text_of(county.get(f"/tasks/{review.id}"), "[aria-label=有部门不同意]")


def test_a_case_page_takes_as_many_statements_for_six_as_for_one(
    county: Visitor, world: World, case: Case
) -> None:
    with Statements() as before:
        county.get(f"/cases/{case.id}")
    world.answer(STEP, case, "agree", body="police")
    world.answer(STEP, case, "agree", body="industry")
    with Statements() as after:
        county.get(f"/cases/{case.id}")
    assert len(after.seen) == len(before.seen)
