"""What does the system administrator do with accounts? Makes and invites, disables and restores, ends locks.

None of it gives an account anything to do: that takes two (`tasks.granting`).
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import Session, col, or_, select, update

from models.account_words import AccountEventKind, AdminRole
from models.database import real_now
from models.granting import AccountInvitation
from models.people import ApiToken, Person
from models.queries import PAGE
from models.season import Season, notice_of
from models.verdict import OPEN, Reason, Refused, Verdict, require
from notifications.letters import is_address
from notifications.links import account_digest, token_digest
from tasks.account_log import named, note
from tasks.accounts import end_logins, free_login
from tasks.logging_in import unlock
from tasks.mail import about, queue
from tasks.passwords import change_password

LINK_LASTS = timedelta(hours=72)
LONGEST_NAME = 80


def check_administer(by: Person) -> Verdict:
    if by.admin_role == AdminRole.SYSTEM:
        return OPEN
    return (Reason("not_yours", "由系统管理员办理。", kind="forbidden"),)


def make_account(session: Session, by: Person, *, name: str, login: str, email: str) -> Person:
    """An account without a password: its owner sets one by the link that is mailed to him."""
    require(check_administer(by))
    name, email = name.strip(), email.strip()
    require(_check_new(session, name, login, email))
    person = Person(name=name, login=free_login(session, login), email=email)
    session.add(person)
    note(session, AccountEventKind.ACCOUNT_MADE, by, about=named(person))
    _mail_link(session, by, person)
    return person


def _check_new(session: Session, name: str, login: str, email: str) -> Verdict:
    found: list[Reason] = []
    if not name or len(name) > LONGEST_NAME:
        found.append(Reason("name_missing", "请填写姓名（最多80字）。", kind="invalid", field="name"))
    try:
        free_login(session, login)
    except Refused as error:
        found += error.reasons
    if not is_address(email):
        text = "请填写有效的电子邮箱，设置密码的链接发到那里。"
        found.append(Reason("email_malformed", text, kind="invalid", field="email"))
    return tuple(found)


def send_link(session: Session, by: Person, person_id: UUID) -> Person:
    """Another link to set a password; those sent before no longer work."""
    person = _account(session, by, person_id)
    if not person.active:
        raise Refused(Reason("disabled", "账号已停用，请先恢复。"))
    if not person.email:
        text = "账号没有电子邮箱，请先提出“更改电子邮箱”。"
        raise Refused(Reason("no_address", text))
    _mail_link(session, by, person)
    return person


def _mail_link(session: Session, by: Person, person: Person) -> None:
    session.exec(
        update(AccountInvitation)
        .where(col(AccountInvitation.person_id) == person.id, col(AccountInvitation.ended_at).is_(None))
        .values(ended_at=real_now())
    )
    new = uuid4()
    session.add(AccountInvitation(id=new, person_id=person.id, digest=account_digest(new)))
    season = _mailing_season(session)
    queue(
        session,
        "account_link",
        person,
        unique_key=f"account_link:{new}",
        season=season,
        link=str(new),
        login=person.login,
        until=(real_now() + LINK_LASTS).isoformat(),
        **about(notice_of(session, season), None),
    )
    note(session, AccountEventKind.ACCOUNT_INVITED, by, about=named(person))


def _mailing_season(session: Session) -> Season:
    """A mail goes out as one of a season: of a real one if there is any."""
    newest = select(Season).order_by(col(Season.practice), col(Season.opened_at).desc()).limit(1)
    season = session.exec(newest).first()
    if season is None:
        raise Refused(Reason("no_season", "还没有开启任何年度，不能发送邮件。"))
    return season


def disable(session: Session, by: Person, person_id: UUID) -> Person:
    """Every login and token ends at once; the name and all that was done stay."""
    person = _account(session, by, person_id)
    if person.id == by.id:
        raise Refused(
            Reason("own_account", "不能停用自己的账号，请由另一名系统管理员办理。", kind="forbidden")
        )
    person.active = False
    session.add(person)
    end_logins(session, person)
    session.exec(
        update(ApiToken)
        .where(col(ApiToken.person_id) == person.id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=real_now())
    )
    note(session, AccountEventKind.ACCOUNT_DISABLED, by, about=named(person))
    return person


def enable(session: Session, by: Person, person_id: UUID) -> Person:
    person = _account(session, by, person_id)
    person.active = True
    session.add(person)
    note(session, AccountEventKind.ACCOUNT_ENABLED, by, about=named(person))
    return person


def unlock_account(session: Session, by: Person, person_id: UUID) -> Person:
    person = _account(session, by, person_id)
    unlock(session, person, by)
    return person


def _account(session: Session, by: Person, person_id: UUID) -> Person:
    require(check_administer(by))
    person = session.get(Person, person_id, with_for_update=True)
    if person is None or person.login is None:
        raise Refused(Reason("unknown_account", "没有这个账号。", kind="missing"))
    return person


# --- the mailed link ---------------------------------------------------------------------------------------------


def find_account_link(session: Session, token: str) -> AccountInvitation | None:
    return session.exec(
        select(AccountInvitation).where(AccountInvitation.digest == token_digest(token))
    ).first()


def is_usable(session: Session, link: AccountInvitation) -> bool:
    """Once, within three days, while the account is not disabled."""
    fresh = link.ended_at is None and real_now() - link.made_at < LINK_LASTS
    return fresh and session.get_one(Person, link.person_id).active


def set_by_link(session: Session, link_id: UUID, new: str, again: str) -> Person:
    """The owner sets a password; the link is used up."""
    link = session.get_one(AccountInvitation, link_id, with_for_update=True, populate_existing=True)
    if not is_usable(session, link):
        raise Refused(Reason("link_over", "这个链接已经用过，或者超过了72小时。"))
    person = session.get_one(Person, link.person_id)
    change_password(session, person, None, new, again)
    link.ended_at = real_now()
    session.add(link)
    return person


# --- the list ----------------------------------------------------------------------------------------------------


def find_accounts(session: Session, words: str, page: int) -> tuple[Sequence[Person], int]:
    """One page of those who can log in, administrators first, and how many there are."""
    wanted = select(Person).where(col(Person.login).is_not(None))
    if words:
        columns = (col(Person.name), col(Person.login), col(Person.email))
        wanted = wanted.where(or_(*(c.icontains(words, autoescape=True) for c in columns)))
    total = session.exec(select(func.count()).select_from(wanted.subquery())).one()
    order = (col(Person.admin_role).is_(None), col(Person.login))
    return session.exec(wanted.order_by(*order).limit(PAGE).offset((page - 1) * PAGE)).all(), total
