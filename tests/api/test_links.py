"""What can a mailed link do? Nothing by being looked at; for its person, the one task; and nothing after that."""

import re
from datetime import datetime
from email import message_from_bytes
from email.policy import default

import pytest
from sqlmodel import col, select, update

from models.case import Case
from models.database import reading, real_now, transaction
from models.gates import Assignment
from models.links import GUESSES_ALLOWED, LinkGuess
from models.mail import Message, TaskLink
from models.people import LoginSession, Person, Seat
from models.season import Season
from notifications.letters import Writer
from notifications.links import link_token
from settings import settings
from tasks.handing import hand_over
from tasks.leaving import withdraw
from tasks.link_guesses import network_of
from tasks.recusals import recuse
from tests.api.conftest import Statements, Visitor, sent_by, soup, text_of
from tests.api.test_access import contents
from tests.colleagues import colleague_of
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


def test_a_link_is_gone_once_the_task_is_a_colleagues(anybody: Visitor, world: World, case: Case) -> None:
    [task] = world.assignments("county_review", case)
    where, clerk = path_of(task), world.person("county_union")
    colleague = colleague_of(world, clerk)
    with transaction() as session:
        hand_over(session, task.id, colleague.id, clerk, "非本人分管")
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


def test_what_a_link_says_after_its_task_has_gone_another_way(anybody: Visitor, world: World) -> None:
    """Late; withdrawn; recused; the seat given up; the account closed; each has its page, and none opens the task."""
    names = ("withdrawn", "recused", "left", "closed")
    cases = {n: world.bring_to(world.enter(name="覃立恒"), "county_review") for n in names}
    tasks = {n: world.assignments("county_review", c)[0] for n, c in cases.items()}
    where = {n: path_of(t) for n, t in tasks.items()}
    clerk = world.person("county_union")
    anybody.get(where["left"])
    inside = anybody.post(where["left"]).headers["location"]
    assert anybody.get(inside).status_code == 200

    world.move_to(world.gate("county_review", cases["closed"]).due_at)
    assert "进入办理" in anybody.get(where["closed"]).text
    with transaction() as session:
        withdraw(session, cases["withdrawn"].id, world.filler(), "本人放弃")
        recuse(session, cases["recused"].id, clerk.id, world.person("office"), "近亲属")
    said = {
        "withdrawn": (200, "申报人已经撤回申报，这项任务不需要您再办理。"),
        "recused": (410, "这个链接已经停用：任务已改由他人办理，或者您已不再担任这项工作。"),
    }
    assert {n: told(anybody, where[n]) for n in said} == said

    end_seats(clerk, world, world.now())
    assert told(anybody, where["left"]) == said["recused"]
    assert anybody.get(inside).status_code == 404
    end_seats(clerk, world, None)
    assert anybody.get(inside).status_code == 200
    with transaction() as session:
        session.get_one(Person, clerk.id).active = False
    assert told(anybody, where["closed"]) == said["recused"]
    anybody.get("/login")
    assert {n: anybody.post(where[n]).status_code for n in names} == dict.fromkeys(names, 410)
    with transaction() as session:
        session.get_one(Person, clerk.id).active = True


def end_seats(person: Person, world: World, until: datetime | None) -> None:
    with transaction() as session:
        session.exec(
            update(Seat)
            .where(col(Seat.person_id) == person.id, col(Seat.season_id) == world.season_id)
            .values(until=until)
        )


def told(visitor: Visitor, path: str) -> tuple[int, str]:
    page = visitor.get(path)
    assert "覃立恒" not in page.text
    assert not soup(page).select("form")
    assert page.headers["referrer-policy"] == "no-referrer"
    return page.status_code, [p.get_text() for p in soup(page).select(".card p:not(.soft)")][-1]


