"""How does a mail come in? Read, looked into, kept sealed, and put before the office to be claimed: nothing more.

No mail is answered, and none changes a case by itself: its From line proves nothing, so a person of the office
decides about every one.
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from documents.limits import TooMuch, Unreadable, run_limited
from models.crypto import seal_json
from models.database import real_now
from models.inbox import Letter, letter_of
from models.incoming import Incoming, IncomingPart, content_about
from models.notice import Notice
from models.season import Season, notice_of
from notifications.incoming import LARGEST_MAIL, Mail, header_end, header_only, opened, parse
from notifications.packed import Part
from notifications.plaintext import without_personal_numbers
from tasks.bounces import mark_bounced
from tasks.inbox_parts import Examined, examine
from tasks.seasons import latest_season
from tasks.taking import keep_upload

SECONDS = 30
LOOKING_SECONDS = 180.0
LONGEST = 300
LONGEST_PROBLEM = 500
TOO_LONG = "这封邮件的附件太多或太复杂，没有检查到这一个。请对方把它另发一封。"
UNREADABLE = "这封邮件的结构异常，系统读不出正文和附件。请对方用普通邮件重发。"


def take_in(
    session: Session, season: Season, raw: bytes, source: str, *, arrived: datetime | None = None
) -> Incoming | None:
    """Keep a mail for the office to claim; None when the same one is here already.

    The same: byte for byte, or with the same Message-ID, sender, subject, text and attachments by another way.
    """
    digest = hashlib.sha256(raw).hexdigest()
    if _is_known(session, digest):
        return None
    return _keep(session, season, _read(raw), digest, source, arrived)


def take_in_head(
    session: Session, season: Season, head: bytes, size: int, source: str, *, arrived: datetime | None = None
) -> Incoming | None:
    """The same for a mail that is too large to be fetched: its header alone, and why."""
    digest = hashlib.sha256(head + str(size).encode()).hexdigest()
    if _is_known(session, digest):
        return None
    return _keep(session, season, header_only(head, size), digest, source, arrived)


def season_for_mail(session: Session) -> Season | None:
    """The season to which mails belong that name none: the latest real one that is open, else a practice season."""
    open_ones = session.exec(
        select(Season).where(~col(Season.practice), col(Season.closed_at).is_(None))
    ).all()
    return max(open_ones, key=lambda s: s.opened_at, default=None) or latest_season(session)


def _is_known(session: Session, digest: str) -> bool:
    return session.exec(select(Incoming.id).where(Incoming.sha256 == digest)).first() is not None


def _read(raw: bytes) -> Mail:
    """The mail as the limited process reads it; of one that breaks the reader, what its header says."""
    if len(raw) > LARGEST_MAIL:
        return parse(raw)
    try:
        answer = run_limited("notifications.incoming:read_apart", raw, seconds=SECONDS)
    except (TooMuch, Unreadable):
        return replace(header_only(raw[: header_end(raw)], len(raw)), remarks=(UNREADABLE,))
    return opened(answer)


def _keep(
    session: Session,
    season: Season,
    mail: Mail,
    digest: str,
    source: str,
    arrived: datetime | None,
) -> Incoming | None:
    notice = notice_of(session, season)
    if _is_repeated(session, mail):
        return None
    parts = list(_examined(notice, mail.parts))
    incoming = Incoming(
        season_id=season.id,
        message_id=mail.message_id[:LONGEST],
        sha256=digest,
        sender=without_personal_numbers(mail.sender)[:LONGEST],
        subject=without_personal_numbers(mail.subject)[:LONGEST],
        content=b"",
        automatic=mail.automatic,
        received_at=min(arrived or real_now(), real_now()),
    )
    letter = Letter(mail.sender, mail.subject, mail.date, mail.text, source, mail.remarks)
    incoming.content = seal_json(asdict(letter), content_about(incoming.id))
    try:
        with session.begin_nested():
            session.add(incoming)
    except IntegrityError:
        return None
    _keep_parts(session, incoming.id, parts)
    if back := mark_bounced(session, mail):
        incoming.note = f"退信：发出的{back}封邮件没有送达，已在“邮件发送记录”中标明。"
        session.add(incoming)
    return incoming


def _examined(notice: Notice, parts: Sequence[Part]) -> Iterator[Examined]:
    """Each attachment looked into, as long as one mail may keep us busy."""
    deadline = time.monotonic() + LOOKING_SECONDS
    for part in parts:
        yield examine(notice, part) if time.monotonic() < deadline else Examined(part, "", TOO_LONG)


def _keep_parts(session: Session, incoming_id: UUID, parts: Sequence[Examined]) -> None:
    """The rows of the attachments, and the bytes of those that could be taken in."""
    for position, examined in enumerate(parts, 1):
        row = IncomingPart(
            incoming_id=incoming_id,
            position=position,
            filename=examined.part.filename,
            kind=examined.kind,
            size=examined.part.size,
            sha256=examined.part.sha256,
            problem=examined.problem[:LONGEST_PROBLEM],
            looks_like=examined.looks_like,
        )
        session.add(row)
        if row.kind:
            keep_upload(session, row.id, examined.part.content)
    session.flush()


def _is_repeated(session: Session, mail: Mail) -> bool:
    """Whether this very mail has come another way, its transport lines alone being different."""
    if not mail.message_id:
        return False
    earlier = session.exec(select(Incoming).where(Incoming.message_id == mail.message_id[:LONGEST])).all()
    said = (mail.sender, mail.subject, mail.text)
    parts = [(p.size, p.sha256) for p in mail.parts]
    return any(_said(other) == said and _parts(session, other.id) == parts for other in earlier)


def _said(incoming: Incoming) -> tuple[str, str, str]:
    letter = letter_of(incoming)
    return letter.sender, letter.subject, letter.text


def _parts(session: Session, incoming_id: UUID) -> list[tuple[int, str]]:
    wanted = select(IncomingPart.size, IncomingPart.sha256).where(IncomingPart.incoming_id == incoming_id)
    return [(size, sha256) for size, sha256 in session.exec(wanted.order_by(col(IncomingPart.position)))]
