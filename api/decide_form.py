"""What is asked for beyond the answer: scores, places on a list, the fate of laggards?"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import select

from api.after_the_lists import AfterTheLists, after_the_lists
from api.deps import Form, Visit
from models.actions import SCORE_MAX, Given, Task
from models.case import Case
from models.form_field import FormField
from models.gates import Gate
from models.hearing import objection_counts, open_objections
from models.hosts import signing_step
from models.inspection import photos_of
from models.lists import Shortlist
from models.meeting_checks import Sitting
from models.minutes import Minutes, read_minutes
from models.notice import Answer, Document, Step
from models.objection import Objection
from models.progress import laggards, latest_list, place_free
from models.publication import PublicRow, draft_rows_digest, drafted
from models.queries import Row, list_rows, open_gates
from models.ranking import weighted
from models.score_sheets import Board, read_board
from models.verdict import Reason, Refused, Verdict
from models.viewer import Viewer
from models.words import Effect, Outcome, Place, StepKind
from tasks.shortlists import draft_entries, seen_digest

LONGEST_COMMENT, LONGEST_FINDING = 500, 2000


@dataclass(frozen=True)
class SeasonMatter:
    """What a gate of the season is about: a list in draft or in force; who is late; which objections are open."""

    shortlist: Shortlist | None
    digest: str
    rows: list[Row]
    board: Board | None
    names: list[Row]
    gone: list[Row]
    reserve: list[Row]
    late: list[tuple[Case, list[Gate]]]
    objections: Sequence[Objection]
    heard: dict[str, int]
    free: int
    after: AfterTheLists
    minutes: Minutes | None
    window: Step | None
    public: list[PublicRow]
    public_digest: str


def season_matter(viewer: Viewer, task: Task) -> SeasonMatter:
    session, season, notice, step = viewer.session, task.season, task.notice, task.step
    shortlist = draft_of(viewer, task)
    meets = step.kind is StepKind.MEETING
    rows = list_rows(viewer, shortlist) if shortlist and not meets else []
    before = None if step.is_list else latest_list(session, season, notice, before=step.key)
    standing = list_rows(viewer, before) if before else []
    late = laggards(session, season, notice, step) if step.gathers else []
    gates = open_gates(session, [c.id for c in late]) if late else {}
    window = notice.window_of(step)
    public = drafted(session, season, notice, window) if window else []
    return SeasonMatter(
        shortlist=shortlist,
        digest=seen_digest(session, shortlist) if shortlist else "",
        rows=rows,
        board=read_board(viewer, shortlist, rows) if shortlist else None,
        names=[r for r in standing if r.entry.place == Place.ON and _is_in(r)] if window is None else [],
        gone=[r for r in standing if r.entry.place == Place.ON and not _is_in(r)],
        reserve=[r for r in standing if r.entry.place == Place.RESERVE and r.case.live],
        late=[(c, gates.get(c.id, [])) for c in late],
        objections=open_objections(session, season.id) if step.kind is StepKind.WINDOW else [],
        heard=objection_counts(session, season.id) if step.kind is StepKind.WINDOW else {},
        free=place_free(session, season, notice) if step.when == "place_free" else 0,
        after=after_the_lists(session, season, notice, step),
        minutes=read_minutes(Sitting(session, season, notice, task.gate)) if meets else None,
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
    answer = task.step.answer(form.text("answer"))
    if answer is None:
        text = "请先选择一项答复。"
        raise Refused(Reason("answer_missing", text, task.step.clause, "invalid", "answer"))
    items, returned = asked_to_correct(task, answer, form)
    facts = {
        **_sheet(form, task.step, answer),
        **_findings(visit, task),
        **_list(visit.viewer, task, answer, form),
        **returned,
    }
    if form.text("document") and task.step == signing_step(task.notice):
        facts["document"] = form.text("document")
    if task.notice.window_of(task.step) and answer.effect is Effect.PASS:
        facts["public"] = form.text("public")
    return Given(
        answer=answer.key,
        opinion=form.text("opinion"),
        reason=form.text("reason"),
        items=items,
        facts=facts,
    )


def _sheet(form: Form, step: Step, answer: Answer) -> dict[str, Any]:
    """The marks of a score sheet with the remarks on them."""
    if answer.effect is not Effect.SCORE:
        return {}
    said = {c.key: form.text(f"comment_{c.key}")[:LONGEST_COMMENT] for c in step.criteria}
    return {
        "scores": {c.key: number(form.text(f"score_{c.key}")) for c in step.criteria},
        "comments": {key: text for key, text in said.items() if text},
    }


def _findings(visit: Visit, task: Task) -> dict[str, Any]:
    """What was found on the spot, point by point, and which photos were taken."""
    if not task.step.points:
        return {}
    said = {p.key: visit.form.text(f"finding_{p.key}")[:LONGEST_FINDING] for p in task.step.points}
    return {
        "findings": {key: text for key, text in said.items() if text},
        "photos": [p.sha256 for p in photos_of(visit.session, [task.assignment.id])],
    }


def _list(viewer: Viewer, task: Task, answer: Answer, form: Form) -> dict[str, Any]:
    """The places on a list that is confirmed as it was seen, and what becomes of those who are late."""
    if answer.effect is not Effect.PASS:
        return {}
    facts: dict[str, Any] = {}
    shortlist = draft_of(viewer, task)
    if shortlist is not None:
        require_seen(viewer, task, shortlist, form)
        if task.step.kind is StepKind.RANKING:
            facts["places"] = changed_places(viewer, shortlist, form)
    if task.step.gathers:
        facts["laggards"] = form.keyed("laggard_")
    return facts


def asked_to_correct(task: Task, answer: Answer, form: Form) -> tuple[tuple[str, ...], dict[str, Any]]:
    """What a returned application is to mend, line by line, and by when; which fields and documents were ticked."""
    if answer.effect is not Effect.RETURN:
        return (), {}
    ticked = {
        "fields": [f.key for f in named_fields(task, form)],
        "documents": [d.key for d in named_documents(task, form)],
    }
    items = (
        *form.lines("items"),
        *(f"请核对并修改“{f.label}”。" for f in named_fields(task, form)),
        *(f"请补交或更换“{d.label}”。" for d in named_documents(task, form)),
    )
    return items, {"due": form.text("due"), **{k: v for k, v in ticked.items() if v}}


def is_to_be_confirmed(form: Form, step: Step, given: Given) -> bool:
    """A score sheet stays as it is once it is in: it is shown once more with its total before it is taken."""
    answer = step.answer(given.answer)
    return answer is not None and answer.effect is Effect.SCORE and not form.text("confirmed")


def typed_total(form: Form, step: Step) -> Decimal | None:
    """The weighted total of what is typed, to two decimals; None while a mark is missing or out of range."""
    marks = {c.key: number(form.text(f"score_{c.key}")) for c in step.criteria}
    if not marks or not all(isinstance(v, int | float) and 0 <= v <= SCORE_MAX for v in marks.values()):
        return None
    return weighted(step, {k: float(v) for k, v in marks.items()}).quantize(Decimal("0.01"))


def named_fields(task: Task, form: Form) -> list[FormField]:
    """The fields of the application that were ticked to be corrected, in the form's order."""
    ticked = form.fields.get("fields", [])
    fields = task.notice.fields_of(task.case.channel) if task.case else []
    return [f for f in fields if f.key in ticked]


