"""Which unions, departments, units and people take part, and who sits where?

The directory file names a city's counties and their bodies. A practice season gets an example person in every seat,
so that each gate has someone who can decide it; all of them are marked 样例 and have addresses at example.org.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import Session, col, select

from models.incoming import Invitation
from models.notice import Body, Notice
from models.people import Organisation, Person, Seat
from models.season import Season, now
from models.verdict import Reason, Refused
from models.words import OrganisationKind, Relation, StepKind

DIRECTORY = Path(__file__).resolve().parent.parent / "notices" / "liuzhou-directory.yaml"
PRACTICE_COUNTY = "yufeng"
PRACTICE_MEMBERS = 5


@dataclass(frozen=True)
class Account:
    """A practice account: what to log in with and whom it plays."""

    login: str
    label: str


@cache
def read_directory(path: Path = DIRECTORY) -> dict[str, Any]:
    """The file as it is; it does not change while the system runs."""
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


@cache
def county_labels() -> dict[str, str]:
    """The counties' Chinese names by their keys, in the directory's order."""
    return {c["key"]: c["label"] for c in read_directory()["counties"]}


def fill_directory(session: Session, directory: dict[str, Any], *, examples: bool = False) -> None:
    """Add the organisations that are missing; none is changed or removed. Example units only for practice."""
    rows = [(directory["city_union"], OrganisationKind.CITY_UNION, None)]
    for county in directory["counties"]:
        for body in directory["bodies"]:
            rows.append(
                (body["name"].format(county=county["label"]), OrganisationKind(body["kind"]), county["key"])
            )
    if examples:
        rows += [(u["name"], OrganisationKind.UNIT, u.get("county")) for u in directory["units"]]
    known = set(session.exec(select(Organisation.name)))
    session.add_all([Organisation(name=n, kind=k, county=c) for n, k, c in rows if n not in known])
    session.flush()


class Seating:
    """Puts example people into the seats of one practice season."""

    def __init__(self, session: Session, season: Season, make_hash: Callable[[], str]) -> None:
        self.session, self.season = session, season
        self.accounts: list[Account] = []
        invited = select(Invitation.person_id)
        examples = session.exec(
            select(Person)
            .where(col(Person.email).endswith("@example.org"))
            .where(col(Person.id).not_in(invited))
        )
        self._known = {p.email: p for p in examples}
        self._make_hash = cache(make_hash)

    def person(self, login: str | None, label: str, *, mailbox: str = "", **fields: Any) -> Person:
        """An example person, found again by the login or address in a second practice season."""
        address = f"{login or mailbox}@example.org"
        found = self._known.get(address)
        if found is None:
            found = Person(name=f"{label}（样例）", email=address, **fields)
            if login:
                found.login, found.password_hash, found.practice = login, self._make_hash(), True
            self.session.add(found)
            self.session.flush()
            self._known[address] = found
        if login:
            self.accounts.append(Account(login, label))
        return found

    def seat(
        self, person: Person, body: str, organisation: Organisation | None = None, *, notified: bool = True
    ) -> None:
        self.session.add(
            Seat(
                season_id=self.season.id,
                body=body,
                person_id=person.id,
                organisation_id=organisation.id if organisation else None,
                since=now(self.season),
                notified=notified,
            )
        )


def seat_practice(
    session: Session, season: Season, notice: Notice, make_hash: Callable[[], str]
) -> list[Account]:
    """Fill the directory and every seat that the notice's bodies need; returns the accounts with a login."""
    directory = read_directory()
    fill_directory(session, directory, examples=True)
    organisations = {o.name: o for o in session.exec(select(Organisation))}
    seating = Seating(session, season, make_hash)
    for body in notice.bodies:
        if body.relation is Relation.SEASON:
            seating.seat(seating.person(body.key, body.label), body.key)
            _seat_members(seating, notice, body)
        elif body.relation is Relation.OWN_COUNTY:
            _seat_counties(seating, directory, organisations, body.key, body.label)
        elif body.relation is Relation.OWN_UNIT:
            _seat_units(seating, directory, organisations, body.key)
        elif body.relation is Relation.FILLER:
            seating.person("applicant", "个人申报人")
        else:
            _seat_assigned(seating, directory, body.key, body.label, notice)
    session.flush()
    _seat_unions_as_units(session, season, notice)
    return seating.accounts


def _seat_members(seating: Seating, notice: Notice, body: Body) -> None:
    """A body that meets has more members than the one who logs in; the task's mail goes to that one."""
    if body.key not in {d.body for s in notice.steps if s.kind is StepKind.MEETING for d in s.deciders}:
        return
    for number in range(2, PRACTICE_MEMBERS + 1):
        member = seating.person(None, f"{body.label}成员{number}", mailbox=f"{body.key}_{number}")
        seating.seat(member, body.key, notified=False)


