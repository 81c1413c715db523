"""What waits for me, what have I done, what have I entered?"""

from typing import Literal

from fastapi import APIRouter, Response

from api.deps import Visiting
from api.paging import PageNumber
from api.render import page
from api.stages import season_stages
from models.queries import entered_cases, stage_counts
from models.waiting import PAGE, counts, done, waiting

router = APIRouter()


@router.get("/")
def todo(visit: Visiting, tab: str = "waiting", p: PageNumber = 1) -> Response:
    viewer = visit.viewer
    chosen: Literal["waiting", "done", "entered"] = tab if tab in ("done", "entered") else "waiting"  # type: ignore[assignment]
    figures = counts(viewer)
    visit.badge = figures.waiting
    totals = {"waiting": figures.waiting, "done": figures.done, "entered": figures.entered}
    pages = max(1, -(-totals[chosen] // PAGE))
    number = min(p, pages)
    return page(
        visit,
        "todo.html",
        tab=chosen,
        figures=figures,
        stages=season_stages(viewer, stage_counts(viewer)),
        waiting=waiting(viewer, number) if chosen == "waiting" else [],
        done=done(viewer, number) if chosen == "done" else [],
        entered=entered_cases(viewer, number).rows if chosen == "entered" else [],
        p=number,
        pages=pages,
    )
