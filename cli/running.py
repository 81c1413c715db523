"""Which commands start the system, or try it?"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli.answers import FAILED, UNUSABLE, AsJson, group, plain_errors, show
from models.account_words import AdminRole
from models.administering import is_practising
from models.database import reading, transaction
from models.migrate import upgrade
from notices.reader import read_notice
from processes.environment import environment
from processes.folders import make_folders
from processes.plan import plan, shared_parts
from processes.up import refuse_half_restored
from processes.up import up as run_everything
from settings import settings
from simulation.run import simulate as run_simulation
from tasks.accounts import holders
from tasks.fitness import refuse_unfit, warnings
from tasks.practice import NOTICE, open_practice, practice_accounts, practice_password, today
from tasks.seasons import latest_season

app = group("运行")
PROJECT = Path(__file__).resolve().parents[1]
# They work on the record, so that it can be asked whether they may.
WORKERS = ("engine", "web")
PROCESSES = "database、prefect、engine、web 或 mailbox；设了 Redis 的，还有 prefect-migrate 等三个"


@app.command()
def up() -> None:
    """启动全部进程；首次启动时开启从今天开始的演练年度。按 Ctrl-C 停止。"""
    with plain_errors():
        code = run_everything(settings(), prepare)
    raise typer.Exit(code)


def prepare() -> Sequence[str]:
    """Bring the tables up to date and open a practice season in an empty record; the lines tell how to log in."""
    upgrade()
    with transaction() as session:
        season = latest_season(session) or open_practice(session, read_notice(NOTICE), today())
        refuse_unfit(session)
        accounts, warned = practice_accounts(session, season), warnings(session)
        practising = is_practising(session)
        unmanaged = not practising and not holders(session, AdminRole.SYSTEM)
    who = "用系统管理员账号登录" + ("，演练时办公室账号也可以" if practising else "")
    lines = [
        f"流程看板：{settings().dashboard_url}/（{who}）",
        f"年度：{season.title}",
    ]
    if unmanaged:
        lines.append("还没有系统管理员：请另开一个终端运行 gongjiang user first 登录名 --name 姓名")
    if accounts:
        lines += [
            f"演练账号（密码都是 {practice_password()}）：",
            *(f"  {a.login:<18}{a.label}" for a in accounts),
        ]
    return [*lines, *warned]


@app.command()
def run(name: Annotated[str, typer.Argument(help=PROCESSES)]) -> NoReturn:
    """单独运行一个进程。"""
    known = (*plan(settings()), *shared_parts(settings()))
    part = next((p for p in known if p.name == name), None)
    if part is None:
        names = "、".join(p.name for p in known)
        typer.echo(f"没有名为“{name}”的进程。可选：{names}。", err=True)
        raise typer.Exit(UNUSABLE)
    with plain_errors():
        refuse_half_restored(settings())
        make_folders(settings())
        if name in WORKERS:
            with reading() as session:
                refuse_unfit(session)
    os.chdir(PROJECT)
    os.execve(part.command[0], part.command, environment(settings()))  # noqa: S606 -- becomes the process itself


@app.command()
def migrate() -> None:
    """把数据库升级到当前版本。"""
    with plain_errors():
        upgrade()
        with reading() as session:
            refuse_unfit(session)
            warned = warnings(session)
    typer.echo("\n".join(["数据库已是当前版本。", *warned]))


@app.command()
def simulate(
    cases: Annotated[int, typer.Option(min=1, max=5000, help="人选数")] = 60,
    seed: Annotated[int, typer.Option(help="随机种子")] = 1,
    notice: Annotated[Path, typer.Option(help="通知文件")] = NOTICE,
    as_json: AsJson = False,
) -> None:
    """在独立的数据库里把整个年度走一遍，报告结果、邮件、用时和不变量。"""
    with plain_errors():
        report = run_simulation(cases, seed, notice, lambda line: typer.echo(line, err=True))
    show(report.as_json(), as_json, report.as_text())
    if report.as_json()["invariants"]["broken"]:
        raise typer.Exit(FAILED)
