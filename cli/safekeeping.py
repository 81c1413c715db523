"""Which commands put everything into one file, and back?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.answers import FAILED, AsJson, group, plain_errors, show
from cli.trust import audited, invariants
from models.database import reading
from processes.plan import plan
from processes.probes import database_answers
from processes.supervise import Stack
from settings import settings
from tasks.backup import back_up, shown
from tasks.backup_archive import Manifest
from tasks.restore import check_backup, put_back
from tasks.seasons import chosen_seasons

app = group("备份与恢复")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="写到哪个 .zip 文件，不能是已有的文件")],
    as_json: AsJson = False,
) -> None:
    """把数据库和全部材料文件备份成一个文件，系统不必停，停着也可以。完成返回0，没有做成返回2。

    备份里没有密钥，须另行保管；也没有 Prefect 的数据库，它在恢复后按记录重建。
    """
    with plain_errors(), _database_at_work():
        done = back_up(file, _tell)
    show(done.as_json(), as_json, done.as_text())


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="gongjiang backup 作出的 .zip 文件")],
    check: Annotated[bool, typer.Option("--check", help="只核对备份和密钥，不恢复")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="换掉这里已有的数据")] = False,
    confirm: Annotated[str, typer.Option(help="换掉已有数据时的确认词，不写时命令会告诉您")] = "",
    as_json: AsJson = False,
) -> None:
    """把备份恢复到这里，然后检查不变量和流转记录。先停止系统。全部无误返回0，检查出问题返回1，没有恢复返回2。"""
    with plain_errors():
        manifest = check_backup(file, _tell)
        if check:
            show(_named(manifest), as_json, f"备份完好，密钥相符：{_summary(manifest)}。")
            return
        with _database():
            changed = put_back(file, manifest, confirm if replace else "", _tell)
            facts, text = _examined(manifest, changed)
    show(facts, as_json, text)
    if changed or facts["doctor"]["broken"] or not facts["audit"]["ok"]:
        raise typer.Exit(FAILED)


@contextmanager
def _database_at_work() -> Iterator[None]:
    """The database as it runs; the embedded one alone while the system is at rest."""
    if not settings().embeds_database or database_answers(settings(), 0):
        yield
    else:
        with _database():
            yield


@contextmanager
def _database() -> Iterator[None]:
    """The embedded database alone, while the rest of the system is at rest; the office's own runs anyway."""
    parts = [part for part in plan(settings()) if part.name == "database"]
    with Stack(settings(), parts) as stack:
        stack.start()
        stack.wait_ready()
        yield


def _examined(manifest: Manifest, changed: list[str]) -> tuple[dict[str, Any], str]:
    with reading() as session:
        seasons = chosen_seasons(session, "")
        doctor, told = invariants(session, seasons)
        audit, verified = audited(session, seasons)
    facts = {**_named(manifest), "changed": changed, "doctor": doctor, "audit": audit}
    lines = [
        f"已恢复：{_summary(manifest)}。此后办理的事项不在其中，大家须重新登录。",
        f"检查不变量：{told}",
        f"校验流转记录：{verified}",
        *(f"与备份的清单不符：{title}" for title in changed),
        "现在可以运行 gongjiang up；流程会按记录重建，一分钟内接着办理。",
    ]
    return facts, "\n".join(lines)


def _named(manifest: Manifest) -> dict[str, Any]:
    return {
        "made_at": manifest.made_at,
        "seasons": [s.model_dump() for s in manifest.seasons],
        "files": len(manifest.files),
    }


def _summary(manifest: Manifest) -> str:
    return (
        f"{shown(manifest.made_at)}作出，{len(manifest.seasons)}个年度，{manifest.cases}名人选，"
        f"{len(manifest.files)}个材料文件"
    )


def _tell(line: str) -> None:
    typer.echo(line, err=True)
