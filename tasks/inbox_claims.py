"""How does the office claim a mail: as a new draft, for a case that is there, as an 附件2, or not at all?

Every claim is somebody's of the office. What the mail says of its sender plays no part in it.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from documents.problems import Refusal
from models.case import Case
from models.database import real_now
from models.importing import SheetImport
from models.inbox import content_of
from models.incoming import Incoming, IncomingPart
from models.notice import Notice
from models.people import Person, Seat
from models.season import Season, notice_of, now
from models.seats import is_office, seat_is_held
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import EventKind, IncomingState, Relation
from tasks.attachments import attach
from tasks.decide import find_task
from tasks.imports import check_sheet
from tasks.inbox_parts import SUMMARY
from tasks.inbox_reading import FORM, photo_in, read_part
from tasks.intake import Application, enter_case, form_task
from tasks.mail import queue_entered
from tasks.record import lock_cases, lock_season, record
from tasks.taking import inspect_upload

PHOTO = "photo"
PHOTO_NAME = "照片（取自附件1）.jpg"
LONGEST_NOTE = 500
# A mail waits as long as one of these has not been dealt with.
MAIN = {FORM, SUMMARY}
Placings = Mapping[UUID, str]


def check_claim(session: Session, season: Season, notice: Notice, person: Person) -> Verdict:
    if not is_office(session, season, notice, person):
        return (Reason("office_only", "来信由办公室认领。", "", "forbidden"),)
    return OPEN


def check_free(part: IncomingPart) -> Verdict:
    """Every attachment goes to one place only."""
    if part.case_id is None and part.import_id is None:
        return OPEN
    text = f"附件“{part.filename}”已经归入，不能再用一次。请返回来信查看它的去向。"
    return (Reason("part_placed", text, "", "conflict", f"document-{part.id}"),)


def claim_as_case(
    session: Session,
    incoming_id: UUID,
    application: Application,
    placings: Placings,
    person: Person,
    *,
    form_part: UUID | None = None,
    by_unit: bool = False,
) -> Case:
    """Make a draft, filled in from the 附件1 among the attachments, and put the others to it.

    `placings` says which attachment is which document. Whoever claims fills in the rest of the draft, or with
    `by_unit` the clerk of the recommending unit, who is told by mail.
    """
    mail, season, notice = _opened(session, incoming_id, person)
    parts = _free_parts(session, mail, placings, form_part)
    form = next((p for p in parts if p.id == form_part), None)
    if form is not None:
        read = read_part(notice, form, application.channel)
        application = replace(application, form={**read.form, "name": application.name})
    _look_into(parts)
    filler = unit_clerk(session, season, notice, application.unit_id) if by_unit else None
    case = enter_case(session, season.id, application, person, filler=filler)
    _place(session, case, [p for p in parts if p.id in placings], placings, person)
    if form is not None:
        form.case_id = case.id
        _place_photo(session, case, form, placings, person)
    _settle(session, mail, season, person, how="draft", files=len(placings), case=case)
    if filler is not None and (task := form_task(session, notice, case)) is not None:
        queue_entered(session, find_task(session, task.id))
    return case


def unit_clerk(session: Session, season: Season, notice: Notice, unit_id: UUID | None) -> Person:
    """Whoever is seated for the unit, which fills in what it recommends."""
    bodies = [b.key for b in notice.bodies if b.relation is Relation.OWN_UNIT]
    found = session.exec(
        select(Person)
        .join(Seat, col(Seat.person_id) == col(Person.id))
        .where(Seat.season_id == season.id, col(Seat.body).in_(bodies), Seat.organisation_id == unit_id)
        .where(seat_is_held(now(season)), col(Person.active))
        .order_by(col(Seat.notified).desc(), col(Person.name))
    ).first()
    if found is None or unit_id is None:
        text = "没有选择推荐单位，或单位还没有登记经办人，不能交由单位填报。请改由办公室填报。"
        raise Refused(Reason("no_clerk", text, "", "invalid", "filler"))
    return found


def claim_to_case(
    session: Session,
    incoming_id: UUID,
    case_id: UUID,
    placings: Placings,
    person: Person,
    *,
    signed: Collection[UUID] = (),
) -> Case:
    """Put attachments to a case of the same season; `signed` are scans of printed forms with seals and signatures."""
    mail, season, _ = _opened(session, incoming_id, person)
    case = session.get(Case, case_id)
    if case is None or case.season_id != season.id:
        raise Refused(Reason("unknown_case", "本年度没有这名人选，请核对编号。", "", "invalid", "number"))
    if not placings:
        text = "请至少为一个附件选择它是哪一项材料。"
        raise Refused(Reason("nothing_placed", text, "", "invalid", "to-documents"))
    parts = _free_parts(session, mail, placings)
    _place(session, case, parts, placings, person, signed)
    _settle(session, mail, season, person, how="attached", files=len(parts), case=case)
    return case


def claim_as_import(session: Session, incoming_id: UUID, part_id: UUID, person: Person) -> SheetImport:
    """Hand an 附件2 to the import, where it is checked and shown; nothing is entered yet."""
    mail, season, _ = _opened(session, incoming_id, person)
    [part] = _free_parts(session, mail, [part_id])
    sheet = check_sheet(session, season, person, part.filename, content_of(part))
    part.import_id = sheet.id
    session.add(part)
    _settle(session, mail, season, person, how="imported", files=1)
    return sheet


def put_aside(session: Session, incoming_id: UUID, person: Person, note: str) -> Incoming:
    """Nothing more is to be taken from this mail, for a reason."""
    mail, season, _ = _opened(session, incoming_id, person)
    if mail.state != IncomingState.WAITING:
        raise Refused(Reason("not_waiting", "这封来信已经处理过了。"))
    note = note.strip()
    if not note:
        raise Refused(Reason("note_missing", "请写明为什么不再处理这封来信。", "", "invalid", "note"))
    if len(note) > LONGEST_NOTE:
        text = f"说明最多{LONGEST_NOTE}字，现在有{len(note)}字。"
        raise Refused(Reason("note_long", text, "", "invalid", "note"))
    placed = any(p.case_id or p.import_id for p in _parts(session, mail))
    mail.state = IncomingState.CLAIMED if placed else IncomingState.IGNORED
    mail.note = note
    _note(session, mail, season, person, how="put_aside", files=0, reason=note)
    return mail


def put_back(session: Session, incoming_id: UUID, person: Person) -> Incoming:
    """A mail that was settled too early waits again."""
    mail, season, _ = _opened(session, incoming_id, person)
    if mail.state == IncomingState.WAITING:
        raise Refused(Reason("still_waiting", "这封来信还在待认领中。"))
    mail.state, mail.note = IncomingState.WAITING, ""
    _note(session, mail, season, person, how="put_back", files=0)
    mail.settled_by, mail.settled_at = None, None
    return mail


# --- steps -------------------------------------------------------------------------------------------------------


def _opened(session: Session, incoming_id: UUID, person: Person) -> tuple[Incoming, Season, Notice]:
    """The mail, locked: of two people who claim it at once the second sees what the first has done."""
    mail = session.exec(
        select(Incoming)
        .where(Incoming.id == incoming_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if mail is None:
        raise Refused(Reason("unknown_mail", "没有找到这封来信。", kind="missing"))
    season = session.get_one(Season, mail.season_id)
    notice = notice_of(session, season)
    require(check_claim(session, season, notice, person))
    return mail, season, notice


def _parts(session: Session, mail: Incoming) -> list[IncomingPart]:
    wanted = select(IncomingPart).where(IncomingPart.incoming_id == mail.id)
    ordered = wanted.order_by(col(IncomingPart.position)).execution_options(populate_existing=True)
    return list(session.exec(ordered))


def _free_parts(
    session: Session, mail: Incoming, *wanted: Iterable[UUID] | UUID | None
) -> list[IncomingPart]:
    """The named attachments of this mail; refused when one was not taken in, or has gone somewhere already."""
    known = {p.id: p for p in _parts(session, mail)}
    ids: list[UUID] = []
    for given in wanted:
        ids += [given] if isinstance(given, UUID) else list(given or ())
    for part_id in dict.fromkeys(ids):
        part = known.get(part_id)
        if part is None:
            raise Refused(Reason("unknown_part", "这封来信没有这个附件。", kind="missing"))
        field = f"document-{part.id}"
        if not part.kind:
            text = f"附件“{part.filename}”没有收下：{part.problem}"
            raise Refused(Reason("part_refused", text, "", "invalid", field))
        require(check_free(part))
    return [known[i] for i in dict.fromkeys(ids)]


def _place(
    session: Session,
    case: Case,
    parts: Iterable[IncomingPart],
    placings: Placings,
    person: Person,
    signed: Collection[UUID] = (),
) -> None:
    for part in parts:
        try:
            attach(
                session,
                case.id,
                placings[part.id],
                part.filename,
                content_of(part),
                person,
                sealed_and_signed=part.id in signed,
            )
        except Refused as error:
            raise Refused(*(replace(r, field=f"document-{part.id}") for r in error.reasons)) from None
        part.case_id = case.id
        session.add(part)


def _place_photo(
    session: Session, case: Case, form: IncomingPart, placings: Placings, person: Person
) -> None:
    """The picture on the form, if no other was sent; one that is too small is left where it is."""
    picture = b"" if PHOTO in placings.values() else photo_in(form)
    if picture:
        with suppress(Refused):
            attach(session, case.id, PHOTO, PHOTO_NAME, picture, person)


def _look_into(parts: Iterable[IncomingPart]) -> None:
    """Look into the files before season and case are locked; what was found is remembered for `attach`."""
    for part in parts:
        with suppress(Refusal):
            inspect_upload(part.filename, content_of(part))


def _settle(
    session: Session,
    mail: Incoming,
    season: Season,
    person: Person,
    *,
    how: str,
    files: int,
    case: Case | None = None,
) -> None:
    """Claimed, unless something in it still waits to be dealt with."""
    session.flush()
    left = [p for p in _parts(session, mail) if p.kind and not (p.case_id or p.import_id)]
    if not any(p.looks_like in MAIN for p in left):
        mail.state = IncomingState.CLAIMED
    _note(session, mail, season, person, how=how, files=files, case=case)


def _note(
    session: Session,
    mail: Incoming,
    season: Season,
    person: Person,
    *,
    how: str,
    files: int,
    case: Case | None = None,
    reason: str = "",
) -> None:
    mail.settled_by, mail.settled_at = person.id, real_now()
    session.add(mail)
    if case is None:
        season = lock_season(session, season.id)
    else:
        [case] = lock_cases(session, [case.id])
    facts = {"mail": str(mail.id), "how": how, "files": files} | ({"reason": reason} if reason else {})
    record(session, EventKind.MAIL_SETTLED, season=season, case=case, actor=person, **facts)
    session.flush()
