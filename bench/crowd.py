"""A season as large as it may get: ten thousand cases with a hundred thousand events, as they stand in the record.

Written in bulk: pages and lists only read it. Of its cases some are drafts, most wait at the gates of the review.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlmodel import Session, col, select

from bench.measure import settle
from models.attention import TaskOpening
from models.case import Case
from models.database import engine, transaction
from models.event import Event
from models.gates import Assignment, Decision, Gate
from models.migrate import upgrade
from models.notice import Notice, Step
from models.people import Organisation, Person, Seat
from models.season import Season, notice_of, now
from models.words import AssignmentState, Effect, EventKind, GateState, OrganisationKind, Relation
from notices.reader import read_notice
from settings import settings
from simulation.filled import filled_form
from tasks.practice import NOTICE, open_practice, today

UNITS, EXPERTS = 300, 60
PER_BATCH = 500
EVENTS = 10
# At which step how many of a hundred cases stand.
STANDING = (
    ("application", 20),
    ("unit_review", 15),
    ("department_opinions", 25),
    ("county_review", 10),
    ("office_review", 15),
    ("expert_review", 15),
)


def full_season(cases: int) -> tuple[UUID, str]:
    """A practice season of so many cases in the installation of the environment: its id and its key."""
    upgrade()
    with transaction() as session:
        season = open_practice(session, read_notice(NOTICE), today())
        found = season.id, season.key
    with transaction() as session:
        Crowd(session, found[0]).fill(cases)
    line = engine(settings().database_url).connect().execution_options(isolation_level="AUTOCOMMIT")
    with line:
        line.execute(text("VACUUM ANALYZE"))
    settle()
    return found


class Crowd:
    """Writes the rows of so many cases of a practice season."""

    def __init__(self, session: Session, season_id: UUID) -> None:
        self.session, self.rng = session, Random(1)
        self.season = session.get_one(Season, season_id)
        self.notice: Notice = notice_of(session, self.season)
        self.moment = now(self.season)
        self.applicant = session.exec(select(Person).where(Person.login == "applicant")).one().id
        self.form = filled_form(self.notice, "unit", self.rng)
        self.counties = self._counties()
        self.units = self._units()
        self.experts = self._people("expert", EXPERTS)

    def fill(self, cases: int) -> None:
        for first in range(0, cases, PER_BATCH):
            self._write(range(first, min(first + PER_BATCH, cases)))

    def _write(self, numbers: range) -> None:
        rows: dict[Any, list[dict[str, Any]]] = {
            t: [] for t in (Case, Gate, Assignment, Decision, TaskOpening, Event)
        }
        for n in numbers:
            self._case(rows, n)
        for table, found in rows.items():
            if found:
                self.session.connection().execute(insert(table.__table__), found)
        self.session.flush()

    # --- one case

    def _case(self, rows: dict[Any, list[dict[str, Any]]], n: int) -> None:
        case_id, standing = uuid4(), self._standing()
        county = self.rng.choice(list(self.counties))
        steps = self.notice.case_steps("unit", "county")
        keys = [s.key for s in steps if s.when is None]
        passed = keys[: keys.index(standing)]
        came = self.moment - timedelta(days=self.rng.uniform(2, 14))
        rows[Case].append(
            {
                "id": case_id,
                "season_id": self.season.id,
                "notice_digest": self.season.notice_digest,
                "number": f"2026-{n + 1:05d}",
                "channel": "unit",
                "route": "county",
                "county": county,
                "unit_id": self.rng.choice(self.units),
                "name": f"样例{n}",
                "pinyin": f"yangli{n} yl{n}",
                "category": "manufacturing",
                "form": self.form,
                "sealed_versions": {},
                "stage": self.notice.step(standing).stage,
                "entered_by": self.applicant,
                "entered_at": came,
                "event_seq": EVENTS,
            }
        )
        for key in passed:
            self._gate(rows, case_id, county, self.notice.step(key), came, passed=True)
            came += timedelta(hours=self.rng.uniform(1, 20))
        self._gate(rows, case_id, county, self.notice.step(standing), came, passed=False)
        rows[Event].extend(self._events(case_id, came))

    def _standing(self) -> str:
        at = self.rng.random() * 100
        for key, share in STANDING:
            at -= share
            if at < 0:
                return key
        return STANDING[-1][0]

    def _gate(
        self,
        rows: dict[Any, list[dict[str, Any]]],
        case_id: UUID,
        county: str,
        step: Step,
        came: datetime,
        *,
        passed: bool,
    ) -> None:
        gate_id = uuid4()
        closed = came + timedelta(hours=self.rng.uniform(1, 20))
        rows[Gate].append(
            {
                "id": gate_id,
                "season_id": self.season.id,
                "case_id": case_id,
                "step": step.key,
                "state": GateState.CLEARED if passed else GateState.OPEN,
                "opened_at": came,
                "due_at": came + timedelta(days=self.rng.choice((2, 4, 9))),
                "closed_at": closed if passed else None,
            }
        )
        for body, organisation, person in self._asked(step, county):
            task_id = uuid4()
            state = AssignmentState.ANSWERED if passed else AssignmentState.OPEN
            task = {"id": task_id, "season_id": self.season.id, "gate_id": gate_id, "body": body}
            rows[Assignment].append(
                task | {"organisation_id": organisation, "person_id": person, "state": state}
            )
            if passed:
                rows[Decision].append(self._decision(gate_id, task_id, body, step, closed))
            elif self.rng.random() < 0.3:
                looked = {"assignment_id": task_id, "person_id": self.applicant, "opened_at": came}
                rows[TaskOpening].append(looked)

    def _asked(self, step: Step, county: str) -> Iterator[tuple[str, UUID | None, UUID | None]]:
        for decider in step.deciders:
            relation = self.notice.body(decider.body).relation
            if relation is Relation.ASSIGNED:
                for person in self.rng.sample(self.experts, decider.assign or 1):
                    yield decider.body, None, person
            elif relation is Relation.OWN_COUNTY and decider.when is None:
                yield decider.body, self.counties[county].get(decider.body), None
            elif relation is Relation.OWN_UNIT:
                yield decider.body, self.rng.choice(self.units), None
            elif relation is Relation.FILLER:
                yield decider.body, None, self.applicant
            elif relation is Relation.SEASON:
                yield decider.body, None, None

    def _decision(
        self, gate_id: UUID, task_id: UUID, body: str, step: Step, closed: datetime
    ) -> dict[str, Any]:
        return {
            "id": uuid4(),
            "gate_id": gate_id,
            "assignment_id": task_id,
            "body": body,
            "decided_by": self.applicant,
            "recorded_by": self.applicant,
            "answer": step.answers[0].key,
            "effect": Effect.PASS,
            "opinion": "",
            "reason": "",
            "items": [],
            "facts": {},
            "seen": {},
            "salt": "bench",
            "decided_at": closed,
        }

    def _events(self, case_id: UUID, at: datetime) -> Iterator[dict[str, Any]]:
        for seq in range(1, EVENTS + 1):
            yield {
                "id": uuid4(),
                "season_id": self.season.id,
                "chain": case_id,
                "seq": seq,
                "kind": EventKind.GATE_OPENED,
                "at": at,
                "facts": {"step": "application", "stage": "application"},
                "previous": "",
                "hash": "",
            }

    # --- who is asked

    def _counties(self) -> dict[str, dict[str, UUID]]:
        """County → body → organisation."""
        rows = self.session.exec(
            select(Organisation.county, Seat.body, Organisation.id)
            .join(Seat, col(Seat.organisation_id) == col(Organisation.id))
            .where(Seat.season_id == self.season.id, col(Organisation.county).is_not(None))
            .where(col(Organisation.kind) != OrganisationKind.UNIT)
        )
        found: dict[str, dict[str, UUID]] = {}
        for county, body, organisation in rows:
            found.setdefault(county or "", {})[body] = organisation
        return found

    def _units(self) -> list[UUID]:
        made = [
            Organisation(name=f"样例第{n}机械有限公司{uuid4().hex[:6]}", kind=OrganisationKind.UNIT)
            for n in range(UNITS)
        ]
        self.session.add_all(made)
        self.session.flush()
        for person, unit in zip(self._people("unit", UNITS, seated=False), made, strict=True):
            self._seat("unit", person, unit.id)
        return [u.id for u in made]

    def _people(self, body: str, count: int, *, seated: bool = True) -> list[UUID]:
        people = [Person(name=f"样例{body}{n}", email=f"{body}{n}@example.org") for n in range(count)]
        self.session.add_all(people)
        self.session.flush()
        for person in people if seated else ():
            self._seat(body, person.id, None)
        return [p.id for p in people]

    def _seat(self, body: str, person: UUID, organisation: UUID | None) -> None:
        self.session.add(
            Seat(
                season_id=self.season.id,
                body=body,
                person_id=person,
                organisation_id=organisation,
                since=self.season.opened_at,
            )
        )
