"""Who is looking, in which season, and by which seats? Every page's query starts from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.case import Case
from models.gates import Assignment, Gate
from models.notice import Notice
from models.people import Organisation, Person, Seat
from models.recusal import recused_cases
from models.season import Season, now
from models.seats import by_seats, seat_is_held
from models.visibility import visible_cases
from models.words import Relation


@dataclass(frozen=True)
class Viewer:
    """A person with the seats held in one season; `units` are the organisations of those seats."""

    session: Session
    person: Person
    season: Season
    notice: Notice
    seats: Sequence[Seat]
    units: Sequence[Organisation]

    @cached_property
    def moment(self) -> datetime:
        return now(self.season)

    @cached_property
    def bodies(self) -> frozenset[str]:
        return frozenset(s.body for s in self.seats)

    @property
    def is_office(self) -> bool:
        return self.notice.office in self.bodies

    @cached_property
    def sees_all(self) -> bool:
        return self._sees("all")

    @cached_property
    def reads_opinions(self) -> bool:
        """Whether opinions, scores and places of every case in view may be read: the office and those who meet."""
        return self.sees_all or self._sees("listed")

    def _sees(self, extent: str) -> bool:
        return any(b.sees == extent for b in self.notice.bodies if b.key in self.bodies)

    @cached_property
    def is_assigned(self) -> bool:
        """Whether this person inspects or judges: they read the reports of those who went to see."""
        return any(self.notice.body(b).relation is Relation.ASSIGNED for b in self.bodies)

    @cached_property
    def enters_cases(self) -> bool:
        """Whether this person may put candidates in: units, county unions, the office, and who holds no seat at all.

        Not administrators, nor in a real season whoever uses an account of practice.
        """
        fitting = {b.key for b in self.notice.bodies if b.relation is Relation.OWN_UNIT} | {
            self.notice.office
        }
        if self.person.admin_role or (self.person.practice and not self.season.practice):
            return False
        return not self.seats or bool(self.bodies & (fitting | self.county_reviewers))

    @cached_property
    def county_reviewers(self) -> frozenset[str]:
        """The bodies that decide alone for their county: they read the opinions that others gave before them."""
        return frozenset(
            d.body
            for s in self.notice.steps
            for d in s.deciders
            if len(s.deciders) == 1 and self.notice.body(d.body).relation is Relation.OWN_COUNTY
        )

    def cases(self) -> SelectOfScalar[Case]:
        """The cases this person may see: what every query about cases starts from."""
        return visible_cases(self.session, self.season, self.notice, self.person)

    @cached_property
    def case_ids(self) -> Sequence[UUID]:
        """The same cases, read once: for pages that ask for them several times."""
        return self.session.execute(self.cases().with_only_columns(col(Case.id))).scalars().all()

    @cached_property
    def recused_from(self) -> frozenset[UUID]:
        """The cases from which this person, whatever he sits in, stays away."""
        return recused_cases(self.session, self.season, self.person)

    def reads(self, case: Case) -> bool:
        """Whether the opinions given on this case may be read by this person: never by who is recused from it."""
        if case.id in self.recused_from:
            return False
        counties = {u.id: u.county for u in self.units}
        return self.reads_opinions or any(
            s.body in self.county_reviewers
            and s.organisation_id
            and counties.get(s.organisation_id) == case.county
            for s in self.seats
        )

    def answerable(self) -> ColumnElement[bool]:
        """Assignments that this person may answer: the rule of `models.seats`, from seats already read."""
        barred = select(Gate.id).where(col(Gate.case_id).in_(self.recused_from))
        return and_(
            col(Assignment.season_id) == self.season.id,
            or_(
                col(Assignment.person_id) == self.person.id,
                and_(by_seats(self.seats), col(Assignment.gate_id).not_in(barred)),
            ),
        )

    def answers(self, assignment: Assignment) -> bool:
        """The same rule for one assignment that was read already."""
        if assignment.person_id is not None:
            return assignment.person_id == self.person.id
        return any(
            s.body == assignment.body and assignment.organisation_id in (None, s.organisation_id)
            for s in self.seats
        )

    def sees_case(self, case_id: UUID) -> Case | None:
        """The case, if it exists for this person."""
        return self.session.exec(self.cases().where(Case.id == case_id)).first()


def read_viewer(session: Session, person: Person, season: Season, notice: Notice) -> Viewer:
    rows = session.exec(
        select(Seat, Organisation)
        .outerjoin(Organisation, col(Organisation.id) == col(Seat.organisation_id))
        .where(Seat.season_id == season.id, Seat.person_id == person.id)
        .where(seat_is_held(now(season)))
    ).all()
    return Viewer(
        session, person, season, notice, [s for s, _ in rows], [o for _, o in rows if o is not None]
    )
