"""What does a return for correction ask for, by which day, and which approvals does it leave standing?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from models.casefile import CaseFile
from models.gates import Decision
from models.notice import Answer, Notice, Step, day_of
from models.season import Season, now
from models.verdict import OPEN, Reason, Verdict
from models.words import Effect, GateState, StepKind


def default_day(notice: Notice, season: Season) -> date:
    """Until when a correction may take where nobody says it: never shorter than the application itself."""
    form = next(s for s in notice.steps if s.kind is StepKind.FORM)
    return max(notice.dates[form.due].day, day_of(now(season)) + timedelta(days=notice.correction.days))


def check_due(step: Step, season: Season, answer: Answer, facts: Mapping[str, Any]) -> Verdict:
    """A return may name the last day of the correction: a day, and not one that is over."""
    given = str(facts.get("due") or "")
    if answer.effect is not Effect.RETURN or not given:
        return OPEN
    day = read_due(given)
    if day is None:
        text = "“补正期限”应为 2026-03-14 这样的年-月-日，请核对。"
        return (Reason("due_unreadable", text, step.clause, "invalid", "due"),)
    if day < day_of(now(season)):
        text = f"“补正期限”{day.month}月{day.day}日已经过去，请填今天或以后的日期。"
        return (Reason("due_past", text, step.clause, "invalid", "due"),)
    return OPEN


def read_due(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def with_due(notice: Notice, season: Season, answer: Answer, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a return says, the last day of the correction included."""
    if answer.effect is not Effect.RETURN:
        return dict(facts)
    return {**facts, "due": str(facts.get("due") or default_day(notice, season))}


def due_day(returned: Decision | None) -> date | None:
    """The last day of the correction; none was kept before returns had one."""
    return read_due(str(returned.facts.get("due") or "")) if returned else None


# --- what is asked for -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """One thing to correct; `anchor` is the field or document that was ticked, empty for a free line."""

    text: str
    anchor: str = ""


def asked_items(returned: Decision) -> list[Item]:
    """The free lines, then the ticked fields, then the ticked documents: the items stand in this order."""
    ticked = [*returned.facts.get("fields", []), *returned.facts.get("documents", [])]
    free = len(returned.items) - len(ticked)
    return [Item(text, ticked[n - free] if n >= free else "") for n, text in enumerate(returned.items)]


# --- what stands and what is asked again -------------------------------------------------------------------------


@dataclass(frozen=True)
class Aftermath:
    """After a correction: the steps whose approval is asked again, and those whose approval stands."""

    again: list[Step]
    standing: list[Step]


def aftermath(file: CaseFile, returned: Decision | None) -> Aftermath | None:
    """For the approvals that had been given when the case was sent back last; None when it never was."""
    if returned is None:
        return None
    latest = {g.step.key: g for g in file.gates if g.step.kind is not StepKind.FORM}
    by = next((g.step.key for g in file.gates if g.gate.id == returned.gate_id), "")
    again = [g.step for k, g in latest.items() if g.gate.round > 1 and g.gate.opened_at > returned.decided_at]
    standing = [
        g.step
        for g in latest.values()
        if g.gate.state == GateState.CLEARED and g.gate.opened_at <= returned.decided_at
    ]
    return Aftermath([s for s in again if s.key != by], standing)
