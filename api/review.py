"""What waits for the office's review, with what should be looked at in each case?"""

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting, clean
from api.paging import PageNumber
from api.render import counties, page, query
from models.queries import Filters
from models.review_queue import read_queue
from models.verdict import Verdict

router = APIRouter()


@router.get("/review")
def review_page(
    visit: Visiting,
    p: PageNumber = 1,
    tab: str = "here",
    q: str = "",
    channel: str = "",
    county: str = "",
) -> Response:
    filters = Filters(q=clean(q).strip()[:80], channel=clean(channel), county=clean(county))
    return queue_page(visit, filters, p, coming=tab == "coming")


def queue_page(
    visit: Visit,
    filters: Filters,
    number: int = 1,
    *,
    coming: bool = False,
    status: int = 200,
    reasons: Verdict = (),
) -> Response:
    """The queue, for the office alone."""
    if not visit.viewer.is_office or not visit.viewer.notice.office_reviews:
        raise Missing
    narrowing = {k: v for k, v in vars(filters).items() if v}
    return page(
        visit,
        "review.html",
        status=status,
        reasons=reasons,
        queue=read_queue(visit.viewer, filters, number, coming=coming),
        coming=coming,
        filters=filters,
        form=visit.form,
        steps=visit.viewer.notice.office_reviews,
        choices={
            "channel": [(c.key, c.label) for c in visit.viewer.notice.channels],
            "county": list(counties().items()),
        },
        here_link="/review?" + query(narrowing),
        coming_link="/review?" + query({"tab": "coming", **narrowing}),
        base="/review?" + query({"tab": "coming" if coming else "", **narrowing}) + "&",
    )
