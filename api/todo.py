"""What waits for me, what have I done, what have I entered, and what was sent to me to read?"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from api.deps import Missing, Visit, Visiting
from api.many_form import Batch, batch_of
from api.narrowing import Asked, Options, asked, narrowing, remember
from api.render import done as say_done
from api.render import page
from api.stages import season_stages
from models.account_words import AdminRole
from models.administering import PAGES
from models.alike import is_given_alike
from models.circulation import shown_at, to_read, told
from models.database import transaction
from models.event import Event
from models.narrowing import Filters
from models.queries import entered_cases, stage_counts
from models.verdict import Verdict
from models.viewer import read_viewer
from models.waiting import Counts, counts, done, steps_waiting, waiting
from tasks.circulation import note_read

router = APIRouter()

OF_CASES = ("q", "step", "late", "stage", "county", "unit", "category", "channel", "returned")
OFFERED = {
    "waiting": OF_CASES,
    "done": tuple(n for n in OF_CASES if n != "late"),
    "entered": (*OF_CASES, "outcome"),
    "read": ("q",),
}


@router.get("/")
def todo(visit: Visiting, tab: str = "waiting") -> Response:
    """Administrators have no tasks of the season: they begin with the first page of theirs."""
    if visit.person.admin_role:
        return RedirectResponse(PAGES[AdminRole(visit.person.admin_role)][0], 303)
    chosen = tab if tab in OFFERED else "waiting"
    return todo_page(visit, chosen, asked(visit, chosen, OFFERED[chosen]))


def todo_page(visit: Visit, tab: str, wanted: Asked, *, status: int = 200, reasons: Verdict = ()) -> Response:
    """One of the four lists; what was typed for many at once stays."""
    viewer, filters = visit.viewer, wanted.filters
    figures, at = counts(viewer), steps_waiting(viewer)
    known = [s for s in viewer.notice.steps if s.key in at]
    steps: Options = [(s.key, f"{s.label}（{at[s.key]}）") for s in known]
    found: Any = _rows(visit, tab, filters, wanted.page)
    response = page(
        visit,
        "todo.html",
        status=status,
        reasons=reasons,
        form=visit.form,
        path="/" if tab == "waiting" else f"/?tab={tab}",
        tab=tab,
        figures=figures,
        stages=season_stages(viewer, stage_counts(viewer)) if tab == "waiting" else [],
        found=found,
        told=told,
        narrow=narrowing(
            visit,
            "/",
            filters,
            OFFERED[tab],
            {"step": steps} if tab == "waiting" else {},
            {} if tab == "waiting" else {"tab": tab},
        ),
        steps=[(s, at[s.key]) for s in known],
        batch=_batch(visit, filters, figures, list(at)) if tab == "waiting" else None,
    )
    return remember(response, visit, wanted, found.page)


def _rows(visit: Visit, tab: str, filters: Filters, number: int) -> Any:
    if tab == "done":
        return done(visit.viewer, filters, number)
    if tab == "entered":
        return entered_cases(visit.viewer, filters, number)
    if tab == "read":
        return to_read(visit.viewer, filters.q, number)
    return waiting(visit.viewer, filters, number)


def _batch(visit: Visit, filters: Filters, figures: Counts, at: list[str]) -> Batch | None:
    """One answer for many, as soon as the list shows the tasks of one step only."""
    key = filters.step or (at[0] if len(at) == 1 and figures.waiting > 1 else "")
    step = next((s for s in visit.viewer.notice.steps if s.key == key and key in at), None)
    return batch_of(visit, step) if step is not None and is_given_alike(step) else None


# --- what was sent to be read ------------------------------------------------------------------------------------


@router.get("/circulated/{event_id}")
def open_circulated(visit: Visiting, event_id: UUID) -> Response:
    """On to the page itself; that it was opened goes to the read log, in a transaction of its own."""
    event = visit.session.get(Event, event_id)
    if event is None or event.season_id != visit.season.id:
        raise Missing
    row = next((r for r in to_read(visit.viewer, only=event_id).rows), None)
    if row is None:
        raise Missing
    if row.read_at is None and visit.request.method == "GET":
        with transaction() as session:
            viewer = visit.viewer
            note_read(read_viewer(session, visit.person, visit.season, viewer.notice), [event_id])
    return RedirectResponse(shown_at(event, row.case), 303)


@router.post("/circulated/read")
def mark_read(visit: Visiting) -> Response:
    """The ticked ones, or all."""
    if visit.form.text("which") == "all":
        return say_done("/?tab=read", f"已将{note_read(visit.viewer)}项标为已读。")
    chosen = []
    for text in visit.form.fields.get("event", []):
        try:
            chosen.append(UUID(text))
        except ValueError:
            raise Missing from None
    if not chosen:
        return say_done("/?tab=read", "还没有勾选，没有标记。")
    return say_done("/?tab=read", f"已将{note_read(visit.viewer, chosen)}项标为已读。")
