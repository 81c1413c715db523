"""Whose data did an incident touch, which kinds of it, and how are they told (个人信息保护法第57条)?"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.incident import (
    LEAST_HASH,
    Touch,
    Window,
    holders_of,
    people_called,
    touches,
    unnamed,
)
from models.notice import SHANGHAI, Notice
from models.people import Person
from models.personal import masked, sealed_form
from models.season import notice_by_digest
from models.verdict import Reason, Refused
from models.words import FieldKind
from tasks.account_log import named

CANNOT_SHOW = (
    "看网页、翻看材料、下载单个文件，只有记入流转记录或账号日志的才列出；任务只记第一次打开。",
    "直接读数据库、磁盘或备份文件的，拍照、抄录、转发的，系统里没有记录。",
    "邮件发出以后由谁看到、转给谁，系统不知道；只列出发给了谁。",
    "账号日志以人为准：账号被他人冒用时，列出的是账号的主人。",
)
HEADINGS = ("案件", "姓名", "涉及的信息", "经过", "账号", "最早", "最晚", "次数", "告知方式")


@dataclass(frozen=True)
class Asked:
    """What the command was asked; an empty word narrows nothing."""

    since: datetime
    until: datetime
    person: str = ""
    account: str = ""
    case: str = ""
    file: str = ""


@dataclass(frozen=True)
class Concerned:
    """One candidate whose data was touched."""

    number: str
    name: str
    season: str
    what: Sequence[str]
    how: Sequence[str]
    who: Sequence[str]
    first: datetime
    last: datetime
    times: int
    contact: str

    def as_row(self) -> list[str]:
        joined = ("；".join(part) for part in (self.what, self.how, self.who))
        return [
            self.number,
            self.name,
            *joined,
            shown(self.first),
            shown(self.last),
            str(self.times),
            self.contact,
        ]

    def as_json(self) -> dict[str, Any]:
        return {
            "case": self.number,
            "name": self.name,
            "what": list(self.what),
            "how": list(self.how),
            "who": list(self.who),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "times": self.times,
            "contact": self.contact,
        }


@dataclass(frozen=True)
class Found:
    """Everybody concerned, and entries of the log that name no case."""

    concerned: Sequence[Concerned]
    unnamed: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        return {
            "concerned": [c.as_json() for c in self.concerned],
            "unnamed": list(self.unnamed),
            "cannot_show": list(CANNOT_SHOW),
        }

    def as_csv(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(HEADINGS)
        writer.writerows([_safe(cell) for cell in c.as_row()] for c in self.concerned)
        return out.getvalue()

    def as_text(self) -> str:
        lines = [f"涉及 {len(self.concerned)} 名人选。"]
        for c in self.concerned:
            row = c.as_row()
            lines.append(f"{row[0]} {row[1]}：{row[2]}；经过：{row[3]}；账号：{row[4]}；")
            lines.append(f"    {row[5]} 至 {row[6]}，{row[7]} 次；告知：{row[8]}")
        lines += [f"没有写明人选、须人工核对：{text}" for text in self.unnamed]
        return "\n".join([*lines, *(f"说明：{text}" for text in CANNOT_SHOW)])


def incident(session: Session, asked: Asked) -> Found:
    """Who is concerned; reads only."""
    if asked.until <= asked.since:
        raise Refused(Reason("window_empty", "--until 应晚于 --since。", "", "invalid"))
    files = _files(session, asked)
    window = Window(asked.since, asked.until, _people(session, asked), _cases(session, asked, files))
    by_case: dict[UUID, list[Touch]] = {}
    for touch in touches(session, window):
        by_case.setdefault(touch.case_id, []).append(touch)
    cases = session.exec(select(Case).where(col(Case.id).in_(by_case)).order_by(col(Case.number))).all()
    names = _names(session, {t.person_id for rows in by_case.values() for t in rows if t.person_id})
    rows = [_concerned(session, c, by_case[c.id], names, files.get(c.id)) for c in cases]
    log = [f"{shown(e.at)} {names.get(e.person_id, '')} {e.kind} {e.about}" for e in unnamed(session, window)]
    return Found(rows, log)


def _files(session: Session, asked: Asked) -> dict[UUID, str]:
    if not asked.file:
        return {}
    digest = asked.file.strip().lower()
    if len(digest) < LEAST_HASH or set(digest) - set("0123456789abcdef"):
        text = f"--file 写文件的 SHA-256，至少前{LEAST_HASH}位。"
        raise Refused(Reason("no_hash", text, "", "invalid"))
    found = holders_of(session, digest)
    if not found:
        raise Refused(Reason("unknown_file", "没有哪一案有这个散列的文件。", kind="missing"))
    return found


def _people(session: Session, asked: Asked) -> list[UUID]:
    found: list[UUID] = []
    for known_as in filter(None, (asked.person, asked.account)):
        people = people_called(session, known_as)
        if not people:
            text = f"没有登录名、邮箱或姓名是“{known_as[:60]}”的账号。"
            raise Refused(Reason("unknown_account", text, kind="missing"))
        found += [p.id for p in people]
    return found


def _cases(session: Session, asked: Asked, files: dict[UUID, str]) -> set[UUID] | None:
    if not asked.case:
        return set(files) or None
    found = set(session.exec(select(Case.id).where(Case.number == asked.case)))
    if not found:
        raise Refused(Reason("unknown_case", f"没有编号为“{asked.case[:40]}”的人选。", kind="missing"))
    return found & set(files) if files else found


def _names(session: Session, people: set[UUID]) -> dict[UUID | None, str]:
    rows = session.exec(select(Person).where(col(Person.id).in_(people)))
    return {p.id: named(p) for p in rows}


def _concerned(
    session: Session, case: Case, rows: list[Touch], names: dict[UUID | None, str], file: str | None
) -> Concerned:
    notice = notice_by_digest(session, case.notice_digest)
    what = {t.what for t in rows} | ({_document(notice, file)} if file else set())
    return Concerned(
        number=case.number,
        name=case.name,
        season=notice.title,
        what=sorted(what),
        how=sorted({t.how for t in rows}),
        who=sorted({names.get(t.person_id, "系统或未知") for t in rows}),
        first=min(t.at for t in rows),
        last=max(t.at for t in rows),
        times=len({(t.person_id, t.at, t.how) for t in rows}),
        contact=contact_of(session, case),
    )


def _document(notice: Notice, key: str) -> str:
    return next((d.label for d in notice.documents if d.key == key), key)


def contact_of(session: Session, case: Case) -> str:
    """How to tell the candidate: his address, his number in part, and whoever filled in for him."""
    held = sealed_form(case)
    filler = session.get_one(Person, case.entered_by)
    phone = masked(FieldKind.PHONE, str(held.get("phone") or ""))
    ways = [
        str(case.form.get("email") or ""),
        f"手机 {phone}（在案件页查看完整号码，须写原因）" if phone else "",
        f"填报人 {filler.name} {filler.email or ''}".strip(),
    ]
    return "；".join(filter(None, ways))


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
