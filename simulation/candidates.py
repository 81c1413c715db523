"""Who enters a made-up season? Fictional people of every channel and route that the notice knows, marked
样例.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.notice import Notice
from models.people import Organisation, Person, Seat
from models.season import Season
from models.words import OrganisationKind, Relation, Scope
from simulation.filled import filled_form
from tasks.intake import Application, check_application

SURNAMES = "韦覃黄梁莫潘蓝罗廖陆"
GIVEN = ("建明", "丽华", "志强", "秀英", "文斌", "春梅", "国栋", "小燕", "德胜", "玉兰", "海波", "晓东")
LOCAL = (Relation.OWN_UNIT, Relation.OWN_COUNTY)


@dataclass(frozen=True)
class Place:
    """Whence a candidate may come: a unit, a county, both or neither."""

    unit: Organisation | None
    county: str | None


@dataclass(frozen=True)
class Candidate:
    """An application and the person who enters it."""

    application: Application
    person_id: UUID


class Candidates:
    """Makes up candidates for one season; the ways come in turn, so that none is left out."""

    def __init__(self, session: Session, season: Season, notice: Notice, rng: Random) -> None:
        self.session, self.season, self.notice, self.rng = session, season, notice, rng
        self.units = session.exec(
            select(Organisation)
            .where(Organisation.kind == OrganisationKind.UNIT)
            .order_by(col(Organisation.name))
        ).all()
        self.ways = [
            (c.key, r, places)
            for c in notice.channels
            for r in c.routes
            if (places := self._places(c.key, r))
        ]

    def make(self, number: int) -> Candidate:
        channel, route, places = self.ways[number % len(self.ways)]
        place = self.rng.choice(places)
        name = f"样例{self.rng.choice(SURNAMES)}{self.rng.choice(GIVEN)}"
        application = Application(
            name=name,
            channel=channel,
            route=route,
            county=place.county,
            unit_id=place.unit.id if place.unit else None,
            form=self._form(number, channel, place),
        )
        return Candidate(application, self._enterer(place).id)

    # --- where from

    def _places(self, channel: str, route: str) -> list[Place]:
        """Places that the deciders of this way can be found for, and that have no more than is needed."""
        needed = {
            self.notice.body(d.body).relation
            for s in self.notice.case_steps(channel, route)
            if s.scope is Scope.CASE
            for d in s.deciders
        }
        units: list[Organisation | None] = list(self.units) if Relation.OWN_UNIT in needed else [None]
        counties: Sequence[str | None] = self._counties() if Relation.OWN_COUNTY in needed else [None]
        return [
            Place(unit, county)
            for unit, county in product(units, counties)
            if (unit is None or county is None or unit.county == county)
            and self._fits(channel, route, unit, county)
        ]

    def _counties(self) -> Sequence[str | None]:
        return sorted({o.county for o in self.session.exec(select(Organisation)) if o.county is not None})

    def _fits(self, channel: str, route: str, unit: Organisation | None, county: str | None) -> bool:
        if unit is not None and county is None and unit.county is not None:
            return False
        application = Application("样例", channel, route, county, unit.id if unit else None)
        return not check_application(self.session, self.season, self.notice, application)

    def _enterer(self, place: Place) -> Person:
        """The unit's clerk, or an applicant, or whoever in the office does it for someone."""
        seated = select(Person).join(Seat, col(Seat.person_id) == col(Person.id))
        seated = seated.where(Seat.season_id == self.season.id).order_by(col(Person.email))
        if place.unit is not None:
            return self.session.exec(seated.where(Seat.organisation_id == place.unit.id)).one()
        applicant = self.session.exec(select(Person).where(Person.login == "applicant")).first()
        return applicant or self.session.exec(seated.where(Seat.body == self.notice.office)).one()

    # --- what is on the form

    def _form(self, number: int, channel: str, place: Place) -> dict[str, Any]:
        category = self.rng.choice(self.notice.categories) if self.notice.categories else None
        given: dict[str, Any] = {
            "email": f"candidate{number}@example.org",
            "public_power": self.rng.random() < 0.15,
            "employer": place.unit.name if place.unit else f"样例工作室{number}",
            "category": category.key if category else "",
            "occupation": self.rng.choice(category.occupations)
            if category and category.occupations
            else "其他",
            "summary": f"样例事迹{number}：扎根一线，精益求精。",
        }
        asked = {f.key for f in self.notice.fields_of(channel)}
        return filled_form(self.notice, channel, self.rng, **{k: v for k, v in given.items() if k in asked})


def corrected(form: Mapping[str, Any], rng: Random) -> dict[str, Any]:
    """The form as it comes back after a return: something in it has changed."""
    fields = [f for f in ("summary", "post", "honours", "specialty", "title") if isinstance(form.get(f), str)]
    chosen = rng.choice(fields) if fields else "summary"
    return {chosen: f"{form.get(chosen) or '样例'}（已补正）"}
