"""Which mails did a practice season send? They are caught on this machine and can be read here, links and all."""

import re

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting, clean
from api.mail_frames import framed
from api.paging import PageNumber
from api.render import page, private, query
from models.queries import PAGE
from notifications.caught import CaughtMail, caught, caught_count, caught_mail
from settings import settings

router = APIRouter()

MARK = "【演练】"


@router.get("/mailbox")
def mailbox(visit: Visiting, p: PageNumber = 1, q: str = "") -> Response:
    words = clean(q).strip()[:80]
    wanted = f"{MARK} {words}"
    total = caught_count(wanted)
    pages = max(1, -(-total // PAGE))
    number = min(p, pages)
    mails = caught(PAGE, (number - 1) * PAGE, wanted)
    return page(
        visit,
        "mailbox.html",
        mails=mails,
        total=total,
        p=number,
        pages=pages,
        q=words,
        base="/mailbox?" + query({"q": words}) + "&",
    )


def seen_mail(visit: Visit, mail_id: str) -> CaughtMail:
    mail = caught_mail(mail_id)
    if mail is None or MARK not in mail.subject:
        raise Missing
    return mail


@router.get("/mailbox/{mail_id}")
def one_mail(visit: Visiting, mail_id: str) -> Response:
    mail = seen_mail(visit, mail_id)
    links = list(dict.fromkeys(re.findall(re.escape(settings().base_url) + r"/[ta]/[\w-]+", mail.text)))
    return private(page(visit, "mail.html", mail=mail, links=links))


@router.get("/mailbox/{mail_id}/html")
def mail_html(visit: Visiting, mail_id: str) -> Response:
    mail = seen_mail(visit, mail_id)
    return framed(mail.html)
