"""How is the notice's step bar drawn, for the season and for one case?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from models.casefile import CaseFile
from models.notice import Stage
from models.viewer import Viewer
from models.words import Outcome

State = Literal["done", "current", "ahead"]


@dataclass(frozen=True)
class Mark:
    """One stage on the bar."""

    stage: Stage
    number: int
    state: State
    count: int | None = None
    note: str = ""


def season_stages(viewer: Viewer, counts: Mapping[str, int]) -> list[Mark]:
    """The season's stages: over, the one whose days are running, and those to come; with the cases at each."""
    over = [_is_over(viewer, stage.key) for stage in viewer.notice.stages]
    current = next((n for n, past in enumerate(over) if not past), len(over))
    if viewer.season.closed_at is not None:
        current = len(over)
    return [
        Mark(stage, n + 1, _state(n, current), counts.get(stage.key, 0))
        for n, stage in enumerate(viewer.notice.stages)
    ]


def _is_over(viewer: Viewer, stage: str) -> bool:
    """Whether the last date of the stage's steps has passed."""
    notice = viewer.notice
    dues = [notice.due(s.due) for s in notice.steps if s.stage == stage]
    return bool(dues) and viewer.moment >= max(dues)


def _state(number: int, current: int) -> State:
    return "done" if number < current else "current" if number == current else "ahead"


def case_stages(file: CaseFile) -> list[Mark]:
    """The stages that this case passes, up to where it stands or ended."""
    keys = [s.key for s in file.stages]
    at = keys.index(file.case.stage) if file.case.stage in keys else 0
    if file.case.closed_at is not None and file.case.outcome == Outcome.RECOGNISED:
        at = len(keys)
    return [Mark(stage, n + 1, _state(n, at)) for n, stage in enumerate(file.stages)]
