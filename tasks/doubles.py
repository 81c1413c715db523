"""How does the office rule on two applications that speak of the same person? One of them stands, or both do."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlmodel import Session, select

from models.case import Case
from models.doubles import unsettled
from models.people import Person
from models.sameness import Sameness
from models.season import Season, notice_by_digest, notice_of, now
from models.seats import is_office
from models.verdict import Reason, Refused, Verdict, require
from models.words import EventKind, Ground, Outcome
from tasks.advance import end_case
from tasks.recognition import free_place
from tasks.record import lock_cases, lock_season, record, wake


@dataclass(frozen=True)
class Ruling:
    """What the office says of a pair: `kept` stands and the other ends, or (None) they are two persons."""

    kept: UUID | None
    reason: str


def settle_double(
    session: Session, first_id: UUID, second_id: UUID, person: Person, ruling: Ruling
) -> Sameness:
    """Rule on two applications; whoever is concerned hears of the one that ends as of every other ending."""
    first_id, second_id = sorted((first_id, second_id))
    season = _season(session, first_id)
    first, second = _both(session, first_id, second_id)
    grounds = unsettled(session, season.id, first).get((first_id, second_id), ())
    require(_check_settle(session, season, (first, second), person, ruling, grounds))
    kept = next((c for c in (first, second) if c.id == ruling.kept), None)
    settled = _keep(session, season, first, second, person, ruling)
    for case, other in ((first, second), (second, first)):
        record(
            session,
            EventKind.SAMENESS_SETTLED,
            season=season,
            case=case,
            actor=person,
            other=other.number,
            same=kept is not None,
            kept=kept.number if kept else None,
            grounds=list(grounds),
            reason=settled.reason,
        )
        wake(session, season, case)
    if kept is not None:
        _end(session, season, second if kept is first else first, kept, person)
    return settled


def _season(session: Session, case_id: UUID) -> Season:
    case = session.get(Case, case_id)
    if case is None:
        raise Refused(Reason("unknown_case", "没有找到这名人选。", kind="missing"))
    return lock_season(session, case.season_id)


def _both(session: Session, first_id: UUID, second_id: UUID) -> tuple[Case, Case]:
    found = lock_cases(session, {first_id, second_id})
    if len(found) != 2 or found[0].season_id != found[1].season_id:
        raise Refused(Reason("unknown_case", "没有找到这两名人选。", kind="missing"))
    return found[0], found[1]


def _check_settle(
    session: Session,
    season: Season,
    pair: tuple[Case, Case],
    person: Person,
    ruling: Ruling,
    grounds: tuple[Ground, ...],
) -> Verdict:
    if not is_office(session, season, notice_of(session, season), person):
        return (Reason("office_only", "重复申报由办公室核定。", "四", "forbidden"),)
    if not grounds:
        return (Reason("already_settled", "这两名人选已经核定过，或者其中一名已经终结。", "四"),)
    if not ruling.reason.strip():
        return (Reason("reason_missing", "请写明核定的依据。", "四", "invalid", "reason"),)
    if ruling.kept is None:
        return _are_two(grounds)
    ending = [c for c in pair if c.id != ruling.kept]
    if len(ending) != 1:
        text = "请选择保留哪一个申报，或认定为两个人。"
        return (Reason("choice_missing", text, "四", "invalid", "ruling"),)
    if not ending[0].live:
        text = f"{ending[0].number}已经认定，不能在这里终结；请保留它，或先按规定撤销认定。"
        return (Reason("already_recognised", text, "四", "invalid", "ruling"),)
    return ()


def _are_two(grounds: tuple[Ground, ...]) -> Verdict:
    if Ground.ID_NUMBER not in grounds:
        return ()
    text = "两份申报的身份证号相同，只能是同一个人，请选择保留哪一个；号码填错的，请先退回改正。"
    return (Reason("same_number", text, "四", "invalid", "ruling"),)


def _keep(
    session: Session, season: Season, first: Case, second: Case, person: Person, ruling: Ruling
) -> Sameness:
    """An earlier ruling on the same pair gives way; the record keeps both."""
    found = session.exec(
        select(Sameness).where(Sameness.first == first.id, Sameness.second == second.id)
    ).first()
    said = Sameness(
        id=found.id if found else uuid4(),
        season_id=season.id,
        first=first.id,
        second=second.id,
        same=ruling.kept is not None,
        kept=ruling.kept,
        reason=ruling.reason.strip(),
        settled_by=person.id,
        settled_at=now(season),
    )
    return session.merge(said)


def _end(session: Session, season: Season, case: Case, kept: Case, person: Person) -> None:
    notice = notice_by_digest(session, case.notice_digest)
    reason = f"与{kept.number}重复，由办公室核定"
    end_case(session, season, notice, case, Outcome.WITHDRAWN, actor=person, reason=reason)
    free_place(session, season, notice, case, actor=person)
