"""Who inspects and judges what, how far are they, and who could step in (三（三）、三（四）)?

The office reads this; no score and no opinion stands in it. Every page takes a constant number of statements.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from models.case import Case
from models.gates import Assignment, Gate
from models.notice import Category, Decider, Notice, Step
from models.people import Person, Seat
from models.recusal import Recusal, is_recused
from models.seats import seat_is_held
from models.viewer import Viewer
from models.words import AssignmentState, GateState, Relation

PAGE = 50
WORKS = (AssignmentState.OPEN, AssignmentState.ANSWERED)


@dataclass(frozen=True)
class Member:
    """One who may be assigned, with what he has to do; `late` of the `open` ones are overdue."""

    person: Person
    body: str
    open: int
    late: int
    answered: int
    recusals: int

    @property
    def load(self) -> int:
        return self.open + self.answered

    @property
    def trades(self) -> list[str]:
        return [t for t in self.person.trades.split(",") if t]


@dataclass(frozen=True)
class Sheet:
    """One member of a panel and whether the answer is in; `recused` is found between him and the case now."""

    assignment: Assignment
    person: Person
    recused: bool

    @property
    def state(self) -> AssignmentState:
        return AssignmentState(self.assignment.state)

    @property
    def is_vacant(self) -> bool:
        """Whether somebody else has to answer: he gave the task up, or may no longer answer it."""
        return self.state is AssignmentState.RECUSED or (self.recused and self.state is AssignmentState.OPEN)


@dataclass(frozen=True)
class Panel:
    """Those who are asked by name at one gate of a case; `fitting` could join, the best first."""

    gate: Gate
    case: Case
    step: Step
    decider: Decider
    sheets: Sequence[Sheet]
    fitting: Sequence[Member]

    @property
    def counted(self) -> list[Sheet]:
        return [s for s in self.sheets if s.state is not AssignmentState.RELEASED]

    @property
    def answered(self) -> int:
        return sum(s.state is AssignmentState.ANSWERED for s in self.sheets)

    @property
    def vacant(self) -> list[Sheet]:
        """Whose substitute is still to be assigned."""
        return [s for s in self.sheets if s.is_vacant]


@dataclass(frozen=True)
class Panels:
    """One page of the open panels, those that wait for a substitute first, then the most urgent."""

    rows: Sequence[Panel]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class Coverage:
    """How many experts judge a category of 附件5, and how many candidates still in it belong there."""

    category: Category
    experts: int
    cases: int


def assigned_bodies(notice: Notice) -> set[str]:
    """The bodies of which people are asked by name."""
    return {b.key for b in notice.bodies if b.relation is Relation.ASSIGNED}


def assigned_steps(viewer: Viewer) -> dict[str, Decider]:
    """The steps at which people are asked by name, with who."""
    bodies = assigned_bodies(viewer.notice)
    return {s.key: d for s in viewer.notice.steps for d in s.deciders if d.body in bodies}


def vacancies(viewer: Viewer) -> int:
    """For how many tasks a substitute is still to be assigned: the figure beside 评审组."""
    wanted = rows_of(func.count()).select_from(Assignment).join(Gate, col(Gate.id) == col(Assignment.gate_id))
    wanted = wanted.where(col(Assignment.season_id) == viewer.season.id, col(Gate.state) == GateState.OPEN)
    found: int = viewer.session.execute(
        wanted.where(col(Assignment.state) == AssignmentState.RECUSED)
    ).scalar_one()
    return found


def members(viewer: Viewer) -> list[Member]:
    """Everyone who may be assigned, body by body, by name."""
    bodies = {d.body for d in assigned_steps(viewer).values()}
    open_ = and_(col(Assignment.state) == AssignmentState.OPEN, col(Gate.state) == GateState.OPEN)
    declared = (
        rows_of(func.count())
        .select_from(Recusal)
        .where(col(Recusal.person_id) == Person.id, col(Recusal.season_id) == viewer.season.id)
        .correlate(Person)
        .scalar_subquery()
    )
    rows = viewer.session.execute(
        rows_of(
            Person,
            col(Seat.body),
            func.count(col(Gate.id)).filter(open_),
            func.count(col(Gate.id)).filter(and_(open_, col(Gate.due_at) <= viewer.moment)),
            func.count(col(Gate.id)).filter(col(Assignment.state) == AssignmentState.ANSWERED),
            declared,
        )
        .join(Seat, col(Seat.person_id) == col(Person.id))
        .outerjoin(
            Assignment,
            and_(
                col(Assignment.person_id) == col(Person.id),
                col(Assignment.season_id) == col(Seat.season_id),
                col(Assignment.body) == col(Seat.body),
            ),
        )
        .outerjoin(Gate, col(Gate.id) == col(Assignment.gate_id))
        .where(col(Seat.season_id) == viewer.season.id, col(Seat.body).in_(bodies), col(Person.active))
        .where(seat_is_held(viewer.moment))
        .group_by(col(Person.id), col(Seat.body))
        .order_by(col(Seat.body), col(Person.name), col(Person.id))
    )
    return [Member(*row) for row in rows]


def coverage(viewer: Viewer, known: Sequence[Member]) -> list[Coverage]:
    """Category by category; one without an expert is judged by those of other trades."""
    live = select(Case.category, func.count()).where(
        Case.season_id == viewer.season.id, col(Case.outcome).is_(None)
    )
    cases = dict(viewer.session.exec(live.group_by(col(Case.category))).all())
    judged = [t for m in known for t in m.trades]
    return [Coverage(c, judged.count(c.key), cases.get(c.key, 0)) for c in viewer.notice.categories]


def open_panels(viewer: Viewer, known: Sequence[Member], page: int = 1, step: str = "") -> Panels:
    """One page of the panels whose gate is open."""
    steps = assigned_steps(viewer)
    keys = [step] if step in steps else list(steps)
    wanted = (
        rows_of(Gate, Case)
        .join(Case, col(Case.id) == col(Gate.case_id))
        .where(col(Gate.season_id) == viewer.season.id, col(Gate.state) == GateState.OPEN)
        .where(col(Gate.step).in_(keys))
    )
    total = viewer.session.execute(rows_of(func.count()).select_from(wanted.subquery())).scalar_one()
    page = max(1, min(page, -(-total // PAGE)))
    vacant = (
        rows_of(func.count())
        .select_from(Assignment)
        .where(col(Assignment.gate_id) == Gate.id, col(Assignment.state) == AssignmentState.RECUSED)
        .correlate(Gate)
        .scalar_subquery()
    )
    rows = viewer.session.execute(
        wanted.order_by(vacant.desc(), col(Gate.due_at), col(Case.number))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return Panels(_panels(viewer, known, [(g, c) for g, c in rows]), total, page)


def one_panel(viewer: Viewer, known: Sequence[Member], gate: Gate, case: Case) -> Panel:
    return _panels(viewer, known, [(gate, case)])[0]


def _panels(viewer: Viewer, known: Sequence[Member], rows: Sequence[tuple[Gate, Case]]) -> list[Panel]:
    away = _away(known, viewer, [c.id for _, c in rows])
    cases = {g.id: c.id for g, c in rows}
    sheets: dict[UUID, list[Sheet]] = {}
    found = viewer.session.exec(
        select(Assignment, Person)
        .join(Person, col(Person.id) == col(Assignment.person_id))
        .where(col(Assignment.gate_id).in_([g.id for g, _ in rows]))
        .order_by(col(Person.name), col(Assignment.id))
    )
    for assignment, person in found:
        recused = (cases[assignment.gate_id], person.id) in away
        sheets.setdefault(assignment.gate_id, []).append(Sheet(assignment, person, recused))
    deciders = assigned_steps(viewer)
    return [
        Panel(
            gate,
            case,
            viewer.notice.step(gate.step),
            deciders[gate.step],
            sheets.get(gate.id, []),
            _fitting(known, deciders[gate.step], case, away, sheets.get(gate.id, [])),
        )
        for gate, case in rows
    ]


def _away(known: Sequence[Member], viewer: Viewer, cases: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """Who is recused from which of these cases."""
    people = [m.person.id for m in known]
    rows = viewer.session.execute(
        rows_of(col(Case.id), col(Person.id))
        .where(col(Case.id).in_(cases), col(Person.id).in_(people))
        .where(is_recused(Person, Relation.ASSIGNED))
    )
    return {(case_id, person_id) for case_id, person_id in rows}


def _fitting(
    known: Sequence[Member],
    decider: Decider,
    case: Case,
    away: set[tuple[UUID, UUID]],
    panel: Sequence[Sheet],
) -> list[Member]:
    """The order in which `tasks.assigning` proposes: of the category first, then the least loaded."""
    on = {s.person.id for s in panel}
    free = [
        m
        for m in known
        if m.body == decider.body and m.person.id not in on and (case.id, m.person.id) not in away
    ]
    return sorted(free, key=lambda m: (case.category not in m.trades, m.load, str(m.person.id)))
