"""Who gets in where? Every route, without a login, from elsewhere, and across units."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from sqlmodel import Session, col, select

from api.app import PAGES
from models.case import Case
from models.database import reading
from models.gates import Assignment
from models.people import Organisation, Person, Seat
from models.tables import metadata
from tests.api.conftest import Visitor, errors_of, text_of
from tests.world import World

OPEN_TO_ALL = {
    "/login",
    "/public",
    "/public/qr.svg",
    "/public/result",
    "/public/objection",
    "/public/objection/{receipt}",
    "/certificates",
    "/forms/{what}.{form}",
    "/t/{token}",
    "/t/{token}/due.ics",
    "/ics/{token}",
    "/apply",
    "/apply/sent",
    "/a/{token}",
    "/welcome/{token}",
}
ROUTES = [r for part in PAGES for r in part.router.routes if isinstance(r, APIRoute)]
NOTICED = {"login_session", "person", "link_guess", "account_event", "denial_count"}


def paths(method: str) -> Iterator[str]:
    for route in ROUTES:
        if route.methods and method in route.methods:
            yield route.path


def filled(path: str) -> str:
    """The path with ids that name nothing."""
    path = re.sub(r"\{\w+_id\}", lambda _: str(uuid4()), path)
    return re.sub(r"\{\w+\}", "unknown", path.replace("{number}", "1").replace("{kind}", "seat"))


@pytest.mark.parametrize("path", sorted(set(paths("GET")) - OPEN_TO_ALL))
def test_a_page_asks_for_a_login_and_remembers_where_one_wanted_to_go(stranger: Visitor, path: str) -> None:
    where = filled(path)
    response = stranger.get(where)
    assert response.status_code == 303
    assert response.headers["location"].startswith("/login")
    assert where == "/" or where.replace("/", "%2F") in response.headers["location"]


@pytest.mark.parametrize("path", sorted(set(paths("POST")) - OPEN_TO_ALL))
def test_nothing_is_done_without_a_login(stranger: Visitor, path: str) -> None:
    response = stranger.post(filled(path), {"reason": "写了很久的理由"})
    assert response.status_code == 401
    assert "请重新登录" in response.text
    assert "写了很久的理由" in response.text


def test_the_open_pages_are_the_public_ones(stranger: Visitor) -> None:
    assert stranger.get("/login").status_code == 200
    assert stranger.get("/public").status_code == 200
    assert stranger.get("/public/qr.svg").status_code == 404
    assert stranger.get("/public/objection").status_code == 200
    assert stranger.get("/public/objection/unknown").status_code == 404
    assert stranger.get("/apply").status_code == 200
    assert stranger.get("/apply/sent").status_code == 200
    assert stranger.get("/t/unknown").status_code == 404
    assert stranger.get("/t/unknown/due.ics").status_code == 404
    assert stranger.get("/ics/unknown.ics").status_code == 404
    assert stranger.get("/a/unknown").status_code == 404
    assert stranger.get("/welcome/unknown").status_code == 404


@pytest.mark.parametrize("path", sorted(paths("POST")))
def test_a_post_needs_the_token_of_our_page(looker: Visitor, path: str) -> None:
    looker.csrf = "of another login"
    response = looker.post(filled(path), {"opinion": "写好的意见"})
    assert response.status_code == 403
    assert "请确认后重新提交" in response.text
    assert "写好的意见" in response.text


@pytest.mark.parametrize("path", sorted(paths("POST")))
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example.org"},
    ],
    ids=["cross-site", "same-site", "origin"],
)
def test_a_post_from_another_page_is_refused(looker: Visitor, path: str, headers: dict[str, str]) -> None:
    response = looker.post(filled(path), headers=headers)
    assert response.status_code == 403
    assert "来自别的网站" in response.text


def test_a_page_of_an_earlier_login_can_be_confirmed_without_typing_again(
    office: Visitor, world: World
) -> None:
    case = world.enter()
    office.csrf = "of another login"
    response = office.post(f"/cases/{case.id}/withdraw", {"withdraw_reason": "本人放弃"})
    assert response.status_code == 403
    assert office.post(f"/cases/{case.id}/withdraw", {"withdraw_reason": "本人放弃"}).status_code == 303
    assert world.case(case).outcome == "withdrawn"


# --- two units, two counties --------------------------------------------------------------------------------------


def other_unit(world: World) -> Person:
    with reading() as session:
        found = session.exec(
            select(Person)
            .join(Seat, col(Seat.person_id) == col(Person.id))
            .join(Organisation, col(Organisation.id) == col(Seat.organisation_id))
            .where(Seat.season_id == world.season_id, Organisation.name == "样例纺织工艺厂")
        )
        return found.one()


def test_what_belongs_to_another_unit_does_not_exist(address: str, unit: Visitor, world: World) -> None:
    case = world.enter(name="样例甲某")
    world.submit(case)
    [task] = world.assignments("unit_review", case)
    other = Visitor(address, world).log_in(other_unit(world))

    assert unit.get(f"/cases/{case.id}").status_code == 200
    assert unit.get(f"/tasks/{task.id}").status_code == 200
    for path in (f"/cases/{case.id}", f"/cases/{case.id}/edit", f"/tasks/{task.id}"):
        assert other.get(path).status_code == 404
    other.get("/")
    for path in ("withdraw", "admit", "objections", "edit", "submit"):
        assert other.post(f"/cases/{case.id}/{path}", {"withdraw_reason": "不是我的"}).status_code == 404
    assert other.post(f"/tasks/{task.id}", {"answer": "endorse"}).status_code == 404
    assert "样例甲某" in unit.get("/cases").text
    assert "样例甲某" not in other.get("/cases?q=样例").text
    assert "共 0 名" in text_of(other.get("/cases"))


def test_only_the_office_moves_the_clock(unit: Visitor, office: Visitor, world: World) -> None:
    before = world.season.offset_seconds
    unit.get("/season")
    refused = unit.post("/season/clock", {"to": "next"})
    assert (refused.status_code, world.season.offset_seconds) == (403, before)
    assert errors_of(refused) == {"": "演练时钟只能由办公室调整。"}
    office.get("/season")
    assert office.post("/season/clock", {"to": "next"}).status_code == 303
    assert world.season.offset_seconds > before


def test_experts_do_not_read_one_another(address: str, world: World) -> None:
    """The unit learns that experts answered, not who and not what; the office reads it once all are in."""
    case = world.bring_to(world.enter(), "expert_review")
    tasks = world.assignments("expert_review", case)
    world.answer_as(None, tasks[0], "score", opinion="技艺精湛，建议列入")
    [person, *_] = _people(tasks[1:])
    expert = Visitor(address, world).log_in(person)
    unit = Visitor(address, world).log_in(world.filler())
    office = Visitor(address, world).log_in(world.person("office"))
    for visitor in (expert, unit, office):
        page = visitor.get(f"/cases/{case.id}").text
        assert "技艺精湛" not in page
        assert "（不公开）" in page
    [name] = [p.name for p in _people(tasks[:1])]
    assert name in office.get(f"/cases/{case.id}").text
    assert name not in unit.get(f"/cases/{case.id}").text
    world.pass_step("expert_review", case)
    assert "技艺精湛" in office.get(f"/cases/{case.id}").text
    for visitor in (expert, unit):
        assert "技艺精湛" not in visitor.get(f"/cases/{case.id}").text


def _people(tasks: list[Assignment]) -> list[Person]:
    with reading() as session:
        return [session.get_one(Person, t.person_id) for t in tasks]


# --- looking changes nothing --------------------------------------------------------------------------------------


def contents(session: Session) -> dict[str, list[str]]:
    """Every business table, row by row."""
    tables = [t for t in metadata.sorted_tables if t.name not in NOTICED]
    return {t.name: sorted(map(str, session.connection().execute(t.select()))) for t in tables}


def test_looking_at_every_page_changes_nothing_and_leaves_nothing_in_the_browser(
    office: Visitor, world: World
) -> None:
    case = world.enter()
    world.submit(case)
    [task] = world.assignments("unit_review", case)
    with reading() as session:
        before = contents(session)
    for path in set(paths("GET")):
        where = path.replace("{case_id}", str(case.id)).replace("{assignment_id}", str(task.id))
        for method in (office.get, office.head):
            answer = method(filled(where))
            assert answer.status_code in (200, 303, 404, 409)
            assert answer.headers["cache-control"] == "no-store"
    with reading() as session:
        assert contents(session) == before
        assert session.get_one(Case, case.id).stage == "screening"
