"""What happens when the database is busy, or what was sent can't be kept? What was typed is not lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from models.case import Case
from models.database import engine, reading
from models.gates import Decision
from processes.postgres import SUPERUSER, url
from processes.supervise import Stack
from settings import settings
from tests.api.conftest import Visitor
from tests.flows.dashboard import until
from tests.world import World

END_ALL_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend'
"""


@contextmanager
def locked(case: Case) -> Iterator[None]:
    """Somebody holds the row of the case."""
    with Session(engine()) as session:
        session.connection().execute(text('SELECT 1 FROM "case" WHERE id = :id FOR UPDATE'), {"id": case.id})
        yield
        with suppress(DBAPIError):
            session.rollback()


def test_a_row_that_stays_locked_is_a_busy_system(office: Visitor, world: World) -> None:
    case = world.enter()
    office.get(f"/cases/{case.id}")
    with locked(case):
        response = office.post(f"/cases/{case.id}/withdraw", {"withdraw_reason": "写了很久的理由"})
    assert response.status_code == 503
    assert "系统繁忙，请重试" in response.text
    assert "写了很久的理由" in response.text
    assert response.headers["retry-after"] == "5"
    assert world.case(case).outcome is None
    assert office.post(f"/cases/{case.id}/withdraw", {"withdraw_reason": "写了很久的理由"}).status_code == 303


def test_a_lost_connection_is_made_anew(looker: Visitor) -> None:
    assert looker.get("/").status_code == 200
    with engine(url(settings(), role=SUPERUSER)).connect() as connection:
        connection.execute(text(END_ALL_OTHERS))
    assert looker.get("/").status_code in (200, 503)
    assert looker.get("/").status_code == 200


def test_a_restart_of_the_database_under_a_request_leaves_one_result(
    office: Visitor, world: World, database: Stack
) -> None:
    case = world.bring_to(world.enter(), "office_review")
    [task] = world.assignments("office_review", case)
    office.get(f"/tasks/{task.id}")
    answer = {"answer": "pass", "opinion": "写了很久的意见"}

    with ThreadPoolExecutor() as other:
        with locked(case):
            sent = other.submit(office.post, f"/tasks/{task.id}", answer)
            until(someone_waits, "the request")
            database.stop("database")
        broken = sent.result()
    while_away = office.post(f"/tasks/{task.id}", answer)
    database.start_one("database")
    again = office.post(f"/tasks/{task.id}", answer)

    assert (broken.status_code, while_away.status_code, again.status_code) == (503, 503, 303)
    assert "写了很久的意见" in broken.text
    with reading() as session:
        [decision] = session.exec(select(Decision).where(Decision.assignment_id == task.id)).all()
    assert decision.answer == "pass"


def someone_waits() -> bool:
    with engine().connect() as connection:
        return bool(connection.execute(text("select 1 from pg_locks where not granted limit 1")).scalar())


def test_too_much_is_refused(looker: Visitor) -> None:
    looker.get("/")
    response = looker.post("/cases/new", {"summary": "长" * 700_000})
    assert response.status_code == 413
    assert "内容过大" in response.text


@pytest.mark.parametrize(
    "name", ["\x00", "a\x00b", "𬱖·覃", "<script>alert(1)</script>", "é́", "\u202e反向", "名" * 81]
)
def test_no_name_breaks_the_form(office: Visitor, name: str) -> None:
    office.get("/cases/new")
    response = office.post(
        "/cases/new", {"channel": "self", "route": "city", "name": name, "nationality": "中国"}
    )
    assert response.status_code in (303, 422)
    if response.status_code == 303:
        assert "<script>alert" not in office.follow(response).text


@pytest.mark.parametrize(
    "query", ["%00", "%", "_", "'", "\\", "%25'--", "" * 10, "p=abc", "p=-1", "p=99999999999999999999"]
)
def test_no_search_breaks_the_list(looker: Visitor, query: str) -> None:
    where = f"/cases?{query}" if query.startswith("p=") else f"/cases?q={query}"
    assert looker.get(where).status_code == 200
    assert looker.get(where.replace("/cases", "/")).status_code == 200
