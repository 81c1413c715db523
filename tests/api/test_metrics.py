"""What does a monitoring program read, who may read it, and does it tell of nobody?"""

import json
import logging
import re
from io import StringIO

from fastapi.testclient import TestClient

from api.app import create_app
from models.database import transaction
from models.heartbeat import BACKUP
from processes.logs import JsonLine
from settings import settings
from tasks.beating import beat
from tests.api.conftest import Visitor
from tests.elsewhere import living_in, set_to
from tests.world import World

TOKEN = "a-token-of-sufficient-length"
# The visitors of the tests come by way of the proxy.
PROXIED = {"X-Forwarded-For": "192.0.2.1"}


def read(visitor: Visitor) -> dict[str, float]:
    """Each figure with its labels."""
    lines = visitor.get("/metrics").text.splitlines()
    return {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")
    }


def test_figures_are_counts_and_ages(stranger: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(name="样例无名"), "unit_review")
    with transaction() as session:
        beat(session, BACKUP)

    found = read(stranger)

    gate = f'gongjiang_open_gates{{lateness="in_time",season="{world.season.key}",step="unit_review"}}'
    assert found[gate] == 1
    assert found["gongjiang_database_up"] == 1
    assert found['gongjiang_messages{state="queued"}'] >= 1
    assert found["gongjiang_oldest_queued_message_seconds"] >= 0
    assert found["gongjiang_due_wakeups"] >= 1
    assert found["gongjiang_backup_age_seconds"] < 60
    assert found["gongjiang_disk_free_bytes"] > 0
    assert 'gongjiang_database_connections{state="idle"}' in found
    text = stranger.get("/metrics").text
    assert [word for word in (case.name, case.number, world.filler().name) if word in text] == []


def test_requests_are_timed_by_kind_and_never_by_address(stranger: Visitor) -> None:
    name = 'gongjiang_request_seconds_count{kind="page",method="GET",status="4xx"}'
    before = read(stranger).get(name, 0)

    stranger.get("/t/a-token-that-leads-nowhere")

    assert read(stranger)[name] == before + 1
    assert "a-token" not in stranger.get("/metrics").text


def test_only_this_machine_and_the_token_get_in(stranger: Visitor) -> None:
    assert stranger.get("/metrics").status_code == 200
    assert stranger.get("/metrics", headers=PROXIED).status_code == 404
    shown = PROXIED | {"Authorization": f"Bearer {TOKEN}"}
    assert stranger.get("/metrics", headers=shown).status_code == 404
    with set_to(METRICS_TOKEN=TOKEN):
        assert stranger.get("/metrics", headers=shown).status_code == 200
        assert stranger.get("/metrics", headers=PROXIED | {"Authorization": "Bearer x"}).status_code == 404


def test_without_the_database_the_rest_is_told(stranger: Visitor, database: object) -> None:
    away = settings().model_copy(update={"given_database_url": "postgresql+psycopg://x@127.0.0.1:1/x"})
    with living_in(away):
        from_nowhere = read(stranger)
    assert from_nowhere["gongjiang_database_up"] == 0
    assert from_nowhere["gongjiang_disk_free_bytes"] > 0


def test_every_answer_has_an_id_of_its_own(stranger: Visitor) -> None:
    first, second = (stranger.get("/login").headers["x-request-id"] for _ in range(2))
    assert re.fullmatch("[b-z]{10}", first)
    assert first != second


def test_a_fault_shows_the_id_under_which_it_is_logged(database: object) -> None:
    app = create_app()

    @app.get("/broken")
    def broken() -> None:
        raise ValueError("样例：13800000000")

    said = StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(JsonLine())
    log = logging.getLogger("gongjiang.web")
    log.addHandler(handler)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        page = client.get("/broken")
    log.removeHandler(handler)

    line = json.loads(said.getvalue())
    assert page.status_code == 500
    assert f"编号 {line['request']}。" in page.text
    assert (line["text"], line["error"]) == ("fault at GET", "ValueError")
    assert "13800000000" not in said.getvalue() + page.text
