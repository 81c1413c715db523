"""How long does one meeting on a thousand cases take: to look at, to record, to confirm, and until all have moved on?

`python -m bench.meeting [CASES]` starts an installation of its own and prints the figures as JSON: the pages and verbs
against the database alone, then, with the engine running, from the confirmation until the last case's next gate is
open, and how soon the first, a half and nine tenths are.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from sqlmodel import col, select

from api.app import create_app
from bench.apart import INSIDE, PROJECT
from bench.measure import wait_until
from bench.sheets import timed
from models.actions import Given
from models.case import Case
from models.database import reading, real_now, transaction
from models.gates import Assignment, Gate
from models.lists import Entry, Shortlist
from models.migrate import upgrade
from models.notice import Notice
from models.onward import latest_onward
from models.people import Person
from models.personal import keep_form
from models.season import Season, notice_of, now
from models.wakeup import Wakeup
from models.words import GateState, ListState, Place
from notices.reader import read_notice
from processes.environment import environment
from processes.supervise import Stack, with_free_ports
from settings import Settings, settings
from simulation.filled import filled_form
from simulation.meetings import hold_meeting
from tasks.accounts import open_login
from tasks.decide import decide, find_task
from tasks.opening import open_next
from tasks.practice import NOTICE, open_practice, today

CASES, GOAL, MOVED_GOAL = 1000, 2.0, 180.0
CHANNEL, ROUTE = "self", "city"
BEFORE, STEP, BODY = "proposed_list", "party_meeting", "party_group"
RECORDED = 100
SHARES = {"first": 0.0001, "half": 0.5, "nine_tenths": 0.9, "all": 1.0}
COARSE, PATIENCE = 0.2, 1800.0


def measure(count: int = CASES) -> dict[str, Any]:
    """In the installation of the environment: every case is on the list and every tenth is voted on."""
    with Stack(settings()) as stack:
        stack.start()
        stack.start_one("database")
        upgrade()
        season_id = _season(count)
        assignment_id = _assignment(season_id)
        _, recorded = timed(lambda: _record(assignment_id))
        _, shown = timed(lambda: _look(season_id, assignment_id))
        for name in ("prefect", "mailbox", "engine"):
            stack.start_one(name)
        wait_until(lambda: _all_wait(season_id), "all runs wait", COARSE, PATIENCE)
        began = time.monotonic()
        cleared, confirmed = timed(lambda: _confirm(assignment_id))
        assert cleared == count, cleared
        moved = _moved(season_id, began)
    confirmed |= {"goal_seconds": GOAL, "reached": confirmed["seconds"] <= GOAL}
    moved |= {"goal_seconds": MOVED_GOAL, "reached": moved["all"] <= MOVED_GOAL}
    return {"cases": count, "recorded": recorded, "page": shown, "confirmed": confirmed, "next_gates": moved}


def _season(count: int) -> UUID:
    """A season whose meeting on so many cases is open."""
    read = read_notice(NOTICE)
    notice = read.model_copy(update={"quota": read.quota.model_copy(update={"places": count})})
    with transaction() as session:
        season_id = open_practice(session, notice, today()).id
    with transaction() as session:
        _fill(session.get_one(Season, season_id), count)
    with transaction() as session:
        open_next(session, season_id, None)
    return season_id


def _all_wait(season_id: UUID) -> bool:
    """Every case has a run, and no wake-up is left that could be served now."""
    with reading() as session:
        without = select(Case.id).where(Case.season_id == season_id, col(Case.flow_run_id).is_(None))
        left = select(Wakeup.id).where(Wakeup.season_id == season_id, Wakeup.due_at <= real_now())
        waiting = left.where(col(Wakeup.done_at).is_(None))
        return not (session.exec(without.limit(1)).first() or session.exec(waiting.limit(1)).first())


def _moved(season_id: UUID, began: float) -> dict[str, Any]:
    """Seconds from the confirmation until the next gate is open for the first, for a half, nine tenths and all."""
    taken: dict[str, Any] = {}
    for name, share in SHARES.items():
        wait_until(lambda: _share(season_id) >= share, f"{share:.0%} of the next gates", COARSE, PATIENCE)  # noqa: B023
        taken[name] = round(time.monotonic() - began, 1)
    return taken


def _share(season_id: UUID) -> float:
    with reading() as session:
        found = latest_onward(session, session.get_one(Season, season_id))
        return found.opened / found.total


def _fill(season: Season, count: int) -> None:
    """Cases on a confirmed proposed list that wait for the meeting, as they stand in the record."""
    with transaction() as session:
        notice, rng = notice_of(session, season), Random(1)
        person = session.exec(select(Person).where(Person.login == "applicant")).one()
        gate = _gate(season, notice, BEFORE, None, GateState.CLEARED)
        shortlist = Shortlist(
            season_id=season.id,
            gate_id=gate.id,
            step=BEFORE,
            size=notice.list_size(notice.step(BEFORE)),
            state=ListState.CONFIRMED,
            drafted_at=now(season),
            confirmed_at=now(season),
        )
        session.add(gate)
        session.flush()
        session.add(shortlist)
        session.flush()
        passed = _passed(notice)
        for n in range(1, count + 1):
            case = _case(season, notice, person, n, rng)
            session.add(case)
            session.flush()
            session.add_all(
                [
                    *(_gate(season, notice, key, case.id, GateState.CLEARED) for key in passed),
                    _gate(season, notice, STEP, case.id, GateState.OPEN),
                    Entry(
                        shortlist_id=shortlist.id,
                        size=shortlist.size,
                        case_id=case.id,
                        place=Place.ON,
                        position=n,
                        score=Decimal(90),
                    ),
                ]
            )


def _passed(notice: Notice) -> list[str]:
    """Every step on the way to the meeting that each case takes: where one is missing, its run would open it."""
    steps = [s for s in notice.case_steps(CHANNEL, ROUTE) if s.when is None]
    return [s.key for s in steps[: [s.key for s in steps].index(STEP)]]


def _case(season: Season, notice: Notice, person: Person, n: int, rng: Random) -> Case:
    case = Case(
        season_id=season.id,
        notice_digest=season.notice_digest,
        number=f"bench-{n:05d}",
        channel=CHANNEL,
        route=ROUTE,
        name=f"样例{n}",
        stage=notice.step(STEP).stage,
        entered_by=person.id,
        entered_at=now(season),
    )
    keep_form(notice, case, filled_form(notice, CHANNEL, rng, name=case.name))
    return case


def _gate(season: Season, notice: Notice, step: str, case_id: UUID | None, state: GateState) -> Gate:
    moment = now(season)
    return Gate(
        season_id=season.id,
        case_id=case_id,
        step=step,
        state=state,
        outcome="listed" if state is GateState.CLEARED else None,
        opened_at=moment,
        due_at=moment + timedelta(days=1),
        closed_at=moment if state is GateState.CLEARED else None,
    )


def _assignment(season_id: UUID) -> UUID:
    with reading() as session:
        wanted = select(Assignment.id).join(Gate, col(Gate.id) == col(Assignment.gate_id))
        return session.exec(wanted.where(Gate.season_id == season_id, Gate.step == STEP)).one()


def _record(assignment_id: UUID) -> None:
    """Votes on some of the cases, as one saving."""
    with transaction() as session:
        task = find_task(session, assignment_id)
        entries = select(Entry.case_id).join(Shortlist, col(Shortlist.id) == col(Entry.shortlist_id))
        chosen = session.exec(entries.where(Shortlist.gate_id == task.gate.id).limit(RECORDED)).all()
        hold_meeting(session, task, votes=dict.fromkeys(chosen, (5, 0, 0)))


def _look(season_id: UUID, assignment_id: UUID) -> int:
    """The page on which a member confirms, whole."""
    with transaction() as session:
        season = session.get_one(Season, season_id)
        client = TestClient(create_app(), base_url="http://127.0.0.1", cookies={"season": season.key})
        client.cookies.set("session", open_login(session, _member(session)))
    answer = client.get(f"/tasks/{assignment_id}")
    assert answer.status_code == 200, answer.text
    return len(answer.content)


def _member(session: Any) -> Person:
    found: Person = session.exec(select(Person).where(Person.login == BODY)).one()
    return found


def _confirm(assignment_id: UUID) -> int:
    with transaction() as session:
        decide(session, assignment_id, _member(session), Given("confirm"))
    with reading() as session:
        wanted = select(Gate.id).where(Gate.step == STEP, Gate.state == GateState.CLEARED)
        return len(session.exec(wanted.where(col(Gate.case_id).is_not(None))).all())


def main() -> None:
    """Measure in an installation and a process of its own."""
    count = sys.argv[1] if len(sys.argv) > 1 else str(CASES)
    if INSIDE in os.environ:
        print(json.dumps(measure(int(count))))
        return
    with tempfile.TemporaryDirectory(prefix="gongjiang-bench-") as home:
        chosen = with_free_ports(
            Settings(home=Path(home), given_keys=Path(home) / "keys", web_port=0, prefect_port=0, mail_port=0)
        )
        command = [sys.executable, "-m", "bench.meeting", count]
        subprocess.run(command, cwd=PROJECT, env=environment(chosen) | {INSIDE: "1"}, check=True)


if __name__ == "__main__":
    main()
