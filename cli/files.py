"""Which commands read and write files of the offices? 附件1, 附件2, mails that came in, the public pages."""

from pathlib import Path
from typing import Annotated

import typer

from cli.answers import FAILED, AsJson, group, plain_errors, show, write
from documents.read_command import as_text, read_form_file
from models.database import reading
from notices.reader import read_notice
from tasks.import_command import as_text as import_as_text
from tasks.import_command import import_file, is_well
from tasks.inbox_command import as_text as mails_as_text
from tasks.inbox_command import fetch_mails, read_mails
from tasks.practice import NOTICE
from tasks.public_files import Public, export
from tasks.seasons import find_season

app = group("各单位的文件")
inbox_app = group("来信：收取申报邮件，交办公室认领")
public_app = group("公示：导出到网站")


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
