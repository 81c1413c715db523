"""What is due to be erased now, thing by thing, and why is everything else kept (个人信息保护法第19、47条)?

Only looks. What is carried out is looked for once more by the same functions, right before it goes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from models.appeal import Appeal, said_in
from models.attachment import Attachment
from models.case import Case
from models.data_words import DataClass, Part
from models.database import real_now
from models.importing import SheetImport
from models.incoming import Incoming
from models.notice import last_day
from models.objection import Objection, read_account
from models.retention import held_back
from models.season import Season, now
from models.submission import Submission, Typed
from models.words import ImportState, IncomingState, Outcome
from notices.retention import Period, read_schedule
from tasks.imports import is_erased

ERASED = "（已清除）"
NAME = "name"


@dataclass(frozen=True)
class Due:
    """One thing that would go."""

    data_class: DataClass
    part: Part
    case_id: UUID | None
    ref: str
    sha256: str

    @property
    def key(self) -> tuple[str, str]:
        return self.part, self.ref


@dataclass(frozen=True)
class Kept:
    """One case, or a class as a whole (`case_id` empty), that is due and not erased, and why."""

    case_id: UUID | None
    why: str


@dataclass
class ClassPlan:
    """One class: when its period is over, what would go, what is kept though it is over."""

    period: Period
    over_at: datetime | None
    is_over: bool
    due: list[Due] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    @property
    def cases(self) -> set[UUID]:
        return {d.case_id for d in self.due if d.case_id}

    @property
    def parts(self) -> Mapping[Part, int]:
        return {p: n for p in Part if (n := sum(d.part is p for d in self.due))}

    @property
    def why(self) -> str:
        """Why nothing of the class goes now; empty when its time is over."""
        if self.period.after == "saved" or self.is_over:
            return ""
        return f"{last_day(self.over_at)}期满" if self.over_at else "年度还没有办结"


@dataclass(frozen=True)
class Plan:
    classes: list[ClassPlan]
    numbers: Mapping[UUID, str]

    @property
    def due(self) -> list[Due]:
        return [d for c in self.classes for d in c.due]

    @property
    def digest(self) -> str:
        lines = sorted(f"{d.data_class} {d.part} {d.ref} {d.sha256}" for d in self.due)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def plan(session: Session, season: Season) -> Plan:
    """Everything that is due in the season, by class in the order of the file; looked for anew each time."""
    held = held_back(session, season.id)
    classes = [_planned(session, season, period, held) for period in read_schedule().classes]
    concerned = {k.case_id for c in classes for k in c.kept} | {d.case_id for c in classes for d in c.due}
    rows = session.exec(select(Case.id, Case.number).where(col(Case.id).in_(concerned - {None})))
    return Plan(classes, dict(rows.all()))


def _planned(session: Session, season: Season, period: Period, held: Mapping[UUID | None, str]) -> ClassPlan:
    over_at = period.until(season.closed_at) if season.closed_at and period.after == "season_closed" else None
    over = over_at is not None and now(season) >= over_at
    found = ClassPlan(period, over_at, over)
    if not over and period.after == "season_closed":
        return found
    for due in _FINDERS[period.key](session, season, period):
        why = held.get(None) or (held.get(due.case_id) if due.case_id else None)
        if why is None:
            found.due.append(due)
        elif (kept := Kept(due.case_id, why)) not in found.kept:
            found.kept.append(kept)
    return found


def digest_of(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()


# --- cases -------------------------------------------------------------------------------------------------------


def _ended(
    session: Session, season: Season, *, recognised: bool, handed_in: bool | None = None
) -> list[Case]:
    wanted = select(Case).where(Case.season_id == season.id, col(Case.closed_at).is_not(None))
    same = col(Case.outcome) == Outcome.RECOGNISED
    wanted = wanted.where(same if recognised else ~same)
    submitted = col(Case.id).in_(select(Submission.case_id))
    if handed_in is not None:
        wanted = wanted.where(submitted if handed_in else ~submitted)
    return list(session.exec(wanted.order_by(col(Case.number))))


def _drafts(session: Session, season: Season, period: Period) -> Iterator[Due]:
    cases = _ended(session, season, recognised=False, handed_in=False)
    yield from _numbers(session, period, cases)
    for case in cases:
        if set(case.form) - {NAME}:
            text = repr(sorted(case.form.items()))
            yield Due(period.key, Part.FORM, case.id, str(case.id), digest_of(text.encode()))
    yield from _files(session, period, cases, None)


def _unsuccessful(session: Session, season: Season, period: Period) -> Iterator[Due]:
    cases = _ended(session, season, recognised=False, handed_in=True)
    yield from _numbers(session, period, cases)
    yield from _files(session, period, cases, period.documents)


def _recognised(session: Session, season: Season, period: Period) -> Iterator[Due]:
    yield from _files(session, period, _ended(session, season, recognised=True), period.documents)


def _numbers(session: Session, period: Period, cases: list[Case]) -> Iterator[Due]:
    """One stroke a case: what is sealed beside it and beside everything that was handed in, and both indices."""
    sealed = col(Submission.sealed).is_not(None)
    wanted = select(Submission.case_id, Submission.sealed).where(sealed)
    kept: dict[UUID, list[bytes]] = {c.id: [c.sealed] for c in cases if c.sealed is not None}
    for case_id, content in session.exec(wanted.where(col(Submission.case_id).in_([c.id for c in cases]))):
        kept.setdefault(case_id, []).append(content or b"")
    indexed = {c.id for c in cases if c.id_index or c.phone_index}
    for case in cases:
        if case.id in kept or case.id in indexed:
            digest = digest_of(b"".join(kept.get(case.id, [])))
            yield Due(period.key, Part.NUMBERS, case.id, str(case.id), digest)


def _files(session: Session, period: Period, cases: list[Case], documents: list[str] | None) -> Iterator[Due]:
    wanted = select(Attachment).where(col(Attachment.removed_at).is_(None))
    wanted = wanted.where(col(Attachment.case_id).in_([c.id for c in cases]))
    if documents is not None:
        wanted = wanted.where(col(Attachment.document).in_(documents))
    for file in session.exec(wanted.order_by(col(Attachment.case_id), col(Attachment.uploaded_at))):
        yield Due(period.key, Part.FILE, file.case_id, str(file.id), file.sha256)


# --- what belongs to no one case ---------------------------------------------------------------------------------


def _sheets(session: Session, season: Season, period: Period) -> Iterator[Due]:
    wanted = select(SheetImport).where(SheetImport.season_id == season.id)
    wanted = wanted.where(SheetImport.state != ImportState.CHECKED)
    for sheet in session.exec(wanted.order_by(col(SheetImport.uploaded_at))):
        if not is_erased(sheet):
            yield Due(period.key, Part.SHEET, None, str(sheet.id), digest_of(sheet.content))


def _mails(session: Session, season: Season, period: Period) -> Iterator[Due]:
    """What still waits for somebody of the office is not settled, and stays."""
    wanted = select(Incoming).where(Incoming.season_id == season.id, Incoming.sender != ERASED)
    settled = (col(Incoming.state) != IncomingState.WAITING) | col(Incoming.automatic)
    for mail in session.exec(wanted.where(settled).order_by(col(Incoming.received_at))):
        yield Due(period.key, Part.MAIL, None, str(mail.id), mail.sha256)


def _hearings(session: Session, season: Season, period: Period) -> Iterator[Due]:
    """An open one holds its own case back, so what comes here is concluded or kept."""
    for objection in session.exec(select(Objection).where(Objection.season_id == season.id)):
        if read_account(objection).objector != ERASED:
            digest = digest_of(objection.sealed)
            yield Due(period.key, Part.OBJECTION, objection.case_id, str(objection.id), digest)
    for appeal in session.exec(select(Appeal).where(Appeal.season_id == season.id)):
        if said_in(appeal).appellant != ERASED:
            yield Due(period.key, Part.APPEAL, appeal.case_id, str(appeal.id), digest_of(appeal.content))


def _typed(session: Session, season: Season, period: Period) -> Iterator[Due]:
    """By the machine's clock, as it was saved, and of every season: a form that is typed knows of none."""
    for typed in session.exec(select(Typed).order_by(col(Typed.saved_at))):
        if period.until(typed.saved_at) <= real_now():
            ref = f"{typed.person_id} {typed.about}"
            yield Due(period.key, Part.TYPED, None, ref, digest_of(typed.content))


_FINDERS = {
    DataClass.DRAFTS: _drafts,
    DataClass.UNSUCCESSFUL: _unsuccessful,
    DataClass.RECOGNISED: _recognised,
    DataClass.SHEETS: _sheets,
    DataClass.MAILS: _mails,
    DataClass.HEARINGS: _hearings,
    DataClass.TYPED: _typed,
}
