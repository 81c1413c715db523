"""Who may answer an assignment now?

A body acts by its seats (design: season, body, person, from, to). One statement says it for pages, mails and checks.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.database import real_now
from models.gates import Assignment
from models.notice import Notice
from models.people import Organisation, Person, Seat
from models.season import Season, now


def seat_is_held(at: datetime, seat: type[Seat] = Seat) -> ColumnElement[bool]:
    """The seat's days include `at`."""
    return and_(col(seat.since) <= at, or_(col(seat.until).is_(None), col(seat.until) > at))


def gets_mail(at: datetime) -> ColumnElement[bool]:
    """Whoever sits here gets the mails of the body's tasks: not while a substitute stands in."""
    substitute = aliased(Seat)
    away = (
        select(substitute.id)
        .where(
            col(substitute.stands_in_for) == col(Seat.person_id),
            col(substitute.season_id) == col(Seat.season_id),
            col(substitute.body) == col(Seat.body),
            col(substitute.organisation_id).is_not_distinct_from(col(Seat.organisation_id)),
            seat_is_held(at, substitute),
        )
        .correlate(Seat)
    )
    return and_(col(Seat.notified), ~away.exists())


def answers_for(at: datetime) -> ColumnElement[bool]:
    """Joins a seat with an assignment that it may answer: its own person's, or its body's and organisation's."""
    return or_(
        col(Assignment.person_id) == col(Seat.person_id),
        and_(
            col(Assignment.person_id).is_(None),
            col(Seat.season_id) == col(Assignment.season_id),
            col(Seat.body) == col(Assignment.body),
            or_(
                col(Assignment.organisation_id).is_(None),
                col(Seat.organisation_id) == col(Assignment.organisation_id),
            ),
            seat_is_held(at),
        ),
    )


def by_seats(seats: Sequence[Seat]) -> ColumnElement[bool]:
    """The same rule for seats that were read already: a body's tasks that one of them may answer."""
    held = [
        and_(
            col(Assignment.body) == s.body,
            or_(
                col(Assignment.organisation_id).is_(None),
                col(Assignment.organisation_id) == s.organisation_id,
            ),
        )
        for s in seats
    ]
    return and_(col(Assignment.person_id).is_(None), or_(false(), *held))


def people_for(
    session: Session, assignment: Assignment, at: datetime, *, notified: bool = False
) -> Sequence[Person]:
    """The people who may answer; with `notified` only those who get the mail of each task."""
    if assignment.person_id is not None:
        return [session.get_one(Person, assignment.person_id)]
    wanted = (
        select(Person)
        .join(Seat, col(Seat.person_id) == col(Person.id))
        .where(Seat.season_id == assignment.season_id, Seat.body == assignment.body, col(Person.active))
        .where(seat_is_held(at))
        .order_by(col(Person.name), col(Person.id))
        .distinct()
    )
    if assignment.organisation_id is not None:
        wanted = wanted.where(Seat.organisation_id == assignment.organisation_id)
    if notified:
        wanted = wanted.where(gets_mail(at))
    return session.exec(wanted).all()


def mailed_of(session: Session, season: Season, bodies: Collection[str]) -> Sequence[Person]:
    """Who gets the mails of these bodies now."""
    at = now(season)
    return session.exec(
        select(Person)
        .join(Seat, col(Seat.person_id) == col(Person.id))
        .where(Seat.season_id == season.id, col(Seat.body).in_(bodies), col(Person.active))
        .where(seat_is_held(at), gets_mail(at))
        .order_by(col(Person.id))
        .distinct()
    ).all()


def may_answer(session: Session, assignment: Assignment, person: Person, at: datetime) -> bool:
    """Whether `person` holds a seat by which `assignment` may be answered at `at`."""
    if assignment.person_id is not None:
        return assignment.person_id == person.id
    return any(p.id == person.id for p in people_for(session, assignment, at))


def acts_for(session: Session, assignment: Assignment, person: Person, at: datetime) -> UUID | None:
    """For whom `person` answers: who delegated the task, or is away; None for who answers in his own right."""
    if assignment.person_id is not None:
        return assignment.given_by
    held = (
        select(Seat.stands_in_for)
        .where(Seat.season_id == assignment.season_id, Seat.body == assignment.body)
        .where(Seat.person_id == person.id, seat_is_held(at))
        .order_by(col(Seat.stands_in_for).nulls_first())
    )
    if assignment.organisation_id is not None:
        held = held.where(Seat.organisation_id == assignment.organisation_id)
    return session.exec(held).first()


def bodies_of(session: Session, season_id: UUID, person: Person, at: datetime) -> set[str]:
    """The bodies in which `person` holds a seat of the season."""
    found = session.exec(
        select(Seat.body)
        .where(Seat.season_id == season_id, Seat.person_id == person.id)
        .where(seat_is_held(at))
    )
    return set(found)


def organisation_seated(season_id: UUID, body: str, county: str, at: datetime) -> SelectOfScalar[UUID]:
    """The organisation of `county` that holds seats in `body`."""
    return (
        select(Organisation.id)
        .join(Seat, col(Seat.organisation_id) == col(Organisation.id))
        .where(Seat.season_id == season_id, Seat.body == body, Organisation.county == county)
        .where(seat_is_held(at))
        .distinct()
    )


def is_office(session: Session, season: Season, notice: Notice, person: Person) -> bool:
    """Whether `person` sits in the office that runs the season (六)."""
    return notice.office in bodies_of(session, season.id, person, now(season))


def seat_counts(session: Session, people: Collection[UUID]) -> dict[UUID, int]:
    """How many seats each of these people holds that are not over, of all seasons."""
    rows = session.exec(
        select(Seat.person_id, func.count())
        .where(col(Seat.person_id).in_(people), seat_is_held(real_now()))
        .group_by(col(Seat.person_id))
    )
    return dict(rows.all())
