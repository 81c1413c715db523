"""What does each kind of mail look like? Written with made-up facts, for the office and whoever sees everything."""

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting
from api.mail_frames import framed
from api.render import page
from notifications.catalogue import MAILS, sample_context
from notifications.contexts import Context
from notifications.rendering import Rendered, render

router = APIRouter()


def _sample(visit: Visit, key: str) -> Rendered:
    if key not in MAILS or not visit.viewer.sees_all:
        raise Missing
    sample = sample_context(key)
    notice = visit.viewer.notice
    about = {"award": notice.title, "award_name": notice.award_name, "authority": notice.authority}
    ask = {"contact": notice.contact.name, "contact_phone": notice.contact.phone}
    filled: Context = sample.model_copy(update=about | ask | {"practice": True})
    return render(key, filled)


@router.get("/mails/preview")
def previews(visit: Visiting) -> Response:
    rows = [(mail, _sample(visit, key).subject) for key, mail in MAILS.items()]
    return page(visit, "mail_previews.html", rows=rows)


@router.get("/mails/preview/{key}")
def preview(visit: Visiting, key: str) -> Response:
    """Subject, text and page of one kind, as wide as a screen and as a telephone."""
    said = _sample(visit, key)
    return page(visit, "mail_preview.html", mail=MAILS[key], said=said, keys=list(MAILS.values()))


@router.get("/mails/preview/{key}/html")
def preview_html(visit: Visiting, key: str) -> Response:
    return framed(_sample(visit, key).html)
