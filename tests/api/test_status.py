"""系统状态 and the dashboard: who gets in, what is shown while Prefect is away, and where does a run lead?"""

from uuid import uuid4

from models.database import transaction
from models.heartbeat import ENGINE, SWEEP
from models.season import Season
from processes.supervise import Stack
from settings import DASHBOARD
from tasks.beating import beat, stop_beating
from tests.api.conftest import Visitor, soup, text_of
from tests.world import World

MINE = f"{DASHBOARD}/v2/runs"


def test_the_state_of_each_part_is_shown_also_without_prefect(office: Visitor, database: Stack) -> None:
    database.stop("prefect")
    with transaction() as session:
        beat(session, ENGINE, "one", threads=16, busy=3, leads=True, since="2026-03-09T08:00:00+08:00")
        beat(session, SWEEP, woken=2)

    page = office.get("/status")

    with transaction() as session:
        stop_beating(session, ENGINE, "one")
    assert {
        part: text_of(page, f"#part-{part} .tag") for part in ("web", "database", "prefect", "sweep")
    } == {
        "web": "正常",
        "database": "正常",
        "prefect": "故障",
        "sweep": "正常",
    }
    assert "可以照常提交、审批" in text_of(page, "#part-prefect")
    assert "怎么办：" in text_of(page, "#part-prefect")
    assert "one：牵头，线程 16 个，在用 3 个" in text_of(page, "#part-engine")
    assert "该次唤醒的案件：2 件" in text_of(page, "#part-sweep")


def test_the_dashboard_says_so_when_prefect_is_away(office: Visitor, database: Stack) -> None:
    database.stop("prefect")

    answer = office.get(MINE)

    assert answer.status_code == 503
    assert "流程看板打不开" in text_of(answer, "body")
    assert "现在还看不到" in text_of(office.follow(office.get("/status/artifacts/stalled-cases")))


def test_only_the_office_gets_in(office: Visitor, unit: Visitor, anybody: Visitor) -> None:
    for path in ("/status", f"/status/runs/{uuid4()}", MINE, f"{DASHBOARD}/api/flow_runs/filter"):
        assert unit.get(path).status_code == 404
        assert anybody.get(path).headers["location"].startswith("/login?next=%2F")
    assert "系统状态" not in text_of(unit.get("/"), "nav")
    assert "系统状态" in text_of(office.get("/"), "nav")


def test_nothing_is_changed_in_prefect_from_elsewhere_nor_its_database_dropped(office: Visitor) -> None:
    elsewhere = office.post(f"{DASHBOARD}/api/flow_runs/filter", headers={"Sec-Fetch-Site": "cross-site"})
    assert (elsewhere.status_code, "来自别的网站" in elsewhere.text) == (403, True)
    assert office.post(f"{DASHBOARD}/api/admin/database/clear").status_code == 404


def test_an_address_outside_the_dashboard_leads_into_it(office: Visitor) -> None:
    for path in ("/", "/runs", "/docs", "/v2"):
        answer = office.get(DASHBOARD + path)
        assert (answer.status_code, answer.headers["location"]) == (307, f"{DASHBOARD}/v2/")


def test_a_run_leads_to_its_case_and_a_case_to_its_run(office: Visitor, world: World) -> None:
    case = world.enter()
    of_case, of_season = uuid4(), uuid4()
    with transaction() as session:
        session.merge(case).flow_run_id = of_case
        session.get_one(Season, world.season_id).flow_run_id = of_season

    assert soup(office.get(f"/cases/{case.id}")).select(f'a[href="{MINE}/flow-run/{of_case}"]') != []
    assert office.get(f"/status/runs/{of_case}").headers["location"] == f"/cases/{case.id}"
    assert office.get(f"/status/runs/{of_season}").headers["location"] == "/season"
    told = office.follow(office.get(f"/status/runs/{uuid4()}"))
    assert "这个运行不属于哪一名人选" in text_of(told)
