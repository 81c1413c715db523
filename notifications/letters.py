"""How does a queued message become the mail that is sent?"""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from jinja2 import TemplateError
from pydantic import ValidationError
from sqlmodel import Session, col, select

from models.case import Case
from models.database import real_now
from models.gates import Decision, Gate
from models.mail import Message
from models.notice import SHANGHAI, Notice
from models.season import Season, notice_by_digest, notice_of
from models.words import Effect
from notifications.catalogue import MAILS, Returned
from notifications.plaintext import one_line
from notifications.rendering import Rendered, render

# Where a practice season's mails come from and where an answer to them would go: nowhere.
PRACTICE_OFFICE = "office@example.org"
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
LONGEST_ADDRESS = 200


class CannotWrite(Exception):
    """The message can't become a mail; the text says why, in Chinese."""


@dataclass(frozen=True)
class Letter:
    """A mail ready for the server: its two envelope addresses and every byte of it."""

    sender: str
    recipient: str
    content: bytes


def write(session: Session, message: Message, login: str | None = None) -> Letter:
    """The mail of a message, from `login` where the server is one that checks who sends."""
    season = session.get_one(Season, message.season_id)
    notice = notice_of(session, season)
    sender = _valid(login or _office(season, notice), "发件地址")
    recipient = _valid(message.address or "", "收件地址")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _named(notice.authority, sender)
    mail["To"] = _named(str(message.context.get("person", "")), recipient)
    mail["Reply-To"] = _valid(_office(season, notice), "联系邮箱")
    mail["Date"] = real_now().astimezone(SHANGHAI)
    mail["Auto-Submitted"] = "auto-generated"
    _thread(mail, message, sender)
    said = _said(session, message, notice)
    mail["Subject"] = said.subject
    mail.set_content(said.text, cte="base64")
    mail.add_alternative(said.html, subtype="html", cte="base64")
    return Letter(sender, recipient, mail.as_bytes())


def _said(session: Session, message: Message, notice: Notice) -> Rendered:
    mail = MAILS.get(message.template)
    if mail is None:
        raise CannotWrite(f"没有“{message.template}”这种邮件。")
    facts: dict[str, Any] = {
        **message.context,
        "award_name": notice.award_name,
        "authority": notice.authority,
    }
    if mail.context is Returned:
        facts = _return(session, message) | facts
    try:
        return render(mail.key, mail.context.model_validate(facts))
    except ValidationError as error:
        names = "、".join(str(e["loc"][0]) for e in error.errors() if e["loc"])
        raise CannotWrite(f"邮件“{mail.label}”缺少内容或内容有误：{names}。") from error
    except TemplateError as error:
        raise CannotWrite(f"邮件“{mail.label}”的模板有误：{error}。") from error


def _return(session: Session, message: Message) -> dict[str, Any]:
    """What the decision asked for that sent the case back last before the message was queued."""
    latest = session.exec(
        select(Decision, Gate)
        .join(Gate, col(Gate.id) == col(Decision.gate_id))
        .where(Gate.case_id == message.case_id, Decision.effect == Effect.RETURN)
        .where(Decision.recorded_at <= message.queued_at)
        .order_by(col(Decision.recorded_at).desc())
        .limit(1)
    ).first()
    if latest is None or message.case_id is None:
        return {}
    decision, gate = latest
    notice = notice_by_digest(session, session.get_one(Case, message.case_id).notice_digest)
    return {"items": decision.items, "reason": decision.reason, "returned_by": notice.step(gate.step).label}


def _thread(mail: EmailMessage, message: Message, sender: str) -> None:
    """The same identifier each time the message is sent; all mails of one case hang together."""
    domain = sender.rpartition("@")[2].lower()
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    if message.case_id is not None:
        mail["In-Reply-To"] = mail["References"] = f"<case.{message.case_id}@{domain}>"


def _office(season: Season, notice: Notice) -> str:
    return PRACTICE_OFFICE if season.practice else notice.contact.email


def _valid(address: str, what: str) -> str:
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise CannotWrite(f"{what}“{one_line(address)}”不是有效的邮箱地址，请更正后重发。")
    return address


def _named(name: str, address: str) -> Address:
    return Address(display_name=one_line(name), addr_spec=address)
