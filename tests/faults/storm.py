"""What breaks around a season, and what is asked of the season afterwards?

From one seed: which notice, how many candidates, and what happens while they are decided on. Processes are killed or
frozen in the middle of whatever they do, and two people press at once. Afterwards the season must be as if nothing had
been.
"""

import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from email import message_from_binary_file
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from random import Random
from threading import Thread
from uuid import UUID

import httpx
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.gates import Assignment, Decision, Gate
from models.invariants import check
from models.mail import Message
from models.people import Person
from models.season import Season, notice_of
from models.verdict import Refused
from models.words import EventKind, GateState, MessageState
from notifications.caught import ids, path_of
from processes.supervise import Stack
from settings import settings
from simulation.candidates import Candidates
from simulation.runs import PrefectRuns
from tasks.audit import verify
from tasks.intake import enter_case
from tests.faults.player import Player
from tests.flows.dashboard import Dashboard, Seen, until
from tests.world import NOTICE, World, open_world

NOTICES = Path(__file__).resolve().parents[1] / "notices"
# Small seasons, and nobody is left over: what can break is the same in each of them.
SEASONS = ((NOTICES / "tiny.yaml", 2), (NOTICES / "tiny.yaml", 2), (NOTICES / "second.yaml", 3), (NOTICE, 2))
# The engine, which also sends the mails, is hit as often as all the others together.
VICTIMS = ("engine", "engine", "engine", "engine", "prefect", "prefect", "database", "mailbox")
CHANCE_OF_A_BLOW, CHANCE_OF_A_RACE = 0.3, 0.25
LATEST, SHORTEST_FREEZE, LONGEST_FREEZE = 0.4, 0.3, 3.0


