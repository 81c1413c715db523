"""Which cases are there, as lists and as figures? Every query starts from the cases that the viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.case import Case
from models.gates import Gate
from models.listed import PAGE as PAGE
from models.listed import Listed, offset_of, total_of
from models.lists import Entry, Shortlist
from models.narrowing import LIVE, Filters, narrowed
from models.objection import Objection
from models.people import Organisation
from models.season import Season
from models.viewer import Viewer
from models.words import GateState, OrganisationKind, Place


@dataclass(frozen=True)
class CaseRow:
    case: Case
    unit: str | None
    gates: list[Gate]


def find_cases(viewer: Viewer, filters: Filters, page: int = 1) -> Listed[CaseRow]:
    """One page of the visible cases, with the unit and the open gates of each."""
    return case_rows(viewer, narrowed(viewer, viewer.cases(), filters), page)


def entered_cases(viewer: Viewer, filters: Filters, page: int = 1) -> Listed[CaseRow]:
    """What this person has entered, the latest first."""
    own = viewer.cases().where(col(Case.entered_by) == viewer.person.id)
    return case_rows(viewer, narrowed(viewer, own, filters), page, latest_first=True)


def case_rows(
    viewer: Viewer, wanted: SelectOfScalar[Case], page: int, *, latest_first: bool = False
) -> Listed[CaseRow]:
    total = total_of(viewer.session, wanted.with_only_columns(col(Case.id)))
    page, offset = offset_of(page, total)
    rows = viewer.session.execute(
        wanted.outerjoin(Organisation, col(Organisation.id) == col(Case.unit_id))
        .add_columns(col(Organisation.name))
        .order_by(col(Case.number).desc() if latest_first else col(Case.number))
        .limit(PAGE)
        .offset(offset)
    ).all()
    gates = open_gates(viewer.session, [case.id for case, _ in rows])
    return Listed([CaseRow(case, unit, gates.get(case.id, [])) for case, unit in rows], total, page)


def open_gates(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, list[Gate]]:
    """The open gates of these cases, in the order they opened."""
    found: dict[UUID, list[Gate]] = {}
    rows = session.exec(
        select(Gate)
        .where(col(Gate.case_id).in_(case_ids), Gate.state == GateState.OPEN)
        .order_by(col(Gate.opened_at), col(Gate.id))
    )
    for gate in rows:
        if gate.case_id is not None:
            found.setdefault(gate.case_id, []).append(gate)
    return found


def stage_counts(viewer: Viewer) -> dict[str, int]:
    """How many visible cases stand at each stage: those still in it, and those recognised."""
    standing = (
        viewer.cases().where(col(Case.outcome).is_(None) | (col(Case.outcome) == "recognised")).subquery()
    )
    rows = viewer.session.execute(rows_of(standing.c.stage, func.count()).group_by(standing.c.stage))
    return dict(rows.all())


def open_counts(viewer: Viewer) -> dict[str, int]:
    """How many visible cases have each step open."""
    seen = viewer.cases().with_only_columns(col(Case.id))
    rows = viewer.session.execute(
        rows_of(col(Gate.step), func.count(func.distinct(col(Gate.case_id))))
        .where(col(Gate.season_id) == viewer.season.id, col(Gate.state) == GateState.OPEN)
        .where(col(Gate.case_id).in_(seen))
        .group_by(Gate.step)
    )
    return dict(rows.all())


def outcome_counts(viewer: Viewer) -> dict[str, int]:
    """How many visible cases ended, and how; those still in it count as `live`."""
    seen = viewer.cases().subquery()
    rows = viewer.session.execute(rows_of(seen.c.outcome, func.count()).group_by(seen.c.outcome))
    return {outcome or LIVE: count for outcome, count in rows}


def units(session: Session) -> Sequence[Organisation]:
    """Who may recommend: units by name, then the counties' unions, which name people of their own too."""
    return session.exec(
        select(Organisation)
        .where(col(Organisation.kind).in_((OrganisationKind.UNIT, OrganisationKind.COUNTY_UNION)))
        .order_by(col(Organisation.kind).desc(), col(Organisation.name))
    ).all()


# --- lists -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One case on a list; its score is hidden from who is recused from the case."""

    entry: Entry
    case: Case
    unit: str | None
    recused: bool

    @property
    def score(self) -> Decimal | None:
        return None if self.recused else self.entry.score


def season_lists(session: Session, season: Season) -> Sequence[Shortlist]:
    """All lists of the season, in the order they were drafted."""
    return session.exec(
        select(Shortlist)
        .where(Shortlist.season_id == season.id)
        .order_by(col(Shortlist.drafted_at), col(Shortlist.round))
    ).all()


def place_counts(session: Session, season: Season) -> dict[tuple[UUID, str], int]:
    """How many names each list has in each place."""
    rows = session.execute(
        rows_of(col(Entry.shortlist_id), col(Entry.place), func.count())
        .join(Shortlist, col(Shortlist.id) == col(Entry.shortlist_id))
        .where(col(Shortlist.season_id) == season.id)
        .group_by(col(Entry.shortlist_id), col(Entry.place))
    )
    return {(list_id, place): count for list_id, place, count in rows}


def list_rows(viewer: Viewer, shortlist: Shortlist) -> list[Row]:
    """The names of a list that the viewer may see: on it, then the reserve, then the others, each in order."""
    seen = viewer.cases().with_only_columns(col(Case.id))
    rows = viewer.session.execute(
        rows_of(Entry, Case, col(Organisation.name))
        .join(Case, col(Case.id) == col(Entry.case_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Case.unit_id))
        .where(col(Entry.shortlist_id) == shortlist.id, col(Case.id).in_(seen))
    ).all()
    order = list(Place)
    return sorted(
        (Row(e, c, unit, recused=c.id in viewer.recused_from) for e, c, unit in rows),
        key=lambda r: (order.index(Place(r.entry.place)), r.entry.position),
    )


# --- objections --------------------------------------------------------------------------------------------------


def objections(viewer: Viewer, case: Case | None = None) -> list[tuple[Objection, Case]]:
    """The objections to cases in view, the latest first."""
    seen = viewer.cases().with_only_columns(col(Case.id))
    wanted = (
        rows_of(Objection, Case)
        .join(Case, col(Case.id) == col(Objection.case_id))
        .where(col(Objection.season_id) == viewer.season.id, col(Case.id).in_(seen))
        .order_by(col(Objection.registered_at).desc())
    )
    if case is not None:
        wanted = wanted.where(col(Objection.case_id) == case.id)
    return [(o, c) for o, c in viewer.session.execute(wanted)]
