"""What happens by the clock? A regular round that mends what stands still and tells the administrators.

It only ticks; deadlines and reminders take the season's own time from the record.
"""

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.morning import hold_mornings
from models.database import reading, transaction
from models.orphans import sweep_orphans
from tasks.coverage import remind_uncovered
from tasks.overview import SeasonOverview, Standstill, open_seasons, overview, standstills
from tasks.reading import sweep_readings
from tasks.waking import wake_stuck

STALLED = "stalled-cases"


@flow(name="clockwork", persist_result=False)
def sweep() -> None:
    """巡查：补救停住的案件，补发错过的晨间提醒，更新“停滞案件”和“年度进度”。"""
    with transaction() as session:
        woken = wake_stuck(session)
        sweep_orphans(session)
        sweep_readings(session)
        for season in open_seasons(session):
            remind_uncovered(session, season)
    hold_mornings()
    with reading() as session:
        seasons = open_seasons(session)
        stalled = [row for season in seasons for row in standstills(session, season)]
        progress = [overview(session, season) for season in seasons]
    show_stalled(stalled, woken)
    for each in progress:
        show_progress(each)


def show_stalled(stalled: list[Standstill], woken: int) -> None:
    description = f"逾期的关口和没有开启关口的案件，共 {len(stalled)} 件；本次唤醒 {woken} 件。"
    create_table_artifact(key=STALLED, table=[_row(s) for s in stalled], description=description)


def _row(stalled: Standstill) -> dict[str, str | int]:
    return {
        "年度": stalled.season,
        "编号": stalled.number,
        "关口": stalled.step,
        "等待": stalled.waits_for,
        "到达": f"{stalled.since:%Y-%m-%d}" if stalled.since else "—",
        "时限": f"{stalled.due:%Y-%m-%d %H:%M}" if stalled.due else "—",
        "逾期（天）": stalled.days_late,
    }


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
    create_markdown_artifact(key=f"season-{season.key}", markdown="\n".join(lines))
