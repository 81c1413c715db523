"""Which commands deal with notices and the seasons opened by them?"""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.answers import AsJson, group, plain_errors, show
from models.database import reading, transaction
from models.season import Season
from notices.description import describe, render
from notices.reader import read_notice
from notices.schema import schema
from tasks.directory import fill_directory, gaps, read_directory
from tasks.fitness import unfit
from tasks.practice import open_practice
from tasks.seasons import chosen_seasons, open_season

notice_app = group("通知文件：检查、格式")
season_app = group("年度：开启、列出")


@notice_app.command("check")
def notice_check(file: Path, as_json: AsJson = False) -> None:
    """检查通知文件，列出名额、比例、关口和日期；有错时指出行号和字段。"""
    with plain_errors():
        notice = read_notice(file)
    facts = describe(notice)
    show(facts, as_json, render(facts))


@notice_app.command("schema")
def notice_schema() -> None:
    """通知文件的 JSON Schema。"""
    typer.echo(json.dumps(schema(), ensure_ascii=False, indent=2))


@season_app.command("open")
def season_open(
    file: Path,
    practice_from: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="演练：全部日期从这一天开始")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """按通知开启一个年度；通知的内容以散列固定。"""
    with plain_errors(), transaction() as session:
        notice = read_notice(file)
        if practice_from is None:
            season = open_season(session, notice)
            fill_directory(session, read_directory())
        else:
            season = open_practice(session, notice, practice_from.date())
        facts = season_facts(season) | {"gaps": gaps(session, season, notice)}
        if not season.practice:
            facts["unfit"] = unfit(session)
    lines = [f"已开启 {facts['title']}（{facts['key']}），通知散列 {facts['notice'][:12]}。", *facts["gaps"]]
    lines += [f"下次启动之前须改好：{text}" for text in facts.get("unfit", ())]
    show(facts, as_json, "\n".join(lines))


@season_app.command("list")
def season_list(as_json: AsJson = False) -> None:
    """列出全部年度。"""
    with plain_errors(), reading() as session:
        seasons = chosen_seasons(session, "")
        facts = [season_facts(s) for s in seasons]
    show(
        facts,
        as_json,
        "\n".join(f"{f['key']}  {f['title']}  人选{f['cases']}名" for f in facts) or "还没有年度。",
    )


def season_facts(season: Season) -> dict[str, Any]:
    return {
        "key": season.key,
        "title": season.title,
        "notice": season.notice_digest,
        "practice": season.practice,
        "opened_at": season.opened_at.isoformat(),
        "closed_at": season.closed_at.isoformat() if season.closed_at else None,
        "cases": season.case_count,
    }
