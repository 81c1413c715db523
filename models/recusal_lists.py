"""Which recusals and relatives does somebody read on his own page, and the office on its?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models.case import Case
from models.people import Person, Seat
from models.recusal import Recusal, Relative, clauses, is_recused
from models.seats import seat_is_held
from models.viewer import Viewer
from models.words import RecusalGround, Relation

MOST = 300


@dataclass(frozen=True)
class Declared:
    """A recusal on record, by whom it was declared."""

    recusal: Recusal
    case: Case
    person: Person
    declared_by: Person

    @property
    def by_himself(self) -> bool:
        return self.person.id == self.declared_by.id


@dataclass(frozen=True)
class Found:
    """What the system finds between an expert or inspector and a case."""

    case: Case
    person: Person
    grounds: tuple[RecusalGround, ...]


def declared(viewer: Viewer, case: Case | None = None) -> list[Declared]:
    """The recusals of the season, or of one case, the latest first; for everybody but the office only his own."""
    by = aliased(Person)
    wanted = (
        rows_of(Recusal, Case, Person, by)
        .join(Case, col(Case.id) == col(Recusal.case_id))
        .join(Person, col(Person.id) == col(Recusal.person_id))
        .join(by, col(Recusal.declared_by) == by.id)
        .where(col(Recusal.season_id) == viewer.season.id)
        .order_by(col(Recusal.declared_at).desc(), col(Recusal.id))
        .limit(MOST)
    )
    if case is not None:
        wanted = wanted.where(col(Recusal.case_id) == case.id)
    if not viewer.is_office:
        wanted = wanted.where(col(Recusal.person_id) == viewer.person.id)
    return [Declared(*row) for row in viewer.session.execute(wanted)]


def found(viewer: Viewer) -> list[Found]:
    """Between those who may be assigned and the cases still in it: the same rule by which they are left out."""
    bodies = [b.key for b in viewer.notice.bodies if b.relation is Relation.ASSIGNED]
    seated = (
        select(Seat.person_id)
        .where(Seat.season_id == viewer.season.id, col(Seat.body).in_(bodies))
        .where(seat_is_held(viewer.moment))
    )
    grounds = {g: c for g, c in clauses(Person, Relation.ASSIGNED).items() if g != RecusalGround.DECLARED}
    rows = viewer.session.execute(
        rows_of(Case, Person, *grounds.values())
        .where(col(Case.season_id) == viewer.season.id, col(Case.closed_at).is_(None))
        .where(col(Person.id).in_(seated), is_recused(Person, Relation.ASSIGNED))
        .order_by(col(Case.number), col(Person.name))
        .limit(MOST)
    )
    held = [
        Found(case, person, tuple(g for g, holds in zip(grounds, hit, strict=True) if holds))
        for case, person, *hit in rows
    ]
    return [f for f in held if f.grounds]


def relatives(viewer: Viewer) -> Sequence[tuple[Relative, Person]]:
    """The relatives that stand: his own, for the office everybody's."""
    wanted = (
        select(Relative, Person)
        .join(Person, col(Person.id) == col(Relative.person_id))
        .where(Relative.season_id == viewer.season.id, col(Relative.struck_at).is_(None))
        .order_by(col(Person.name), col(Relative.declared_at))
    )
    if not viewer.is_office:
        wanted = wanted.where(Relative.person_id == viewer.person.id)
    return viewer.session.exec(wanted).all()


def seated(viewer: Viewer) -> dict[str, list[Person]]:
    """Everybody who holds a seat, body by body: from whom the office chooses."""
    rows = viewer.session.exec(
        select(Seat.body, Person)
        .join(Person, col(Person.id) == col(Seat.person_id))
        .where(Seat.season_id == viewer.season.id, col(Person.active), seat_is_held(viewer.moment))
        .order_by(col(Person.name), col(Person.id))
    ).all()
    return {
        b.label: people for b in viewer.notice.bodies if (people := [p for body, p in rows if body == b.key])
    }