def _seat_counties(
    seating: Seating, directory: dict[str, Any], organisations: dict[str, Organisation], body: str, label: str
) -> None:
    """One person per county; the practice county's can log in, the others are reached by mail."""
    kinds = {b["body"]: b for b in directory["bodies"]}
    template = kinds.get(body, {"name": "{county}" + label, "kind": OrganisationKind.COUNTY_DEPARTMENT})
    for county in directory["counties"]:
        name = template["name"].format(county=county["label"])
        organisation = organisations.get(name)
        if organisation is None:
            organisation = Organisation(name=name, kind=template["kind"], county=county["key"])
            seating.session.add(organisation)
            seating.session.flush()
        login = body if county["key"] == PRACTICE_COUNTY else None
        person = seating.person(login, f"{name}经办", mailbox=f"{body}.{county['key']}")
        seating.seat(person, body, organisation)


def _seat_units(
    seating: Seating, directory: dict[str, Any], organisations: dict[str, Organisation], body: str
) -> None:
    for number, unit in enumerate(directory["units"], 1):
        person = seating.person(f"{body}{number}", f"{unit['name']}人事经办", employer=unit["name"])
        seating.seat(person, body, organisations[unit["name"]])


def _seat_assigned(
    seating: Seating, directory: dict[str, Any], body: str, label: str, notice: Notice
) -> None:
    """Experts with their employers and trades; whoever else is assigned gets plain example people."""
    scored = {d.body for s in notice.steps if s.criteria for d in s.deciders}
    if body in scored:
        for number, expert in enumerate(directory["experts"], 1):
            trades = ",".join(expert["trades"])
            fields = {"employer": expert["employer"], "trades": trades}
            seating.seat(seating.person(f"{body}{number}", f"{label}{number}", **fields), body)
    else:
        for number in range(1, directory["inspectors"] + 1):
            seating.seat(seating.person(f"{body}{number}", f"{label}{number}"), body)


def _seat_unions_as_units(session: Session, season: Season, notice: Notice) -> None:
    """附件2: a county's union also recommends people itself; who sits in it then reviews them as their unit."""
    seats = session.exec(
        select(Seat, Organisation)
        .join(Organisation, col(Organisation.id) == col(Seat.organisation_id))
        .where(Seat.season_id == season.id, Organisation.kind == OrganisationKind.COUNTY_UNION)
    ).all()
    held = {(s.body, s.person_id, s.organisation_id) for s, _ in seats}
    for body in notice.bodies:
        for seat, union in seats:
            place = (body.key, seat.person_id, union.id)
            if body.relation is Relation.OWN_UNIT and place not in held:
                held.add(place)
                session.add(
                    Seat(
                        season_id=season.id,
                        body=body.key,
                        person_id=seat.person_id,
                        organisation_id=union.id,
                        since=seat.since,
                        until=seat.until,
                        notified=seat.notified,
                    )
                )
    session.flush()


def seat_person(
    session: Session, season: Season, notice: Notice, person: Person, body: str, organisation: str | None
) -> Seat:
    """Give a person a seat in a body from now on; bodies of a unit or county need the organisation's name.

    A unit that is not in the directory yet is added to it.
    """
    if person.practice and not season.practice:
        text = f"“{person.login}”是演练账号，密码由多人共用，不能在正式年度办理。请另建账号。"
        raise Refused(Reason("practice_account", text))
    found = next((b for b in notice.bodies if b.key == body), None)
    if found is None or found.relation is Relation.FILLER:
        known = "、".join(b.key for b in notice.bodies if b.relation is not Relation.FILLER)
        raise Refused(
            Reason("unknown_body", f"通知里没有机构“{body}”。可选：{known}。", "六", "invalid", "body")
        )
    place = _organisation(session, found, organisation)
    seat = Seat(
        season_id=season.id,
        body=body,
        person_id=person.id,
        organisation_id=place.id if place else None,
        since=now(season),
    )
    session.add(seat)
    session.flush()
    _seat_unions_as_units(session, season, notice)
    return seat


def _organisation(session: Session, body: Body, name: str | None) -> Organisation | None:
    if body.relation not in (Relation.OWN_COUNTY, Relation.OWN_UNIT):
        return None
    if not name:
        text = f"“{body.label}”属于具体单位，请写明单位全称。"
        raise Refused(Reason("organisation_missing", text, "四", "invalid", "organisation"))
    found = session.exec(select(Organisation).where(Organisation.name == name)).first()
    if found is None and body.relation is Relation.OWN_UNIT:
        found = Organisation(name=name, kind=OrganisationKind.UNIT)
        session.add(found)
        session.flush()
    if found is None:
        text = f"名录里没有“{name}”。县（区）机构请写名录里的全称，如“鱼峰区总工会”。"
        raise Refused(Reason("unknown_organisation", text, "四", "invalid", "organisation"))
    return found


def gaps(session: Session, season: Season, notice: Notice) -> list[str]:
    """What the directory still lacks before the season can run: bodies without a seat, people without an address."""
    seated = {
        (s.body, s.organisation_id): p
        for s, p in session.exec(
            select(Seat, Person)
            .join(Person, col(Person.id) == col(Seat.person_id))
            .where(Seat.season_id == season.id)
        )
    }
    found = [
        f"“{b.label}”还没有办理人。"
        for b in notice.bodies
        if b.relation is not Relation.FILLER and not any(body == b.key for body, _ in seated)
    ]
    return found + [f"“{p.name}”没有电子邮箱，须电话通知。" for p in seated.values() if not p.email]
