"""What do administrators find in Prefect by the clock, and what do they never find there?"""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from flows.deploy import deploy
from models.anchor import newest_anchor
from models.database import reading
from models.mail import Message
from models.notice import SHANGHAI, day_of, day_start
from models.workdays import next_workday
from settings import settings
from tasks.runs import timeline_key
from tests.flows.dashboard import until
from tests.flows.walked import Walked
from tests.left_behind import tables_with

CANARY = "金丝雀样例"


def sweep(walked: Walked) -> None:
    run_id = walked.dashboard.quick_run("clockwork", {})
    until(lambda: (run := walked.dashboard.run(run_id)) and run.state == "Completed", "the sweep")


def test_sweep_lists_the_overdue_and_shows_each_seasons_progress(walked: Walked) -> None:
    case = walked.at_office()
    season = walked.world.season
    walked.world.move_to(walked.world.notice.due("office_review"))

    sweep(walked)

    stalled = walked.dashboard.artifact("stalled-cases")
    assert stalled is not None
    mine = [line for line in stalled["data"].splitlines() if season.key in line and case.number in line]
    opened = walked.world.gate("office_review", case).opened_at.astimezone(SHANGHAI)
    due = walked.world.notice.due("office_review").astimezone(SHANGHAI)
    assert mine == [
        f"| {season.key} | [{case.number}]({settings().base_url}/cases/{case.id}) | 办公室资格初审"
        f" | 市认定工作领导小组办公室 | {opened:%Y-%m-%d} | {due:%Y-%m-%d %H:%M} | 0 |"
    ]
    progress = walked.dashboard.artifact(f"season-{season.key}")
    assert progress is not None
    assert "| 资格审查 | 1 | 1 | 1 |" in progress["data"].splitlines()
    assert "共 1 名人选。结果：尚无。" in progress["data"].splitlines()
    with reading() as session:
        anchor = newest_anchor(session, season.id)
    assert anchor is not None
    assert anchor.day == day_of(walked.world.now())


def scheduled(walked: Walked, name: str) -> list[datetime]:
    """When the runs of a deployment start that are there ahead of their time; those of automations are not."""
    deployment = walked.dashboard.deployment(name)["id"]
    wanted = {
        "flow_runs": {"deployment_id": {"any_": [deployment]}, "state": {"type": {"any_": ["SCHEDULED"]}}}
    }
    rows = walked.dashboard.client.post("/flow_runs/filter", json=wanted).json()
    return [datetime.fromisoformat(row["expected_start_time"]) for row in rows if row["created_by"] is None]


def test_sweep_keeps_the_timeline_of_a_case_beside_its_run(walked: Walked) -> None:
    """Rewritten in place when something has happened since, with the same words as the record's and no name."""
    case = walked.at_office(name=CANARY)
    sweep(walked)
    first = until(lambda: walked.dashboard.artifact(timeline_key(case.id)), "the timeline")
    walked.world.answer("office_review", case)
    run = walked.waits_at(case, "expert_review")
    sweep(walked)

    then = walked.dashboard.artifact(timeline_key(case.id))
    assert then is not None
    assert walked.dashboard.versions(timeline_key(case.id)) == [str(run.id)]
    assert then["data"].splitlines()[:2] == [
        f"# {case.number}",
        f"[在认定系统中打开]({settings().base_url}/cases/{case.id})",
    ]
    assert happened(first["data"])[-1] == ("到达关口", "办公室资格初审", "")
    assert happened(then["data"])[-3:] == [
        ("作出答复", "办公室资格初审", "市认定工作领导小组办公室"),
        ("通过关口", "办公室资格初审", ""),
        ("到达关口", "专家评审", ""),
    ]
    assert tables_with(CANARY) == []


def happened(markdown: str) -> list[tuple[str, str, str]]:
    """What, at which step, by which body."""
    rows = [
        [cell.strip() for cell in line.split("|")] for line in markdown.splitlines() if line.startswith("| 2")
    ]
    return [(what, step, body) for _, _, what, step, body, _ in rows]


def test_a_run_that_broke_off_has_the_sweep_run_at_once(walked: Walked) -> None:
    """By an automation, of which there is one however often the deployments are registered."""
    case = walked.at_office()
    asyncio.run(deploy(settings()))

    walked.dashboard.change_state(walked.waits_at(case, "office_review").id, "CRASHED")

    until(lambda: walked.dashboard.sweeps_by_automation(), "the sweep of the automation")
    assert walked.dashboard.automations() == ["gongjiang: run broke off", "gongjiang: run is late"]


def test_next_sweep_is_scheduled_for_the_next_ten_minutes(walked: Walked) -> None:
    [moment] = until(lambda: scheduled(walked, "clockwork"), "the next sweep")

    seconds = (moment - datetime.now(UTC)).total_seconds()
    assert (moment.minute % 10, -5 < seconds <= 600) == (0, True)


def test_next_morning_is_scheduled_for_half_past_eight_in_china(walked: Walked) -> None:
    [moment] = until(lambda: scheduled(walked, "morning"), "the next morning")

    assert f"{moment.astimezone(SHANGHAI):%H:%M}" == "08:30"


def test_a_morning_that_was_missed_is_held_by_the_sweep(walked: Walked) -> None:
    case = walked.at_office()
    day = walked.world.now().astimezone(SHANGHAI).date() + timedelta(days=1)
    with reading() as session:
        day = next_workday(session, day)
    walked.world.move_to(day_start(day) + timedelta(hours=10))

    sweep(walked)

    with reading() as session:
        wanted = select(Message).where(
            Message.season_id == walked.world.season_id, Message.template == "digest"
        )
        told = [m.context["tasks"][0]["number"] for m in session.exec(wanted)]
    assert told == [case.number]


def test_prefect_never_learns_a_candidates_name(walked: Walked) -> None:
    case = walked.at_office(name=CANARY, summary=f"{CANARY}的事迹", employer=f"{CANARY}工厂")
    walked.world.answer("office_review", case, "return", reason=f"{CANARY}缺证书", items=(f"{CANARY}证书",))
    walked.waits_at(case, "application")
    sweep(walked)

    assert tables_with(CANARY) == []
    assert "flow_run" in tables_with(case.number)
