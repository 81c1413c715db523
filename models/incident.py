"""Whose data did somebody touch in a window of time (个人信息保护法第57条)? The record is asked, nothing is written.

Each source yields `Touch`es: who, when, of which case, how, and which kinds of data that way shows. The account log is
read in one place (`_logged`), by the names of its kinds, also of kinds that are not known here.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.account_words import EVENTS, AccountEventKind
from models.accounts import AccountEvent
from models.attachment import Attachment
from models.attention import TaskOpening
from models.case import Case
from models.circulation import EventReading
from models.dossier import Dossier, DossierPart
from models.event import Event
from models.gates import Assignment, Gate
from models.incoming import IncomingPart
from models.mail import Message
from models.people import Person
from models.season import Season
from models.words import EventKind, MessageState

NUMBERS, EVERYTHING = "身份证号、手机号、住址", "申请表、材料、意见和号码"
REDACTED, TASK, RESULT, NAME = (
    "申请表和意见（不含号码）",
    "申请表和材料（号码已遮盖）",
    "姓名、结果",
    "姓名、编号",
)
LEAST_HASH = 8
# Kinds of the account log that tell of data that was shown or taken, known ones and those named like them.
SHOWN = re.compile(
    r"(_seen|_viewed|_exported|_downloaded|_taken|_printed|_opened)$|^(export|download|view|print)"
)
NOT_OF_CASES = {AccountEventKind.LOG_EXPORTED}
OF_LOG = {AccountEventKind.NUMBERS_SEEN: NUMBERS}
UNKNOWN = "导出、下载或查看的内容（见说明）"


@dataclass(frozen=True)
class Window:
    """What is looked for; `people` empty is anybody, `case_ids` None any case. Moments of the machine's clock."""

    since: datetime
    until: datetime
    people: Collection[UUID] = ()
    case_ids: Collection[UUID] | None = None

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until

    def concerns(self, person_id: UUID | None, case_id: UUID | None = None) -> bool:
        same_person = not self.people or person_id in self.people
        return same_person and (self.case_ids is None or case_id in self.case_ids)


@dataclass(frozen=True)
class Touch:
    """One time that data of a case was shown to, or taken by, somebody."""

    case_id: UUID
    person_id: UUID | None
    at: datetime
    how: str
    what: str


def touches(session: Session, window: Window) -> Iterator[Touch]:
    """Everything on record, source after source; the same act may stand in two of them."""
    for source in (_numbers, _dossiers, _tasks, _readings, _mails, _logged):
        yield from (t for t in source(session, window) if window.concerns(t.person_id, t.case_id))


def _in(column: Any, window: Window) -> Any:
    return (col(column) >= window.since) & (col(column) < window.until)


def _numbers(session: Session, window: Window) -> Iterator[Touch]:
    wanted = select(Event).where(Event.kind == EventKind.NUMBERS_SEEN, _in(Event.recorded_at, window))
    for event in session.exec(wanted):
        yield Touch(event.chain, event.actor_id, event.recorded_at, "查看个人号码", NUMBERS)


def _dossiers(session: Session, window: Window) -> Iterator[Touch]:
    """A season's dossier is that of every case in it."""
    wanted = select(Event).where(Event.kind == EventKind.DOSSIER_TAKEN, _in(Event.recorded_at, window))
    for event in session.exec(wanted):
        what = REDACTED if event.facts.get("redacted") else EVERYTHING
        for case_id in _cases_of(session, event):
            yield Touch(case_id, event.actor_id, event.recorded_at, "取走档案", what)


def _cases_of(session: Session, event: Event) -> list[UUID]:
    if event.chain != event.season_id:
        return [event.chain]
    return list(session.exec(select(Case.id).where(Case.season_id == event.season_id)))


def _tasks(session: Session, window: Window) -> Iterator[Touch]:
    """A task was looked at for the first time, by a login or a mailed link; later looks are not on record."""
    rows = session.exec(
        select(TaskOpening, Gate.case_id, Season.offset_seconds)
        .join(Assignment, col(Assignment.id) == col(TaskOpening.assignment_id))
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .join(Season, col(Season.id) == col(Gate.season_id))
        .where(col(Gate.case_id).is_not(None))
    )
    for opening, case_id, offset in rows:
        at = opening.opened_at - timedelta(seconds=offset)
        if window.holds(at) and case_id:
            yield Touch(case_id, opening.person_id, at, "打开任务", TASK)


