"""What can a mailed link do? Nothing by being looked at; for its person, the one task; and nothing after that."""

import pytest
from sqlmodel import select

from models.case import Case
from models.database import reading, real_now, transaction
from models.gates import Assignment
from models.mail import TaskLink
from models.people import LoginSession
from models.season import Season
from notifications.links import link_token
from tests.api.conftest import Visitor, sent_by, soup, text_of
from tests.api.test_access import contents
from tests.world import World


def path_of(assignment: Assignment) -> str:
    with reading() as session:
        link = session.exec(select(TaskLink).where(TaskLink.assignment_id == assignment.id)).first()
        assert link is not None
        return f"/t/{link_token(link.id)}"


@pytest.fixture
def case(world: World) -> Case:
    return world.bring_to(world.enter(name="覃立恒"), "county_review")


def test_scanners_change_nothing_and_learn_nothing(anybody: Visitor, world: World, case: Case) -> None:
    [task] = world.assignments("county_review", case)
    where = path_of(task)
    with reading() as session:
        before = contents(session), len(session.exec(select(LoginSession)).all())
    for _ in range(20):
        page = anybody.get(where)
        assert (page.status_code, anybody.head(where).status_code) == (200, 200)
    with reading() as session:
        assert (contents(session), len(session.exec(select(LoginSession)).all())) == before
    assert "县（区）总工会审核" in page.text
    assert case.number in page.text
    for hidden in ("覃立恒", "样例机械", world.person("county_union").name):
        assert hidden not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert [c.partition("=")[0] for c in page.headers.get_list("set-cookie")] in ([], ["pre"])


def test_the_button_opens_the_one_task_and_nothing_else(anybody: Visitor, world: World, case: Case) -> None:
    [task] = world.assignments("county_review", case)
    where = path_of(task)
    anybody.get(where)
    entered = anybody.post(where)
    assert entered.headers["location"] == f"/tasks/{task.id}"
    page = anybody.follow(entered)
    assert "覃立恒" in page.text
    assert "退出办理" in page.text
    assert not soup(page).select(".menu")
    files = f"/cases/{case.id}/files/"
    leading = [str(a["href"]) for a in soup(page).select("main a[href^='/']")]
    assert {h for h in leading if not h.startswith(files)} == {f"/tasks/{task.id}/hand"}
    for other in ("/", f"/cases/{case.id}", "/season", "/mailbox"):
        assert anybody.get(other).status_code == 303
    done = anybody.follow(anybody.post(f"/tasks/{task.id}", {"answer": "endorse", "opinion": "同意"}))
    assert "您已于" in text_of(done)
    assert "审核通过并报送" in text_of(done)
    again = anybody.get(where)
    assert "您已于" in text_of(again)
    assert "覃立恒" not in again.text
    anybody.get("/login")
    assert anybody.post(where).status_code == 410


def test_a_cookie_of_one_task_does_not_open_another(anybody: Visitor, world: World, case: Case) -> None:
    [task] = world.assignments("county_review", case)
    other_case = world.bring_to(world.enter(), "county_review")
    [other] = world.assignments("county_review", other_case)
    anybody.get(path_of(task))
    anybody.follow(anybody.post(path_of(task)))
    token = anybody.client.cookies[f"task-{task.id}"]
    anybody.client.cookies.set(f"task-{other.id}", token)
    assert anybody.get(f"/tasks/{other.id}").status_code == 403
    anybody.client.cookies.set("session", token)
    assert anybody.get("/").status_code == 403


def test_a_link_leaves_another_login_alone(office: Visitor, world: World, case: Case) -> None:
    [task] = world.assignments("county_review", case)
    office.get(path_of(task))
    page = office.follow(office.post(path_of(task)))
    assert world.person("county_union").name in text_of(page, ".me")
    assert world.person("office").name in text_of(office.get("/"), ".me")
    office.get(f"/tasks/{task.id}")
    assert office.post(f"/tasks/{task.id}/leave").status_code == 303
    assert office.get("/").status_code == 200
    assert office.get(f"/tasks/{task.id}").status_code == 404


def test_a_link_ends_with_its_task_for_everybody(anybody: Visitor, world: World, case: Case) -> None:
    [task] = world.assignments("county_review", case)
    where = path_of(task)
    with reading() as session:
        assert session.get_one(Season, world.season_id).practice
    world.answer("county_review", case, "reject", reason="材料不实")
    page = anybody.get(where)
    assert page.status_code == 200
    assert "您已于" in text_of(page)


def test_a_revoked_link_is_gone(anybody: Visitor, world: World, case: Case) -> None:
    [task] = world.assignments("county_review", case)
    where = path_of(task)
    with transaction() as session:
        link = session.exec(select(TaskLink).where(TaskLink.assignment_id == task.id)).one()
        link.revoked_at = real_now()
        session.add(link)
    page = anybody.get(where)
    assert page.status_code == 410
    assert case.number not in page.text
    anybody.get("/login")
    assert anybody.post(where).status_code == 410


def test_a_changed_token_leads_nowhere(anybody: Visitor, world: World, case: Case) -> None:
    [task] = world.assignments("county_review", case)
    where = path_of(task)
    assert anybody.get(where[:-1] + ("A" if where[-1] != "A" else "B")).status_code == 404
    anybody.get(where)
    anybody.csrf = "not of this browser"
    assert anybody.post(where).status_code == 403


def test_an_applicant_corrects_by_link(anybody: Visitor, world: World, case: Case) -> None:
    world.answer("county_review", case, "return", reason="缺章", items=("补盖公章",))
    world.pump()
    [task] = world.assignments("application", case)
    where = path_of(task)
    anybody.get(where)
    page = anybody.follow(anybody.post(where))
    assert "补盖公章" in text_of(page, ".asked")
    fields = sent_by(page) | {"summary": "补正后的事迹", "action": "submit"}
    done = anybody.follow(anybody.post(f"/tasks/{task.id}", fields))
    assert "您已于" in text_of(done)
    world.pump()
    assert world.case(case).form["summary"] == "补正后的事迹"
    assert "application" not in world.open_steps(case)
