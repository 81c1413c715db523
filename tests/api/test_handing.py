"""Can a clerk pass a task to a colleague on a page, name a substitute, and enter an answer that came on paper?"""

import pytest

from models.case import Case
from models.gates import Assignment
from models.notice import day_of
from simulation.papers import pdf
from tests.api.conftest import Visitor, errors_of, soup, text_of
from tests.colleagues import colleague_of
from tests.world import World

STEP, BODY = "department_opinions", "police"


@pytest.fixture
def case(world: World) -> Case:
    return world.bring_to(world.enter(), STEP)


def task_of(world: World, case: Case) -> Assignment:
    return next(a for a in world.assignments(STEP, case) if a.body == BODY)


def test_a_task_is_passed_on_and_both_names_are_read_on_the_case_page(
    address: str, office: Visitor, world: World, case: Case
) -> None:
    task, clerk = task_of(world, case), world.person(BODY)
    colleague = colleague_of(world, clerk)
    visitor = Visitor(address, world).log_in(clerk)
    assert f"/tasks/{task.id}/hand" in visitor.get(f"/tasks/{task.id}").text
    page = visitor.get(f"/tasks/{task.id}/hand")
    assert colleague.name in text_of(page, "#to")
    refused = visitor.post(f"/tasks/{task.id}/hand", {"to": str(colleague.id), "reason": ""})
    assert (refused.status_code, list(errors_of(refused))) == (422, ["#reason"])

    fields = {"to": str(colleague.id), "how": "delegated", "reason": "外出学习"}
    said = text_of(visitor.follow(visitor.post(f"/tasks/{task.id}/hand", fields)), ".note.good")

    assert said == f"“县（区）部门意见”已转交{colleague.name}，任务邮件随即发出。"
    assert visitor.get(f"/tasks/{task.id}").status_code == 404
    seen = text_of(office.get(f"/cases/{case.id}"))
    assert f"{colleague.name}（受{clerk.name}委派）办理" in seen
    assert f"由{clerk.name}转给{colleague.name}" in seen
    back = visitor.follow(visitor.post(f"/tasks/{task.id}/take-back"))
    assert "已收回" in text_of(back, ".note.good")
    assert visitor.get(f"/tasks/{task.id}").status_code == 200


def test_strangers_find_no_page_to_pass_on_or_to_enter(
    address: str, office: Visitor, world: World, case: Case
) -> None:
    task = task_of(world, case)
    stranger = Visitor(address, world).log_in(world.person("science", "liunan"))
    stranger.get("/")
    for path in ("hand", "paper"):
        assert stranger.get(f"/tasks/{task.id}/{path}").status_code == 404
        assert stranger.post(f"/tasks/{task.id}/{path}").status_code == 404
    assert stranger.post(f"/tasks/{task.id}/take-back").status_code == 404
    alone = text_of(office.get(f"/tasks/{task.id}/hand"))
    assert world.person(BODY).name in alone


def test_a_paper_answer_is_entered_with_its_scan(
    address: str, office: Visitor, world: World, case: Case
) -> None:
    task, clerk = task_of(world, case), world.person(BODY)
    page = office.get(f"/tasks/{task.id}/paper")
    assert clerk.name in text_of(page, "#decider")
    bare = {"decider": str(clerk.id), "answer": "agree", "opinion": "纸质件写明同意"}
    refused = office.post(f"/tasks/{task.id}/paper", bare)
    assert list(errors_of(refused)) == ["#scan"]
    assert "纸质件写明同意" in refused.text

    sent = office.client.post(
        f"/tasks/{task.id}/paper",
        data={"csrf": office.csrf, **bare},
        files={"scan": ("意见.pdf", pdf("样例意见"), "application/pdf")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    seen = text_of(office.follow(sent))
    assert f"{clerk.name}（{world.person('office').name}按纸质件代录）" in seen
    assert "盖章扫描件" in seen
    assert "已经答复或办结" in text_of(office.get(f"/tasks/{task.id}/paper"))


def test_a_substitute_is_named_shown_and_ended(address: str, office: Visitor, world: World) -> None:
    clerk = world.person("county_union")
    other = colleague_of(world, clerk)
    visitor = Visitor(address, world).log_in(clerk)
    assert "还没有" not in text_of(visitor.get("/absences"), "h1")
    wrong = visitor.post("/absences", {"away": "", "since": "昨天", "until": "", "reason": "病假"})
    assert set(errors_of(wrong)) == {"#since", "#until"}
    days = {"since": day_of(world.now()).isoformat(), "until": day_of(world.now()).isoformat()}

    done = visitor.post("/absences", {**days, "substitute": str(other.id), "reason": "病假"})

    page = visitor.follow(done)
    assert f"{clerk.name}的任务由代理人办理" in text_of(page, ".note.good")
    assert other.name in text_of(office.get("/absences"), "#main table")
    form = soup(page).select_one('form[action$="/end"]')
    assert form is not None
    stranger = Visitor(address, world).log_in(world.person("science"))
    stranger.get("/absences")
    assert stranger.post(str(form["action"])).status_code == 403
    ended = visitor.follow(visitor.post(str(form["action"])))
    assert "代理已结束" in text_of(ended, ".note.good")
