"""Who is announced as holding the title, since when, and what of that was put right afterwards (五, C18)?"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.gates import Gate
from models.honours import Revocation
from models.joint import JointNumber, number_in_force
from models.notice import Notice, Step, day_of
from models.publication import Shown, ShownRow, on_show
from models.published import Publication
from models.season import Season
from models.words import GateState, Outcome


@dataclass(frozen=True)
class Result:
    """The result as it is shown; `since` is None as long as it has not gone out, `revoked` is by case.

    `number` and `dated` are the joint document's, as they are in force; without one, `dated` is the day of the title.
    """

    shown: Shown
    since: datetime | None
    number: str
    dated: date | None
    revoked: dict[UUID, Revocation]


def result_now(
    session: Session, season: Season, notice: Notice, window: Step, publication: Publication
) -> Result:
    """Of those released for the public notice, the ones who were recognised.

    What was put right before the result went out simply stands in it; what was put right later is shown as corrected.
    """
    since = result_since(session, season, notice)
    shown = on_show(session, season, notice, window, publication)
    recognised = set(
        session.exec(select(Case.id).where(Case.season_id == season.id, Case.outcome == Outcome.RECOGNISED))
    )
    rows = [
        ShownRow(r.row, {c: at for c, at in r.corrected.items() if _is_later(at, since)})
        for r in shown.rows
        if r.row.case_id in recognised
    ]
    later = [c for c in shown.corrections if c.case_id in recognised and _is_later(c.settled_at, since)]
    revoked = session.exec(select(Revocation).where(Revocation.season_id == season.id))
    return Result(
        Shown(rows, later, 0, publication),
        since,
        *_number_and_day(session, season, notice),
        revoked={r.case_id: r for r in revoked},
    )


def _number_and_day(session: Session, season: Season, notice: Notice) -> tuple[str, date | None]:
    if (number := number_in_force(session, season)) is not None:
        return number.number, number.dated
    settled = _settled_at(session, season, notice)
    return "", day_of(settled) if settled else None


def _is_later(moment: datetime | None, since: datetime | None) -> bool:
    return moment is not None and since is not None and moment >= since


def result_since(session: Session, season: Season, notice: Notice) -> datetime | None:
    """When the joint document got its number; in a season without one, when the titles were given."""
    if notice.joint_document is not None:
        return session.exec(
            select(JointNumber.recorded_at)
            .where(JointNumber.season_id == season.id)
            .order_by(col(JointNumber.revision))
            .limit(1)
        ).first()
    return _settled_at(session, season, notice)


def _settled_at(session: Session, season: Season, notice: Notice) -> datetime | None:
    """When the season's gate that gives the title was passed."""
    keys = [s.key for s in notice.season_steps if s.settles]
    return session.exec(
        select(Gate.closed_at)
        .where(Gate.season_id == season.id, col(Gate.step).in_(keys), col(Gate.case_id).is_(None))
        .where(Gate.state == GateState.CLEARED)
    ).first()
