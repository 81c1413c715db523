"""Which worlds differ only in what somebody may not see? The same season, built anew with other secrets in it.

In each the same people do the same with the same applications. What may differ is told by `Secrets`; nothing of it is
the business of those who are compared.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

from sqlmodel import col, select

from models.case import Case
from models.database import reading, transaction
from models.gates import Assignment
from models.people import Organisation, Person
from simulation.filled import filled_form
from tasks.intake import Application, enter_case
from tasks.leaving import withdraw
from tasks.recusals import apply_for_recusal
from tasks.typing import keep_typed, of_case
from tests.publishing import LISTS
from tests.world import CITY_UNIT, UNIT, World, open_world

OTHER_UNIT = "样例纺织工艺厂"
NEIGHBOUR = "鱼峰区总工会"


@dataclass(frozen=True)
class Secrets:
    """`elsewhere`: other counties and units have cases. `said`: what was said to others, and how it reads."""

    elsewhere: bool = False
    next_door: bool = False  # another unit of the same county has one
    closed: int = 80  # a score of a panel that is complete
    open: int = 80  # a score of a panel that is not
    opinion: str = "同意"  # a department's, on a case of its county


@dataclass
class Twin:
    world: World
    secrets: Secrets
    cases: dict[str, Case]
    hidden: list[Case]
    told: list[str]  # the logins of the experts who said what differs
    away: str = ""  # the login of the one who stays away from a case


def build(secrets: Secrets) -> Twin:
    """A season in the middle of its reviews."""
    world = open_world()
    twin = Twin(world, secrets, {}, [], [])
    twin.cases["judged"] = world.bring_to(_enter(twin, 1), "expert_review")
    twin.cases["complete"] = _scored(twin, _enter(twin, 2, unit=CITY_UNIT))
    twin.cases["recused"] = _stayed_away(
        twin, world.bring_to(_enter(twin, 3, unit=CITY_UNIT), "expert_review")
    )
    twin.cases["asked"] = _asked(twin, _enter(twin, 4))
    twin.cases["own"] = _enter(twin, 5, channel="self", unit=None, person=world.applicant())
    twin.cases["draft"] = _enter(twin, 6)
    _score(twin, twin.cases["judged"], secrets.open)
    if secrets.elsewhere:
        _elsewhere(twin)
    if secrets.next_door:
        twin.hidden.append(
            world.bring_to(
                _enter(twin, 15, unit=NEIGHBOUR, county="yufeng", person=world.person("county_union")),
                "unit_review",
            )
        )
    return twin


def published(secrets: Secrets) -> Twin:
    """A season whose names are out; whoever is not on the list was refused or has withdrawn."""
    world = open_world()
    twin = Twin(world, secrets, {}, [], [])
    twin.cases["complete"] = _scored(twin, _enter(twin, 2, unit=CITY_UNIT))
    if secrets.elsewhere:
        twin.hidden = [_withdrawn(twin), _refused(twin)]
    world.move_to(world.notice.due("application"))
    world.pump()
    for step in (*LISTS, "release"):
        world.answer(step)
        world.pump()
    world.move_to(world.notice.starts("notice_opens"))
    world.pump()
    return twin


def _elsewhere(twin: Twin) -> None:
    """A draft that is being typed, one before its county, one refused, and one that waits for the office."""
    world = twin.world
    typed, refused = _typed(twin), _refused(twin)
    at_county = _enter(twin, 12, unit=OTHER_UNIT, county="chengzhong")
    world.bring_to(at_county, "department_opinions")
    _answered(twin, at_county, "police", opinion="密见")
    waiting = world.bring_to(_enter(twin, 14, unit="样例汽车工业有限公司"), "office_review")
    twin.hidden += [typed, at_county, refused, waiting]


def _typed(twin: Twin) -> Case:
    typed = _enter(twin, 11, unit=OTHER_UNIT, county="chengzhong")
    with transaction() as session:
        keep_typed(session, twin.world.enterer(typed), of_case(typed.id), {"name": "密某"})
    return typed


def _withdrawn(twin: Twin) -> Case:
    typed = _typed(twin)
    with transaction() as session:
        withdraw(session, typed.id, twin.world.enterer(typed), "密由")
    return typed


def _refused(twin: Twin) -> Case:
    refused = twin.world.bring_to(_enter(twin, 13, unit=OTHER_UNIT, county="chengzhong"), "county_review")
    twin.world.answer("county_review", refused, "reject", reason="密由")
    return refused


def _enter(
    twin: Twin,
    seed: int,
    *,
    unit: str | None = UNIT,
    county: str | None = None,
    channel: str = "unit",
    person: Person | None = None,
) -> Case:
    """The same person with the same application in every world; the city's own units have no county."""
    world = twin.world
    county = county or ("yufeng" if unit == UNIT else None)
    form = filled_form(world.notice, channel, Random(seed), name=f"样例第{seed}", employer=unit or UNIT)
    with transaction() as session:
        found = session.exec(select(Organisation).where(Organisation.name == unit)).first()
        given = Application(
            name=f"样例第{seed}",
            channel=channel,
            route="county" if county else "city",
            county=county,
            unit_id=found.id if found else None,
            form=form,
        )
        return enter_case(session, world.season_id, given, person or world.filler(str(unit)))


def _answered(twin: Twin, case: Case, body: str, **given: Any) -> None:
    [asked] = [a for a in twin.world.assignments("department_opinions", case) if a.body == body]
    twin.world.answer_as(None, asked, "agree", **given)


def _asked(twin: Twin, case: Case) -> Case:
    """One department has answered: the county's union reads it, neither the unit nor the other departments do."""
    twin.world.bring_to(case, "department_opinions")
    _answered(twin, case, "police", opinion=twin.secrets.opinion)
    return case


def _scored(twin: Twin, case: Case) -> Case:
    """Its panel is complete; what the first of the experts said differs."""
    twin.world.bring_to(case, "expert_review")
    _score(twin, case, twin.secrets.closed)
    for task, person in _experts(twin, case):
        twin.world.answer_as(person, task, "score", opinion="")
    twin.world.pump()
    return twin.world.case(case)


def _score(twin: Twin, case: Case, points: int) -> None:
    """The first of the experts says so much; nobody else need know."""
    task, person = _experts(twin, case)[0]
    scores = {c.key: points for c in twin.world.notice.step("expert_review").criteria}
    twin.world.answer_as(person, task, "score", opinion=f"评语{points}", facts={"scores": scores})
    twin.told.append(str(person.login))


def _stayed_away(twin: Twin, case: Case) -> Case:
    """An expert stays away; what the others then say of the case is not his business."""
    task, person = _experts(twin, case)[-1]
    with transaction() as session:
        apply_for_recusal(session, task.id, person, "样例理由")
    twin.away = str(person.login)
    _score(twin, case, twin.secrets.open)
    return twin.world.case(case)


def _experts(twin: Twin, case: Case) -> list[tuple[Assignment, Person]]:
    """Who of the experts is still to answer."""
    wanted = [a.id for a in twin.world.assignments("expert_review", case)]
    with reading() as session:
        rows = select(Assignment, Person).join(Person, col(Person.id) == col(Assignment.person_id))
        found = session.exec(rows.where(col(Assignment.id).in_(wanted)).order_by(col(Person.login)))
        return list(found.all())
