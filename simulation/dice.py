"""How does chance decide, so that the same seed gives the same season however fast the flows are?

Every throw has a name; it depends on the seed and on that name alone, never on what was thrown before.
"""

from random import Random

from sqlalchemy import func
from sqlmodel import Session, select

from models.actions import Task
from models.gates import Decision


class Dice:
    """The chance of one season."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def of(self, *name: object) -> Random:
        return Random("/".join(str(part) for part in (self.seed, *name)))  # noqa: S311 -- no secret hangs on it

    def of_task(self, session: Session, task: Task) -> Random:
        """The chance of the next answer at a gate, whoever is the one to give it."""
        given = select(func.count()).select_from(Decision).where(Decision.gate_id == task.gate.id)
        number = task.case.number if task.case else ""
        return self.of(number, task.gate.step, task.gate.round, session.exec(given).one())
