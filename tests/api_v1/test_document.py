"""Does the API do what its document says? Made-up requests for every operation, with and without a token."""

import json
import re
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from api.app import create_app
from models.database import transaction
from models.people import Person
from processes.supervise import Stack
from tasks.accounts import create_token
from tests.api_v1.conftest import Login
from tests.world import World, open_world

EXAMPLES = 6

HOST = {"Host": "127.0.0.1"}

# What is under `/seasons/{season_id}` is the same endpoint once more (see below).
SEASON = "/api/v1/seasons/{season_id}"
schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(), headers=HOST).exclude(
    path_regex=f"^{re.escape(SEASON)}/(?!board)"
)


@pytest.fixture(scope="module")
def token(database: Stack) -> str:
    """The office's token, in a season with a candidate at a gate and one at the list."""
    world = open_world()
    world.bring_to(world.enter(), "department_opinions")
    world.bring_to(world.enter(route="city"), "office_review")
    with transaction() as session:
        return create_token(session, session.get_one(Person, world.person("office").id), "test")


# What fits the schema may still be refused by a rule, and query parameters that nobody asked for are left alone: that
# the right requests are accepted and refused is for the other tests.
@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_answers_as_documented(case: Case[Any], token: str) -> None:
    case.call_and_validate(
        headers={"Authorization": f"Bearer {token}", **HOST},
        excluded_checks=[positive_data_acceptance, negative_data_rejection],
    )


def test_document_names_every_endpoint(http: TestClient, world: World) -> None:
    document: dict[str, Any] = http.get("/api/v1/openapi.json").json()
    of_a_season = {
        ("get", "/season"),
        ("get", "/board"),
        ("get", "/amendments"),
        ("post", "/amendments"),
        ("get", "/cases"),
        ("post", "/cases"),
        ("get", "/cases/{no}"),
        ("get", "/cases/{no}/events"),
        ("get", "/gates"),
        ("post", "/gates/{gate_id}/decisions"),
        ("post", "/gates/{gate_id}/recusals"),
        ("post", "/gates/{gate_id}/reminders"),
        ("post", "/gates/{gate_id}/handings"),
        ("get", "/substitutes"),
        ("post", "/substitutes"),
        ("post", "/substitutes/{substitute_id}/end"),
        ("get", "/shortlists"),
        ("get", "/objections"),
        ("post", "/meetings"),
        ("post", "/meetings/{meeting_id}/close"),
        ("post", "/objections"),
        ("post", "/objections/{objection_id}/admit"),
        ("post", "/objections/{objection_id}/verify"),
        ("post", "/objections/{objection_id}/conclude"),
        ("get", "/exports/cases/{no}.zip"),
        ("get", "/exports/summary.xlsx"),
        ("get", "/exports/awards.xlsx"),
        ("get", "/publicity"),
        ("post", "/publicity"),
        ("post", "/imports"),
        ("get", "/mails"),
        ("post", "/mails/{message_id}/resend"),
        ("post", "/results/release"),
        ("get", "/calls"),
        ("post", "/calls"),
        ("get", "/cases/{no}/losses"),
        ("get", "/consent"),
        ("post", "/cases/{no}/consent"),
        ("post", "/cases/{no}/consent/withdrawal"),
        ("post", "/cases/{no}/withdraw"),
        ("post", "/cases/{no}/disqualify"),
        ("post", "/cases/{no}/late-admission"),
        ("get", "/cases/{no}/corrections"),
        ("post", "/cases/{no}/corrections"),
        ("get", "/channels"),
        ("post", "/cases/{no}/channel"),
        ("get", "/cases/{no}/inspections"),
        ("post", "/gates/{gate_id}/visit"),
        ("post", "/gates/{gate_id}/photos"),
        ("get", "/panels"),
        ("get", "/gates/{gate_id}/panel"),
        ("post", "/gates/{gate_id}/panel"),
        ("post", "/gates/{gate_id}/panel/leave"),
        ("get", "/experts"),
        ("post", "/experts/{person_id}/trades"),
        ("get", "/meetings"),
        ("get", "/gates/{gate_id}/meeting"),
        ("post", "/meetings/{meeting_id}/scan"),
        ("get", "/publication"),
        ("post", "/publication/corrections"),
        ("post", "/publication/corrections/{correction_id}/settle"),
        ("get", "/exports/public/{what}.{form}"),
        ("get", "/exports/public/{what}/site.zip"),
        ("get", "/document"),
        ("post", "/document/versions"),
        ("post", "/document/numbers"),
        ("post", "/document/files"),
        ("get", "/exports/document/{version}.{form}"),
        ("get", "/award"),
        ("post", "/certificates"),
        ("post", "/award/amounts"),
        ("post", "/award/payments"),
        ("get", "/exports/certificates.{form}"),
        ("get", "/exports/reserve.xlsx"),
        ("post", "/cases/{no}/revocation"),
        ("get", "/appeals"),
        ("post", "/appeals"),
        ("post", "/appeals/{appeal_id}/answer"),
        ("post", "/publicity/{report_id}/remove"),
    }
    expected = {("get", f"/api/v1/{name}") for name in ("health", "ready", "status", "seasons")}
    expected |= {(m, f"/api/v1{p}") for m, p in of_a_season}
    expected |= {(m, f"/api/v1/seasons/{{season_id}}{p}") for m, p in of_a_season}

    assert {(m, path) for path, operations in document["paths"].items() for m in operations} == expected


def test_another_season_is_answered_by_the_same_endpoints(http: TestClient, world: World) -> None:
    paths: dict[str, Any] = http.get("/api/v1/openapi.json").json()["paths"]
    of_a_season = {p.removeprefix(SEASON): p for p in paths if p.startswith(f"{SEASON}/")}

    for short, path in of_a_season.items():
        for method, operation in paths[path].items():
            latest = paths[f"/api/v1{short}"][method]
            assert _but_for_the_season(operation) == _but_for_the_season(latest)


def _but_for_the_season(operation: dict[str, Any]) -> dict[str, Any]:
    """The operation without its names, the season's parameter, and the answers that an unknown season has."""
    known = {k: v for k, v in operation.items() if k != "operationId"}
    asked = [p for p in operation.get("parameters", []) if p["name"] != "season_id"]
    answers = {k: v for k, v in operation["responses"].items() if k not in ("404", "422", "503")}
    told = json.dumps(known | {"parameters": asked, "responses": answers}, sort_keys=True)
    bare: dict[str, Any] = json.loads(re.sub(r'"title": "Response [^"]*"', '"title": ""', told))
    return bare


def test_pages_are_in_no_document(http: TestClient, login: Login) -> None:
    assert http.get("/openapi.json").status_code == 404
