"""How does the office say which trades an expert knows (三（四）)? By them the next panels are proposed."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, select

from models.notice import Notice
from models.panels import assigned_bodies
from models.people import Person, Seat
from models.season import Season, notice_of, now
from models.seats import is_office, seat_is_held
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import EventKind
from tasks.record import lock_season, record

CLAUSE = "三（四）"


def check_trades(session: Session, season: Season, by: Person) -> Verdict:
    """The office keeps the list of experts, until the season has ended."""
    if not is_office(session, season, notice_of(session, season), by):
        return (Reason("office_only", "专家熟悉的类别由办公室登记。", CLAUSE, "forbidden"),)
    if season.closed_at is not None:
        return (Reason("season_closed", "本年度已经办结，不能再改专家名录。", CLAUSE),)
    return OPEN


def set_trades(
    session: Session, season_id: UUID, person_id: UUID, by: Person, trades: Collection[str]
) -> Person:
    """Put on record the categories of 附件5 that an expert or inspector knows; who is on a panel already stays on it.

    What another season's notice calls by other keys is left alone.
    """
    season = lock_season(session, season_id)
    require(check_trades(session, season, by))
    notice = notice_of(session, season)
    person = _seated(session, season, notice, person_id)
    known = {c.key: c.label for c in notice.categories}
    if unknown := sorted(set(trades) - set(known)):
        text = f"指导目录里没有“{'、'.join(unknown)[:200]}”这一类别，请从附件5的类别中选择。"
        raise Refused(Reason("unknown_category", text, CLAUSE, "invalid", "trades"))
    before = [t for t in person.trades.split(",") if t]
    after = [*(k for k in known if k in trades), *(t for t in before if t not in known)]
    if set(after) == set(before):
        text = f"{person.name}熟悉的类别与原来的相同，没有需要保存的。"
        raise Refused(Reason("nothing_changed", text, CLAUSE, "invalid", "trades"))
    person.trades = ",".join(after)
    session.add(person)
    record(
        session,
        EventKind.TRADES_SET,
        season=season,
        actor=by,
        person=person.name,
        was=[known[t] for t in before if t in known],
        trades=[known[t] for t in after if t in known],
    )
    session.flush()
    return person


def _seated(session: Session, season: Season, notice: Notice, person_id: UUID) -> Person:
    """Somebody who may be asked by name this season, read afresh."""
    held = select(Seat.body).where(Seat.season_id == season.id, Seat.person_id == person_id)
    bodies = set(session.exec(held.where(seat_is_held(now(season)))))
    person = session.get(Person, person_id, populate_existing=True)
    if person is None or not bodies & assigned_bodies(notice):
        raise Refused(Reason("unknown_person", "专家名录里没有这个人。", CLAUSE, "missing"))
    return person
