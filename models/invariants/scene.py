"""With what does an invariant look at a season?"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.notice import Notice
from models.season import Season, now
from settings import settings


@dataclass(frozen=True)
class Broken:
    """One thing that doesn't hold: the invariant's number and a whole sentence."""

    number: int
    text: str


@dataclass(frozen=True)
class Run:
    """A run as Prefect shows it: the kind of its state and every text that can be read there."""

    id: UUID
    state: str
    texts: tuple[str, ...]


class Runs(Protocol):
    """Whoever can ask Prefect; the record doesn't."""

    def of_season(self, season_id: UUID) -> Sequence[Run]:
        """Every run that Prefect still knows of the season and its cases."""


@dataclass(frozen=True)
class Scene:
    """A season with its cases, read once."""

    session: Session
    season: Season
    notice: Notice
    asked: Runs | None = None

    @cached_property
    def cases(self) -> Sequence[Case]:
        return self.session.exec(
            select(Case).where(Case.season_id == self.season.id).order_by(col(Case.number))
        ).all()

    @cached_property
    def by_id(self) -> dict[UUID, Case]:
        return {c.id: c for c in self.cases}

    @cached_property
    def runs(self) -> dict[UUID, Run] | None:
        """What Prefect says, or None where nobody asks it."""
        return None if self.asked is None else {r.id: r for r in self.asked.of_season(self.season.id)}

    @property
    def moment(self) -> datetime:
        return now(self.season)

    def about(self, case_id: UUID | None) -> str:
        """How a sentence names a case, or the season itself."""
        return self.by_id[case_id].number if case_id else "本年度"

    def label(self, step: str) -> str:
        return self.notice.step(step).label


def engine_lives() -> bool:
    """Whether this installation's engine has said that it works and its process is still there."""
    try:
        os.kill(int(settings().ready_file("engine").read_text()), 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
