"""What may a program do for its person, and what is it told when it may not?"""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from models.database import reading
from models.gates import Assignment, Gate
from models.people import Organisation, Person
from tests.api_v1.conftest import Client, Login
from tests.publishing import published
from tests.world import UNIT, World, complete_form


@pytest.fixture
def clerk(login: Login, world: World) -> Client:
    return login(world.filler())


def application(world: World, **changes: Any) -> dict[str, Any]:
    """A complete candidate of the example unit."""
    way = {"channel": "unit", "route": "county", "county": "yufeng", "unit_id": unit_id()}
    return {"name": "样例人选", "form": complete_form(world.notice, "unit", {}), **way, **changes}


def unit_id() -> str:
    with reading() as session:
        return str(session.exec(select(Organisation.id).where(Organisation.name == UNIT)).one())


def assigned(gate: Gate) -> Person:
    """The first of those who were assigned to a gate."""
    with reading() as session:
        wanted = select(Person).join(Assignment, col(Assignment.person_id) == col(Person.id))
        return session.exec(wanted.where(Assignment.gate_id == gate.id).order_by(col(Person.email))).all()[0]


def answer(client: Client, gate: Gate, expected: int = 201, **given: Any) -> Any:
    return client.post(f"/gates/{gate.id}/decisions", given, expected)


# --- candidates --------------------------------------------------------------------------------------------------


def test_candidate_is_entered_as_a_draft(clerk: Client, world: World) -> None:
    made = clerk.post("/cases", application(world))

    assert (made["number"], made["stage"], made["open_steps"]) == (
        "2026-0001",
        "application",
        ["application"],
    )
    assert clerk.get("/cases/2026-0001")["name"] == "样例人选"


def test_candidate_is_not_handed_in_without_its_files(clerk: Client, world: World) -> None:
    refused = clerk.post("/cases", application(world, submit=True), 422)

    assert refused.codes == [*["document_missing"] * 5, "consent_missing"]
    assert clerk.get("/cases").items == []


def test_form_comes_back_as_it_was_sent_with_its_numbers_masked(clerk: Client, world: World) -> None:
    given = application(world)
    made = clerk.post("/cases", given)["form"]

    assert isinstance(made, dict)
    sealed = {f.key for f in world.notice.fields if f.sealed}
    form = given["form"] | {"name": "样例人选"}
    assert {k: v for k, v in made.items() if k not in sealed} == {
        k: v for k, v in form.items() if k not in sealed
    }
    number = form["id_number"]
    assert made["id_number"] == f"{number[:6]}********{number[-4:]}"
    assert made["phone"] == f"{form['phone'][:3]}****{form['phone'][-4:]}"
    assert number not in str(clerk.get("/cases/2026-0001").body)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"name": " "}, ["name_missing"]),
        ({"channel": "none"}, ["unknown_channel"]),
        ({"route": "none"}, ["unknown_route"]),
        ({"county": "none"}, ["unknown_county"]),
        ({"county": None}, ["county_mismatch", *["nobody_seated"] * 7]),
        ({"unit_id": str(uuid4())}, ["nobody_seated"]),
        ({"form": {"shoe_size": "42"}}, ["unknown_field"]),
        ({"form": {"indicators": ["none"]}}, ["unknown_choice"]),
        ({"form": {"sex": "无"}}, ["unknown_choice"]),
        ({"form": {"public_power": "perhaps"}}, ["not_yes_or_no"]),
        ({"form": {"work_years": 1.5}}, ["not_text"]),
        ({"form": {"history": [{"where": "样例厂", "salary": "1"}]}}, ["unknown_column"]),
        ({"form": {"\x00": "", "a" * 99: ""}}, ["unknown_field"] * 2),
        ({"extra": 1}, ["extra_forbidden"]),
        (
            {"form": {}, "submit": True},
            [
                "not_chinese",
                *["field_missing"] * 15,
                "indicator_missing",
                *["document_missing"] * 5,
                "consent_missing",
            ],
        ),
    ],
)
def test_wrong_candidate_is_refused_with_every_reason(
    clerk: Client, world: World, changes: dict[str, Any], codes: list[str]
) -> None:
    refused = clerk.post("/cases", application(world, **changes), 422)

    assert refused.codes == codes
    assert clerk.get("/cases").items == []


def test_late_candidate_is_let_in_by_the_office(login: Login, clerk: Client, world: World) -> None:
    case = world.enter()
    path, reason = f"/cases/{case.number}/late-admission", {"reason": "样例理由"}
    office = login(world.person("office"))
    assert office.post(path, {"reason": " "}, 422).codes == ["reason_missing"]
    world.move_to(world.notice.due("application"))

    assert clerk.post(path, reason, 403).codes == ["office_only"]
    assert office.post(path, reason, 200)["late_admitted"] is True


