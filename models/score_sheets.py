"""Which sheets count for the ranking, and what does whoever may read them see of it?"""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from models.case import Case
from models.gates import Decision, Gate
from models.lists import Shortlist
from models.notice import Notice
from models.people import Person
from models.priorities import Place as Priority
from models.priorities import places
from models.queries import Row
from models.ranking import SHORT, Ranking, Sheet, Standing, rank, weighted
from models.recusal import is_recused
from models.season import Season
from models.viewer import Viewer
from models.words import Effect, GateState, Relation, StepKind
from models.words import Place as ListPlace

NEAR = 20


def read_sheets(session: Session, season: Season, notice: Notice) -> list[Sheet]:
    """The sheets of all closed expert gates; that of an expert who turned out to be recused is not counted."""
    rows = session.exec(
        select(Gate.case_id, Gate.step, Decision.decided_by, Decision.facts)
        .join(Decision, col(Decision.gate_id) == col(Gate.id))
        .join(Case, col(Case.id) == col(Gate.case_id))
        .join(Person, col(Person.id) == col(Decision.decided_by))
        .where(Gate.season_id == season.id, Gate.state == GateState.CLEARED, Decision.effect == Effect.SCORE)
        .where(~is_recused(Person, Relation.ASSIGNED))
    ).all()
    return [
        Sheet(case_id, expert, float(weighted(notice.step(key), facts["scores"])))
        for case_id, key, expert, facts in rows
        if case_id is not None
    ]


@dataclass(frozen=True)
class Line:
    """One name of the list with what its sheets say, and the place that its unit gave it."""

    row: Row
    standing: Standing
    priorities: list[Priority]

    @property
    def otherwise(self) -> list[str]:
        return [SHORT[m] for m in self.standing.otherwise]


@dataclass(frozen=True)
class Board:
    """The ranking beside a list: `lines` in the list's order, without those whom the viewer is recused from."""

    lines: list[Line]
    size: int
    groups: int

    @property
    def chart(self) -> dict[str, Any]:
        """The lines nearest to the cut, for a chart; `cut` counts how many of them are above it."""
        above = sum(x.row.entry.place == ListPlace.ON for x in self.lines)
        first = max(0, above - NEAR)
        near = self.lines[first : above + NEAR]
        return {
            "cut": above - first,
            "names": [f"{x.row.case.name} {x.row.case.number[-4:]}" for x in near],
            "scores": [round(x.standing.score, 2) for x in near],
            "low": [round(x.standing.score - x.standing.spread, 2) for x in near],
            "high": [round(x.standing.score + x.standing.spread, 2) for x in near],
        }


def read_board(viewer: Viewer, shortlist: Shortlist, rows: list[Row]) -> Board | None:
    """The ranking of a list that scores have made; None for other lists and for who may read no score."""
    step = viewer.notice.step(shortlist.step)
    if step.kind is not StepKind.RANKING or not viewer.reads_opinions:
        return None
    numbers = {r.case.id: r.case.number for r in rows}
    sheets = [s for s in read_sheets(viewer.session, viewer.season, viewer.notice) if s.case in numbers]
    order = sorted(numbers, key=lambda c: numbers[c])
    ranking: Ranking = rank(sheets, step.method, shortlist.size, order)
    given = places(viewer.session, viewer.season.id, list(numbers))
    lines = [
        Line(r, ranking.standings[r.case.id], given.get(r.case.id, []))
        for r in rows
        if r.case.id in ranking.standings and not r.recused
    ]
    return Board(lines, shortlist.size, ranking.groups)
