"""How does a person get an account, log in, and stay logged in?

Passwords are argon2id; sessions and tokens are random, live on the server, and only their SHA-256 is kept.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pwdlib import PasswordHash
from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from models.database import real_now
from models.locks import holds
from models.people import ApiToken, LoginSession, Person
from models.verdict import Reason, Refused

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
PASSWORD_MIN = 10

_hasher = PasswordHash.recommended()
_decoy = _hasher.hash(secrets.token_urlsafe(16))


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """The argon2id hash; a password that is too weak is refused."""
    classes = sum(
        any(f(c) for c in password)
        for f in (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    )
    if len(password) < PASSWORD_MIN or classes < 3:
        text = f"密码至少{PASSWORD_MIN}位，并含大写字母、小写字母、数字、符号中的三类。"
        raise Refused(Reason("weak_password", text, kind="invalid", field="password"))
    return _hasher.hash(password)


def make_password() -> str:
    """A random password that satisfies the rule."""
    return f"{secrets.token_urlsafe(9)}-{secrets.randbelow(10)}aZ"


def add_account(
    session: Session, *, name: str, login: str, password: str, email: str | None = None
) -> Person:
    """A person who can log in; a login name that exists (whatever its case) is refused."""
    login = login.strip()
    if session.exec(select(Person).where(func.lower(Person.login) == login.lower())).first():
        raise Refused(Reason("login_taken", f"登录名“{login}”已经有人使用。", field="login"))
    person = Person(name=name.strip(), login=login, email=email, password_hash=hash_password(password))
    session.add(person)
    session.flush()
    return person


def authenticate(session: Session, login: str, password: str) -> Person | None:
    """The person, or None; after five failures the account is locked for a quarter of an hour.

    An unknown name takes as long as a wrong password. The caller commits also when the answer is None.
    """
    person = session.exec(
        select(Person).where(func.lower(Person.login) == login.strip().lower()).with_for_update()
    ).first()
    matches = _hasher.verify(password, person.password_hash if person and person.password_hash else _decoy)
    if person is None or not person.active or holds(person.locked_until, real_now(), LOCKED_FOR):
        return None
    if matches:
        person.failed_logins, person.locked_until = 0, None
    else:
        person.failed_logins += 1
        if person.failed_logins >= FAILURES_ALLOWED:
            person.failed_logins, person.locked_until = 0, real_now() + LOCKED_FOR
    session.add(person)
    return person if matches else None


def is_password_of(person: Person, password: str) -> bool:
    """Whether an account has this password; not for logging in, since nothing is counted."""
    return person.password_hash is not None and _hasher.verify(password, person.password_hash)


def open_login(
    session: Session, person: Person, *, assignment_id: UUID | None = None, proved: bool = False
) -> str:
    """A new session; returns the token for the cookie. With `assignment_id` it opens that one task only."""
    proved_at = real_now() if proved else None
    return _new_login(session, person, assignment_id=assignment_id, proved_at=proved_at)


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


def create_token(session: Session, person: Person, name: str) -> str:
    """A bearer token for the API, shown once."""
    token = f"gj_{secrets.token_urlsafe(32)}"
    session.add(ApiToken(digest=digest(token), person_id=person.id, name=name))
    return token


def find_token(session: Session, token: str) -> Person | None:
    found = session.get(ApiToken, digest(token))
    if found is None or found.revoked_at is not None:
        return None
    person = session.get_one(Person, found.person_id)
    return person if person.active else None


def find_account(session: Session, login: str) -> Person:
    """Whose login name this is. Refused when it is nobody's."""
    person = session.exec(select(Person).where(Person.login == login)).first()
    if person is None:
        raise Refused(Reason("unknown_login", f"没有登录名为“{login}”的账号。", kind="missing"))
    return person
