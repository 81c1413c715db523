"""What can the office do about mails that did not get out: send again, change the address, stop and go on?"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.database import real_now
from models.gates import Gate
from models.labels import label
from models.mail import Message
from models.outbox import RESENDABLE, in_letter
from models.people import Person
from models.season import Season, notice_of
from models.seats import is_office
from models.text import tidy_line
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import EventKind, GateState, MessageState
from notifications.letters import is_address
from notifications.outbox import CHANNEL
from notifications.standing import go_on, locked_route
from tasks.record import lock_season, record

LONGEST_REASON = 200
UNREACHED = (MessageState.FAILED, MessageState.SKIPPED, MessageState.BOUNCED)


def check_outbox(session: Session, season: Season, person: Person) -> Verdict:
    if is_office(session, season, notice_of(session, season), person):
        return OPEN
    return (Reason("office_only", "发出的邮件由办公室管理。", kind="forbidden"),)


def resend(session: Session, message_id: UUID, person: Person) -> Message:
    """Queue a mail again that failed, came back, was not sent, or whose fate is unknown, to today's address.

    One of unknown fate keeps its Message-ID and all that was in it, so that a second copy can be told from a second
    mail. Who asked is kept with it and in the record.
    """
    message, season = _locked(session, message_id, person)
    if message.state not in RESENDABLE:
        state = label(MessageState(message.state))
        raise Refused(Reason("not_resendable", f"这封邮件目前是“{state}”，不能重发。"))
    recipient = session.get(Person, message.person_id) if message.person_id else None
    address = recipient.email if recipient else message.address
    if not address and "objection" not in message.context:
        text_ = "收件人没有电子邮箱，请先填写收件地址，再重发。"
        raise Refused(Reason("no_address", text_, kind="invalid"))
    mails = [m for m in in_letter(session, message) if m.state == message.state]
    _queue_again(session, mails, address, person)
    _record(session, EventKind.MAIL_RESENT, season, person, message, len(mails))
    return message


def change_address(session: Session, message_id: UUID, person: Person, given: str) -> int:
    """Put the recipient's address right, for this season's mails and all later ones; how many are sent again.

    What failed, came back or was never sent to them and still concerns an open gate goes out with this mail.
    """
    message, season = _locked(session, message_id, person)
    address = tidy_line(given)
    require(_is_mendable(message, address))
    mails: Sequence[Message] = [message]
    if message.person_id is not None:
        recipient = session.get_one(Person, message.person_id, with_for_update=True)
        if recipient.admin_role:
            text = "这是管理员的邮箱，由系统管理员、安全管理员两人办理更改。"
            raise Refused(Reason("account_address", text))
        recipient.email = address
        session.add(recipient)
        mails = _of_person(session, message)
    again = [m for m in mails if m.state in UNREACHED]
    _queue_again(session, again, address, person)
    for waiting in mails:
        if waiting.state in (MessageState.HELD, MessageState.QUEUED):
            waiting.address = address
            session.add(waiting)
    _record(session, EventKind.ADDRESS_CHANGED, season, person, message, len(again))
    return len(again)


def _is_mendable(message: Message, address: str) -> Verdict:
    if "objection" in message.context:
        return (Reason("sealed_address", "异议人的地址加密保存，不能在这里更改。"),)
    if message.template == "account_link":
        text = "这是设置密码的链接，不能改寄他处。请系统管理员提出“更改电子邮箱”，由安全管理员确认。"
        return (Reason("account_address", text),)
    if message.state == MessageState.SENDING:
        return (Reason("being_sent", "这封邮件正在发送，请稍候刷新再改。"),)
    if not is_address(address):
        wrong = "请填写有效的邮箱地址，例如 name@example.org。"
        return (Reason("not_an_address", wrong, "", "invalid", "address"),)
    return OPEN


def _of_person(session: Session, message: Message) -> Sequence[Message]:
    """The mail and what else waits for, or did not reach, its recipient."""
    open_gates = select(Gate.id).where(Gate.season_id == message.season_id, Gate.state == GateState.OPEN)
    states = (*UNREACHED, MessageState.HELD, MessageState.QUEUED)
    return session.exec(
        select(Message)
        .where(Message.season_id == message.season_id, Message.person_id == message.person_id)
        .where((col(Message.id) == message.id) | col(Message.state).in_(states))
        .where(
            (col(Message.id) == message.id)
            | col(Message.gate_id).in_(open_gates)
            | col(Message.state).in_((MessageState.HELD, MessageState.QUEUED))
        )
        .with_for_update()
    ).all()


def _queue_again(session: Session, mails: Iterable[Message], address: str | None, person: Person) -> None:
    for mail in mails:
        again = {"by": str(person.id), "at": real_now().isoformat(), "after": mail.state}
        mail.context = {**mail.context, "resent": [*mail.context.get("resent", []), again]}
        if mail.state != MessageState.UNKNOWN:
            mail.letter_id = None
        mail.state, mail.address, mail.error = MessageState.QUEUED, address, ""
        mail.attempts, mail.claimed_until, mail.next_at = 0, None, real_now()
        session.add(mail)
    session.flush()
    _ring(session)


def _ring(session: Session) -> None:
    session.execute(text(f"NOTIFY {CHANNEL}"))


def _locked(session: Session, message_id: UUID, person: Person) -> tuple[Message, Season]:
    known = session.get(Message, message_id)
    if known is None:
        raise Refused(Reason("unknown_message", "没有找到这封邮件。", kind="missing"))
    season = lock_season(session, known.season_id)
    require(check_outbox(session, season, person))
    message = session.get_one(Message, message_id, with_for_update=True, populate_existing=True)
    return message, season


def _record(
    session: Session, kind: EventKind, season: Season, person: Person, message: Message, mails: int
) -> None:
    """Which mail it was, by its kind and its case; no address."""
    record(
        session,
        kind,
        season=season,
        actor=person,
        template=message.template,
        case_number=str(message.context.get("number", "")),
        mails=mails,
    )


# --- stop and go -------------------------------------------------------------------------------------------------


def stop_sending(session: Session, season_id: UUID, person: Person, reason: str) -> None:
    """Nothing more is sent until somebody says so; mails are queued as before. For all seasons of the same kind."""
    season = lock_season(session, season_id)
    require(check_outbox(session, season, person))
    reason = tidy_line(reason)
    if not reason:
        raise Refused(Reason("reason_missing", "请写明暂停发送的理由。", "", "invalid", "reason"))
    route = locked_route(session, season.practice)
    if route.stopped_at is not None:
        raise Refused(Reason("already_stopped", "邮件已经暂停发送。"))
    route.stopped_at, route.stopped_by = real_now(), person.id
    route.reason = reason[:LONGEST_REASON]
    session.add(route)
    record(session, EventKind.SENDING_STOPPED, season=season, actor=person, reason=route.reason)


def resume_sending(session: Session, season_id: UUID, person: Person) -> None:
    """Go on: after a stop by the office, or once the account is in order again."""
    season = lock_season(session, season_id)
    require(check_outbox(session, season, person))
    route = locked_route(session, season.practice)
    if route.stopped_at is None:
        raise Refused(Reason("not_stopped", "邮件没有暂停发送。"))
    go_on(route)
    session.add(route)
    record(session, EventKind.SENDING_RESUMED, season=season, actor=person)
    _ring(session)
