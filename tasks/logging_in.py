"""How is guessing stopped without shutting out those whom the account belongs to?

Failures are counted for each login name, whether it exists or not: after five the name is locked for a quarter of an
hour. A browser in which its owner has logged in before keeps a cookie and is counted by itself: whoever locks the name
from elsewhere does not lock it there. Every network address has a count of its own, too. All of it is in the record, so
that a restart forgets nothing.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select

from models.account_words import AccountEventKind, Result
from models.accounts import KnownBrowser, LoginGuess
from models.asking import asker
from models.database import real_now
from models.locks import holds
from models.people import LoginSession, Person, folded, folded_login
from tasks.account_log import named, note
from tasks.link_guesses import network_of
from tasks.passwords import is_run_out, matches

FAILURES_ALLOWED = 5
FAILURES_OF_A_NETWORK = 30
WITHIN = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)
KEPT = timedelta(days=1)
BROWSER_KNOWN_FOR = timedelta(days=180)


class TooManyTries(Exception):
    """So many failures came from this address that nobody is asked who is not known in this browser."""


def find_by_login(session: Session, login: str) -> Person | None:
    """Whose login name this is, whatever its case and width."""
    return session.exec(select(Person).where(folded_login() == folded(login))).first()


def authenticate(session: Session, login: str, password: str, browser: str = "") -> Person | None:
    """The person, or None. The caller commits also when the answer is None, or `TooManyTries` was raised.

    An unknown name, a wrong password, a locked and a disabled account look the same and take as long.
    """
    person = find_by_login(session, login)
    known = _known_browser(session, person, browser)
    network = f"net:{network_of(asker().address)}" if asker().address and not known else ""
    if network and _is_locked(session, network):
        raise TooManyTries
    fits = matches(person, password)
    count = _locked_row(session, f"browser:{known.digest}" if known else _name_key(login))
    is_shut_out = (
        network and not fits and _count(session, _locked_row(session, network), FAILURES_OF_A_NETWORK)
    )
    if count.locked_until is not None:
        _failed(session, person, "locked")
    elif person is None or not fits or not person.active or is_run_out(person):
        locked = _count(session, count, FAILURES_ALLOWED)
        _failed(session, person, "wrong", locked=locked)
    else:
        session.delete(count)
        session.add(person)
        return person
    if is_shut_out:
        note(session, AccountEventKind.SHUT_OUT, None, result=Result.REFUSED)
    return None


def _failed(session: Session, person: Person | None, why: str, *, locked: bool = False) -> None:
    """What was typed as a name is not kept unless it is one: people type passwords there."""
    about = named(person) if person else "没有这个登录名"
    note(session, AccountEventKind.LOGIN_FAILED, None, about=about, result=Result.FAILED, why=why)
    if locked:
        note(session, AccountEventKind.LOCKED, None, about=about, result=Result.REFUSED)


# --- counting ----------------------------------------------------------------------------------------------------


def _name_key(login: str) -> str:
    return "name:" + hashlib.sha256(folded(login).encode()).hexdigest()


def _is_locked(session: Session, key: str) -> bool:
    row = session.get(LoginGuess, key)
    return row is not None and holds(row.locked_until, real_now(), LOCKED_FOR)


def _locked_row(session: Session, key: str) -> LoginGuess:
    """The count of this key, locked until the transaction ends; a lock that is over counts from the beginning."""
    moment = real_now()
    session.execute(insert(LoginGuess).values(key=key, since=moment, wrong=0).on_conflict_do_nothing())
    row = session.get_one(LoginGuess, key, with_for_update=True, populate_existing=True)
    over = row.locked_until is not None and not holds(row.locked_until, moment, LOCKED_FOR)
    if over or (row.locked_until is None and abs(moment - row.since) > WITHIN):
        row.since, row.wrong, row.locked_until = moment, 0, None
    return row


def _count(session: Session, row: LoginGuess, allowed: int) -> bool:
    """Count one failure; whether that was the last one allowed."""
    row.wrong += 1
    if row.wrong >= allowed and row.locked_until is None:
        row.locked_until = real_now() + LOCKED_FOR
        session.add(row)
        return True
    session.add(row)
    return False


def count_wrong(session: Session, key: str) -> bool:
    """Count one failure of something else than a password; whether it is locked from now on."""
    return _count(session, _locked_row(session, key), FAILURES_ALLOWED)


def is_locked(session: Session, key: str) -> bool:
    return _is_locked(session, key)


def forget_wrong(session: Session, key: str) -> None:
    session.exec(delete(LoginGuess).where(col(LoginGuess.key) == key))


def forget_old(session: Session) -> None:
    """Counts and sessions of yesterday and browsers of last year are of no use; called at each login."""
    moment = real_now()
    session.exec(delete(LoginSession).where(col(LoginSession.created_at) < moment - KEPT))
    session.exec(delete(LoginGuess).where(col(LoginGuess.since) < moment - KEPT))
    session.exec(delete(KnownBrowser).where(col(KnownBrowser.used_at) < moment - BROWSER_KNOWN_FOR))


def locked_until(session: Session, person: Person) -> datetime | None:
    """Until when this person's name, or one of the known browsers, is locked."""
    locked = (col(LoginGuess.key).in_(_keys_of(session, person)), col(LoginGuess.locked_until) > real_now())
    return session.exec(select(func.max(LoginGuess.locked_until)).where(*locked)).one()


def unlock(session: Session, person: Person, by: Person) -> None:
    """The system administrator ends a lock before its time, in every browser."""
    session.exec(delete(LoginGuess).where(col(LoginGuess.key).in_(_keys_of(session, person))))
    note(session, AccountEventKind.ACCOUNT_UNLOCKED, by, about=named(person))


def _keys_of(session: Session, person: Person) -> list[str]:
    known = session.exec(select(KnownBrowser.digest).where(KnownBrowser.person_id == person.id)).all()
    counted = [f"browser:{digest}" for digest in known]
    return [_name_key(person.login or ""), f"code:{person.id}", f"change:{person.id}", *counted]


# --- known browsers ----------------------------------------------------------------------------------------------


def _known_browser(session: Session, person: Person | None, token: str) -> KnownBrowser | None:
    if person is None or not token:
        return None
    return session.get(KnownBrowser, (hashlib.sha256(token.encode()).hexdigest(), person.id))


def remember_browser(session: Session, person: Person, token: str) -> str:
    """After a login: this browser is known from now on. Returns the token for its cookie."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    ours = token and session.exec(select(KnownBrowser).where(KnownBrowser.digest == digest)).first()
    if not ours:
        token = secrets.token_urlsafe(32)
        digest = hashlib.sha256(token.encode()).hexdigest()
    known = session.get(KnownBrowser, (digest, person.id)) or KnownBrowser(digest=digest, person_id=person.id)
    known.used_at = real_now()
    session.add(known)
    return token
