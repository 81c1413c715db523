"""What does each caller see, and what does reading leave alone?"""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from models.database import reading
from models.personal import masked_form
from models.tables import metadata
from tests.api_v1.conftest import Login
from tests.world import World

BUSINESS_TABLES = [t for t in metadata.sorted_tables if t.name not in ("login_session", "api_token")]


def test_health_and_ready_need_no_token(http: TestClient, world: World) -> None:
    assert http.get("/api/v1/health").json() == {"status": "ok"}
    assert http.get("/api/v1/ready").json() == {"status": "ready"}


def test_the_state_of_the_system_is_for_the_office(http: TestClient, login: Login, world: World) -> None:
    office, unit = login(world.person("office")), login(world.filler())

    answer = http.get("/api/v1/status", headers=office.headers).json()

    conditions = {part["key"]: part["condition"] for part in answer["parts"]}
    assert (conditions["web"], conditions["database"]) == ("well", "well")
    parts = ["web", "database", "prefect", "engine", "sweep", "mail", "virus", "anchors", "backup", "disk"]
    assert list(conditions) == parts
    assert http.get("/api/v1/status", headers=unit.headers).status_code == 404


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer gj_wrong"}, {"Authorization": "Basic eDp5"}]
)
def test_without_a_good_token_there_is_nothing(
    http: TestClient, world: World, headers: dict[str, str]
) -> None:
    answer = http.get("/api/v1/cases", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert [r["code"] for r in answer.json()["reasons"]] == ["token_missing"]


def test_season_says_what_its_notice_says(login: Login, world: World) -> None:
    season = login(world.person("office")).get("/season")

    assert season["id"] == str(world.season_id)
    assert (season["places"], season["ratio"]) == (30, "1.3")
    assert season["stages"] == [{"key": s.key, "label": s.label} for s in world.notice.stages]
    assert len(world.notice.steps) == len(season["steps"])  # type: ignore[arg-type]


def test_latest_season_is_meant_when_none_is_named(http: TestClient, login: Login, world: World) -> None:
    office = login(world.person("office"))

    assert http.get("/api/v1/season", headers=office.headers).json()["id"] == str(world.season_id)
    assert world.season.key in [s["key"] for s in http.get("/api/v1/seasons", headers=office.headers).json()]


def test_unknown_season_is_not_found(http: TestClient, login: Login, world: World) -> None:
    office = login(world.person("office"))
    path = "/api/v1/seasons/00000000-0000-0000-0000-000000000000/cases"

    assert http.get(path, headers=office.headers).status_code == 404


def test_each_caller_lists_what_is_theirs(login: Login, world: World) -> None:
    mine = world.enter()
    others = world.enter(channel="self", route="city", person=world.applicant())

    assert [c["number"] for c in login(world.person("office")).get("/cases").items] == [
        mine.number,
        others.number,
    ]
    assert [c["number"] for c in login(world.filler()).get("/cases").items] == [mine.number]
    assert [c["number"] for c in login(world.person("county_union", "sanjiang")).get("/cases").items] == []


def test_unseen_case_is_not_found(login: Login, world: World) -> None:
    case = world.enter()
    stranger = login(world.person("county_union", "sanjiang"))

    assert stranger.get(f"/cases/{case.number}", 404).codes == ["not_found"]
    assert stranger.get(f"/cases/{case.number}/events", 404).codes == ["not_found"]
    assert login(world.filler()).get(f"/cases/{case.number}")["number"] == case.number


def test_case_tells_its_gates_and_answers(login: Login, world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")

    told = login(world.person("office")).get(f"/cases/{case.number}")
    gates = told["gates"]

    assert isinstance(gates, list)
    assert [(g["step"], g["state"]) for g in gates] == [
        ("application", "cleared"),
        ("unit_review", "cleared"),
        ("office_review", "open"),
    ]
    assert [a["answer"] for a in gates[1]["answers"]] == ["同意推荐"]
    assert told["open_steps"] == ["office_review"]
    assert told["form"] == masked_form(world.notice, world.case(case))


def test_events_come_in_order_without_the_chains_digests(login: Login, world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "unit_review")

    events = login(world.person("office")).get(f"/cases/{case.number}/events").items

    assert [e["kind"] for e in events] == [
        "case_entered",
        "gate_opened",
        *["attachment_added"] * 5,
        "consent_given",
        "answer_given",
        "gate_cleared",
        "gate_opened",
    ]
    assert events[8]["facts"] == {"step": "application", "round": 1, "body": "filler", "answer": "submit"}


def test_unit_does_not_read_the_departments_opinions(login: Login, world: World) -> None:
    case = world.bring_to(world.enter(), "department_opinions")
    world.answer("department_opinions", case, "object", body="police", reason="样例意见不公开")
    clerk, office = login(world.filler()), login(world.person("office"))

    assert "样例意见不公开" not in str(clerk.get(f"/cases/{case.number}").body)
    assert "object" not in str(clerk.get(f"/cases/{case.number}/events").body)
    assert "样例意见不公开" in str(office.get(f"/cases/{case.number}").body)


def test_gates_are_mine_or_all_in_view(login: Login, world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    office, clerk = login(world.person("office")), login(world.enterer(case))

    [waiting] = office.get("/gates", mine=True, state="open").items
    assert (waiting["case"], waiting["step"]) == (case.number, "office_review")
    assert [t["body"] for t in waiting["tasks"]] == ["office"]  # type: ignore[attr-defined]
    assert clerk.get("/gates", mine=True).items == []
    assert [(g["step"], g["tasks"]) for g in clerk.get("/gates").items] == [("office_review", [])]


def test_board_counts_what_is_in_view(login: Login, world: World) -> None:
    world.bring_to(world.enter(route="city"), "office_review")
    world.enter()
    board = login(world.person("office")).get("/board")

    assert [(s["key"], s["count"]) for s in board["stages"] if s["count"]] == [  # type: ignore[attr-defined]
        ("application", 1),
        ("screening", 1),
    ]
    assert board["outcomes"] == {"live": 2}
    assert board["open_gates"] == {"application": 1, "office_review": 1}
    assert [(h["label"], h["open"], h["unopened"]) for h in board["holders"]] == [  # type: ignore[attr-defined]
        ("填报人", 1, 1),
        ("市认定工作领导小组办公室", 1, 1),
    ]
    assert [s["step"] for s in board["forecast"]] == ["office_review"]  # type: ignore[attr-defined]
    assert len(board["timeline"]) == len(world.notice.steps)  # type: ignore[arg-type]
    assert board["stranded"] == []
    unit = login(world.filler())
    assert {h["unopened"] for h in unit.get("/board", by="unit")["holders"]} == {None}  # type: ignore[attr-defined]
    assert unit.get("/board", 404, by="expert").codes == ["not_found"]


def test_lists_exist_for_those_who_decide_on_them(login: Login, world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "proposed_list")
    world.move_to(world.notice.starts("expert_review"))
    world.pump()

    [draft] = login(world.person("party_group")).get("/shortlists").items
    assert (draft["step"], draft["state"], draft["size"]) == ("proposed_list", "draft", 39)
    assert [e["case"] for e in draft["entries"]] == [case.number]  # type: ignore[attr-defined]
    assert login(world.filler()).get("/shortlists", 404).codes == ["not_found"]


def test_reading_changes_no_business_row(http: TestClient, login: Login, world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    office = login(world.person("office"))
    before = rows()

    for path in ("/season", "/board", "/cases", f"/cases/{case.number}", f"/cases/{case.number}/events"):
        office.get(path)
        http.head(office.base + path, headers=office.headers)
    for path in ("/gates", "/shortlists"):
        office.get(path)

    assert rows() == before


def rows() -> dict[str, str]:
    """A digest of every row of every table that business is kept in."""
    with reading() as session:
        whole = "SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM \"{}\" t"
        return {
            t.name: session.connection().execute(text(whole.format(t.name))).scalar_one()
            for t in BUSINESS_TABLES
        }


def test_the_checklist_is_for_who_reviews_the_case(world: World, login: Login) -> None:
    case = world.bring_to(world.enter(), "department_opinions")

    seen = login(world.filler()).get(f"/cases/{case.number}")["checklist"]
    hidden = login(world.person("police")).get(f"/cases/{case.number}")["checklist"]

    assert isinstance(seen, list)
    assert [row["key"] for row in seen] == [
        *("documents", "originals", "form", "indicators", "condition", "words", "identity")
    ]
    assert hidden is None


def test_gates_and_cases_are_narrowed_as_on_the_pages(login: Login, world: World) -> None:
    first = world.bring_to(world.enter(route="city", name="覃立恒（样例）"), "office_review")
    second = world.bring_to(world.enter(route="city"), "office_review")
    office = login(world.person("office"))

    def found(path: str, **narrowed: object) -> list[object]:
        return [row.get("case", row.get("number")) for row in office.get(path, 200, **narrowed).items]

    assert found("/gates", mine=True) == [first.number, second.number]
    assert found("/gates", mine=True, q="qlh") == [first.number]
    assert found("/gates", mine=True, step="office_review", county="city", late="late") == []
    assert found("/gates", mine=True, page=9) == []
    assert found("/cases", q="qlh", step="office_review") == [first.number]
    assert found("/cases", returned="once") == []
    assert office.get("/gates", 422, late="nonsense").codes == ["literal_error"]