def test_one_finished_task_leads_to_the_next_of_the_same_person(anybody: Visitor, world: World) -> None:
    first, second = (world.bring_to(world.enter(), "county_review") for _ in range(2))
    [task], [other] = (world.assignments("county_review", c) for c in (first, second))
    anybody.get(path_of(task))
    page = anybody.follow(anybody.post(path_of(task)))
    assert anybody.post(f"/tasks/{task.id}/next", {"next": "no id"}).status_code == 404
    stranger = world.bring_to(world.enter(), "department_opinions")
    [foreign, *_] = world.assignments("department_opinions", stranger)
    assert anybody.post(f"/tasks/{task.id}/next", {"next": str(foreign.id)}).status_code == 404
    assert "您还有" not in page.text
    anybody.get(f"/tasks/{task.id}")
    done = anybody.follow(anybody.post(f"/tasks/{task.id}", {"answer": "endorse"}))
    assert "您还有 1 项任务待办理" in text_of(done)
    assert (second.number in done.text, second.name in done.text) == (True, False)
    onward = anybody.post(f"/tasks/{task.id}/next", {"next": str(other.id)})
    assert onward.headers["location"] == f"/tasks/{other.id}"
    assert second.name in anybody.follow(onward).text
    assert f"task-{task.id}" not in anybody.client.cookies
    assert anybody.get(f"/tasks/{task.id}").status_code == 303
    last = anybody.follow(anybody.post(f"/tasks/{other.id}", {"answer": "endorse"}))
    assert "您还有" not in last.text
    with reading() as session:
        logins = session.exec(
            select(LoginSession).where(col(LoginSession.assignment_id).in_([task.id, other.id]))
        ).all()
    assert [x.assignment_id for x in logins] == [other.id]


def test_guessing_is_shut_out_and_opens_again(address: str, world: World, case: Case) -> None:
    """Thirty wrong tokens from one address, and nothing is looked up for it, right or wrong."""
    [task] = world.assignments("county_review", case)
    guesser, elsewhere = Visitor(address, world), Visitor(address, world)
    guesser.client.headers["X-Forwarded-For"] = "2001:db8::7"
    statuses = [guesser.get(f"/t/guess{n}").status_code for n in range(GUESSES_ALLOWED)]
    assert statuses == [404] * GUESSES_ALLOWED
    guesser.client.headers["X-Forwarded-For"] = "2001:db8::8"
    shut = guesser.get(path_of(task))
    assert (shut.status_code, shut.headers["retry-after"]) == (429, "900")
    ways = ("/t/guess", "/t/guess/due.ics", "/a/guess", "/ics/guess.ics")
    refused = [guesser.get(way) for way in ways]
    assert {(r.status_code, r.headers["referrer-policy"]) for r in refused} == {(429, "no-referrer")}
    with Statements() as statements:
        assert guesser.head("/t/guess").status_code == 429
    assert len(statements.seen) == 1
    assert elsewhere.get(path_of(task)).status_code == 200
    with transaction() as session:
        row = session.get_one(LinkGuess, network_of("2001:db8::1"))
        assert row.wrong == GUESSES_ALLOWED
        row.locked_until = real_now()
        session.add(row)
    assert guesser.get(path_of(task)).status_code == 200


def test_no_request_changes_where_links_lead(anybody: Visitor, world: World, case: Case) -> None:
    """The address of links is configured: neither Host nor what a proxy may send comes into it."""
    [task] = world.assignments("county_review", case)
    where = path_of(task)
    assert anybody.get(where, headers={"Host": "evil.example.org"}).status_code == 400
    page = anybody.get(where, headers={"X-Forwarded-Host": "evil.example.org", "Forwarded": "host=evil"})
    assert "evil" not in page.text
    entered = anybody.post(where, headers={"Origin": "null"})
    assert entered.headers["location"] == f"/tasks/{task.id}"
    office = Visitor(str(anybody.client.base_url), world).log_in(world.person("office"))
    office.get(f"/cases/{case.id}")
    asked = office.client.post(
        f"/tasks/{task.id}/remind",
        data={"csrf": office.csrf, "back": "/review"},
        headers={"Sec-Fetch-Site": "same-origin", "X-Forwarded-Host": "evil.example.org"},
    )
    assert asked.status_code == 303
    with reading() as session:
        sent = session.exec(
            select(Message).where(Message.gate_id == task.gate_id, Message.template == "reminded")
        ).one()
        letter = Writer(session).write(sent)
    text, _ = message_from_bytes(letter.content, policy=default).iter_parts()
    assert re.findall(r"https?://\S+", text.get_content()) == [
        f"{settings().base_url}{where}{end}" for end in ("", "/due.ics")
    ]
    assert b"evil" not in letter.content
