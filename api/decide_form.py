"""What is asked for beyond the answer: scores, places on a list, the fate of laggards, minutes?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from api.deps import Form, Visit
from models.actions import Given, Task
from models.case import Case
from models.form_field import FormField
from models.gates import Gate
from models.hearing import objection_counts, open_objections
from models.lists import Shortlist
from models.notice import Step
from models.objection import Objection
from models.progress import laggards, latest_list, place_free
from models.publication import PublicRow, draft_rows_digest, drafted
from models.queries import Row, list_rows, open_gates
from models.verdict import Reason, Refused
from models.viewer import Viewer
from models.words import Effect, Outcome, Place, StepKind
from tasks.shortlists import draft_digest, draft_entries

MINUTES = {"number": 80, "held_on": 20, "attendance": 200, "note": 2000}


@dataclass(frozen=True)
class SeasonMatter:
    """What a gate of the season is about: a list in draft or in force; who is late; which objections are open."""

    shortlist: Shortlist | None
    digest: str
    rows: list[Row]
    names: list[Row]
    gone: list[Row]
    reserve: list[Row]
    late: list[tuple[Case, list[Gate]]]
    objections: Sequence[Objection]
    heard: dict[str, int]
    free: int
    takes_minutes: bool
    window: Step | None
    public: list[PublicRow]
    public_digest: str


def season_matter(viewer: Viewer, task: Task) -> SeasonMatter:
    session, season, notice, step = viewer.session, task.season, task.notice, task.step
    shortlist = draft_of(viewer, task)
    rows = list_rows(viewer, shortlist) if shortlist else []
    before = None if step.is_list else latest_list(session, season, notice, before=step.key)
    standing = list_rows(viewer, before) if before else []
    late = laggards(session, season, notice, step) if step.gathers else []
    gates = open_gates(session, [c.id for c in late]) if late else {}
    window = notice.window_of(step)
    public = drafted(session, season, notice, window) if window else []
    return SeasonMatter(
        shortlist=shortlist,
        digest=draft_digest(draft_entries(session, shortlist)) if shortlist else "",
        rows=rows,
        names=[r for r in standing if r.entry.place == Place.ON and _is_in(r)] if window is None else [],
        gone=[r for r in standing if r.entry.place == Place.ON and not _is_in(r)],
        reserve=[r for r in standing if r.entry.place == Place.RESERVE and r.case.live],
        late=[(c, gates.get(c.id, [])) for c in late],
        objections=open_objections(session, season.id) if step.kind is StepKind.WINDOW else [],
        heard=objection_counts(session, season.id) if step.kind is StepKind.WINDOW else {},
        free=place_free(session, season, notice) if step.when == "place_free" else 0,
        takes_minutes=step.kind is StepKind.MEETING,
        window=window,
        public=public,
        public_digest=draft_rows_digest(public),
    )


def _is_in(row: Row) -> bool:
    return row.case.outcome in (None, Outcome.RECOGNISED)


def draft_of(viewer: Viewer, task: Task) -> Shortlist | None:
    """The list that this gate decides."""
    if not task.step.is_list:
        return None
    return viewer.session.exec(select(Shortlist).where(Shortlist.gate_id == task.gate.id)).first()


def read_given(visit: Visit, task: Task) -> Given:
    """The answer as typed; a list that changed after the page was opened is refused, to be looked at again."""
    form = visit.form
    facts: dict[str, Any] = {}
    answer = task.step.answer(form.text("answer"))
    if answer is None:
        text = "请先选择一项答复。"
        raise Refused(Reason("answer_missing", text, task.step.clause, "invalid", "answer"))
    if answer.effect is Effect.SCORE:
        facts["scores"] = {c.key: number(form.text(f"score_{c.key}")) for c in task.step.criteria}
    if task.step.is_list and answer.effect is Effect.PASS:
        facts["places"] = changed_places(visit.viewer, task, form)
    if task.step.gathers and answer.effect is Effect.PASS:
        facts["laggards"] = form.keyed("laggard_")
    if task.notice.window_of(task.step) and answer.effect is Effect.PASS:
        facts["public"] = form.text("public")
    if task.step.kind is StepKind.MEETING:
        facts["minutes"] = {name: form.text(f"minutes_{name}")[:longest] for name, longest in MINUTES.items()}
    returns = answer.effect is Effect.RETURN
    named = named_fields(task, form) if returns else []
    if named:
        facts["fields"] = [f.key for f in named]
    items = (*form.lines("items"), *(f"请核对并修改“{f.label}”。" for f in named))
    return Given(
        answer=answer.key,
        opinion=form.text("opinion"),
        reason=form.text("reason"),
        items=items if returns else (),
        facts=facts,
    )


def named_fields(task: Task, form: Form) -> list[FormField]:
    """The fields of the application that were ticked to be corrected, in the form's order."""
    ticked = form.fields.get("fields", [])
    fields = task.notice.fields_of(task.case.channel) if task.case else []
    return [f for f in fields if f.key in ticked]


def changed_places(viewer: Viewer, task: Task, form: Form) -> dict[str, list[str]]:
    """The rows whose place differs from the draft, with the reason given for each."""
    shortlist = draft_of(viewer, task)
    if shortlist is None:
        return {}
    entries = draft_entries(viewer.session, shortlist)
    if form.text("draft") != draft_digest(entries):
        text = "您打开页面之后，名单草案有了变动（有人选到达或退出）。下面是最新的草案，请核对后重新确认。"
        raise Refused(Reason("draft_changed", text, task.step.clause, field="places"))
    found: dict[str, list[str]] = {}
    for entry in entries:
        place = form.text(f"place_{entry.case_id}")
        if place in set(Place) and place != entry.place:
            found[str(entry.case_id)] = [place, form.text(f"reason_{entry.case_id}")]
    return found


def number(text: str) -> float | int | str:
    """A score as a number; what is none stays as typed, and the check says so."""
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value
