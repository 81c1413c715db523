"""How does the story of a season wait for the flows, and what can it see of them from outside?"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from models.case import Case
from models.gates import Gate
from models.notice import day_start
from models.words import GateState, Outcome
from notifications.caught import caught, caught_mail
from settings import settings
from simulation.runs import PrefectRuns
from tests.world import World

DEADLINE = 60.0


class Story:
    """A season with the real engine; everything in it happens by the verbs and is waited for in the record."""

    def __init__(self, world: World) -> None:
        self.world = world

    # --- the calendar

    def day(self, key: str) -> None:
        """The morning of one of the notice's dates."""
        self.world.move_to(day_start(self.world.notice.dates[key].day))

    def evening_after(self, key: str) -> None:
        """The day is over: its deadline has passed."""
        self.world.move_to(self.world.notice.due(key))

    # --- answering

    def says(self, step: str, *cases: Case, answer: str | None = None, **given: Any) -> None:
        """Everyone who is asked at a step gives one answer: the notice's first unless named."""
        self.arrives(step, *cases)
        for case in cases or (None,):
            while self.world.assignments(step, case):
                self.world.answer(step, case, answer, **given)
                if self.world.gate(step, case).state != GateState.OPEN:
                    break

    # --- waiting

    def arrives(self, step: str, *cases: Case) -> None:
        """The cases' runs, or the season's own, come to wait at a step, and at no other."""
        for case in cases or (None,):
            until(partial(self._waits_at, step, case), f"{step} of {case.number if case else 'the season'}")

    def _waits_at(self, step: str, case: Case | None) -> bool:
        return self.world.open_steps(case) == [step]

    def ends(self, outcome: Outcome, case: Case) -> None:
        until(lambda: self.world.case(case).outcome == outcome, f"{outcome} of {case.number}")

    def reopens(self, step: str, round_: int, case: Case | None = None) -> Gate:
        """The step is open for another time."""
        until(lambda: step in self.world.open_steps(case), step)
        gate = self.world.gate(step, case)
        assert gate.round == round_
        return gate

    # --- what is seen outside

    def mailed(self, subject: str, case: Case, to: str) -> bool:
        """Whether the mailbox has a mail about the case to this address whose subject holds these words.

        Tasks that come together share a mail, whose text then names their cases.
        """
        until(lambda: self._has_mail(subject, case, to), f"a mail {subject} of {case.number} to {to}")
        return True

    def _has_mail(self, subject: str, case: Case, to: str) -> bool:
        mails = (caught_mail(m.id) for m in caught(20, 0, subject) if to in m.to)
        return any(m is not None and case.number in m.text for m in mails)

    def is_called(self, name: str) -> bool:
        """Whether the administrators' dashboard shows a run of this name."""
        until(lambda: name in self._names(), f"a run {name}")
        return True

    def _names(self) -> set[str]:
        return {run.texts[0] for run in PrefectRuns(settings()).of_season(self.world.season_id)}


def until(holds: Callable[[], bool], what: str) -> None:
    """Poll the record until it says so."""
    deadline = time.monotonic() + DEADLINE
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {DEADLINE:.0f} s for {what}")
        time.sleep(0.05)
