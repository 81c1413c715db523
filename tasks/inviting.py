"""How does someone without an account nominate himself (四（三）)? By a link that is mailed to him.

The link opens one application, again and again, until its case is closed or the office revokes it.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from models.case import Case
from models.channels import self_channel, self_route
from models.crypto import blind
from models.database import real_now
from models.gates import Assignment, Gate
from models.incoming import Invitation
from models.mail import Message
from models.notice import Notice, last_day
from models.people import LoginSession, Person
from models.season import Season, notice_of, now
from models.seats import is_office
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import StepKind
from notifications.letters import ADDRESS, LONGEST_ADDRESS
from notifications.links import invitation_digest, token_digest
from tasks.intake import Application, enter_case
from tasks.mail import queue_invitation

CLAUSE = "四（三）"
AN_HOUR = timedelta(hours=1)
# One address gets so many mails an hour; from one place so many people may ask.
MAILS_AN_HOUR = 3
PEOPLE_AN_HOUR = 20
# A name is written in letters, with a dot or a blank between its parts: nothing else gets into a stranger's mailbox.
NAME = re.compile(r"[^\W\d_]{1,40}(?:[ ·•・.．'’-][^\W\d_]{1,40}){0,6}")
LONGEST_NAME = 80


def due_of(notice: Notice) -> datetime:
    """When an application has to be handed in."""
    return notice.due(next(s for s in notice.steps if s.kind is StepKind.FORM).due)


def check_open(season: Season, notice: Notice) -> Verdict:
    """Reasons why nobody can nominate himself now."""
    if season.closed_at is not None:
        return (Reason("season_closed", f"{notice.title}认定工作已经办结，不再接受申报。"),)
    if self_channel(notice) is None:
        return (Reason("no_self_channel", f"{notice.title}不接受个人自荐，请联系所在单位。"),)
    if now(season) >= due_of(notice):
        text = f"申报已于{last_day(due_of(notice))}24时截止，不能再申请自荐链接。"
        return (Reason("too_late", text, "三（一）"),)
    return OPEN


def ask(session: Session, season_id: UUID, name: str, email: str, *, asked_from: str) -> None:
    """Someone asks for a link. Whether the address is known is not told; a mail too many is not sent, silently."""
    season = session.get_one(Season, season_id)
    notice = notice_of(session, season)
    require(check_open(season, notice))
    name, email = _tidy(name), unicodedata.normalize("NFKC", _tidy(email)).lower()
    require(_check_asker(name, email))
    _one_at_a_time(session)
    digest = (blind("asking_address", asked_from) or "").rpartition(":")[2]
    require(_check_pace(session, digest))
    if _mails_sent(session, season, email) >= MAILS_AN_HOUR:
        return
    _send(session, season, notice, name, email, asked_from=digest)


def invite(session: Session, season_id: UUID, name: str, email: str, person: Person) -> Invitation:
    """The office sends a link, also after the last day; what is then handed in it still has to admit as late."""
    season = session.get_one(Season, season_id)
    notice = notice_of(session, season)
    require(_check_office(session, season, notice, person))
    require(tuple(r for r in check_open(season, notice) if r.code != "too_late"))
    name, email = _tidy(name), unicodedata.normalize("NFKC", _tidy(email)).lower()
    require(_check_asker(name, email))
    _one_at_a_time(session)
    return _send(session, season, notice, name, email, asked_from="")


def _send(
    session: Session, season: Season, notice: Notice, name: str, email: str, *, asked_from: str
) -> Invitation:
    invitation = _living(session, season, name, email) or _made(session, season, name, email)
    invitation.asked_from, invitation.asked_at = asked_from, real_now()
    session.add(invitation)
    session.flush()
    person = session.get_one(Person, invitation.person_id)
    late = now(season) >= due_of(notice)
    queue_invitation(session, season, notice, person, invitation_id=invitation.id, late=late)
    return invitation


def _living(session: Session, season: Season, name: str, email: str) -> Invitation | None:
    """The link that this person has already: it is sent again, so that there is one application."""
    mine = select(Invitation).where(Invitation.season_id == season.id, Invitation.email == email)
    wanted = mine.where(Invitation.name == name, col(Invitation.revoked_at).is_(None))
    return next((i for i in session.exec(wanted) if not check_usable(session, i)), None)


def _made(session: Session, season: Season, name: str, email: str) -> Invitation:
    person = Person(name=name, email=email)
    session.add(person)
    session.flush()
    new = uuid4()
    return Invitation(
        id=new,
        season_id=season.id,
        name=name,
        email=email,
        digest=invitation_digest(new),
        person_id=person.id,
    )


def _tidy(typed: str) -> str:
    seen = "".join(c for c in typed if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _check_asker(name: str, email: str) -> Verdict:
    found: list[Reason] = []
    if not name:
        found.append(Reason("name_missing", "请填写姓名。", CLAUSE, "invalid", "name"))
    elif len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        wrong = "姓名只能有文字和间隔号“·”，请填写身份证上的姓名。"
        found.append(Reason("name_malformed", wrong, CLAUSE, "invalid", "name"))
    if not email:
        found.append(Reason("email_missing", "请填写电子邮箱，链接发到这里。", CLAUSE, "invalid", "email"))
    elif len(email) > LONGEST_ADDRESS or not ADDRESS.fullmatch(email):
        wrong = "电子邮箱的格式不对，应形如 name@example.org，请核对。"
        found.append(Reason("email_malformed", wrong, CLAUSE, "invalid", "email"))
    return tuple(found)


def _one_at_a_time(session: Session) -> None:
    """Until the transaction ends: what is counted here is counted once."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('gongjiang invitations'))"))


