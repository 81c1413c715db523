"""How is erased what has been kept long enough: proposed by one, confirmed by another, carried out piece by piece?

Each case goes in a transaction of its own, files after it, so that a process that is killed half-way goes on where it
stopped. The chain of events holds no plain number, only that something was erased, so it still verifies.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, pool, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from models.appeal import Appeal, Said, appeal_about
from models.attachment import Attachment
from models.case import Case
from models.crypto import seal_json
from models.data_words import ErasureState, Part
from models.database import reading, real_now, transaction
from models.dossier import Dossier, DossierPart
from models.filestore import drop, drop_with, path_of
from models.importing import SheetImport
from models.incoming import Incoming, IncomingPart, content_about
from models.objection import Account, Objection, ObjectionFile, keep_account, read_account
from models.orphans import DRAFT_FILE
from models.people import Person
from models.retention import Erasure, ErasureItem, erasures, held_back, items_of, open_erasure
from models.season import Season, notice_of, now
from models.seats import is_office
from models.submission import Submission, Typed
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import read_viewer
from models.words import DossierState, EventKind
from settings import settings
from tasks.dossiers import throw_away
from tasks.imports import erase_rows
from tasks.publicity import releases
from tasks.record import lock_cases, lock_season, record
from tasks.retention_plan import ERASED, NAME, plan

CLAUSE = "个人信息保护法第47条"
AT_ONCE = 50
TABLES = ("case", "submission", "typed", "sheet_import", "incoming", "incoming_part", "objection", "appeal")


# --- two people ---------------------------------------------------------------------------------------------------


def check_propose(session: Session, season: Season, person: Person) -> Verdict:
    if not is_office(session, season, notice_of(session, season), person):
        return (Reason("office_only", "清除个人信息由办公室提出。", CLAUSE, "forbidden"),)
    if open_erasure(session, season.id) is not None:
        return (Reason("already_open", "上一份清除清单还没有办完，请先确认或不予清除。", CLAUSE),)
    return OPEN


def propose(session: Session, season_id: UUID, person: Person, seen: str = "") -> Erasure:
    """Put the list of what is due now before a second person; `seen` is the digest of what was looked at."""
    season = lock_season(session, season_id)
    require(check_propose(session, season, person))
    found = plan(session, season)
    if not found.due:
        raise Refused(Reason("nothing_due", "没有到期的个人信息，不需要清除。", CLAUSE))
    if seen not in ("", found.digest):
        raise Refused(Reason("list_changed", "打开页面之后清单有了变动，请核对下面最新的清单。", CLAUSE))
    erasure = Erasure(season_id=season.id, digest=found.digest, proposed_by=person.id)
    session.add(erasure)
    session.flush()
    session.add_all(
        ErasureItem(
            erasure_id=erasure.id,
            position=n,
            data_class=due.data_class,
            part=due.part,
            case_id=due.case_id,
            ref=due.ref,
            sha256=due.sha256,
        )
        for n, due in enumerate(sorted(found.due, key=lambda d: (str(d.case_id), *d.key)), 1)
    )
    session.flush()
    return erasure


def check_settle(
    session: Session, season: Season, erasure: Erasure, person: Person, *, confirmed: bool
) -> Verdict:
    """Another one of the office, or who checks public notices; whoever proposed may only take it back."""
    viewer = read_viewer(session, person, season, notice_of(session, season))
    if not (viewer.is_office or releases(viewer)):
        text = "清除清单由办公室另一人或公示审核人确认。"
        return (Reason("not_second", text, CLAUSE, "forbidden"),)
    if confirmed and person.id == erasure.proposed_by:
        return (Reason("same_person", "清单由您提出，须由另一人确认。", CLAUSE, "forbidden"),)
    if erasure.state != ErasureState.OPEN:
        return (Reason("already_settled", "这份清单已经办理，不需要再次确认。", CLAUSE),)
    return OPEN


def settle(session: Session, erasure_id: UUID, person: Person, *, confirmed: bool) -> Erasure:
    """Say yes or no to the list as it was proposed; nothing is erased here."""
    erasure = session.get(Erasure, erasure_id)
    if erasure is None:
        raise Refused(Reason("unknown_erasure", "没有这份清除清单。", kind="missing"))
    season = lock_season(session, erasure.season_id)
    session.refresh(erasure)
    require(check_settle(session, season, erasure, person, confirmed=confirmed))
    erasure.state = ErasureState.CONFIRMED if confirmed else ErasureState.DECLINED
    erasure.settled_by, erasure.settled_at = person.id, real_now()
    session.add(erasure)
    record(
        session,
        EventKind.ERASURE_SETTLED,
        season=season,
        actor=person,
        erasure=str(erasure.id),
        digest=erasure.digest,
        confirmed=confirmed,
        proposed_by=session.get_one(Person, erasure.proposed_by).name,
        items=len(items_of(session, erasure.id)),
    )
    session.flush()
    return erasure


# --- carrying out -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Erased:
    """What came of it: `left` are files that a backup held on to, to be done by running it again."""

    erased: int
    kept: int
    left: int
    compacted: bool

    @property
    def done(self) -> bool:
        return not self.left and self.compacted


def carry_out(erasure_id: UUID) -> Erased:
    """Erase what was confirmed and is still due; what was killed half-way is taken up again. Repeating is harmless."""
    with reading() as session:
        erasure = session.get_one(Erasure, erasure_id)
        if erasure.state not in (ErasureState.CONFIRMED, ErasureState.DONE):
            raise Refused(Reason("not_confirmed", "这份清单还没有经第二人确认，不能清除。", CLAUSE))
        waiting = [i for i in items_of(session, erasure_id) if i.erased_at is None]
        still_due = {d.key: d for d in plan(session, session.get_one(Season, erasure.season_id)).due}
    if erasure.state == ErasureState.CONFIRMED:
        for positions in _portions([i for i in waiting if (i.part, i.ref) in still_due]):
            _erase(erasure_id, positions)
    return _finish(erasure_id)


def carry_out_next() -> bool:
    """Carry out what was confirmed first; no if nothing waits, or something holds on to it for the time being."""
    with reading() as session:
        wanted = select(Erasure.id).where(Erasure.state == ErasureState.CONFIRMED)
        waiting = session.exec(wanted.order_by(col(Erasure.settled_at))).first()
    return waiting is not None and carry_out(waiting).done


def _portions(items: Sequence[ErasureItem]) -> Iterator[list[int]]:
    """A case at a time; what belongs to none in small heaps."""
    for case_id, group in groupby(items, key=lambda i: i.case_id):
        positions = [i.position for i in group]
        size = len(positions) if case_id else AT_ONCE
        for start in range(0, len(positions), size):
            yield positions[start : start + size]


def _erase(erasure_id: UUID, positions: list[int]) -> None:
    """One portion, in one transaction, unless it was held back a moment ago."""
    with transaction() as session:
        erasure = session.get_one(Erasure, erasure_id)
        season = lock_season(session, erasure.season_id)
        by = session.get_one(Person, erasure.settled_by)
        items = [i for i in items_of(session, erasure_id) if i.position in set(positions) and not i.erased_at]
        if not items:
            return
        case_id = items[0].case_id
        case = lock_cases(session, [case_id])[0] if case_id else None
        if {None, case_id} & held_back(session, season.id).keys():
            return
        if case is not None:
            _forget_dossiers(session, case)
        for item in items:
            _STROKES[Part(item.part)](session, item.ref, by, now(season))
            item.erased_at = real_now()
            session.add(item)
        record(
            session,
            EventKind.DATA_ERASED,
            season=season,
            case=case,
            actor=by,
            erasure=str(erasure.id),
            classes=sorted({i.data_class for i in items}),
            parts={p: n for p in Part if (n := sum(i.part == p for i in items))},
            hashes=sorted(i.sha256 for i in items),
        )


def _forget_dossiers(session: Session, case: Case) -> None:
    """What was made of the case before holds copies."""
    holding = select(DossierPart.dossier_id).where(DossierPart.case_id == case.id)
    wanted = select(Dossier).where(col(Dossier.id).in_(holding), Dossier.state != DossierState.GONE)
    for dossier in session.exec(wanted.with_for_update()).all():
        throw_away(session, dossier)


def _erase_numbers(session: Session, ref: str, by: Person, at: Any) -> None:
    case = session.get_one(Case, UUID(ref))
    case.sealed, case.id_index, case.phone_index = None, None, None
    session.add(case)
    for row in session.exec(select(Submission).where(Submission.case_id == case.id)).all():
        row.sealed = None
        session.add(row)


def _erase_form(session: Session, ref: str, by: Person, at: Any) -> None:
    case = session.get_one(Case, UUID(ref))
    case.form = {NAME: case.name}
    session.add(case)


def _erase_file(session: Session, ref: str, by: Person, at: Any) -> None:
    file = session.get_one(Attachment, UUID(ref))
    file.removed_by, file.removed_at, file.filename = by.id, at, f"{ERASED}.{file.kind}"
    session.add(file)
    drop_with(session, file.id)


def _erase_sheet(session: Session, ref: str, by: Person, at: Any) -> None:
    sheet = session.get_one(SheetImport, UUID(ref))
    erase_rows(sheet)
    session.add(sheet)


def _erase_mail(session: Session, ref: str, by: Person, at: Any) -> None:
    mail = session.get_one(Incoming, UUID(ref))
    mail.sender, mail.subject, mail.note = ERASED, ERASED, ""
    mail.content = seal_json({"sender": ERASED, "subject": ERASED, "text": ERASED}, content_about(mail.id))
    session.add(mail)
    for part in session.exec(select(IncomingPart).where(IncomingPart.incoming_id == mail.id)).all():
        drop_with(session, part.id)
        session.delete(part)


def _erase_objection(session: Session, ref: str, by: Person, at: Any) -> None:
    """Who objected and what he said; what the office found and concluded stays."""
    objection = session.get_one(Objection, UUID(ref))
    said = read_account(objection)
    kept = Account(
        ERASED,
        "",
        ERASED,
        said.objector_kind,
        admission=said.admission,
        finding=said.finding,
        conclusion=said.conclusion,
    )
    keep_account(objection, kept)
    objection.asked_from = ""
    session.add(objection)
    for file in session.exec(select(ObjectionFile).where(ObjectionFile.objection_id == objection.id)).all():
        drop_with(session, file.id)
        session.delete(file)


def _erase_appeal(session: Session, ref: str, by: Person, at: Any) -> None:
    appeal = session.get_one(Appeal, UUID(ref))
    appeal.content = seal_json(vars(Said(ERASED, "", ERASED)), appeal_about(appeal))
    session.add(appeal)


def _erase_typed(session: Session, ref: str, by: Person, at: Any) -> None:
    person, _, about = ref.partition(" ")
    typed = session.get_one(Typed, (UUID(person), about))
    if about.startswith(DRAFT_FILE):
        drop_with(session, UUID(about.removeprefix(DRAFT_FILE)))
    session.delete(typed)


_STROKES = {
    Part.NUMBERS: _erase_numbers,
    Part.FORM: _erase_form,
    Part.FILE: _erase_file,
    Part.SHEET: _erase_sheet,
    Part.MAIL: _erase_mail,
    Part.OBJECTION: _erase_objection,
    Part.APPEAL: _erase_appeal,
    Part.TYPED: _erase_typed,
}


# --- its end ------------------------------------------------------------------------------------------------------


def _finish(erasure_id: UUID) -> Erased:
    """Let go the bytes that a killed process or a backup left, and have the tables written anew."""
    with reading() as session:
        items = items_of(session, erasure_id)
        files = [UUID(i.ref) for i in items if i.part == Part.FILE and i.erased_at]
    for file_id in files:
        drop(file_id)
    left = sum(path_of(file_id).exists() for file_id in files)
    compacted = not left and _compacted()
    erased = sum(i.erased_at is not None for i in items)
    with transaction() as session:
        erasure = session.get_one(Erasure, erasure_id, with_for_update=True)
        if not left and compacted and erasure.state == ErasureState.CONFIRMED:
            erasure.state, erasure.done_at = ErasureState.DONE, real_now()
            session.add(erasure)
    return Erased(erased, len(items) - erased, left, compacted)


def _compacted() -> bool:
    """What was overwritten still lies in the tables' files until they are written anew; no if one was in use."""
    url = settings().database_url
    owner = create_engine(
        url,
        poolclass=pool.NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": "-c lock_timeout=10000"},
    )
    try:
        with owner.connect() as connection:
            for table in TABLES:
                connection.execute(text(f'VACUUM FULL "{table}"'))
    except OperationalError:
        return False
    finally:
        owner.dispose()
    return True


def unfinished(session: Session, season: Season) -> Erasure | None:
    """The list that was confirmed and not carried out to its end: to be taken up again."""
    return next((e for e in erasures(session, season.id) if e.state == ErasureState.CONFIRMED), None)
