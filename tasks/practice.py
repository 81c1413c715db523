"""What does a new installation start with? A practice season of the notice, from today, with someone in every seat."""

from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, col, select

from models.account_words import ROLES, AdminRole
from models.administering import is_practising
from models.notice import SHANGHAI, Notice
from models.people import Person, Seat
from models.season import Season
from settings import settings
from tasks.directory import Account, seat_practice
from tasks.logging_in import find_by_login
from tasks.passwords import hash_password
from tasks.seasons import open_season

PRACTICE_ADMINISTRATORS = {
    "sysadmin": AdminRole.SYSTEM,
    "secadmin": AdminRole.SECURITY,
    "auditor": AdminRole.AUDIT,
}
NOTICE = Path(__file__).resolve().parent.parent / "notices" / "liuzhou-2025.yaml"


def practice_password() -> str:
    """The one generated password of this installation's practice accounts."""
    return f"Lz{settings().secret('practice_password')[:10]}-9"


def open_practice(session: Session, notice: Notice, start: date) -> Season:
    """A practice season whose notice is issued on `start`, with an example person in every seat."""
    shifted = notice.shifted(start)
    season = open_season(
        session, shifted, key=_free_key(session, f"{notice.key}-practice-{start:%Y%m%d}"), practice=True
    )
    seat_practice(session, season, shifted, lambda: hash_password(practice_password()))
    if is_practising(session):
        _practice_administrators(session)
    return season


def _practice_administrators(session: Session) -> None:
    """One of each kind to try out what they do; the first real season ends them."""
    for login, role in PRACTICE_ADMINISTRATORS.items():
        if find_by_login(session, login) is None:
            person = Person(
                name=f"{ROLES[role]}（样例）", login=login, email=f"{login}@example.org", practice=True
            )
            person.password_hash, person.admin_role = hash_password(practice_password()), role
            session.add(person)
    session.flush()


def _free_key(session: Session, key: str) -> str:
    taken = set(session.exec(select(Season.key).where(col(Season.key).startswith(key))))
    return next(k for k in (key, *(f"{key}-{n}" for n in range(2, 1000))) if k not in taken)


def today() -> date:
    return datetime.now(SHANGHAI).date()


def practice_accounts(session: Session, season: Season) -> list[Account]:
    """The accounts that can log in to a practice season, in the order they were made."""
    if not season.practice:
        return []
    people = session.exec(
        select(Person)
        .where(col(Person.login).is_not(None), col(Person.email).endswith("@example.org"))
        .where(
            col(Person.id).in_(select(Seat.person_id).where(Seat.season_id == season.id))
            | (Person.login == "applicant")
            | (col(Person.practice) & col(Person.admin_role).is_not(None))
        )
    )
    return sorted((Account(p.login or "", p.name) for p in people), key=lambda a: a.login)


def renew_practice_passwords(session: Session) -> None:
    """Give the practice accounts of a record that came from elsewhere the password of this installation."""
    accounts = [a for s in session.exec(select(Season)) for a in practice_accounts(session, s)]
    logins = {account.login for account in accounts}
    if not logins:
        return
    digest = hash_password(practice_password())
    for person in session.exec(select(Person).where(col(Person.login).in_(logins))):
        person.password_hash = digest
        session.add(person)
