"""What may anybody read: the public notice that is open now, and nothing that is not in it?"""

from fastapi import APIRouter, Request, Response

from api.deps import Database, chosen_season
from api.render import plain_page
from models.notice import Notice, Step
from models.progress import latest_list
from models.publication import published
from models.season import notice_of
from tasks.publicity import open_window
from tasks.seasons import latest_season

router = APIRouter()


@router.get("/public")
def public_notice(request: Request, session: Database) -> Response:
    if latest_season(session) is None:
        return plain_page("public_none.html", season=None)
    season = chosen_season(request, session)
    gate = open_window(session, season)
    if gate is None:
        return plain_page("public_none.html", season=season)
    notice = notice_of(session, season)
    step = notice.step(gate.step)
    return plain_page(
        "public.html",
        season=season,
        notice=notice,
        step=step,
        names=published(session, season, notice, step),
        selected=latest_list(session, season, notice, before=step.key) is not None,
        passed=stages_before(notice, step),
    )


def stages_before(notice: Notice, step: Step) -> list[str]:
    """The stages that have led to this public notice."""
    keys = [s.key for s in notice.stages]
    return [s.label for s in notice.stages[: keys.index(step.stage)]]
