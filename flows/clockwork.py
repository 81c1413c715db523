"""What happens by the clock? A regular round that mends what stands still and tells the administrators.

It only ticks; deadlines and reminders take the season's own time from the record.
"""

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows.timelines import show_timelines
from models.database import reading, transaction
from models.heartbeat import SWEEP
from models.orphans import sweep_orphans
from tasks.anchoring import anchor_day, seasons_to_anchor
from tasks.beating import beat
from tasks.coverage import remind_uncovered
from tasks.deadlines import hold_morning
from tasks.dossiers import forget_old
from tasks.overview import SeasonOverview, Standstill, open_seasons, overview, standstills
from tasks.reading import sweep_readings
from tasks.runs import STALLED, case_address, progress_key
from tasks.seasons import in_each_season
from tasks.taking import scan_waiting
from tasks.waking import wake_stuck


@flow(name="clockwork", persist_result=False)
def sweep() -> None:
    """巡查：补救停住的案件，补查待查毒的文件，补发错过的晨间提醒，每天作一次记录锚，更新“停滞案件”“年度进度”和各案件的时间线。"""
    with transaction() as session:
        woken = wake_stuck(session)
        sweep_orphans(session)
        sweep_readings(session)
        forget_old(session)
        for season in open_seasons(session):
            remind_uncovered(session, season)
        beat(session, SWEEP, woken=woken)
    scan_waiting()
    in_each_season(open_seasons, hold_morning)
    in_each_season(seasons_to_anchor, anchor_day)
    with reading() as session:
        seasons = open_seasons(session)
        stalled = [row for season in seasons for row in standstills(session, season)]
        progress = [overview(session, season) for season in seasons]
    show_stalled(stalled, woken)
    for each in progress:
        show_progress(each)
    show_timelines()


def show_stalled(stalled: list[Standstill], woken: int) -> None:
    """A table with a link to each case, which Prefect's own table artifacts can't show."""
    lines = [
        f"逾期的关口和没有开启关口的案件，共 {len(stalled)} 件；本次唤醒 {woken} 件。",
        "",
        "| 年度 | 编号 | 关口 | 等待 | 到达 | 时限 | 逾期（天） |",
        "|---|---|---|---|---|---|---|",
        *(_row(each) for each in stalled),
    ]
    create_markdown_artifact(key=STALLED, markdown="\n".join(lines), description="停滞案件")


def _row(stalled: Standstill) -> str:
    number = f"[{stalled.number}]({case_address(stalled.case_id)})" if stalled.case_id else stalled.number
    since = f"{stalled.since:%Y-%m-%d}" if stalled.since else "—"
    due = f"{stalled.due:%Y-%m-%d %H:%M}" if stalled.due else "—"
    cells = (stalled.season, number, stalled.step, stalled.waits_for, since, due, str(stalled.days_late))
    return f"| {' | '.join(cells)} |"


def show_progress(season: SeasonOverview) -> None:
    rows = [f"| {s.label} | {s.open_cases} | {s.open_gates} | {s.overdue} |" for s in season.stages]
    ended = "、".join(f"{name} {count}" for name, count in season.ended) or "尚无"
    lines = [
        f"# {season.title}",
        f"共 {season.cases} 名人选。结果：{ended}。",
        "",
        "| 阶段 | 在办案件 | 待办关口 | 其中逾期 |",
        "|---|---|---|---|",
        *rows,
    ]
    create_markdown_artifact(key=progress_key(season.key), markdown="\n".join(lines))
