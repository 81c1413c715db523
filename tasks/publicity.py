"""How does a list become public, and how is an error in it, or in the result, put right (三（七）、七（二）, C18)?

A second person releases what was looked at, field by field; that and nothing else is published. A text that is wrong
is corrected by two persons as well, and the old one stays in the record.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.case import Case
from models.gates import Gate
from models.notice import Notice, Step
from models.people import Person
from models.publication import PublicRow, drafted, on_show, publications
from models.published import Correction, Publication, rows_digest
from models.releasing import CLAUSE, text_is_clean
from models.season import Season, notice_of, now
from models.seats import bodies_of, is_office
from models.text import count_characters, tidy_line, tidy_text
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import Viewer
from models.words import CorrectionState, EventKind, StepKind
from tasks.public_paper import paper_is_clean
from tasks.record import lock_season, record
from tasks.telling import tell_correction_waits

LONGEST_TEXT, LONGEST_REASON = 200, 500


# --- the release -------------------------------------------------------------------------------------------------


def release_list(
    session: Session, season: Season, notice: Notice, gate: Gate, window: Step, person: Person
) -> Publication:
    """Keep what is released: the rows as they stand now, with their hash. The season's row must be locked."""
    rows = drafted(session, season, notice, window)
    asked = _asked(session, [r.case_id for r in rows])
    require(_are_anothers(asked, person))
    require(paper_is_clean(session, season, notice, window, rows))
    kept = [row.kept() for row in rows]
    publication = Publication(
        season_id=season.id,
        gate_id=gate.id,
        step=window.key,
        rows=kept,
        digest=rows_digest(kept),
        released_by=person.id,
        released_at=now(season),
    )
    session.add(publication)
    for correction in asked:
        _settle(session, season, correction, CorrectionState.RELEASED, person)
    record(
        session,
        EventKind.LIST_RELEASED,
        season=season,
        actor=person,
        step=window.key,
        gate=str(gate.id),
        names=len(rows),
        digest=publication.digest,
    )
    return publication


def _asked(session: Session, case_ids: Sequence[UUID]) -> Sequence[Correction]:
    return session.exec(
        select(Correction).where(
            col(Correction.case_id).in_(case_ids), Correction.state == CorrectionState.ASKED
        )
    ).all()


# --- a text that is wrong ----------------------------------------------------------------------------------------


def check_office(session: Session, season: Season, person: Person) -> Verdict:
    if is_office(session, season, notice_of(session, season), person):
        return OPEN
    return (Reason("office_only", "公示内容的更正由办公室提出。", CLAUSE, "forbidden"),)


def check_releaser(session: Session, season: Season, person: Person) -> Verdict:
    """Whoever checks public notices; who asked for a correction does not release it himself."""
    held = bodies_of(session, season.id, person, now(season))
    if held & releasing_bodies(notice_of(session, season)):
        return OPEN
    return (Reason("not_releaser", "公示内容的更正由脱密审核人审核。", CLAUSE, "forbidden"),)


def releases(viewer: Viewer) -> bool:
    """Whether this person checks public notices."""
    return bool(viewer.bodies & releasing_bodies(viewer.notice))


def releasing_bodies(notice: Notice) -> set[str]:
    """Those who check a public notice; where the file asks for no check, the office, by a second person."""
    windows = [s for s in notice.season_steps if s.kind is StepKind.WINDOW]
    checks = [c for w in windows if (c := notice.check_of(w))]
    return {d.body for c in checks for d in c.deciders} or {notice.office}


def ask_correction(
    session: Session,
    season_id: UUID,
    person: Person,
    *,
    window: str,
    case_id: UUID,
    column: str,
    text: str,
    reason: str,
) -> Correction:
    """The office puts a text right: at once in the draft, in what is published once a second person releases it."""
    season = lock_season(session, season_id)
    require(check_office(session, season, person))
    notice = notice_of(session, season)
    step = next((s for s in notice.season_steps if s.key == window and s.kind is StepKind.WINDOW), None)
    case = session.get(Case, case_id)
    if step is None or case is None or case.season_id != season.id:
        raise Refused(Reason("unknown_row", "没有找到要更正的人选。", CLAUSE, "missing"))
    publication = next(iter(publications(session, season, step)), None)
    old = _text_now(session, season, notice, step, publication, case, column)
    text, reason = tidy_line(text), tidy_text(reason)
    require(_correction_is_sound(session, notice, step, case, column, old, text, reason))
    correction = Correction(
        season_id=season.id,
        case_id=case.id,
        column=column,
        old=old,
        new=text,
        reason=reason,
        published_id=publication.id if publication and _stands_in(publication, case) else None,
        asked_by=person.id,
        asked_at=now(season),
    )
    session.add(correction)
    record(
        session,
        EventKind.CORRECTION_ASKED,
        season=season,
        actor=person,
        case_number=case.number,
        column=_label(step, column),
        published=correction.published_id is not None,
    )
    if correction.published_id is not None:
        label = _label(step, column)
        tell_correction_waits(session, season, notice, correction, label, releasing_bodies(notice))
    return correction


