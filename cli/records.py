"""Which commands make a dossier, and verify one on any machine?"""

from pathlib import Path
from typing import Annotated

import typer

from cli.answers import FAILED, AsJson, group, kept_anchor, plain_errors, show
from documents.dossier_check import Checked, check_dossier
from models.anchor_text import Kept
from models.case import Case
from models.database import transaction
from models.verdict import Reason, Refused
from tasks.dossiers import Taken, case_by_number, make_at_once
from tasks.seasons import find_season

dossier_app = group("档案：生成、核对")

Redacted = Annotated[bool, typer.Option("--redacted", help="脱密版，可交系统以外的人")]


@dossier_app.command("make")
def dossier_make(
    no: Annotated[str, typer.Argument(help="案件编号；整个年度的写 --season 后省略")] = "",
    file: Annotated[Path | None, typer.Argument(help="写到哪个 .zip 文件")] = None,
    season: Annotated[str, typer.Option(help="年度的键；只写年度和文件时，生成整个年度的档案")] = "",
    redacted: Redacted = False,
    as_json: AsJson = False,
) -> None:
    """生成一案或整个年度的档案，并记入流转记录：表格、材料、意见、评分、纪要、邮件、流转记录和清单。"""
    with plain_errors():
        target, number = (file, no) if file else (Path(no), "")
        if not no or not (number or season):
            raise Refused(Reason("what", "请写明案件编号或 --season 年度，以及写到哪个文件。", "", "invalid"))
        with transaction() as session:
            chosen = find_season(session, season or None)
            case: Case | None = case_by_number(session, chosen, number) if number else None
            size = _write(target, make_at_once(session, chosen, case, redacted=redacted))
    told = {"file": str(target), "bytes": size, "redacted": redacted}
    show(told, as_json, f"已写入 {target}（{size}字节）。核对：gongjiang dossier verify {target}")


def _write(target: Path, taken: Taken) -> int:
    """Part after part into a file beside, which takes its place when whole."""
    draft = target.with_name(f"{target.name}.new")
    try:
        with draft.open("wb") as out:
            for part in taken.content:
                out.write(part)
        draft.replace(target)
    except OSError as error:
        raise Refused(Reason("not_written", f"写不了 {target}：{error.strerror}。请换一个位置。")) from None
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


@dossier_app.command("verify")
def dossier_verify(
    file: Annotated[Path, typer.Argument(help="档案（.zip），或案件页下载的流转记录（.json）")],
    anchor: Annotated[
        str, typer.Option(help="另核对其中有没有您保存的记录锚：文件名，或至少16位的散列")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """核对档案：只需要这个文件，不需要数据库、设置和密钥，在任何电脑上都能运行。"""
    with plain_errors():
        try:
            checked = check_dossier(file)
        except OSError as error:
            raise Refused(Reason("unreadable", f"读不了 {file}：{error.strerror}。", "", "invalid")) from None
        if anchor:
            _compare(checked, kept_anchor(anchor))
    show(checked.as_json(), as_json, checked.as_text())
    if checked.faults:
        raise typer.Exit(FAILED)


def _compare(checked: Checked, kept: Kept) -> None:
    if not any(known.startswith(kept.hash) for known in checked.anchors):
        checked.faults.append(f"档案里没有您保存的记录锚 {kept.hash[:16]}。")
