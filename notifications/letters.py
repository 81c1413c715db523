"""How does a queued message become the mail that is sent?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.header import Header
from email.message import Message as Mail
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from jinja2 import TemplateError
from pydantic import ValidationError
from sqlmodel import Session, col, select

from models.case import Case
from models.database import real_now
from models.gates import Decision, Gate
from models.mail import Message
from models.notice import SHANGHAI, Notice
from models.objection import Objection, read_account
from models.season import Season, notice_by_digest
from models.words import Effect
from notifications.catalogue import MAILS
from notifications.catalogue import Mail as MailKind
from notifications.contexts import Context, Returned, urgency
from notifications.plaintext import one_line
from notifications.rendering import Rendered, render

# Where a practice season's mails come from and where an answer to them would go: nowhere.
PRACTICE_OFFICE = "office@example.org"
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
LONGEST_ADDRESS = 200
UTF_8 = "utf-8"
# The newer policies fold a header at four times the cost of everything else.
WIRE = compat32.clone(linesep="\r\n")


class CannotWrite(Exception):
    """The message can't become a mail; the text says why, in Chinese."""


@dataclass(frozen=True)
class Letter:
    """A mail ready for the server: its two envelope addresses and every byte of it."""

    sender: str
    recipient: str
    content: bytes


class Writer:
    """Writes the mails of one transaction; each season's notice is read once."""

    def __init__(self, session: Session, login: str | None = None) -> None:
        """With `login`, the server is one that insists on its account as the sender."""
        self._session, self._login = session, login
        self._seasons: dict[UUID, Season] = {}
        self._notices: dict[str, Notice] = {}

    def write(self, message: Message, *others: Message) -> Letter:
        """The mail of a message, or of several of one kind to the same person; or `CannotWrite`."""
        season = self._season(message.season_id)
        notice = self._notice(season.notice_digest)
        office = PRACTICE_OFFICE if season.practice else notice.contact.email
        sender = _valid(self._login or office, "发件地址")
        recipient = _valid(message.address or self._sealed_address(message), "收件地址")
        said = self.said(message, *others)
        mail = MIMEMultipart("alternative")
        mail["From"] = _named(notice.authority, sender)
        mail["To"] = _named(str(message.context.get("person", "")), recipient)
        mail["Reply-To"] = _valid(office, "联系邮箱")
        mail["Date"] = format_datetime(real_now().astimezone(SHANGHAI))
        mail["Subject"] = Header(said.subject, UTF_8, header_name="Subject").encode()
        mail["Auto-Submitted"] = "auto-generated"
        _thread(mail, (message, *others), sender)
        mail.attach(MIMEText(said.text, "plain", UTF_8))
        mail.attach(MIMEText(said.html, "html", UTF_8))
        return Letter(sender, recipient, mail.as_bytes(policy=WIRE))

    def _sealed_address(self, message: Message) -> str:
        """The address of somebody who objected: it lies sealed with what he said, and nowhere else."""
        about = message.context.get("objection")
        objection = self._session.get(Objection, UUID(about)) if about else None
        return read_account(objection).email if objection else ""

    def _season(self, season_id: UUID) -> Season:
        if season_id not in self._seasons:
            self._seasons[season_id] = self._session.get_one(Season, season_id)
        return self._seasons[season_id]

    def _notice(self, digest: str) -> Notice:
        if digest not in self._notices:
            self._notices[digest] = notice_by_digest(self._session, digest)
        return self._notices[digest]

    def said(self, message: Message, *others: Message) -> Rendered:
        """What the mail says, or `CannotWrite`."""
        mail = MAILS.get(message.template)
        if mail is None:
            raise CannotWrite(f"没有“{message.template}”这种邮件。")
        try:
            if not others:
                return render(mail.key, mail.context.model_validate(self._facts(message, mail)))
            tasks = [mail.context.model_validate(self._facts(m, mail)) for m in (message, *others)]
            return render(mail.many, self._together(message, mail, tasks))
        except ValidationError as error:
            names = "、".join(str(e["loc"][0]) for e in error.errors() if e["loc"])
            raise CannotWrite(f"邮件“{mail.label}”缺少内容或内容有误：{names}。") from error
        except TemplateError as error:
            raise CannotWrite(f"邮件“{mail.label}”的模板有误：{error}。") from error

    def _facts(self, message: Message, mail: MailKind) -> dict[str, Any]:
        notice = self._notice(self._season(message.season_id).notice_digest)
        facts = {**message.context, "award_name": notice.award_name, "authority": notice.authority}
        return self._return(message) | facts if mail.context is Returned else facts

    def _together(self, message: Message, mail: MailKind, tasks: Sequence[Context]) -> Context:
        many = MAILS[mail.many].context
        about = {**self._facts(message, mail), "number": "", "candidate": "", "employer": ""}
        return many.model_validate({**about, "tasks": sorted(tasks, key=urgency)})

    def _return(self, message: Message) -> dict[str, Any]:
        """What the decision asked for that sent the case back last before the message was queued."""
        latest = self._session.exec(
            select(Decision, Gate, Case)
            .join(Gate, col(Gate.id) == col(Decision.gate_id))
            .join(Case, col(Case.id) == col(Gate.case_id))
            .where(Case.id == message.case_id, Decision.effect == Effect.RETURN)
            .where(Decision.recorded_at <= message.queued_at)
            .order_by(col(Decision.recorded_at).desc())
            .limit(1)
        ).first()
        if latest is None:
            return {}
        decision, gate, case = latest
        label = self._notice(case.notice_digest).step(gate.step).label
        return {"items": decision.items, "reason": decision.reason, "returned_by": label}


def _thread(mail: Mail, messages: Sequence[Message], sender: str) -> None:
    """The same identifier each time the letter is sent; all mails of one case hang together."""
    domain = sender.rpartition("@")[2].lower()
    mail["Message-ID"] = f"<{messages[0].letter_id or messages[0].id}@{domain}>"
    cases = {m.case_id for m in messages}
    if len(cases) == 1 and None not in cases:
        mail["In-Reply-To"] = mail["References"] = f"<case.{cases.pop()}@{domain}>"


def is_address(address: str) -> bool:
    """Whether a mail can be sent there: one plain address, nothing around it."""
    return len(address) <= LONGEST_ADDRESS and ADDRESS.fullmatch(address) is not None


def _valid(address: str, what: str) -> str:
    if not is_address(address):
        raise CannotWrite(f"{what}“{one_line(address)}”不是有效的邮箱地址，请更正后重发。")
    return address


def _named(name: str, address: str) -> str:
    """A name in encoded words, so that nothing in it is syntax, and the address behind it."""
    header = Header(header_name="Reply-To")
    header.append(one_line(name), UTF_8)
    header.append(f"<{address}>", "us-ascii")
    return header.encode()
