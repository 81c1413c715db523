"""How is a dossier asked for, made part by part, stopped, and taken away?

The engine makes one part after the other, each in a transaction of its own: killed, it goes on at the part that was
under way. What is made lies sealed like every file, for a week.
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from models.case import Case
from models.database import real_now, transaction
from models.dossier import UNDER_WAY, Dossier, DossierPart, check_dossiers, parts_of
from models.filestore import FileGone, drop_with, get, put_with
from models.people import Person, Seat
from models.season import Season, notice_of
from models.verdict import Reason, Refused, require
from models.viewer import Viewer, read_viewer
from models.words import DossierState, EventKind
from tasks.archive import Archive, Entry, about, whole_case, zipped
from tasks.record import lock_cases, lock_season, record
from tasks.record_texts import of_season
from tasks.redaction import redacted_case
from tasks.season_archive import season_archive, season_cases

MOST_ATTEMPTS = 3
KEPT_DAYS = 7
OF_SEASON = "年度.zip"

log = logging.getLogger("gongjiang.dossiers")


def ask(session: Session, viewer: Viewer, case: Case | None, *, redacted: bool) -> Dossier:
    """Have a dossier made. Refused while the same one is under way."""
    require(check_dossiers(viewer))
    same = select(Dossier).where(
        Dossier.season_id == viewer.season.id,
        col(Dossier.case_id).is_not_distinct_from(case.id if case else None),
        Dossier.redacted == redacted,
        col(Dossier.state).in_(UNDER_WAY),
    )
    lock_season(session, viewer.season.id)
    if session.exec(same).first() is not None:
        raise Refused(Reason("dossier_under_way", "同样的档案正在生成，请在下面的列表中查看进度。"))
    dossier = Dossier(
        season_id=viewer.season.id,
        case_id=case.id if case else None,
        redacted=redacted,
        asked_by=viewer.person.id,
    )
    session.add(dossier)
    session.flush()
    return dossier


def stop(session: Session, viewer: Viewer, dossier_id: UUID) -> Dossier:
    """Stop what is under way; what was made of it is thrown away."""
    require(check_dossiers(viewer))
    dossier = _locked(session, viewer, dossier_id)
    if dossier.state not in UNDER_WAY:
        raise Refused(Reason("dossier_over", "这份档案已经不在生成中，不需要停止。"))
    _end(session, dossier, DossierState.STOPPED)
    return dossier


def _locked(session: Session, viewer: Viewer, dossier_id: UUID) -> Dossier:
    found = session.exec(
        select(Dossier)
        .where(Dossier.id == dossier_id, Dossier.season_id == viewer.season.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise Refused(Reason("unknown_dossier", "没有找到这份档案。", kind="missing"))
    return found


def _end(session: Session, dossier: Dossier, state: DossierState, problem: str = "") -> None:
    """However it ends without being there: no part is kept."""
    for part in parts_of(session, dossier):
        if part.file_id is not None:
            drop_with(session, part.file_id)
            part.file_id = None
            session.add(part)
    dossier.state, dossier.problem, dossier.finished_at = state, problem, real_now()
    session.add(dossier)


# --- making it ----------------------------------------------------------------------------------------------------


def work_once() -> bool:
    """Do the next piece of work that waits: plan a dossier, or make one part of it; no if there is none."""
    with transaction() as session:
        dossier = _next(session)
        if dossier is None:
            return False
        if dossier.state == DossierState.WAITING:
            _plan(session, dossier)
            return True
        if dossier.attempts >= MOST_ATTEMPTS:
            name = _waiting_part(session, dossier).name
            problem = f"生成“{name}”时连续{MOST_ATTEMPTS}次没有成功，请查看日志 engine.log。"
            _end(session, dossier, DossierState.FAILED, problem)
            return True
        dossier.attempts += 1
        session.add(dossier)
        dossier_id = dossier.id
    _make_part(dossier_id)
    return True


def _next(session: Session) -> Dossier | None:
    return session.exec(
        select(Dossier)
        .where(col(Dossier.state).in_(UNDER_WAY))
        .order_by(col(Dossier.asked_at))
        .limit(1)
        .with_for_update()
    ).first()


def _plan(session: Session, dossier: Dossier) -> None:
    cases: Sequence[Case | None]
    if dossier.case_id is not None:
        cases = [session.get_one(Case, dossier.case_id)]
    else:
        cases = [None, *season_cases(session, dossier.season_id)]
    for position, case in enumerate(cases):
        name = part_name(case) if case else OF_SEASON
        session.add(
            DossierPart(
                dossier_id=dossier.id, position=position, case_id=case.id if case else None, name=name
            )
        )
    dossier.state = DossierState.WORKING
    session.add(dossier)


def part_name(case: Case) -> str:
    return f"案件/{case.number}.zip"


def _waiting_part(session: Session, dossier: Dossier) -> DossierPart:
    return next(p for p in parts_of(session, dossier) if p.file_id is None)


def _make_part(dossier_id: UUID) -> None:
    """One part, thrown away again if the dossier was stopped meanwhile; what is refused ends the dossier."""
    try:
        with transaction() as session:
            dossier = session.get_one(Dossier, dossier_id)
            part = _waiting_part(session, dossier)
            made = _content(session, dossier, part)
            session.refresh(dossier, with_for_update=True)
            if dossier.state == DossierState.WORKING:
                _keep_part(session, dossier, part, made)
    except Refused as refusal:
        with transaction() as session:
            dossier = session.get_one(Dossier, dossier_id, with_for_update=True)
            if dossier.state == DossierState.WORKING:
                name = _waiting_part(session, dossier).name.removesuffix(".zip")
                _end(session, dossier, DossierState.FAILED, f"{name}：{refusal}")


def _content(session: Session, dossier: Dossier, part: DossierPart) -> bytes:
    season = session.get_one(Season, dossier.season_id)
    viewer = read_viewer(
        session, session.get_one(Person, dossier.asked_by), season, notice_of(session, season)
    )
    require(check_dossiers(viewer))
    case = session.get_one(Case, part.case_id) if part.case_id else None
    return b"".join(zipped(part_archive(viewer, case, redacted=dossier.redacted)))


def part_archive(viewer: Viewer, case: Case | None, *, redacted: bool) -> Archive:
    """What one part consists of: a case, or the season's own papers."""
    if case is None:
        return season_archive(viewer, redacted=redacted)
    return redacted_case(viewer, case) if redacted else whole_case(viewer, case)


