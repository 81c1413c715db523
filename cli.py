"""Which commands does the system have? `gongjiang --help`; every one that prints facts takes `--json`."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from sqlalchemy.exc import OperationalError

from documents.read_command import as_text, read_form_file
from models.crypto import KeysMissing, Unreadable
from models.database import reading, transaction
from models.invariants import check
from models.migrate import upgrade
from models.season import Season, notice_of
from models.verdict import Reason, Refused
from notices.description import describe, render
from notices.problems import NoticeError
from notices.reader import read_notice
from notices.schema import schema
from processes.environment import environment
from processes.errors import CannotStart
from processes.plan import plan
from processes.up import up as run_everything
from settings import SettingsError, settings
from simulation.run import simulate as run_simulation
from tasks.accounts import add_account, create_token, find_account, make_password
from tasks.audit import verify
from tasks.directory import fill_directory, gaps, read_directory, seat_person
from tasks.import_command import as_text as import_as_text
from tasks.import_command import import_file, is_well
from tasks.inbox_command import as_text as mails_as_text
from tasks.inbox_command import fetch_mails, mailbox_troubles, read_mails
from tasks.keys import PURPOSES, Purpose, check_keys, rotate
from tasks.practice import NOTICE, open_practice, practice_accounts, practice_password, today
from tasks.public_files import Public, export
from tasks.seasons import chosen_seasons, find_season, latest_season, open_season

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, help="柳州工匠认定系统", add_completion=False
)
notice_app = typer.Typer(no_args_is_help=True, help="通知文件：检查、格式")
season_app = typer.Typer(no_args_is_help=True, help="年度：开启、列出")
audit_app = typer.Typer(no_args_is_help=True, help="流转记录：校验")
user_app = typer.Typer(no_args_is_help=True, help="账号")
token_app = typer.Typer(no_args_is_help=True, help="接口令牌")
inbox_app = typer.Typer(no_args_is_help=True, help="来信：收取申报邮件，交办公室认领")
public_app = typer.Typer(no_args_is_help=True, help="公示：导出到网站")
keys_app = typer.Typer(no_args_is_help=True, help="密钥：检查、更换")
app.add_typer(notice_app, name="notice")
app.add_typer(keys_app, name="keys")
app.add_typer(public_app, name="public")
app.add_typer(season_app, name="season")
app.add_typer(audit_app, name="audit")
app.add_typer(user_app, name="user")
app.add_typer(token_app, name="token")
app.add_typer(inbox_app, name="inbox")

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
PROJECT = Path(__file__).resolve().parent
FAILED, UNUSABLE = 1, 2


@contextmanager
def plain_errors() -> Iterator[None]:
    """What goes wrong is said in a Chinese sentence on the error stream, never as a traceback."""
    try:
        yield
    except (NoticeError, Refused, CannotStart, SettingsError, KeysMissing, Unreadable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNUSABLE) from None
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        typer.echo(
            f"无法连接数据库：{reason}。请先运行 gongjiang up，或检查 GONGJIANG_DATABASE_URL。", err=True
        )
        raise typer.Exit(UNUSABLE) from None


def show(facts: Any, as_json: bool, text: str) -> None:
    typer.echo(json.dumps(facts, ensure_ascii=False, indent=2, default=str) if as_json else text)


# --- files of the offices ------------------------------------------------------------------------------------------


@app.command("import")
def import_summary(
    file: Path,
    unit: Annotated[str | None, typer.Option(help="代哪个推荐单位导入（全称）；不写时由办公室导入")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只校验，不录入")] = False,
    as_json: AsJson = False,
) -> None:
    """导入附件2汇总表（.xlsx 或 .xls）：逐行逐列校验，没有错误时全部录入为草稿，有错误时一名也不录入。"""
    with plain_errors():
        facts = import_file(file, unit, dry_run=dry_run)
    show(facts, as_json, import_as_text(facts))
    if not is_well(facts):
        raise typer.Exit(FAILED)


@app.command("read-form")
def read_form(
    file: Path,
    as_json: AsJson = False,
    year: Annotated[int | None, typer.Option(help="申请表应是哪一年度；不写为通知的年度")] = None,
    notice: Annotated[Path, typer.Option(help="所依通知文件")] = NOTICE,
) -> None:
    """读出填好的附件1（.docx）：各栏内容和发现的问题。没有错误返回0，有错误返回1，读不出返回2。

    勾选的栏：单选为所勾的一项；多选为所勾各项的列表，带填空的为“选项：所填内容”；
    “户籍属性”“是否掌握高超技能”为“小项：内容”。第二个“国内先进”记作“国内先进（后）”。
    """
    with plain_errors():
        facts, code = read_form_file(read_notice(notice), file, year)
    show(facts, as_json, as_text(facts))
    raise typer.Exit(code)


@inbox_app.command("read")
def inbox_read(
    path: Annotated[Path, typer.Argument(help=".eml 文件，或放着 .eml 文件的文件夹")],
    season: Annotated[str | None, typer.Option(help="年度的键；不写时为最近的年度")] = None,
    as_json: AsJson = False,
) -> None:
    """收下导出的邮件，等办公室在“来信”中认领；同一封只收一次。有收不下的返回1。"""
    with plain_errors():
        with reading() as session:
            chosen = find_season(session, season)
        facts, code = read_mails(chosen, path)
    show(facts, as_json, mails_as_text(facts))
    raise typer.Exit(code)


@inbox_app.command("fetch")
def inbox_fetch(as_json: AsJson = False) -> None:
    """立即从设定的收信邮箱和文件夹收取一次；邮箱连不上或登录不了返回1。"""
    with plain_errors():
        facts, code = fetch_mails()
    show(facts, as_json, mails_as_text(facts))
    raise typer.Exit(code)


@public_app.command("export")
def public_export(
    file: Annotated[Path, typer.Argument(help="写到哪个 .zip 文件")],
    result: Annotated[bool, typer.Option("--result", help="导出认定结果；不写时导出公示")] = False,
    season: Annotated[str | None, typer.Option(help="年度的键；不写时为最近的年度")] = None,
    as_json: AsJson = False,
) -> None:
    """把公示或认定结果导出为静态网页：网页、样式、二维码、Word、PDF 和列有各文件 SHA-256 的清单。"""
    what = Public.RESULT if result else Public.NOTICE
    with plain_errors(), reading() as session:
        made = export(session, find_season(session, season), what)
        write(file, made.content)
    facts = {"file": str(file), "title": made.filename.removesuffix(".zip"), "bytes": len(made.content)}
    show(facts, as_json, f"已导出“{facts['title']}”到 {file}。")


def write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Refused(Reason("not_written", f"写不了 {file}：{error.strerror}。请换一个位置。")) from None


# --- running -----------------------------------------------------------------------------------------------------


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
        accounts = practice_accounts(session, season)
    lines = [
        f"流程看板：{settings().dashboard_url}/（用办公室账号登录）",
        f"年度：{season.title}",
    ]
    if accounts:
        lines += [
            f"演练账号（密码都是 {practice_password()}）：",
            *(f"  {a.login:<18}{a.label}" for a in accounts),
        ]
    return lines


@app.command()
def run(name: Annotated[str, typer.Argument(help="database、prefect、engine、web 或 mailbox")]) -> NoReturn:
    """单独运行一个进程。"""
    part = next((p for p in plan(settings()) if p.name == name), None)
    if part is None:
        names = "、".join(p.name for p in plan(settings()))
        typer.echo(f"没有名为“{name}”的进程。可选：{names}。", err=True)
        raise typer.Exit(UNUSABLE)
    os.chdir(PROJECT)
    os.execve(part.command[0], part.command, environment(settings()))  # noqa: S606 -- becomes the process itself


@app.command()
def migrate() -> None:
    """把数据库升级到当前版本。"""
    with plain_errors():
        upgrade()
    typer.echo("数据库已是当前版本。")


# --- the notice and the season -------------------------------------------------------------------------------------


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
    lines = [f"已开启 {facts['title']}（{facts['key']}），通知散列 {facts['notice'][:12]}。", *facts["gaps"]]
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


# --- trust -----------------------------------------------------------------------------------------------------------


OfSeason = Annotated[str, typer.Option("--season", help="只查这个年度（年度的键）；不写查全部年度")]


@app.command()
def doctor(season: OfSeason = "", as_json: AsJson = False) -> None:
    """用现有数据逐条检查不变量。"""
    with plain_errors(), reading() as session:
        seasons = chosen_seasons(session, season)
        reports = [(s.key, check(session, s)) for s in seasons]
        troubles = mailbox_troubles(session)
    broken = [{"season": key, "number": b.number, "text": b.text} for key, r in reports for b in r.broken]
    checked = sum(r.checked for _, r in reports)
    text = "\n".join(f"{b['season']} 第{b['number']}条：{b['text']}" for b in broken)
    text = "\n".join([text or f"检查{checked}条不变量，全部成立。", *(f"收信：{t}" for t in troubles)])
    show({"checked": checked, "broken": broken, "inbox": troubles}, as_json, text)
    if broken:
        raise typer.Exit(FAILED)


@audit_app.command("verify")
def audit_verify(season: OfSeason = "", as_json: AsJson = False) -> None:
    """校验流转记录的散列链；指出第一处被改动的记录。"""
    with plain_errors(), reading() as session:
        fault = verify(session, chosen_seasons(session, season))
    show(
        {"ok": fault is None, "fault": str(fault) if fault else None},
        as_json,
        str(fault) if fault else "流转记录完整，未发现改动。",
    )
    if fault is not None:
        raise typer.Exit(FAILED)


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


@user_app.command("add")
def user_add(
    login: str,
    name: Annotated[str, typer.Option(help="姓名")],
    email: Annotated[str | None, typer.Option(help="电子邮箱")] = None,
    as_json: AsJson = False,
) -> None:
    """新增账号；初始密码随机生成，只显示这一次。"""
    password = make_password()
    with plain_errors(), transaction() as session:
        person = add_account(session, name=name, login=login, password=password, email=email)
        facts = {"id": str(person.id), "login": person.login, "password": password}
    show(facts, as_json, f"已新增账号 {facts['login']}，初始密码：{password}")


@user_app.command("seat")
def user_seat(
    login: str,
    body: Annotated[str, typer.Option(help="通知文件里的机构键，如 office、county_union、expert")],
    organisation: Annotated[str | None, typer.Option(help="单位、县（区）机构的全称")] = None,
    season: Annotated[str | None, typer.Option(help="年度的键；不写时为最近的年度")] = None,
    as_json: AsJson = False,
) -> None:
    """让一个账号在年度的某个机构里办理。"""
    with plain_errors(), transaction() as session:
        person, chosen = find_account(session, login), find_season(session, season)
        seat_person(session, chosen, notice_of(session, chosen), person, body, organisation)
        facts = {"login": login, "body": body, "organisation": organisation, "season": chosen.key}
    show(facts, as_json, f"{login} 已在 {facts['season']} 的 {body} 办理。")


@token_app.command("create")
def token_create(
    login: str, name: Annotated[str, typer.Option(help="用途")] = "接口", as_json: AsJson = False
) -> None:
    """为账号签发接口令牌；只显示这一次。"""
    with plain_errors(), transaction() as session:
        token = create_token(session, find_account(session, login), name)
    show({"login": login, "token": token}, as_json, token)