class Storm(Player):
    """Plays one season of its own through everything that the seed brings."""

    def __init__(self, stack: Stack, seed: int) -> None:
        self.stack, self.chance = stack, Random(seed)
        notice, count = self.chance.choice(SEASONS)
        super().__init__(open_world(notice), self.may_strike)
        self.blows: Counter[str] = Counter()
        self.acknowledged: Counter[UUID] = Counter()
        self.to_come = self.chance.randint(2, 4)
        self.striking: list[Thread] = []
        self.enter(count)

    def enter(self, count: int) -> None:
        with transaction() as session:
            season = session.get_one(Season, self.world.season_id)
            candidates = Candidates(session, season, notice_of(session, season), self.chance)
            for number in range(count):
                made = candidates.make(number)
                enter_case(session, season.id, made.application, session.get_one(Person, made.person_id))

    # --- what breaks

    def may_strike(self, decisions: int) -> None:
        """Now and then something breaks a moment later, so that it hits what is done then."""
        if self.to_come and self.chance.random() < CHANCE_OF_A_BLOW:
            self.to_come -= 1
            thread = Thread(target=self.strike, args=(self.chance.choice(VICTIMS), self.chance.random()))
            self.striking.append(thread)
            thread.start()

    def strike(self, name: str, chance: float) -> None:
        time.sleep(chance * LATEST)
        pid = until(lambda: self.stack.pid(name), name)
        if name == "database" or chance < 0.7:
            os.kill(pid, signal.SIGKILL)
            self.blows[f"{name} killed"] += 1
            return
        os.kill(pid, signal.SIGSTOP)
        time.sleep(SHORTEST_FREEZE + chance * (LONGEST_FREEZE - SHORTEST_FREEZE))
        os.kill(pid, signal.SIGCONT)
        self.blows[f"{name} frozen"] += 1

    def press(self, assignment: Assignment, key: str) -> None:
        """By one person, or by two at once."""
        hands = 2 if self.chance.random() < CHANCE_OF_A_RACE else 1
        self.blows["races"] += hands - 1
        with ThreadPoolExecutor(hands) as pool:
            done = [pool.submit(self.answered, assignment, key) for _ in range(hands)]
            self.acknowledged[assignment.id] += sum(d.result() for d in done)

    def answered(self, assignment: Assignment, key: str) -> bool:
        """Whether this hand was told that its answer is taken; asked again when the database was lost meanwhile."""
        while True:
            try:
                self.world.answer_as(None, assignment, key)
            except Refused:
                return False
            except DBAPIError:
                self.wait_for_database()
            else:
                return True

    def play(self) -> None:
        """Until the season is closed, every run has ended and no mail waits to be sent."""
        while True:
            try:
                super().play()
                break
            except DBAPIError:
                self.wait_for_database()
        for thread in self.striking:
            thread.join()
        self.wait_for_database()
        until(self.nothing_is_on_its_way, "the end of every run and mail")

    def wait_for_database(self) -> None:
        until(self.database_answers, "the database")

    def database_answers(self) -> bool:
        try:
            with reading() as session:
                return session.exec(select(1)).one() == 1
        except DBAPIError:
            return False

    def nothing_is_on_its_way(self) -> bool:
        waiting = select(Message.id).where(
            Message.season_id == self.world.season_id, Message.state == MessageState.QUEUED
        )
        with reading() as session:
            if session.exec(waiting).first() is not None:
                return False
        try:
            return all(run.state == "Completed" for runs in self.runs().values() for run in runs)
        except httpx.TransportError:  # the server was killed last
            return False

    # --- what is asked afterwards

    def runs(self) -> dict[str, list[Seen]]:
        dashboard = Dashboard()
        return {case.number: dashboard.runs_of(case.id) for case in self.cases()}

    def cases(self) -> list[Case]:
        with reading() as session:
            return list(session.exec(select(Case).where(Case.season_id == self.world.season_id)))

    def troubles(self) -> list[str]:
        """Everything that is not as it would be had nothing broken."""
        with reading() as session:
            found = [str(b) for b in check(session, self.world.season, PrefectRuns(settings())).broken]
            if broken := verify(session, [self.world.season]):
                found.append(str(broken))
            decisions = session.exec(
                select(Decision.assignment_id)
                .join(Gate, col(Gate.id) == col(Decision.gate_id))
                .where(Gate.season_id == self.world.season_id)
            ).all()
        answered = Counter(decisions)
        found += [f"{c.number} is not recognised" for c in self.cases() if c.outcome != "recognised"]
        found += [f"{n} has {len(rs)} runs" for n, rs in self.runs().items() if len(rs) != 1]
        found += [f"{key} acknowledged {n} times" for key, n in self.acknowledged.items() if n > 1]
        found += [f"{key} is lost" for key, n in self.acknowledged.items() if n and not answered[key]]
        return [*found, *twice(self.world), *self.mails_twice()]

    def mails_twice(self) -> list[str]:
        """Mails that came twice though their fate was known."""
        with reading() as session:
            mine = set(session.exec(select(Message.id).where(Message.season_id == self.world.season_id)))
        caught = Counter(UUID(str(mail["Message-ID"])[1:37]) for mail in map(read, ids()))
        return [f"{key} came {n} times" for key, n in caught.items() if n > 1 and key in mine]


def read(mail_id: str) -> EmailMessage:
    with path_of(mail_id).open("rb") as file:
        return message_from_binary_file(file, policy=default)


def twice(world: World) -> list[str]:
    """Gates that were opened more than once, opened without an event, or cleared by more or less than one outcome."""
    with reading() as session:
        gates = session.exec(select(Gate).where(Gate.season_id == world.season_id)).all()
        opened = Counter(
            (event.chain, event.facts["step"], event.facts["round"])
            for event in session.exec(
                select(Event).where(Event.season_id == world.season_id, Event.kind == EventKind.GATE_OPENED)
            )
        )
        decided = Counter(
            session.exec(
                select(Decision.assignment_id)
                .join(Gate, col(Gate.id) == col(Decision.gate_id))
                .where(Gate.season_id == world.season_id)
            )
        )
    wrong = [
        f"{gate.step} {gate.round}" for gate in gates if gate.round != 1 or gate.state != GateState.CLEARED
    ]
    wrong += [f"{step} opened {n} times" for (_, step, _), n in opened.items() if n != 1]
    wrong += [f"{assignment} answered {n} times" for assignment, n in decided.items() if n != 1]
    return wrong + ([] if len(opened) == len(gates) else [f"{len(opened)} events of {len(gates)} gates"])
