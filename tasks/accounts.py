"""How does a person get an account, stay logged in, and get a token for programs?

Sessions and tokens are random, live on the server, and only their SHA-256 is kept.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from models.account_words import ROLES, AccountEventKind, AdminRole, Waits
from models.asking import asker
from models.database import real_now
from models.people import ApiToken, LoginSession, Person, folded
from models.season import Season
from models.verdict import OPEN, Reason, Refused, Verdict
from tasks.account_log import named, note
from tasks.logging_in import find_by_login
from tasks.passwords import hash_password, is_due, make_password, refuse_weak
from tasks.second_factor import factor_of, needs_factor

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- accounts ----------------------------------------------------------------------------------------------------


def add_account(
    session: Session,
    *,
    name: str,
    login: str,
    password: str,
    email: str | None = None,
    one_time: bool = False,
    by: Person | None = None,
) -> Person:
    """A person who can log in; a login name that exists, whatever its case and width, is refused."""
    login, name = free_login(session, login), name.strip()
    refuse_weak(password, login, name)
    person = Person(name=name, login=login, email=email, password_hash=hash_password(password))
    person.password_set_at, person.must_change = real_now(), one_time
    session.add(person)
    note(session, AccountEventKind.ACCOUNT_MADE, by, about=named(person))
    return person


def free_login(session: Session, typed: str) -> str:
    """The login name as it is kept; refused when it can't be one, or is somebody's."""
    login = folded(typed)
    if not LOGIN_NAME.fullmatch(login):
        text = "登录名由2到40个小写字母、数字和 . _ - 组成，以字母或数字开头。"
        raise Refused(Reason("login_malformed", text, kind="invalid", field="login"))
    if find_by_login(session, login) is not None:
        raise Refused(Reason("login_taken", f"登录名“{login}”已经有人使用。", field="login"))
    return login


def add_first(session: Session, *, name: str, login: str, role: AdminRole, email: str | None) -> str:
    """The first administrator of a kind, with a password for one login, which is returned.

    Refused once somebody usable is one: then the administrators make each other, two at a time.
    """
    if holders(session, role):
        text = f"已经有{ROLES[role]}。新的由系统管理员或安全管理员在网页上提出，另一名安全管理员确认。"
        raise Refused(Reason("role_held", text))
    password = make_password()
    person = add_account(session, name=name, login=login, password=password, email=email, one_time=True)
    person.admin_role = role
    session.add(person)
    note(session, AccountEventKind.ROLE_GIVEN, None, about=named(person), role=role)
    return password


def holders(session: Session, role: AdminRole) -> list[Person]:
    """Who is this administrator; practice's do not count."""
    found = select(Person).where(Person.admin_role == role, col(Person.active), ~col(Person.practice))
    return list(session.exec(found))


def check_seat_by_command(session: Session, season: Season, person: Person) -> Verdict:
    """A seat of a real season takes two people as soon as there is somebody to confirm it."""
    if person.admin_role:
        return (Reason("is_administrator", f"{person.name}是管理员，不能兼任业务席位。"),)
    if season.practice or not holders(session, AdminRole.SECURITY):
        return OPEN
    text = "已有安全管理员：正式年度的席位请在网页“账号”中提出，由安全管理员确认。"
    return (Reason("two_people", text, kind="forbidden"),)


def find_account(session: Session, login: str) -> Person:
    """Whose login name this is. Refused when it is nobody's."""
    person = find_by_login(session, login)
    if person is None:
        raise Refused(Reason("unknown_login", f"没有登录名为“{login}”的账号。", kind="missing"))
    return person


# --- sessions ----------------------------------------------------------------------------------------------------


def open_login(
    session: Session,
    person: Person,
    *,
    assignment_id: UUID | None = None,
    proved: bool = False,
    waits_for: Waits | None = None,
) -> str:
    """A new session; returns the token for the cookie. With `assignment_id` it opens that one task only.

    One that waits for something opens nothing before that is given.
    """
    proved_at = real_now() if proved else None
    return _new_login(
        session, person, assignment_id=assignment_id, proved_at=proved_at, waits_for=waits_for or ""
    )


def next_wait(session: Session, person: Person, given: Waits | None = None) -> Waits | None:
    """What a login waits for after its password, or after `given`."""
    has = factor_of(session, person) is not None
    wanted = {
        Waits.CODE: has,
        Waits.PASSWORD: is_due(person),
        Waits.ENROL: not has and needs_factor(session, person),
    }
    order = list(wanted)
    rest = order[order.index(given) + 1 :] if given in order else order
    return next((w for w in rest if wanted[w]), None)


