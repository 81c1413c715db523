"""Who administers in the tests? Accounts of their own, as a new installation has them."""

from functools import cache
from itertools import count

from sqlmodel import col, update

from models.account_words import AdminRole
from models.database import real_now, transaction
from models.people import Person
from tasks.passwords import hash_password

PASSWORD = "Hai-Shui-2026-Yu"
_numbers = count(1)


@cache
def _hash() -> str:
    return hash_password(PASSWORD)


def account(name: str = "样例", role: AdminRole | None = None) -> Person:
    """Somebody who can log in, and do nothing unless a role is given."""
    login = f"ren{next(_numbers)}"
    person = Person(name=name, login=login, email=f"{login}@example.org", password_hash=_hash())
    person.password_set_at, person.admin_role = real_now(), role
    with transaction() as session:
        session.add(person)
    return person


def administrator(role: AdminRole) -> Person:
    return account(f"样例{role}", role)


def retire_administrators() -> None:
    """As on an installation that has none yet."""
    with transaction() as session:
        session.exec(update(Person).where(col(Person.admin_role).is_not(None)).values(active=False))
