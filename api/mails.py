"""What has been sent to whom, what was not, and what does the office do about it (邮件发送记录)?"""

from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting, clean
from api.mail_frames import framed, without_tokens
from api.paging import PageNumber
from api.render import done, page, private, query
from models.case import Case
from models.mail import Message
from models.outbox import (
    RESENDABLE,
    MailFilters,
    MailRow,
    find_mail,
    find_mails,
    in_letter,
    queue_counts,
    standing,
)
from models.people import Person
from models.season import Season
from models.verdict import Refused, Verdict
from models.words import MessageState
from notifications.catalogue import MAILS
from notifications.letters import CannotWrite, Writer
from notifications.rendering import Rendered
from tasks.outbox import change_address, resend, resume_sending, stop_sending

router = APIRouter()

SHOWN_OF_A_LETTER = 20


# --- the list ----------------------------------------------------------------------------------------------------


@router.get("/mails")
def mails_page(
    visit: Visiting,
    p: PageNumber,
    state: str = "",
    template: str = "",
    q: str = "",
    case: str = "",
    person: str = "",
) -> Response:
    filters = MailFilters(
        state if state in set(MessageState) else "",
        template if template in MAILS else "",
        clean(q).strip()[:80],
        _id(case),
        _id(person),
    )
    return outbox_page(visit, filters, p)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def outbox_page(
    visit: Visit, filters: MailFilters, number: int = 1, *, status: int = 200, reasons: Verdict = ()
) -> Response:
    session, season = visit.session, visit.season
    shown = page(
        visit,
        "mails.html",
        status=status,
        reasons=reasons,
        filters=filters,
        about=_about(visit, filters),
        found=find_mails(session, season.id, filters, number),
        counts=queue_counts(session, season.id),
        standing=standing(session, season),
        kinds=MAILS,
        states=[s for s in MessageState if s is not MessageState.SENDING],
        resendable=RESENDABLE,
        base="/mails?" + query(asdict(filters)) + "&",
        form=visit.form,
    )
    return private(shown)


def _about(visit: Visit, filters: MailFilters) -> str:
    """The case or the person to whom the list is narrowed."""
    case = visit.session.get(Case, filters.case) if filters.case else None
    person = visit.session.get(Person, filters.person) if filters.person else None
    known = [f"{case.number} {case.name}"] if case and case.season_id == visit.season.id else []
    return "、".join(known + ([person.name] if person else []))


# --- stop and go -------------------------------------------------------------------------------------------------


@router.post("/mails/stop")
def stop(visit: Visiting) -> Response:
    try:
        stop_sending(visit.session, visit.season.id, visit.person, visit.form.text("reason"))
    except Refused as error:
        visit.session.rollback()
        return outbox_page(visit, MailFilters(), status=error.status, reasons=error.reasons)
    return done("/mails", "邮件已暂停发送，新邮件照常排队。")


@router.post("/mails/resume")
def resume(visit: Visiting) -> Response:
    try:
        resume_sending(visit.session, visit.season.id, visit.person)
    except Refused as error:
        visit.session.rollback()
        return outbox_page(visit, MailFilters(), status=error.status, reasons=error.reasons)
    return done("/mails", "邮件已恢复发送。")


# --- one mail ----------------------------------------------------------------------------------------------------


def seen_mail(visit: Visit, message_id: UUID) -> MailRow:
    """The mail, in its season; for whoever is not of that season's office it does not exist."""
    found = visit.session.get(Message, message_id)
    if found is None:
        raise Missing
    visit.enter(visit.session.get_one(Season, found.season_id))
    row = find_mail(visit.session, message_id)
    if row is None:
        raise Missing
    return row


def said_by(visit: Visit, message: Message) -> tuple[Rendered | None, str]:
    """What the mail says, or said; or why it can't be written."""
    try:
        said = Writer(visit.session).said(*in_letter(visit.session, message))
    except CannotWrite as reason:
        return None, str(reason)
    return Rendered(said.subject, without_tokens(said.text), without_tokens(said.html)), ""


@router.get("/mails/{message_id}")
def one_mail(visit: Visiting, message_id: UUID) -> Response:
    return _mail_page(visit, message_id)


def _mail_page(visit: Visit, message_id: UUID, *, status: int = 200, reasons: Verdict = ()) -> Response:
    row = seen_mail(visit, message_id)
    message, resent = row.message, row.message.context.get("resent", [])
    said, trouble = said_by(visit, message)
    shown = page(
        visit,
        "mail_sent.html",
        status=status,
        reasons=reasons,
        row=row,
        message=message,
        kind=MAILS.get(message.template),
        said=said,
        trouble=trouble,
        together=[m for m in in_letter(visit.session, message) if m.id != message.id],
        most=SHOWN_OF_A_LETTER,
        resent=[(visit.session.get_one(Person, UUID(r["by"])).name, r) for r in resent[-5:]],
        can_resend=message.state in RESENDABLE,
        can_address="objection" not in message.context and message.state != MessageState.SENDING,
        form=visit.form,
    )
    return private(shown)


@router.get("/mails/{message_id}/html")
def one_mail_html(visit: Visiting, message_id: UUID) -> Response:
    said, _ = said_by(visit, seen_mail(visit, message_id).message)
    if said is None:
        raise Missing
    return framed(said.html)


@router.post("/mails/{message_id}/resend")
def send_again(visit: Visiting, message_id: UUID) -> Response:
    seen_mail(visit, message_id)
    try:
        resend(visit.session, message_id, visit.person)
    except Refused as error:
        visit.session.rollback()
        return _mail_page(visit, message_id, status=error.status, reasons=error.reasons)
    return done(f"/mails/{message_id}", "已重新排队，随即发出。")


@router.post("/mails/{message_id}/address")
def mend_address(visit: Visiting, message_id: UUID) -> Response:
    seen_mail(visit, message_id)
    try:
        again = change_address(visit.session, message_id, visit.person, visit.form.text("address"))
    except Refused as error:
        visit.session.rollback()
        return _mail_page(visit, message_id, status=error.status, reasons=error.reasons)
    return done(f"/mails/{message_id}", "收件地址已更改" + (f"，{again}封邮件重新发送。" if again else "。"))