def _check_pace(session: Session, asked_from: str) -> Verdict:
    since = real_now() - AN_HOUR
    asked = select(func.count()).select_from(Invitation)
    recent = asked.where(Invitation.asked_from == asked_from, col(Invitation.asked_at) > since)
    if session.exec(recent).one() < PEOPLE_AN_HOUR:
        return OPEN
    text = "这个网络地址一小时内申请的人太多，请过一小时再试，或者联系办公室发送链接。"
    return (Reason("too_many", text, CLAUSE),)


def _mails_sent(session: Session, season: Season, email: str) -> int:
    sent = select(func.count()).select_from(Message).where(Message.season_id == season.id)
    sent = sent.where(Message.template == "invitation", Message.address == email)
    return session.exec(sent.where(col(Message.queued_at) > real_now() - AN_HOUR)).one()


# --- following the link ------------------------------------------------------------------------------------------


def find_invitation(session: Session, token: str) -> Invitation | None:
    return session.exec(select(Invitation).where(Invitation.digest == token_digest(token))).first()


def check_usable(session: Session, invitation: Invitation) -> Verdict:
    """A link ends with its case, or when the office revokes it."""
    if invitation.revoked_at is not None:
        return (Reason("link_revoked", "这个链接已经停用。", CLAUSE),)
    case = session.get(Case, invitation.case_id) if invitation.case_id else None
    if case is not None and case.closed_at is not None:
        return (Reason("case_closed", "这项申报已经办结，结果已发到您的邮箱，这个链接不再使用。", CLAUSE),)
    if case is None and session.get_one(Season, invitation.season_id).closed_at is not None:
        return (Reason("season_closed", "本年度认定工作已经办结，这个链接不再使用。", CLAUSE),)
    return OPEN


def begin(session: Session, invitation_id: UUID) -> Assignment:
    """Open the application of this link: made as a draft the first time. Returns the task that its login is for."""
    invitation = session.exec(
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    require(check_usable(session, invitation))
    person = session.get_one(Person, invitation.person_id)
    if invitation.case_id is None:
        invitation.case_id = _enter(session, invitation, person).id
        session.add(invitation)
        session.flush()
    return _form_of(session, invitation.case_id, person)


def _enter(session: Session, invitation: Invitation, person: Person) -> Case:
    notice = notice_of(session, session.get_one(Season, invitation.season_id))
    channel = self_channel(notice)
    if channel is None:
        raise Refused(Reason("no_self_channel", f"{notice.title}不接受个人自荐，请联系办公室。", CLAUSE))
    asked = {f.key for f in notice.fields_of(channel.key)}
    known = {"email": invitation.email, "nationality": "中国"}
    form = {k: v for k, v in known.items() if k in asked}
    route = self_route(notice, channel)
    application = Application(invitation.name, channel.key, route, form=form)
    return enter_case(session, invitation.season_id, application, person)


def _form_of(session: Session, case_id: UUID, person: Person) -> Assignment:
    """The latest task of this person on the case: its application form, or the correction of it."""
    return session.exec(
        select(Assignment)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .where(Gate.case_id == case_id, Assignment.person_id == person.id)
        .order_by(col(Gate.opened_at).desc(), col(Gate.round).desc())
        .limit(1)
    ).one()


# --- the office --------------------------------------------------------------------------------------------------


def invitations(session: Session, season_id: UUID) -> Sequence[tuple[Invitation, Case | None]]:
    """The links of a season with the cases made from them, the latest first."""
    rows = session.exec(
        select(Invitation, Case)
        .outerjoin(Case, col(Case.id) == col(Invitation.case_id))
        .where(Invitation.season_id == season_id)
        .order_by(col(Invitation.asked_at).desc())
    ).all()
    return [(invitation, case) for invitation, case in rows]


def revoke(session: Session, invitation_id: UUID, person: Person) -> Invitation:
    """Neither the link nor those of later mails open anything any more, and whoever came in by one is out."""
    invitation = session.get(Invitation, invitation_id, with_for_update={"key_share": True})
    if invitation is None:
        raise Refused(Reason("unknown_invitation", "没有找到这个链接。", CLAUSE, "missing"))
    season = session.get_one(Season, invitation.season_id)
    require(_check_office(session, season, notice_of(session, season), person))
    invitation.revoked_at = invitation.revoked_at or real_now()
    nominee = session.get_one(Person, invitation.person_id)
    nominee.active = False
    session.add_all([invitation, nominee])
    for login in session.exec(select(LoginSession).where(LoginSession.person_id == invitation.person_id)):
        session.delete(login)
    return invitation


def _check_office(session: Session, season: Season, notice: Notice, person: Person) -> Verdict:
    if is_office(session, season, notice, person):
        return OPEN
    return (Reason("office_only", "自荐链接由办公室发送和停用。", CLAUSE, "forbidden"),)
