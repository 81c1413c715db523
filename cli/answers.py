"""How does a command answer? In Chinese sentences or as JSON, with an exit code; never with a traceback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import OperationalError, ProgrammingError

from models.anchor_text import Kept, read_kept
from models.crypto import KeysMissing, Unreadable
from models.verdict import Reason, Refused
from notices.problems import NoticeError
from processes.errors import CannotStart
from settings import SettingsError

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
OfSeason = Annotated[str, typer.Option("--season", help="只查这个年度（年度的键）；不写查全部年度")]
FAILED, UNUSABLE = 1, 2


def group(about: str) -> typer.Typer:
    """Commands that share a first word."""
    return typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=about)


@contextmanager
def plain_errors() -> Iterator[None]:
    """What goes wrong is said in a Chinese sentence on the error stream, never as a traceback."""
    try:
        yield
    except (NoticeError, Refused, CannotStart, SettingsError, KeysMissing, Unreadable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNUSABLE) from None
    except ProgrammingError as error:
        if not isinstance(error.orig, UndefinedTable | UndefinedColumn):
            raise
        typer.echo("数据库的表还不是当前版本。请先运行 gongjiang migrate，或启动系统。", err=True)
        raise typer.Exit(UNUSABLE) from None
    except (OperationalError, psycopg.OperationalError) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        typer.echo(
            f"无法连接数据库：{reason}。请先运行 gongjiang up，或检查 GONGJIANG_DATABASE_URL。", err=True
        )
        raise typer.Exit(UNUSABLE) from None


def show(facts: Any, as_json: bool, text: str) -> None:
    typer.echo(json.dumps(facts, ensure_ascii=False, indent=2, default=str) if as_json else text)


def kept_anchor(given: str) -> Kept:
    """What somebody kept of an anchor: the mail (.eml) or its text in a file, or the hash itself."""
    file = Path(given)
    if not file.is_file():
        return read_kept(given)
    try:
        return read_kept(_mailed_text(file.read_bytes()))
    except (OSError, UnicodeDecodeError, LookupError):
        text = f"读不了文件 {given}：请把记录锚邮件存为 .eml，或把全文存为文本文件（UTF-8）。"
        raise Refused(Reason("anchor_unreadable", text, "", "invalid")) from None


def _mailed_text(content: bytes) -> str:
    """The words of a mail as it was saved; of any other file, its text."""
    mail = message_from_bytes(content, policy=default)
    body = mail.get_body(("plain",)) if mail["MIME-Version"] else None
    return str(body.get_content()) if body is not None else content.decode()


def write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Refused(Reason("not_written", f"写不了 {file}：{error.strerror}。请换一个位置。")) from None