def _keep_part(session: Session, dossier: Dossier, part: DossierPart, content: bytes) -> None:
    part.file_id, part.size, part.sha256 = uuid4(), len(content), hashlib.sha256(content).hexdigest()
    put_with(session, part.file_id, content)
    dossier.attempts = 0
    session.add_all([part, dossier])
    session.flush()
    if all(p.file_id for p in parts_of(session, dossier)):
        season = session.get_one(Season, dossier.season_id)
        viewer = read_viewer(
            session, session.get_one(Person, dossier.asked_by), season, notice_of(session, season)
        )
        dossier.manifest = json.dumps(season_about(viewer, redacted=dossier.redacted), ensure_ascii=False)
        dossier.state, dossier.finished_at = DossierState.READY, real_now()
        session.add(dossier)


def season_about(viewer: Viewer, *, redacted: bool) -> dict[str, Any]:
    """The head of the manifest of a whole season."""
    return about(viewer, "season", of_season(viewer), redacted=redacted)


# --- taking it ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """A dossier on its way out; its content is read while it is sent."""

    filename: str
    content: Iterator[bytes]


def take(session: Session, viewer: Viewer, dossier_id: UUID) -> Taken:
    """Hand a finished dossier out, and put on record who took it."""
    require(check_dossiers(viewer))
    dossier = _locked(session, viewer, dossier_id)
    if dossier.state != DossierState.READY:
        raise Refused(Reason("dossier_not_ready", "这份档案还没有生成好，或者已经不在了，请重新生成。"))
    parts = parts_of(session, dossier)
    name = note_taken(session, viewer, dossier.case_id, redacted=dossier.redacted)
    entries = [Entry(p.name, "dossier", partial(get, p.file_id)) for p in parts if p.file_id]
    if dossier.case_id is not None:
        return Taken(name, iter([_read(entries[0])]))
    return Taken(name, zipped(Archive("", entries, [], json.loads(dossier.manifest))))


def _read(entry: Entry) -> bytes:
    try:
        return entry.read()
    except FileGone:
        raise Refused(Reason("dossier_not_ready", "这份档案的文件已损坏或不在了，请重新生成。")) from None


def note_taken(session: Session, viewer: Viewer, case_id: UUID | None, *, redacted: bool) -> str:
    """Put on record that a dossier leaves the system; the name of its file."""
    season = lock_season(session, viewer.season.id)
    case = lock_cases(session, [case_id])[0] if case_id else None
    known = viewer.person if session.get(Person, viewer.person.id) else None
    record(session, EventKind.DOSSIER_TAKEN, season=season, case=case, actor=known, redacted=redacted)
    what = "脱密档案" if redacted else "档案"
    return f"{case.number if case else season.key}{what}.zip"


def make_at_once(session: Session, season: Season, case: Case | None, *, redacted: bool) -> Taken:
    """For whoever runs the machine: the same, put together while it is read, and put on record."""
    viewer = operator(session, season)
    if case is not None:
        content = zipped(part_archive(viewer, case, redacted=redacted))
    else:
        parts = [(OF_SEASON, None), *((part_name(c), c) for c in season_cases(session, season.id))]
        entries = [
            Entry(name, "dossier", partial(_whole, viewer, one, redacted=redacted)) for name, one in parts
        ]
        content = zipped(Archive("", entries, [], season_about(viewer, redacted=redacted)))
    name = note_taken(session, viewer, case.id if case else None, redacted=redacted)
    return Taken(name, content)


def _whole(viewer: Viewer, case: Case | None, *, redacted: bool) -> bytes:
    return b"".join(zipped(part_archive(viewer, case, redacted=redacted)))


def case_by_number(session: Session, season: Season, number: str) -> Case:
    found = session.exec(
        select(Case).where(Case.season_id == season.id, Case.number == number.strip())
    ).first()
    if found is None:
        text = f"年度“{season.key}”没有编号为“{number.strip()}”的案件。"
        raise Refused(Reason("unknown_case", text, "", "missing", "number"))
    return found


def operator(session: Session, season: Season) -> Viewer:
    """Whoever has the machine has the record: looks as the office does, and is nobody in it."""
    notice = notice_of(session, season)
    nobody = Person(name="系统管理员（命令行）")
    seat = Seat(season_id=season.id, body=notice.office, person_id=nobody.id, since=season.opened_at)
    return Viewer(session, nobody, season, notice, [seat], [])


def forget_old(session: Session) -> int:
    """Throw away what was made a week ago; how many that were."""
    before = real_now() - timedelta(days=KEPT_DAYS)
    old = session.exec(
        select(Dossier)
        .where(Dossier.state == DossierState.READY, col(Dossier.finished_at) < before)
        .with_for_update(skip_locked=True)
    ).all()
    for dossier in old:
        throw_away(session, dossier)
    return len(old)


def throw_away(session: Session, dossier: Dossier) -> None:
    """Let what was made go; that it was made stays."""
    _end(session, dossier, DossierState.GONE)
