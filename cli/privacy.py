"""Which commands look after personal data: consent, what is kept no longer, and whom an incident touched?"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from cli.answers import FAILED, AsJson, group, plain_errors, show
from models.consent import texts
from models.consent_list import lacking
from models.database import reading, transaction
from models.labels import label
from models.notice import SHANGHAI, day_end
from models.season import Season
from models.verdict import Reason, Refused
from notices.consent import FILE
from tasks.consent_text import set_text
from tasks.incident import Asked
from tasks.incident import incident as find_incident
from tasks.retention import carry_out, unfinished
from tasks.retention_plan import ClassPlan, Plan, plan
from tasks.seasons import chosen_seasons, find_season

app = group("个人信息")
consent_app = group("告知同意书：查看、启用新版本")

OneSeason = Annotated[str, typer.Option("--season", help="年度的键；不写时为最近的年度")]


@consent_app.command("show")
def consent_show(season: OneSeason = "", as_json: AsJson = False) -> None:
    """列出年度用过的各版告知同意书，以及还缺有效同意的人选。"""
    with plain_errors(), reading() as session:
        chosen = find_season(session, season or None)
        known = texts(session, chosen.id)
        rows = lacking(session, chosen)
        facts = {
            "season": chosen.key,
            "versions": [{"version": t.version, "digest": t.digest, "grows": t.grows} for t in known],
            "lacking": [{"number": r.case.number, "scopes": [str(s) for s in r.scopes]} for r in rows],
        }
    lines = [f"第{t.version}版，散列 {t.digest[:16]}，{t.issued:%Y-%m-%d}印发。" for t in known]
    lines = lines or ["本年度还没有启用告知同意书。"]
    lines += [f"{r.case.number} 缺少有效的同意：{'、'.join(r.scopes)}。" for r in rows]
    show(facts, as_json, "\n".join(lines))


@consent_app.command("adopt")
def consent_adopt(
    file: Annotated[
        Path, typer.Argument(help="告知同意书文件；不写时用系统自带的 notices/consent.yaml")
    ] = FILE,
    season: OneSeason = "",
    as_json: AsJson = False,
) -> None:
    """在年度中启用文件里更新的版本：已有的同意照旧有效，文件写明范围扩大（grows）的各项须重新同意。"""
    with plain_errors(), transaction() as session:
        facts, text = _adopted(session, file, season)
    show(facts, as_json, text)


def _adopted(session: Session, file: Path, key: str) -> tuple[dict[str, object], str]:
    season = find_season(session, key or None)
    newer = set_text(session, season.id, file, None)
    session.flush()
    rows = lacking(session, season)
    versions = "、".join(str(t.version) for t in newer)
    facts: dict[str, object] = {
        "season": season.key,
        "versions": [t.version for t in newer],
        "lacking": [r.case.number for r in rows],
    }
    return facts, f"{season.title}已启用第{versions}版；须重新取得同意的人选{len(rows)}名，见“个人信息”页面。"


# --- what is kept no longer --------------------------------------------------------------------------------------


@app.command()
def retention(
    preview: Annotated[bool, typer.Option("--preview", help="只列出到期的和保留的（缺省）")] = False,
    carry_on: Annotated[bool, typer.Option("--carry-on", help="接着做经两人确认、没有做完的清除")] = False,
    season: Annotated[str, typer.Option("--season", help="只看这个年度（年度的键）；不写看全部年度")] = "",
    as_json: AsJson = False,
) -> None:
    """列出保留期满的个人信息：哪一类、哪些人选、为什么还留着。清除由办公室在网页上提出、另一人确认。"""
    with plain_errors():
        with reading() as session:
            seasons = chosen_seasons(session, season)
            found = [(s, plan(session, s)) for s in seasons]
            waiting = [e for s in seasons if (e := unfinished(session, s))]
        if carry_on and not preview:
            results = [carry_out(e.id) for e in waiting]
            done = all(r.done for r in results)
            text = f"接着清除了{len(results)}份清单，共{sum(r.erased for r in results)}项。"
            tail = "" if done else "正在备份或数据库忙，还有收尾没有做完，请稍后再运行。"
            show({"carried_on": len(results), "done": done}, as_json, text + tail)
            if not done:
                raise typer.Exit(FAILED)
            return
    facts = {"seasons": [_planned(s, p) for s, p in found], "unfinished": [str(e.id) for e in waiting]}
    lines = [line for s, p in found for line in _lines(s, p)]
    lines += ["有经两人确认、没有做完的清除：请运行 gongjiang retention --carry-on。"] if waiting else []
    show(facts, as_json, "\n".join(lines))


def _planned(season: Season, found: Plan) -> dict[str, Any]:
    classes = [
        {
            "class": str(c.period.key),
            "label": c.period.label,
            "period": c.period.length,
            "law": c.period.law,
            "over_at": c.over_at,
            "due": {str(p): n for p, n in c.parts.items()},
            "cases": sorted(found.numbers[i] for i in c.cases),
            "kept": [{"case": found.numbers.get(k.case_id), "why": k.why} for k in c.kept if k.case_id]
            + [{"case": None, "why": k.why} for k in c.kept if not k.case_id],
            "why_not": c.why,
        }
        for c in found.classes
    ]
    things = [
        {
            "class": str(d.data_class),
            "part": str(d.part),
            "case": found.numbers[d.case_id] if d.case_id else None,
            "ref": d.ref,
            "sha256": d.sha256,
        }
        for d in found.due
    ]
    return {
        "season": season.key,
        "items": len(things),
        "digest": found.digest,
        "classes": classes,
        "things": things,
    }


def _lines(season: Season, found: Plan) -> list[str]:
    lines = [f"{season.title}：到期 {len(found.due)} 项。"]
    return lines + [f"  {c.period.label}（{c.period.length}）：{_said(c, found)}" for c in found.classes]


def _said(one: ClassPlan, found: Plan) -> str:
    due = "、".join(f"{label(p)}{n}" for p, n in one.parts.items()) or one.why or "无"
    cases = "、".join(sorted(found.numbers[i] for i in one.cases))
    kept = "；".join(f"{found.numbers[k.case_id] if k.case_id else '整类'}保留：{k.why}" for k in one.kept)
    return "。".join(filter(None, [due, cases, kept]))


# --- an incident --------------------------------------------------------------------------------------------------


@app.command()
def incident(
    since: Annotated[
        str, typer.Option("--since", help="从何时起，如 2026-03-09 或 2026-03-09T14:00，北京时间")
    ],
    until: Annotated[str, typer.Option("--until", help="到何时止；只写日期的，含当天")],
    person: Annotated[str, typer.Option("--person", help="只看这个账号：登录名")] = "",
    account: Annotated[
        str, typer.Option("--account", help="只看这个收件人：邮箱或姓名（邮件链接没有登录名）")
    ] = "",
    case: Annotated[str, typer.Option("--case", help="只看这名人选：案件编号")] = "",
    file: Annotated[str, typer.Option("--file", help="只看有这个文件的人选：SHA-256，至少前8位")] = "",
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="以 CSV 输出")] = False,
) -> None:
    """列出某段时间里哪些人选的信息被查看、取走、寄出，涉及哪几类，怎样告知本人（个人信息保护法第57条）。只读。"""
    with plain_errors(), reading() as session:
        session.connection(execution_options={"postgresql_readonly": True})
        asked = Asked(moment_of(since), moment_of(until, end=True), person, account, case, file)
        found = find_incident(session, asked)
    if as_csv:
        typer.echo(found.as_csv(), nl=False)
        return
    show(found.as_json(), as_json, found.as_text())


def moment_of(text: str, *, end: bool = False) -> datetime:
    """A moment in China's time; a bare day as the end of a window is included whole."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        said = f"读不懂时间“{text[:40]}”，请写成 2026-03-09 或 2026-03-09T14:00。"
        raise Refused(Reason("no_time", said, "", "invalid")) from None
    if end and len(text.strip()) == len("2026-03-09"):
        return day_end(moment.date())
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
