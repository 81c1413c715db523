"""How does a calendar program fetch due dates, and where does one get the address for it?"""

from fastapi import APIRouter, Request, Response

from api.deps import Database, Missing, Visiting
from api.guessing import shut_out, wrong_token
from api.links import find_link
from api.render import done, page, private
from models.links import Standing
from notifications.calendars import TYPE, calendar_file
from notifications.links import feed_url
from tasks.feeds import due_day, due_days, live_feed, owner_of, renew_feed, revoke_feed

router = APIRouter()


@router.get("/calendar")
def feed_page(visit: Visiting) -> Response:
    feed = live_feed(visit.session, visit.person)
    address = feed_url(feed.id) if feed else ""
    return private(page(visit, "calendar.html", address=address, days=due_days(visit.session, visit.person)))


@router.post("/calendar")
def renew(visit: Visiting) -> Response:
    known = live_feed(visit.session, visit.person)
    renew_feed(visit.session, visit.person)
    return done("/calendar", "已换成新地址，旧地址不再有效。" if known else "已生成订阅地址。")


@router.post("/calendar/stop")
def stop(visit: Visiting) -> Response:
    revoke_feed(visit.session, visit.person)
    return done("/calendar", "已停止订阅，原来的地址不再有效。")


@router.get("/ics/{token}")
def fetch(request: Request, session: Database, token: str) -> Response:
    """The feed itself: no login, the address is the secret, and guesses are counted as those of links are."""
    shut_out(request, session)
    person = owner_of(session, token.removesuffix(".ics"))
    if person is None:
        raise wrong_token(request)
    return private(_file(calendar_file("工匠认定待办", due_days(session, person))))


@router.get("/t/{token}/due.ics")
def one_day(request: Request, session: Database, token: str) -> Response:
    """The last day of a mailed task, as long as it waits."""
    mailed = find_link(request, session, token)
    if mailed.standing is not Standing.WAITS:
        raise Missing
    made = _file(calendar_file("工匠认定待办", [due_day(session, mailed.task)]))
    made.headers["Content-Disposition"] = 'attachment; filename="due.ics"'
    return private(made)


def _file(content: bytes) -> Response:
    return Response(content, media_type=TYPE)
