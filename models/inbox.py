"""Which mails have come in, which of them wait to be claimed, and what is in one of them? For the office alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from models.case import Case
from models.crypto import unseal_json
from models.file_scan import HELD, scan_states
from models.filestore import FileGone, get, refusal
from models.importing import SheetImport
from models.incoming import Incoming, IncomingPart, Source, content_about
from models.people import Person
from models.queries import PAGE
from models.verdict import Reason
from models.viewer import Viewer
from models.words import IncomingState, ScanState

AUTOMATIC = "automatic"


@dataclass(frozen=True)
class Letter:
    """The words of a mail as they were sealed. Nothing in it is proof of anything."""

    sender: str = ""
    subject: str = ""
    sent: str = ""
    text: str = ""
    source: str = ""
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class PartRow:
    """An attachment, and the case or the import to which it went."""

    part: IncomingPart
    case: Case | None
    sheet: SheetImport | None
    scan: ScanState = ScanState.UNSCANNED

    @property
    def usable(self) -> bool:
        """Whether it was taken in at all."""
        return bool(self.part.kind)

    @property
    def openable(self) -> bool:
        return self.usable and self.scan not in HELD

    @property
    def placed(self) -> bool:
        return self.case is not None or self.sheet is not None


@dataclass(frozen=True)
class MailRow:
    mail: Incoming
    parts: int
    placed: int


@dataclass(frozen=True)
class MailPage:
    rows: list[MailRow]
    counts: dict[str, int]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def letter_of(mail: Incoming) -> Letter:
    """What the mail says, opened for somebody of the office."""
    held: dict[str, Any] = unseal_json(mail.content, content_about(mail.id)) or {}
    return Letter(**held)


def waiting_mails(viewer: Viewer) -> int:
    """How many mails wait for somebody of the office; automatic ones wait for nobody."""
    if not viewer.is_office:
        return 0
    wanted = rows_of(func.count()).select_from(Incoming).where(*_in_tab(viewer, IncomingState.WAITING))
    return int(viewer.session.execute(wanted).scalar_one())


def _in_tab(viewer: Viewer, tab: str) -> list[ColumnElement[bool]]:
    mine = col(Incoming.season_id) == viewer.season.id
    if tab == AUTOMATIC:
        return [mine, col(Incoming.state) == IncomingState.WAITING, col(Incoming.automatic).is_(True)]
    if tab == IncomingState.WAITING:
        return [mine, col(Incoming.state) == tab, ~col(Incoming.automatic).is_(True)]
    return [mine, col(Incoming.state) == tab]


def mails(viewer: Viewer, tab: str, page: int = 1) -> MailPage:
    """One page of the mails in a state, the latest first, and how many there are in every state."""
    tabs = [*IncomingState, AUTOMATIC]
    counting = [
        rows_of(func.count()).select_from(Incoming).where(*_in_tab(viewer, t)).scalar_subquery() for t in tabs
    ]
    counts = dict(zip(map(str, tabs), viewer.session.execute(rows_of(*counting)).one(), strict=True))
    total = int(counts[tab])
    page = max(1, min(page, -(-total // PAGE)))
    placed = func.count(col(IncomingPart.case_id)) + func.count(col(IncomingPart.import_id))
    rows = viewer.session.execute(
        rows_of(Incoming, func.count(col(IncomingPart.id)), placed)
        .outerjoin(IncomingPart, col(IncomingPart.incoming_id) == col(Incoming.id))
        .where(*_in_tab(viewer, tab))
        .group_by(col(Incoming.id))
        .order_by(col(Incoming.received_at).desc(), col(Incoming.id))
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return MailPage([MailRow(m, p, d) for m, p, d in rows.all()], counts, total, page)


def sees_mail(viewer: Viewer, mail_id: UUID) -> Incoming | None:
    """The mail, if it exists for this person."""
    found = viewer.session.get(Incoming, mail_id)
    return found if found is not None and viewer.is_office and found.season_id == viewer.season.id else None


def content_of(part: IncomingPart) -> bytes:
    """The bytes of an attachment that was taken in."""
    try:
        return get(part.id)
    except FileGone as error:
        text = f"“{part.filename}”的内容不在文件夹里，或者已损坏，可能恢复数据时漏了文件。请联系管理员。"
        raise refusal(error, Reason("file_gone", text)) from None


def parts_of(session: Session, mail: Incoming) -> list[PartRow]:
    """The attachments of a mail in their order, with where each of them went."""
    rows = session.execute(
        rows_of(IncomingPart, Case, SheetImport)
        .outerjoin(Case, col(Case.id) == col(IncomingPart.case_id))
        .outerjoin(SheetImport, col(SheetImport.id) == col(IncomingPart.import_id))
        .where(col(IncomingPart.incoming_id) == mail.id)
        .order_by(col(IncomingPart.position))
    )
    found = rows.all()
    scans = scan_states(session, [p.id for p, _, _ in found])
    return [PartRow(p, c, s, scans[p.id]) for p, c, s in found]


def settler(session: Session, mail: Incoming) -> str:
    person = session.get(Person, mail.settled_by) if mail.settled_by else None
    return person.name if person else ""


def cases_named_in(viewer: Viewer, text: str) -> list[Case]:
    """The live cases whose candidate's name, or whose number, stands in the text: to which this mail may belong."""
    named = func.strpos(text, col(Case.name)) > 0
    numbered = func.strpos(text, col(Case.number)) > 0
    wanted = viewer.cases().where(named | numbered).order_by(col(Case.number)).limit(20)
    return list(viewer.session.exec(wanted))


def sources(session: Session) -> Sequence[Source]:
    """Where mails are fetched from by the clock, and what stood in the way."""
    return session.exec(select(Source).order_by(col(Source.name))).all()