def named_documents(task: Task, form: Form) -> list[Document]:
    """The documents that were ticked to be brought or changed, in the notice's order."""
    ticked = form.fields.get("documents", [])
    asked = task.notice.channel(task.case.channel).documents if task.case else []
    return [task.notice.document(key) for key in asked if key in ticked]


def require_seen(viewer: Viewer, task: Task, shortlist: Shortlist, form: Form) -> None:
    if form.text("draft") != seen_digest(viewer.session, shortlist):
        text = "您打开页面之后，名单草案有了变动。下面是最新的草案，请核对后重新确认。"
        raise Refused(Reason("draft_changed", text, task.step.clause, field="places"))


def changed_places(viewer: Viewer, shortlist: Shortlist, form: Form) -> dict[str, list[str]]:
    """The rows whose place differs from the draft and those tied at the cut, with the reason given for each.

    Tied are also those whom the answer before this one named as such: with late cases that come in now.
    """
    drafted = {str(e.case_id): e for e in draft_entries(viewer.session, shortlist)}
    tied = {key for key, entry in drafted.items() if entry.tied} | set(form.fields.get("tied", []))
    found: dict[str, list[str]] = {}
    for key in drafted.keys() | tied:
        place = form.text(f"place_{key}")
        reason = form.text(f"reason_{key}") or (form.text("tie_reason") if key in tied else "")
        if place in set(Place) and (key in tied or place != drafted[key].place):
            found[key] = [place, reason]
    return found


def named_as_tied(form: Form, reasons: Verdict) -> set[str]:
    """The ids of those who tie at the cut once the late ones come in, as the last answers told."""
    told = {r.field.removeprefix("place_") for r in reasons if r.code == "tie_unsettled"}
    return told | set(form.fields.get("tied", []))


def number(text: str) -> float | int | str:
    """A score as a number; what is none stays as typed, and the check says so."""
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value