def _text_now(
    session: Session,
    season: Season,
    notice: Notice,
    step: Step,
    publication: Publication | None,
    case: Case,
    column: str,
) -> str:
    """The text as it is shown, or would be."""
    rows: list[PublicRow] = []
    if publication is not None:
        rows = [r.row for r in on_show(session, season, notice, step, publication).rows]
    rows += drafted(session, season, notice, step)
    row = next((r for r in rows if r.case_id == case.id), None)
    if row is None or column not in row.cells:
        raise Refused(Reason("unknown_row", "这名人选不在拟公示或已公示的名单上。", CLAUSE, "missing"))
    return row.cells[column]


def _correction_is_sound(
    session: Session, notice: Notice, step: Step, case: Case, column: str, old: str, text: str, reason: str
) -> Verdict:
    found: list[Reason] = []
    if not text and column == "name":
        found.append(Reason("text_missing", "姓名不能为空，请填写更正后的内容。", CLAUSE, "invalid", "text"))
    elif text == old:
        found.append(Reason("same_text", "与原来的内容相同，不需要更正。", CLAUSE, "invalid", "text"))
    elif count_characters(text) > LONGEST_TEXT:
        wrong = f"最多{LONGEST_TEXT}字，请删减。"
        found.append(Reason("too_long", wrong, CLAUSE, "invalid", "text"))
    if not reason:
        found.append(Reason("reason_missing", "请写明更正的理由。", CLAUSE, "invalid", "reason"))
    elif count_characters(reason) > LONGEST_REASON:
        wrong = f"理由最多{LONGEST_REASON}字，请删减。"
        found.append(Reason("too_long", wrong, CLAUSE, "invalid", "reason"))
    if any(c.column == column for c in _asked(session, [case.id])):
        wrong = "这一栏已有一项更正等待审核，审核之后再提出。"
        found.append(Reason("correction_waits", wrong, CLAUSE))
    return (*found, *text_is_clean(notice, case, _label(step, column), text))


def _stands_in(publication: Publication, case: Case) -> bool:
    return any(row["case_id"] == str(case.id) for row in publication.rows)


def _label(step: Step, column: str) -> str:
    return next((c.label for c in step.publishing.columns if c.key == column), column)


def settle_correction(session: Session, correction_id: UUID, person: Person, *, released: bool) -> Correction:
    """The second person: released, the public page shows the new text as a correction; refused, nothing changes."""
    known = session.get(Correction, correction_id)
    if known is None:
        raise Refused(Reason("unknown_correction", "没有找到这项更正。", CLAUSE, "missing"))
    season = lock_season(session, known.season_id)
    correction = session.get_one(Correction, correction_id, populate_existing=True)
    require(check_releaser(session, season, person))
    if correction.state != CorrectionState.ASKED:
        raise Refused(Reason("already_settled", "这项更正已经审核过。", CLAUSE))
    require(_are_anothers([correction], person))
    state = CorrectionState.RELEASED if released else CorrectionState.REFUSED
    _settle(session, season, correction, state, person)
    return correction


def _are_anothers(corrections: Sequence[Correction], person: Person) -> Verdict:
    if all(c.asked_by != person.id for c in corrections):
        return OPEN
    text = "更正须由另一人审核，您是提出人，不能自己审核。"
    return (Reason("second_person", text, CLAUSE, "forbidden"),)


def _settle(
    session: Session, season: Season, correction: Correction, state: CorrectionState, person: Person
) -> None:
    correction.state, correction.settled_by, correction.settled_at = state, person.id, now(season)
    session.add(correction)
    record(
        session,
        EventKind.CORRECTION_SETTLED,
        season=season,
        actor=person,
        case_number=session.get_one(Case, correction.case_id).number,
        released=state is CorrectionState.RELEASED,
    )


def waiting_corrections(session: Session, season: Season) -> list[tuple[Correction, Case]]:
    """The corrections that nobody has settled, the oldest first."""
    rows = session.exec(
        select(Correction, Case)
        .join(Case, col(Case.id) == col(Correction.case_id))
        .where(Correction.season_id == season.id, Correction.state == CorrectionState.ASKED)
        .order_by(col(Correction.asked_at))
    )
    return [(correction, case) for correction, case in rows]


def corrections_waiting(session: Session, season: Season) -> int:
    """The figure beside 公示管理 for whoever releases."""
    wanted = select(func.count()).select_from(Correction).where(Correction.season_id == season.id)
    return session.exec(wanted.where(Correction.state == CorrectionState.ASKED)).one()
