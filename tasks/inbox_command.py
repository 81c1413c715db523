"""What do `gongjiang inbox read` and `gongjiang inbox fetch` say of the mails that they took in?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlmodel import Session

from models.database import reading
from models.inbox import letter_of, parts_of, sources
from models.incoming import Incoming
from models.season import Season
from models.verdict import Reason, Refused
from tasks.inbox_polling import Round, Taken, collect, configured, read_path, why

ALL_WELL, PROBLEMS = 0, 1
Facts = dict[str, Any]


def read_mails(season: Season, path: Path) -> tuple[Facts, int]:
    """Take in a file or a folder of .eml files; facts and exit code."""
    try:
        taken = read_path(season.id, path)
    except OSError as error:
        text = f"打不开“{path}”：{why(error)}。请核对路径和权限。"
        raise Refused(Reason("unreadable_path", text, kind="invalid")) from None
    if not taken:
        text = f"文件夹“{path}”里没有 .eml 文件。请先从邮箱把邮件导出为 .eml。"
        raise Refused(Reason("no_mails", text, kind="invalid"))
    return _facts(taken, "")


def fetch_mails() -> tuple[Facts, int]:
    """Fetch from the mailbox and the folder that are set."""
    if not configured():
        text = "还没有设定收信邮箱。请设置 GONGJIANG_IMAP_URL 或 GONGJIANG_INBOX_FOLDER。"
        raise Refused(Reason("no_mailbox", text, kind="invalid"))
    found = collect()
    if found is None:
        found = Round(trouble="另一个进程正在收信，请稍后再试。")
    return _facts(found.taken, found.trouble)


def _facts(taken: Sequence[Taken], trouble: str) -> tuple[Facts, int]:
    with reading() as session:
        mails = [_mail_facts(session, t) for t in taken]
    facts = {
        "mails": mails,
        "taken_in": sum(t.mail is not None for t in taken),
        "known": sum(t.mail is None and not t.problem for t in taken),
        "failed": sum(bool(t.problem) for t in taken),
        "trouble": trouble,
    }
    return facts, PROBLEMS if trouble or facts["failed"] else ALL_WELL


def _mail_facts(session: Session, taken: Taken) -> Facts:
    facts: Facts = {"name": taken.name, "taken_in": taken.mail is not None, "problem": taken.problem}
    mail = session.get(Incoming, taken.mail) if taken.mail else None
    if mail is None:
        return facts
    parts = [
        {
            "filename": row.part.filename,
            "kind": row.part.kind,
            "looks_like": row.part.looks_like,
            "problem": row.part.problem,
        }
        for row in parts_of(session, mail)
    ]
    return facts | {
        "id": str(mail.id),
        "sender": mail.sender,
        "subject": mail.subject,
        "automatic": mail.automatic,
        "remarks": list(letter_of(mail).remarks),
        "parts": parts,
    }


def as_text(facts: Facts) -> str:
    """The same for people."""
    lines = [_line(mail) for mail in facts["mails"]]
    total = f"收下{facts['taken_in']}封，此前已收{facts['known']}封，没有收下{facts['failed']}封。"
    return "\n".join([*lines, facts["trouble"], total]).strip()


def _line(mail: Facts) -> str:
    if mail["problem"]:
        return f"✗ {mail['problem']}"
    if not mail["taken_in"]:
        return f"= {mail['name']}　此前已经收过"
    refused = sum(bool(p["problem"]) for p in mail["parts"])
    told = f"，其中{refused}个没有收下" if refused else ""
    return f"+ {mail['subject'] or '（无主题）'}　附件{len(mail['parts'])}个{told}"


def mailbox_troubles(session: Session) -> list[str]:
    """What stood in the way when mails were fetched last, for `gongjiang doctor`."""
    return [s.trouble for s in sources(session) if s.trouble]
