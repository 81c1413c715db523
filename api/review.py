"""What waits for the office's review, with what should be looked at in each case?"""

from fastapi import APIRouter, Response

from api.deps import Visit, Visiting
from api.many_form import batch_of
from api.narrowing import Asked, asked, narrowing, remember
from api.render import page, query
from models.notice import Notice
from models.review_matters import opinion_steps
from models.review_queue import read_queue
from models.reviewing import LABELS
from models.verdict import Verdict

router = APIRouter()

OFFERED = ("q", "problem", "late", "county", "unit", "category", "channel", "returned")
COMING = tuple(n for n in OFFERED if n not in ("problem", "late"))


@router.get("/review")
def review_page(visit: Visiting, tab: str = "here") -> Response:
    coming = tab == "coming"
    wanted = asked(visit, "coming" if coming else "review", COMING if coming else OFFERED)
    return queue_page(visit, wanted, coming=coming)


def queue_page(
    visit: Visit,
    wanted: Asked,
    *,
    coming: bool = False,
    status: int = 200,
    reasons: Verdict = (),
) -> Response:
    """The queue, for the office alone."""
    viewer, filters = visit.viewer, wanted.filters
    queue = read_queue(viewer, filters, wanted.page, coming=coming)
    hidden = {"tab": "coming"} if coming else {}
    steps = viewer.notice.office_reviews
    response = page(
        visit,
        "review.html",
        status=status,
        reasons=reasons,
        queue=queue,
        coming=coming,
        form=visit.form,
        steps=steps,
        batch=batch_of(visit, steps[0], "review"),
        narrow=narrowing(
            visit,
            "/review",
            filters,
            COMING if coming else OFFERED,
            {"problem": _problems(viewer.notice)},
            hidden,
        ),
        here_link="/review?" + query(filters.only(*OFFERED).set),
        coming_link="/review?" + query({"tab": "coming", **filters.only(*COMING).set}),
    )
    return remember(response, visit, wanted, queue.page)


def _problems(notice: Notice) -> list[tuple[str, str]]:
    """What a case may be looked up by; opinions are called what the step is called."""
    asked_for = [s.label for s in opinion_steps(notice)]
    return [(key, asked_for[-1] if key == "opinions" and asked_for else text) for key, text in LABELS.items()]
