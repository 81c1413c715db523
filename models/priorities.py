"""In which order does each unit or county recommend its people, and whom does it order (一（二）、附件2)?"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from models.case import Case
from models.importing import Priority
from models.notice import Notice
from models.people import Organisation
from models.season import Season
from models.viewer import Viewer
from models.words import OrganisationKind, Outcome, Relation

GONE = (Outcome.WITHDRAWN, Outcome.LAPSED)


@dataclass(frozen=True)
class Ranked:
    """One case among those that an organisation recommends; without a place it has not been ordered yet."""

    case: Case
    place: int | None


@dataclass(frozen=True)
class Place:
    """Which place an organisation has given to a case."""

    organisation: str
    position: int


def still_in() -> ColumnElement[bool]:
    """Whoever has withdrawn, or never handed in, leaves the order."""
    return or_(col(Case.outcome).is_(None), col(Case.outcome).not_in(GONE))


def recommending(viewer: Viewer) -> list[Organisation]:
    """The organisations for which this person recommends: their own unit, their county's union."""
    unit_bodies = {b.key for b in viewer.notice.bodies if b.relation is Relation.OWN_UNIT}
    fitting = unit_bodies | viewer.county_reviewers
    held = {s.organisation_id for s in viewer.seats if s.body in fitting}
    found = {u.id: u for u in viewer.units if u.id in held}
    return sorted(found.values(), key=lambda o: o.name)


def ranked_cases(session: Session, season: Season, organisation: Organisation) -> list[Ranked]:
    """Whom the organisation orders, those with a place first: a unit its own, a county's union all of its county."""
    listed = select(Priority.case_id).where(Priority.organisation_id == organisation.id)
    own = [col(Case.unit_id) == organisation.id, col(Case.id).in_(listed)]
    if organisation.kind == OrganisationKind.COUNTY_UNION:
        own.append(col(Case.county) == organisation.county)
    mine = and_(col(Priority.case_id) == col(Case.id), col(Priority.organisation_id) == organisation.id)
    rows = session.execute(
        rows_of(Case, col(Priority.position))
        .outerjoin(Priority, mine)
        .where(col(Case.season_id) == season.id, still_in(), or_(*own))
        .order_by(col(Priority.position).nulls_last(), col(Case.number))
    ).all()
    return [Ranked(case, n if at is not None else None) for n, (case, at) in enumerate(rows, 1)]


def places(session: Session, season_id: UUID, case_ids: Sequence[UUID]) -> dict[UUID, list[Place]]:
    """The places of these cases as they count now, with who gave them; the units' before the unions'."""
    counted = (
        rows_of(
            col(Priority.case_id),
            col(Priority.organisation_id),
            func.row_number()
            .over(partition_by=col(Priority.organisation_id), order_by=col(Priority.position))
            .label("place"),
        )
        .join(Case, col(Case.id) == col(Priority.case_id))
        .where(col(Priority.season_id) == season_id, still_in())
        .subquery()
    )
    rows = session.execute(
        rows_of(counted.c.case_id, col(Organisation.name), counted.c.place)
        .join(Organisation, col(Organisation.id) == counted.c.organisation_id)
        .where(counted.c.case_id.in_(case_ids))
        .order_by(col(Organisation.kind).desc(), col(Organisation.name))
    )
    found: dict[UUID, list[Place]] = {}
    for case_id, name, place in rows:
        found.setdefault(case_id, []).append(Place(name, place))
    return found


def advice(notice: Notice, count: int) -> str:
    """一（二）: more than the notice advises is let through with its sentence."""
    most = notice.quota.advised_per_unit
    return notice.quota.advice or "" if most is not None and count > most else ""