def _readings(session: Session, window: Window) -> Iterator[Touch]:
    rows = session.exec(
        select(EventReading, Event.chain, Season.offset_seconds)
        .join(Event, col(Event.id) == col(EventReading.event_id))
        .join(Season, col(Season.id) == col(Event.season_id))
        .where(col(Event.chain) != col(Event.season_id))
    )
    for reading, case_id, offset in rows:
        at = reading.read_at - timedelta(seconds=offset)
        if window.holds(at):
            yield Touch(case_id, reading.person_id, at, "阅读待阅事项", RESULT)


def _mails(session: Session, window: Window) -> Iterator[Touch]:
    """A mail that names a candidate was sent; to whom, not by whom."""
    wanted = select(Message).where(
        col(Message.case_id).is_not(None), Message.state == MessageState.SENT, _in(Message.sent_at, window)
    )
    for message in session.exec(wanted):
        if message.case_id and message.sent_at:
            yield Touch(message.case_id, message.person_id, message.sent_at, "收到邮件", NAME)


def _logged(session: Session, window: Window) -> Iterator[Touch]:
    """The one place where the account log is asked: what was shown or taken, of every case that its entry names."""
    numbers: dict[str, list[UUID]] = {}
    for case_id, number in session.exec(select(Case.id, Case.number)):
        numbers.setdefault(number, []).append(case_id)
    for entry in _shown_entries(session, window):
        how = EVENTS.get(AccountEventKind(entry.kind), entry.kind) if _known(entry.kind) else entry.kind
        for case_id in _meant(session, entry, numbers):
            yield Touch(case_id, entry.person_id, entry.at, how, OF_LOG.get(_word(entry.kind), UNKNOWN))


def _shown_entries(session: Session, window: Window) -> Iterator[AccountEvent]:
    for entry in session.exec(select(AccountEvent).where(_in(AccountEvent.at, window))):
        if SHOWN.search(entry.kind) and entry.kind not in NOT_OF_CASES and entry.result == "done":
            yield entry


def unnamed(session: Session, window: Window) -> list[AccountEvent]:
    """What was shown or taken that names no case, such as a list: it has to be looked at by a person."""
    numbers = set(session.exec(select(Case.number)))
    return [
        e
        for e in _shown_entries(session, window)
        if window.concerns(e.person_id, None)
        and window.case_ids is None
        and not any(n in f"{e.about} {e.facts}" for n in numbers)
    ]


def _known(kind: str) -> bool:
    return kind in set(AccountEventKind)


def _word(kind: str) -> Any:
    return AccountEventKind(kind) if _known(kind) else kind


def _meant(session: Session, entry: AccountEvent, numbers: dict[str, list[UUID]]) -> Iterator[UUID]:
    """The case of the entry; of one that holds no id those whose number it says, in the season that it says."""
    if case_id := entry.facts.get("case"):
        yield UUID(case_id)
        return
    said, season = f"{entry.about} {entry.facts}", str(entry.facts.get("season") or "")
    for number, found in numbers.items():
        if re.search(rf"(?<!\w){re.escape(number)}(?!\w)", said):
            for case_id in found:
                title = session.get_one(Season, session.get_one(Case, case_id).season_id).title
                if len(found) == 1 or not season or title == season:
                    yield case_id


# --- a file ------------------------------------------------------------------------------------------------------


def holders_of(session: Session, digest: str) -> dict[UUID, str]:
    """The cases that have a file of this SHA-256 (its beginning is enough), each with what the file is."""
    found: dict[UUID, str] = {}
    like = col(Attachment.sha256).startswith(digest, autoescape=True)
    for case_id, document in session.exec(select(Attachment.case_id, Attachment.document).where(like)):
        found[case_id] = document
    parts = select(IncomingPart.case_id).where(
        col(IncomingPart.sha256).startswith(digest, autoescape=True), col(IncomingPart.case_id).is_not(None)
    )
    for part_case in session.exec(parts):
        if part_case:
            found.setdefault(part_case, "来信附件")
    dossiers = (
        select(DossierPart.case_id)
        .join(Dossier, col(Dossier.id) == col(DossierPart.dossier_id))
        .where(col(DossierPart.sha256).startswith(digest, autoescape=True))
    )
    for dossier_case in session.exec(dossiers):
        if dossier_case:
            found[dossier_case] = "档案"
    return found


def people_called(session: Session, known_as: str) -> list[Person]:
    """Accounts of this login name, e-mail address or name."""
    wanted = (
        (col(Person.login) == known_as) | (col(Person.email) == known_as) | (col(Person.name) == known_as)
    )
    return list(session.exec(select(Person).where(wanted)))