def go_on(session: Session, login: LoginSession, person: Person, given: Waits) -> tuple[str, Waits | None]:
    """What the login waited for was given: a new session takes its place, of which the token and the wait."""
    session.exec(delete(LoginSession).where(col(LoginSession.digest) == login.digest))
    wait = next_wait(session, person, given)
    token = open_login(session, person, waits_for=wait)
    if wait is None:
        note(session, AccountEventKind.LOGGED_IN, person)
    return token, wait


def hand_on_login(session: Session, login: LoginSession, person: Person, assignment_id: UUID) -> str:
    """A session for another task of the same person; it lasts no longer than the one that it replaces."""
    session.exec(delete(LoginSession).where(col(LoginSession.digest) == login.digest))
    return _new_login(
        session,
        person,
        assignment_id=assignment_id,
        proved_at=login.proved_at,
        created_at=login.created_at,
    )


def _new_login(session: Session, person: Person, **known: Any) -> str:
    token = secrets.token_urlsafe(32)
    csrf = secrets.token_urlsafe(32)
    known = {"address": asker().address, "device": asker().device} | known
    session.add(LoginSession(digest=digest(token), person_id=person.id, csrf=csrf, **known))
    return token


def find_login(session: Session, token: str) -> tuple[LoginSession, Person] | None:
    """The live session of this token and its person; notes its use at most once a minute."""
    login = session.get(LoginSession, digest(token))
    moment = real_now()
    if login is None or _is_over(login, moment):
        return None
    person = session.get_one(Person, login.person_id)
    if not person.active:
        return None
    if login.used_at > moment:
        # The clock was put back: the login lasts no longer for it.
        login.created_at, login.used_at = min(login.created_at, moment), moment
        session.add(login)
    elif moment - login.used_at > timedelta(minutes=1):
        login.used_at = moment
        session.add(login)
    return login, person


def _is_over(login: LoginSession, moment: datetime) -> bool:
    """Also one of a clock that was far ahead: nobody could say how long it has been unused."""
    idle, age = moment - login.used_at, moment - login.created_at
    return idle > IDLE or age > LONGEST or -age > LONGEST


def close_login(session: Session, token: str) -> None:
    session.exec(delete(LoginSession).where(col(LoginSession.digest) == digest(token)))


def end_logins(session: Session, person: Person) -> None:
    """Every browser of this person is out at once."""
    session.exec(delete(LoginSession).where(col(LoginSession.person_id) == person.id))


def logins_of(session: Session, person: Person) -> Sequence[LoginSession]:
    """Where this person is logged in now, the last used first; those of mailed links are none."""
    moment = real_now()
    return session.exec(
        select(LoginSession)
        .where(LoginSession.person_id == person.id, col(LoginSession.assignment_id).is_(None))
        .where(col(LoginSession.used_at) > moment - IDLE, col(LoginSession.created_at) > moment - LONGEST)
        .order_by(col(LoginSession.used_at).desc(), col(LoginSession.id))
    ).all()


def end_login(session: Session, person: Person, login_id: UUID) -> None:
    """End one of the own logins; another's does not exist."""
    login = session.exec(
        select(LoginSession).where(LoginSession.id == login_id, LoginSession.person_id == person.id)
    ).first()
    if login is None:
        raise Refused(Reason("unknown_login", "没有这次登录，可能已经退出。", kind="missing"))
    session.delete(login)
    note(session, AccountEventKind.LOGINS_ENDED, person, about=login.device)


def end_other_logins(session: Session, person: Person, kept: LoginSession) -> int:
    """Every other browser of this person is out; how many there were."""
    others = [x for x in logins_of(session, person) if x.digest != kept.digest]
    for login in others:
        session.delete(login)
    note(session, AccountEventKind.LOGINS_ENDED, person, number=len(others))
    return len(others)


# --- programs ----------------------------------------------------------------------------------------------------


def create_token(session: Session, person: Person, name: str) -> str:
    """A bearer token for the API, shown once."""
    if person.admin_role not in (None, AdminRole.SYSTEM):
        raise Refused(Reason("is_administrator", f"{person.name}是管理员，没有可供程序使用的内容。"))
    token = f"gj_{secrets.token_urlsafe(32)}"
    session.add(ApiToken(digest=digest(token), person_id=person.id, name=name))
    note(session, AccountEventKind.TOKEN_MADE, None, about=named(person), purpose=name)
    return token


def find_token(session: Session, token: str) -> Person | None:
    found = session.get(ApiToken, digest(token))
    if found is None or found.revoked_at is not None:
        return None
    person = session.get_one(Person, found.person_id)
    return person if person.active else None
