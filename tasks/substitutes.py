"""How does somebody who is away get a substitute, and how does that end?

The substitute holds seats of his own for those days, in the same bodies; the mails of arriving tasks go to him
meanwhile. Tasks that wait already are mailed to him at once.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from models.gates import Assignment, Gate
from models.handing import overlaps, own_seats, stand_ins
from models.people import Person, Seat
from models.season import Season, notice_of, now
from models.seats import by_seats, is_office
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import AssignmentState, EventKind, GateState, Handing
from tasks.decide import find_task
from tasks.mail import queue_handed
from tasks.record import lock_season, record


def name_substitute(
    session: Session,
    season_id: UUID,
    away_id: UUID,
    substitute_id: UUID,
    since: datetime,
    until: datetime,
    by: Person,
    reason: str,
) -> list[Seat]:
    """Somebody stands in for `away` from `since` to `until` (the season's time), in every seat that allows it.

    Named by whoever is away, or by the office. Refused when the days are over, or cross those of another substitute.
    """
    season = lock_season(session, season_id)
    away, substitute = session.get(Person, away_id), session.get(Person, substitute_id)
    require(_check_by(session, season, by, away))
    assert away is not None
    seats = own_seats(session, season, notice_of(session, season), away)
    require(_check(session, season, away, list(seats), substitute, since, until, reason))
    assert substitute is not None
    made = [
        Seat(
            season_id=season.id,
            body=s.body,
            person_id=substitute.id,
            organisation_id=s.organisation_id,
            since=max(since, now(season)),
            until=until,
            notified=s.notified,
            stands_in_for=away.id,
        )
        for s in seats
    ]
    session.add_all(made)
    session.flush()
    record(
        session,
        EventKind.SUBSTITUTE_NAMED,
        season=season,
        actor=by,
        away=away.name,
        substitute=substitute.name,
        since=since.isoformat(),
        until=until.isoformat(),
        reason=reason.strip(),
    )
    if since <= now(season):
        _tell_of_waiting(session, season, made, away, substitute)
    return made


def end_substitute(session: Session, seat_id: UUID, by: Person) -> Person:
    """Whoever was away is back: every seat of this substitute ends now."""
    seat = session.get(Seat, seat_id)
    if seat is None or seat.stands_in_for is None:
        raise Refused(Reason("unknown_substitute", "没有找到这项代理。", kind="missing"))
    season = lock_season(session, seat.season_id)
    away, substitute = session.get_one(Person, seat.stands_in_for), session.get_one(Person, seat.person_id)
    require(_check_by(session, season, by, away))
    held = session.exec(
        select(Seat)
        .where(Seat.season_id == season.id, Seat.person_id == substitute.id, Seat.stands_in_for == away.id)
        .where(col(Seat.until) > now(season))
        .with_for_update()
    ).all()
    if not held:
        raise Refused(Reason("already_ended", "这项代理已经结束。"))
    for each in held:
        each.until = max(each.since, now(season))
        session.add(each)
    session.flush()
    record(
        session,
        EventKind.SUBSTITUTE_ENDED,
        season=season,
        actor=by,
        away=away.name,
        substitute=substitute.name,
    )
    return substitute


def _check_by(session: Session, season: Season, by: Person, away: Person | None) -> Verdict:
    if away is None:
        return (Reason("nobody_chosen", "请选择不在岗的人员。", kind="invalid", field="away"),)
    if by.id != away.id and not is_office(session, season, notice_of(session, season), by):
        text = "代理人由本人指定；本人不能指定的，由办公室代为指定。"
        return (Reason("not_yours", text, kind="forbidden"),)
    return OPEN


def _check(
    session: Session,
    season: Season,
    away: Person,
    seats: list[Seat],
    substitute: Person | None,
    since: datetime,
    until: datetime,
    reason: str,
) -> Verdict:
    if not seats:
        text = f"{away.name}没有可以由他人代理的席位：评审、查验和会议表决须由本人办理。"
        return (Reason("in_person", text, kind="conflict", field="away"),)
    found: list[Reason] = []
    if substitute is None or substitute.id not in {p.id for p in stand_ins(session, season, seats, away)}:
        text = "请选择同一单位的一位办理人作代理；名单里没有的，请联系办公室补入名录。"
        found.append(Reason("not_a_colleague", text, kind="invalid", field="substitute"))
    elif not substitute.email:
        text = f"{substitute.name}没有登记电子邮箱，收不到任务通知，请另选一人或先补登邮箱。"
        found.append(Reason("no_address", text, kind="invalid", field="substitute"))
    if until <= since or until <= now(season):
        text = "结束日期应在今天或以后，并且不早于开始日期。"
        found.append(Reason("days_over", text, kind="invalid", field="until"))
    if not reason.strip():
        text = "请写明原因，如“外出学习”“病假”。"
        found.append(Reason("reason_missing", text, kind="invalid", field="reason"))
    return (*found, *_check_days(session, season, away, substitute, since, until))


def _check_days(
    session: Session,
    season: Season,
    away: Person,
    substitute: Person | None,
    since: datetime,
    until: datetime,
) -> Verdict:
    """One substitute at a time, who is there himself."""
    standing = select(Seat.id).where(Seat.season_id == season.id, overlaps(since, until)).limit(1)
    if session.exec(standing.where(Seat.stands_in_for == away.id)).first():
        text = f"{away.name}在这几天已经有代理人，请先结束原来的代理，或另选日期。"
        return (Reason("already_stood_in", text, kind="conflict", field="since"),)
    if substitute and session.exec(standing.where(Seat.stands_in_for == substitute.id)).first():
        text = f"{substitute.name}在这几天也不在岗，请另选一人。"
        return (Reason("also_away", text, kind="conflict", field="substitute"),)
    return OPEN


def _waiting(session: Session, season: Season, seats: Sequence[Seat]) -> Sequence[Assignment]:
    """The open tasks of these seats' bodies that are given to nobody by name, the most urgent first."""
    return session.exec(
        select(Assignment)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .where(Assignment.season_id == season.id, by_seats(seats))
        .where(Gate.state == GateState.OPEN, Assignment.state == AssignmentState.OPEN)
        .order_by(col(Gate.due_at), col(Assignment.id))
    ).all()


def _tell_of_waiting(
    session: Session, season: Season, seats: list[Seat], away: Person, substitute: Person
) -> None:
    for assignment in _waiting(session, season, seats):
        queue_handed(session, find_task(session, assignment.id), substitute, away, Handing.STOOD_IN)
