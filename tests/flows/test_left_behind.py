"""Would a number that leaks be found, wherever it leaks to? What is searched after a whole season is tried here."""

from collections.abc import Callable
from email.message import EmailMessage
from uuid import uuid4

import pytest

from notifications.caught import keep
from notifications.caught import path_of as mail_path
from settings import settings
from tests.flows.dashboard import Dashboard
from tests.left_behind import left_behind

Leak = Callable[[str, Dashboard], Callable[[], object]]


def into_a_log(canary: str, dashboard: Dashboard) -> Callable[[], object]:
    path = settings().log_folder / "web-canary.log"
    path.write_text(f"2026-03-06 GET /cases?q={canary} 200\n")
    return path.unlink


def into_a_temporary_file(canary: str, dashboard: Dashboard) -> Callable[[], object]:
    path = settings().temporary_folder / "upload"
    path.write_bytes(b"\0" * 1000 + canary.encode())
    return path.unlink


def into_a_file_name(canary: str, dashboard: Dashboard) -> Callable[[], object]:
    path = settings().temporary_folder / f"{canary}.pdf"
    path.touch()
    return path.unlink


def into_a_mail(canary: str, dashboard: Dashboard) -> Callable[[], object]:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "样例", "a@example.org", "b@example.org"
    mail.set_content(f"样例人选，号码 {canary}。", cte="base64")
    return mail_path(keep(mail.as_bytes())).unlink


def into_prefect(canary: object, dashboard: Dashboard) -> Callable[[], object]:
    made = dashboard.client.post("/artifacts/", json={"key": "canary", "type": "markdown", "data": canary})
    return lambda: dashboard.client.delete(f"/artifacts/{made.json()['id']}")


@pytest.mark.parametrize(
    "leak", [into_a_log, into_a_temporary_file, into_a_file_name, into_a_mail, into_prefect]
)
def test_a_leaked_number_is_found(dashboard: Dashboard, leak: Leak) -> None:
    canary = f"4502{uuid4().int % 10**14:014d}"
    assert left_behind([canary]) == {}

    mend = leak(canary, dashboard)
    try:
        assert list(left_behind([canary])) == [canary]
    finally:
        mend()


def test_a_name_is_found_as_json_writes_it(dashboard: Dashboard) -> None:
    name = f"样例{uuid4().hex}"
    mend = into_prefect({"name": name}, dashboard)
    try:
        assert list(left_behind([name])) == [name]
    finally:
        mend()
