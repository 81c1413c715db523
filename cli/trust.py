"""Which commands prove that the record is whole, and keep its keys?"""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from sqlmodel import Session

from cli.answers import FAILED, AsJson, OfSeason, group, kept_anchor, plain_errors, show
from models.anchor import anchor_body, heads_of, lines_of, newest_anchor
from models.anchor_text import Kept, anchor_text
from models.database import reading
from models.invariants import check
from models.season import Season
from models.verdict import Reason, Refused
from tasks.account_log import verify_accounts
from tasks.audit import verify
from tasks.inbox_command import mailbox_troubles
from tasks.keys import PURPOSES, Purpose, check_keys, rotate
from tasks.seasons import chosen_seasons, find_season

app = group("可信")
audit_app = group("流转记录：校验")
keys_app = group("密钥：检查、更换")


@app.command()
def doctor(season: OfSeason = "", as_json: AsJson = False) -> None:
    """用现有数据逐条检查不变量。"""
    with plain_errors(), reading() as session:
        seasons = chosen_seasons(session, season)
        facts, text = invariants(session, seasons)
        troubles = mailbox_troubles(session)
    text = "\n".join([text, *(f"收信：{t}" for t in troubles)])
    show({**facts, "inbox": troubles}, as_json, text)
    if facts["broken"]:
        raise typer.Exit(FAILED)


def invariants(session: Session, seasons: Sequence[Season]) -> tuple[dict[str, Any], str]:
    """What the check of every invariant found, for programs and for people."""
    reports = [(s.key, check(session, s)) for s in seasons]
    broken = [{"season": key, "number": b.number, "text": b.text} for key, r in reports for b in r.broken]
    checked = sum(r.checked for _, r in reports)
    text = "\n".join(f"{b['season']} 第{b['number']}条：{b['text']}" for b in broken)
    return {"checked": checked, "broken": broken}, text or f"检查{checked}条不变量，全部成立。"


CANNOT_SHOW = (
    "说明：散列链本身看不出末尾被截去或整件被删除，这些要靠每天的记录锚对照；"
    "最近一次记录锚之后才写入、又被截去的记录查不出；"
    "系统内的记录锚如被整套改写，只有用寄出的记录锚核对才查得出（--anchor）。"
)


@audit_app.command("verify")
def audit_verify(
    season: OfSeason = "",
    anchor: Annotated[
        str, typer.Option(help="另与系统外保存的记录锚核对：邮件或下载文件的文件名，或至少16位的散列")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """校验流转记录、决定、记录锚和账号日志；指出第一处被改动、截去或删除的记录。"""
    with plain_errors(), reading() as session:
        kept = kept_anchor(anchor) if anchor else None
        facts, text = audited(session, chosen_seasons(session, season), kept)
    show({**facts, "cannot_show": CANNOT_SHOW}, as_json, f"{text}\n{CANNOT_SHOW}")
    if not facts["ok"]:
        raise typer.Exit(FAILED)


def audited(
    session: Session, seasons: Sequence[Season], kept: Kept | None = None
) -> tuple[dict[str, Any], str]:
    """Whether the chains hold, and agree with an anchor that was kept elsewhere; for programs and for people."""
    found = verify(session, seasons, kept)
    fault = str(found) if found else verify_accounts(session)
    agreed = "与您保存的记录锚一致。" if kept else ""
    facts = {"ok": not fault, "fault": fault or None, "anchor": kept.hash if kept else None}
    return facts, fault or f"流转记录、决定、记录锚和账号日志完整，未发现改动。{agreed}"


@audit_app.command("anchor")
def audit_anchor(
    season: Annotated[str | None, typer.Option(help="年度的键；不写时为最近的年度")] = None,
    as_json: AsJson = False,
) -> None:
    """打印最近一次记录锚的全文，可另存在系统以外。"""
    with plain_errors(), reading() as session:
        chosen = find_season(session, season)
        newest = newest_anchor(session, chosen.id)
        if newest is None:
            text = f"年度“{chosen.key}”还没有记录锚：系统运行时每天作一次。"
            raise Refused(Reason("no_anchor_yet", text, kind="missing"))
        text = anchor_text(newest, chosen.key, lines_of(heads_of(session, newest)))
        facts = {**anchor_body(newest, chosen.key), "hash": newest.hash}
    show(facts, as_json, text.rstrip())


@keys_app.command("check")
def keys_check(as_json: AsJson = False) -> None:
    """核对密钥文件与现有数据：有哪些密钥，各用于多少项，有没有缺。"""
    with plain_errors(), reading() as session:
        checked = check_keys(session)
    show(checked.as_json(), as_json, checked.as_text())
    if checked.problems:
        raise typer.Exit(FAILED)


@keys_app.command("rotate")
def keys_rotate(
    only: Annotated[str | None, typer.Option(help="只换 data（加密）或 index（查重索引）的密钥")] = None,
    as_json: AsJson = False,
) -> None:
    """换新密钥并把全部加密内容重新加密；系统不必停，中断后再运行一次即可接着做。"""
    purposes: tuple[Purpose, ...] = tuple(p for p in PURPOSES if only in (None, p))
    with plain_errors():
        if not purposes:
            raise Refused(Reason("unknown_purpose", "--only 只能写 data 或 index。", "", "invalid"))
        done = rotate(purposes, lambda line: typer.echo(line, err=True))
    show(done.as_json(), as_json, done.as_text())
