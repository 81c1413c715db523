"""Who may not judge whom, and on what ground?

One rule, in SQL, over a case and a person: it leaves the recused out when people are assigned, refuses their answers,
hides the case from them and leaves their scores uncounted. 三（四） and 三（三）: who inspects or judges has nothing to
do with the candidate. Everybody else who passes a case on is held off by kinship and by what was declared only: a unit
that reviews its own nominee is what 七（二） asks for.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Boolean, ColumnElement, Index, Text, UniqueConstraint, cast, func, literal, or_, text
from sqlalchemy import Column as SqlColumn
from sqlalchemy import select as rows_of
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.case import Case
from models.database import Instant
from models.people import Person
from models.season import Season
from models.words import RecusalGround, Relation


class Recusal(SQLModel, table=True):
    """Somebody stays away from a case because he, or the office, has said so. Append-only."""

    __tablename__ = "recusal"
    __table_args__ = (UniqueConstraint("person_id", "case_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    case_id: UUID = Field(foreign_key="case.id", index=True)
    person_id: UUID = Field(foreign_key="person.id")
    declared_by: UUID = Field(foreign_key="person.id", description="the person himself, or the office")
    reason: str = Field(sa_column=SqlColumn(Text, nullable=False))
    declared_at: datetime = Field(sa_type=Instant, description="the season's time")


class Relative(SQLModel, table=True):
    """A relative whom somebody has named for a season: he stays away from a candidate of that name."""

    __tablename__ = "relative"
    __table_args__ = (
        Index(
            "uq_relative_standing",
            "person_id",
            "season_id",
            "name",
            unique=True,
            postgresql_where=text("struck_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    person_id: UUID = Field(foreign_key="person.id")
    name: str = Field(max_length=80)
    kinship: str = Field(max_length=40)
    declared_at: datetime = Field(sa_type=Instant, description="the season's time")
    struck_by: UUID | None = Field(default=None, foreign_key="person.id", description="named by mistake")
    struck_at: datetime | None = Field(default=None, sa_type=Instant)


Someone = Person | type[Person]
Moment = Mapped[datetime] | None


def clauses(
    person: Someone, relation: Relation, at: Moment = None
) -> dict[RecusalGround, ColumnElement[bool]]:
    """What holds between a row of `Case` and this person (or a row of `Person`), ground by ground; never NULL.

    With `at`, what was declared later than that moment does not count.
    """
    if relation is Relation.FILLER:
        return {}
    found = {RecusalGround.DECLARED: _declared(person, at), RecusalGround.RELATIVE: _relative(person, at)}
    if relation is Relation.ASSIGNED:
        found |= {
            RecusalGround.SAME_EMPLOYER: _same_employer(person),
            RecusalGround.RECOMMENDER: _recommender(person),
            RecusalGround.ENTERED: col(Case.entered_by) == person.id,
        }
    return found


def is_recused(person: Someone, relation: Relation, at: Moment = None) -> ColumnElement[bool]:
    """Whether any ground holds between a row of `Case` and this person, as one who acts by `relation`."""
    return or_(literal(False), *clauses(person, relation, at).values())


def _declared(person: Someone, at: Moment) -> ColumnElement[bool]:
    said = select(Recusal.id).where(col(Recusal.case_id) == Case.id, col(Recusal.person_id) == person.id)
    return _in_time(said, Recusal.declared_at, at)


def _relative(person: Someone, at: Moment) -> ColumnElement[bool]:
    named = select(Relative.id).where(
        col(Relative.person_id) == person.id,
        col(Relative.season_id) == Case.season_id,
        col(Relative.name) == Case.name,
        col(Relative.struck_at).is_(None),
    )
    return _in_time(named, Relative.declared_at, at)


def _in_time(said: SelectOfScalar[UUID], declared_at: Any, at: Moment) -> ColumnElement[bool]:
    wanted = said if at is None else said.where(col(declared_at) <= at)
    return wanted.correlate_except(Recusal, Relative).exists()


def _same_employer(person: Someone) -> ColumnElement[bool]:
    return _holds(func.nullif(person.employer, "") == col(Case.form)["employer"].astext)


def _recommender(person: Someone) -> ColumnElement[bool]:
    named = func.jsonb_build_array(func.jsonb_build_object("name", cast(func.concat(person.name), Text)))
    return _holds(col(Case.form)["recommenders"].contains(named))


def _holds(clause: ColumnElement[bool]) -> ColumnElement[bool]:
    return func.coalesce(clause, literal(False), type_=Boolean)


def grounds(session: Session, person: Person, case: Case, relation: Relation) -> tuple[RecusalGround, ...]:
    """The grounds on which this person stays away from this case; empty: none."""
    asked = clauses(person, relation)
    if not asked:
        return ()
    row = session.execute(rows_of(*asked.values()).where(col(Case.id) == case.id)).one()
    return tuple(ground for ground, holds in zip(asked, row, strict=True) if holds)


def recused_cases(session: Session, season: Season, person: Person) -> frozenset[UUID]:
    """The cases of the season that this person, whatever he sits in, neither reads about nor decides on."""
    held = is_recused(person, Relation.SEASON)
    return frozenset(session.exec(select(Case.id).where(Case.season_id == season.id, held)))
