"""On what are pages measured? A season of ten thousand cases with their gates, answers and a hundred thousand events.

The rows are written as they would stand in the record, without the verbs: only reading is measured.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb
from sqlmodel import Session, col, select

from models.case import Case
from models.notice import Notice, Step
from models.people import Organisation, Seat
from models.personal import keep_form
from models.pinyin import searchable
from models.season import Season, notice_of, now
from models.words import AssignmentState, EventKind, GateState
from simulation.filled import filled_form

EVENTS = 10
SAMPLES = 50
GIVEN, FAMILY = "伟芳娜敏静强磊军洋勇艳杰娟涛明超兰霞平刚", "覃韦黄李陈刘梁莫罗潘"
Row = dict[str, Any]


class Crowd:
    """The same for the same number: who stands where is drawn by lot from a fixed seed."""

    def __init__(self, session: Session, season: Season, size: int) -> None:
        self.session, self.season, self.size = session, season, size
        self.notice: Notice = notice_of(session, season)
        self.rng = Random(1)
        self.moment = now(season)
        self.seats = self._seats()
        self.way = [s for s in self.notice.case_steps("unit", "county") if s.when is None]
        self.counties = sorted({o.county for _, _, o in self.seats if o is not None and o.county})
        units = session.exec(select(Organisation).where(Organisation.kind == "unit")).all()
        self.units = {o.county: o.id for o in units}
        self.samples = [filled_form(self.notice, "unit", self.rng) for _ in range(SAMPLES)]
        self.rows: dict[str, list[Row]] = {t: [] for t in ("case", "gate", "assignment", "decision", "event")}

    def _seats(self) -> list[tuple[str, UUID, Organisation | None]]:
        rows = self.session.exec(
            select(Seat, Organisation)
            .outerjoin(Organisation, col(Organisation.id) == col(Seat.organisation_id))
            .where(Seat.season_id == self.season.id)
        )
        return [(s.body, s.person_id, o) for s, o in rows]

    def write(self) -> None:
        for number in range(1, self.size + 1):
            self._add(number)
        for name, rows in self.rows.items():
            self._copy(name, rows)
        self.season.case_count = self.size
        self.session.add(self.season)

    def _copy(self, name: str, rows: list[Row]) -> None:
        columns = ", ".join(rows[0])
        cursor = self.session.connection().connection.cursor()
        with cursor.copy(f'COPY "{name}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row([Jsonb(v) if isinstance(v, dict | list) else v for v in row.values()])

    def _add(self, number: int) -> None:
        county = self.rng.choice(self.counties)
        name = self.rng.choice(FAMILY) + "".join(self.rng.sample(GIVEN, 3))
        stands = self.rng.randrange(1, len(self.way) + 1)
        ended = self.rng.random() < 0.1
        open_step = None if ended or stands == len(self.way) else self.way[stands]
        filler = next(p for b, p, o in self.seats if b == "unit")
        case = Case(
            season_id=self.season.id,
            notice_digest=self.season.notice_digest,
            number=f"2026-{number:05d}",
            channel="unit",
            route="county",
            county=county,
            unit_id=self.units.get(county),
            name=name,
            pinyin=searchable(name),
            stage=(open_step or self.way[-1]).stage,
            outcome="rejected" if ended else None,
            closed_at=self.moment if ended else None,
            entered_by=filler,
            entered_at=self.moment,
        )
        keep_form(self.notice, case, self.rng.choice(self.samples))
        # The samples are few, the people are not: nobody is taken for somebody else.
        case.id_index, case.phone_index = f"id-{number}", f"phone-{number}"
        case.category, case_id = str(case.form.get("category", "")), case.id
        self.rows["case"].append(case.model_dump())
        for step in self.way[:stands]:
            self._add_gate(case_id, county, step, GateState.CLEARED)
        if open_step is not None:
            self._add_gate(case_id, county, open_step, GateState.OPEN)
        self._add_events(case_id, filler, ended=ended)

    def _add_gate(self, case_id: UUID, county: str, step: Step, state: GateState) -> None:
        gate = {
            "id": uuid4(),
            "season_id": self.season.id,
            "case_id": case_id,
            "step": step.key,
            "round": 1,
            "state": state,
            "opened_at": self.moment - timedelta(days=self.rng.randrange(20)),
            "due_at": self.moment + timedelta(days=self.rng.randrange(-10, 20)),
            "closed_at": None if state is GateState.OPEN else self.moment,
        }
        self.rows["gate"].append(gate)
        for decider in step.deciders:
            for _ in range(decider.assign or 1):
                self._add_assignment(gate, decider.body, county, step, named=bool(decider.assign))

    def _add_assignment(self, gate: Row, body: str, county: str, step: Step, *, named: bool) -> None:
        held = [(p, o) for b, p, o in self.seats if b == body and (o is None or o.county in (county, None))]
        person, organisation = self.rng.choice(held or [(self.seats[0][1], None)])
        answered = gate["state"] != GateState.OPEN
        row = {
            "id": uuid4(),
            "season_id": self.season.id,
            "gate_id": gate["id"],
            "body": body,
            "organisation_id": organisation.id if organisation is not None and not named else None,
            "person_id": person if named else None,
            "state": AssignmentState.ANSWERED if answered else AssignmentState.OPEN,
        }
        if any(r["gate_id"] == gate["id"] and _same(r, row) for r in self.rows["assignment"][-8:]):
            return
        self.rows["assignment"].append(row)
        if answered:
            self._add_decision(row, step, person)

    def _add_decision(self, assignment: Row, step: Step, person: UUID) -> None:
        answer = step.answers[0]
        self.rows["decision"].append(
            {
                "id": uuid4(),
                "gate_id": assignment["gate_id"],
                "assignment_id": assignment["id"],
                "body": assignment["body"],
                "decided_by": person,
                "recorded_by": person,
                "answer": answer.key,
                "effect": answer.effect,
                "opinion": "",
                "reason": "",
                "items": [],
                "facts": {},
                "seen": {},
                "salt": secrets.token_hex(16),
                "decided_at": self.moment,
                "recorded_at": self.moment,
            }
        )

    def _add_events(self, case_id: UUID, actor: UUID, *, ended: bool) -> None:
        for seq in range(1, EVENTS + 1):
            last = ended and seq == EVENTS
            kind = EventKind.CASE_ENDED if last else EventKind.ATTACHMENT_ADDED
            facts = {"outcome": "rejected", "step": "", "reason": ""} if last else {"document": "id_copy"}
            self.rows["event"].append(
                {
                    "id": uuid4(),
                    "season_id": self.season.id,
                    "chain": case_id,
                    "seq": seq,
                    "kind": kind,
                    "at": self.moment,
                    "recorded_at": self.moment,
                    "actor_id": None if last else actor,
                    "facts": facts,
                    "previous": "",
                    "hash": "",
                }
            )


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[k] == other[k] for k in ("body", "organisation_id", "person_id"))