# --- answers -----------------------------------------------------------------------------------------------------


def test_own_task_is_answered(login: Login, world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    decided = answer(
        login(world.person("office")), world.gate("office_review", case), answer="pass", opinion="材料齐全"
    )
    world.pump()

    assert (decided["case"], decided["gate_state"], decided["effect"]) == (case.number, "cleared", "pass")
    told = login(world.enterer(case)).get(f"/cases/{case.number}")
    assert told["open_steps"] == ["expert_review"]


def test_form_is_handed_in_like_any_answer(clerk: Client, world: World) -> None:
    case = world.enter()
    world.supply(case)

    assert answer(clerk, world.gate("application", case), answer="submit")["gate_state"] == "cleared"


def test_scores_are_given_by_criterion(login: Login, world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "expert_review")
    gate = world.gate("expert_review", case)
    expert = login(assigned(gate))
    scores = {c.key: 80.5 for c in world.notice.step("expert_review").criteria}

    assert answer(expert, gate, 422, answer="score", facts={"scores": {"shoes": 1}}).codes == [
        "unknown_criterion"
    ]
    assert answer(expert, gate, 422, answer="score", facts={"scores": scores | {"skill": 101}}).codes == [
        "score_missing"
    ]
    assert answer(expert, gate, answer="score", facts={"scores": scores})["effect"] == "score"


@pytest.mark.parametrize(
    ("given", "status", "codes"),
    [
        ({"answer": "perhaps"}, 422, ["unknown_answer"]),
        ({"answer": "reject"}, 422, ["reason_missing"]),
        ({"answer": "pass", "task": str(uuid4())}, 422, ["unknown_task"]),
        ({}, 422, ["field_missing"]),
        ({"answer": "pass", "facts": 1}, 422, ["model_attributes_type"]),
    ],
)
def test_wrong_answer_is_refused(
    login: Login, world: World, given: dict[str, Any], status: int, codes: list[str]
) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")

    assert (
        answer(login(world.person("office")), world.gate("office_review", case), status, **given).codes
        == codes
    )
    assert world.open_steps(case) == ["office_review"]


def test_somebody_elses_task_is_forbidden(login: Login, world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    clerk = login(world.enterer(case))

    assert answer(clerk, world.gate("office_review", case), 403, answer="pass").codes == ["not_your_task"]


def test_second_answer_is_refused(login: Login, world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    office, gate = login(world.person("office")), world.gate("office_review", case)
    answer(office, gate, answer="pass")

    assert answer(office, gate, 409, answer="pass").codes == ["already_answered"]


def test_gate_of_an_unseen_case_is_not_found(login: Login, world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    stranger = login(world.person("county_union", "sanjiang"))

    assert answer(stranger, world.gate("office_review", case), 404, answer="pass").codes == ["not_found"]


def test_case_that_waits_for_the_season_has_no_task(login: Login, world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "proposed_list")

    gate = world.gate("proposed_list", case)
    assert answer(login(world.person("office")), gate, 409, answer="confirm").codes == ["waits_for_season"]


# --- lists and objections ----------------------------------------------------------------------------------------


def test_list_is_changed_and_confirmed_by_numbers(login: Login, world: World) -> None:
    cases = [world.bring_to(world.enter(route="city"), "proposed_list") for _ in range(2)]
    draft = world.enter(route="city")
    world.move_to(world.notice.starts("expert_review"))
    world.pump()
    office, gate = login(world.person("office")), world.gate("proposed_list")
    seen = office.get("/shortlists").items[0]["digest"]
    first = cases[0].number
    places = {first: {"place": "reserve", "reason": "样例理由"}}
    fates = {draft.number: "lapse"}

    assert answer(office, gate, 422, answer="confirm").codes == ["laggard_unnamed"]
    assert answer(office, gate, 409, answer="confirm", facts={"draft": "0" * 64}).codes == ["draft_changed"]
    unknown = {"places": {"2026-9999": places[first]}}
    assert answer(office, gate, 422, answer="confirm", facts=unknown).codes == ["unknown_case"]
    elsewhere = {"places": {draft.number: places[first]}, "laggards": fates}
    assert answer(office, gate, 422, answer="confirm", facts=elsewhere).codes == ["not_on_list"]
    facts = {"places": places, "laggards": fates, "draft": seen}
    answer(office, gate, answer="confirm", facts=facts)

    [confirmed] = office.get("/shortlists").items
    entries = confirmed["entries"]
    assert isinstance(entries, list)
    assert [(e["case"], e["place"]) for e in entries] == [(cases[1].number, "on"), (first, "reserve")]
    assert world.case(draft).outcome == "lapsed"


def test_objection_is_registered_by_the_office_only(login: Login, clerk: Client, world: World) -> None:
    case = world.enter()
    told = {"case": case.number, "objector": "样例异议人", "contact": "a@example.org", "text": "样例异议"}

    assert clerk.post("/objections", told, 404).codes == ["not_found"]
    office = login(world.person("office"))
    assert office.post("/objections", told, 409).codes == ["no_window"]
    assert office.post("/objections", told | {"case": "2026-9999"}, 404).codes == ["not_found"]


def test_objection_is_heard_step_by_step(login: Login, clerk: Client, world: World) -> None:
    [case] = published(world, "样例公示人")
    office = login(world.person("office"))
    told = {"case": case.number, "objector": "样例异议人", "contact": "a@example.org", "text": "样例异议"}
    made = office.post("/objections", told | {"source": "call"})
    path = f"/objections/{made['id']}"

    assert (made["source"], made["state"], made["late"]) == ("call", "registered", False)
    assert office.post(f"{path}/admit", {"heard": True, "reason": "样例"}, 409).codes == ["not_late"]
    assert office.post(f"{path}/conclude", {"upheld": True, "conclusion": "样例"}, 409).codes == [
        "not_verified"
    ]
    assert office.post(f"{path}/verify", {"finding": "样例"}, 200)["state"] == "verified"
    assert office.post(f"{path}/conclude", {"upheld": True, "conclusion": "样例"}, 200)["state"] == "upheld"
    assert [(o["case"], o["state"]) for o in office.get("/objections").items] == [(case.number, "upheld")]
    assert "样例异议" not in str(office.get("/objections").items)
    assert clerk.get("/objections", 404).codes == ["not_found"]
    assert clerk.post(f"{path}/verify", {"finding": "样例"}, 404).codes == ["not_found"]


# --- elsewhere ---------------------------------------------------------------------------------------------------


def test_unknown_paths_and_methods_are_problems(http: TestClient, world: World) -> None:
    unknown, wrong = http.get("/api/v1/nothing"), http.delete("/api/v1/cases")

    assert (unknown.status_code, unknown.headers["content-type"]) == (404, "application/problem+json")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, POST")
    assert http.post("/api/v1/cases", content="{").status_code == 401


def test_what_is_no_json_is_said_so(http: TestClient, clerk: Client) -> None:
    broken = http.post(
        clerk.base + "/cases", content="{", headers=clerk.headers | {"Content-Type": "application/json"}
    )

    assert (broken.status_code, broken.json()["reasons"][0]["code"]) == (422, "not_json")


def test_what_is_no_text_is_a_problem_too(http: TestClient, clerk: Client) -> None:
    headers = clerk.headers | {"Content-Type": "application/json"}
    broken = http.post(clerk.base + "/cases", content=b"\x9d\x90", headers=headers)

    assert (broken.status_code, broken.json()["reasons"][0]["code"]) == (400, "bad_request")


def test_meeting_is_recorded_by_one_and_closed_by_another(login: Login, world: World) -> None:
    cases = [world.bring_to(world.enter(route="city"), "proposed_list") for _ in range(2)]
    world.move_to(world.notice.due("application"))
    world.pump()
    world.pass_step("proposed_list")
    gate, members = world.gate("party_meeting"), world.people("party_group")
    office, member = login(world.person("office")), login(world.person("party_group"))
    second = cases[1].number
    said = {
        "gate": str(gate.id),
        "number": "样例1号",
        "held_on": f"{world.now():%Y-%m-%d}",
        "attendance": {str(p.id): "present" for p in members},
        "conclusions": {second: {"place": "reserve", "reason": "样例理由", "votes": [1, 4, 0]}},
    }

    assert member.post("/meetings", said, 403).codes == ["not_recorder"]
    recorded = office.post("/meetings", said)
    close = f"/meetings/{recorded['id']}/close"
    assert member.post(close, {"draft": "0" * 64}, 409).codes == ["draft_changed"]
    assert office.post(close, {}, 403).codes == ["not_your_task"]
    assert login(world.person("expert")).post(close, {}, 404).codes == ["not_found"]
    closed = member.post(close, {"draft": recorded["draft"]}, 200)

    assert (closed["state"], closed["scanned"]) == ("closed", False)
    entries = office.get("/shortlists").items[-1]["entries"]
    assert isinstance(entries, list)
    assert [(e["case"], e["place"]) for e in entries][:2] == [(cases[0].number, "on"), (second, "reserve")]
