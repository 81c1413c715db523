"""How is a password set, checked and changed?

Only argon2id hashes are kept, of the current one and of the last few. A password that somebody else has made is good
for one login, at which its owner makes one of his own.
"""

import secrets
import threading
from datetime import timedelta

from pwdlib import PasswordHash
from sqlmodel import Session, col, delete, select

from models.account_words import AccountEventKind, Result
from models.accounts import OldPassword
from models.database import real_now
from models.passwords import FIELD, Policy, check_password, policy
from models.people import LoginSession, Person
from models.verdict import Reason, Refused, Verdict, require
from tasks.account_log import note

ONE_TIME_LASTS = timedelta(hours=72)

_hasher = PasswordHash.recommended()
# Checking a password takes 64 MiB: at most a few at once.
_few = threading.BoundedSemaphore(4)
_decoy = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """The argon2id hash; whether the password is good enough is another question."""
    with _few:
        return _hasher.hash(password)


def make_password() -> str:
    """A random password that satisfies both rules."""
    while True:
        made = f"{secrets.token_urlsafe(9)}-{secrets.randbelow(10)}aZ"
        if not check_password(made, policy()):
            return made


def matches(person: Person | None, password: str) -> bool:
    """Whether it is this person's; for nobody's it takes as long. An old kind of hash is renewed on the way."""
    kept = person.password_hash if person else None
    with _few:
        found, renewed = _hasher.verify_and_update(password, kept or _decoy)
    if person is None or kept is None or not found:
        return False
    if renewed:
        person.password_hash = renewed
    return True


def is_run_out(person: Person) -> bool:
    """A password made by somebody else is of no use after three days."""
    return person.must_change and _age(person) > ONE_TIME_LASTS


def is_due(person: Person) -> bool:
    """Whether a new password has to be made before anything else."""
    lasts = None if person.practice else policy().lasts
    return person.must_change or (lasts is not None and _age(person) > lasts)


def days_left(person: Person) -> int | None:
    """How long the password may still be used; None for as long as one likes."""
    lasts = None if person.practice else policy().lasts
    return None if lasts is None else max(0, (lasts - _age(person)).days)


def _age(person: Person) -> timedelta:
    return real_now() - person.password_set_at if person.password_set_at else timedelta(0)


def change_password(session: Session, person: Person, current: str | None, new: str, again: str) -> None:
    """Take a new password and end every login of the person; everything that is wrong is said at once.

    `current` is None where a mailed link stands for it.
    """
    require(check_change(session, person, current, new, again))
    set_password(session, person, new)
    note(session, AccountEventKind.PASSWORD_CHANGED, person)


def check_change(session: Session, person: Person, current: str | None, new: str, again: str) -> Verdict:
    found: list[Reason] = []
    if current is not None and not matches(person, current):
        found.append(Reason("wrong_password", "现在的密码不对。", kind="invalid", field="current"))
    found += check_password(new, policy(), [n for n in (person.login, person.name) if n])
    if not found and _is_old(session, person, new, policy()):
        text = "新密码与现在的相同。"
        if policy().remembered > 1:
            text = f"新密码与最近{policy().remembered}次用过的密码相同，请换一个。"
        found.append(Reason("used_before", text, kind="invalid", field=FIELD))
    if new != again:
        found.append(Reason("not_repeated", "两次输入的新密码不一致。", kind="invalid", field="again"))
    return tuple(found)


def note_wrong_change(session: Session, person: Person) -> None:
    note(session, AccountEventKind.PASSWORD_CHANGED, person, result=Result.FAILED)


def set_password(session: Session, person: Person, password: str, *, one_time: bool = False) -> None:
    """Without a check; ends every login of the person."""
    if person.password_hash:
        session.add(OldPassword(person_id=person.id, password_hash=person.password_hash))
    person.password_hash, person.password_set_at = hash_password(password), real_now()
    person.must_change = one_time
    session.add(person)
    session.exec(delete(LoginSession).where(col(LoginSession.person_id) == person.id))
    session.flush()


def _is_old(session: Session, person: Person, password: str, chosen: Policy) -> bool:
    kept = session.exec(
        select(OldPassword.password_hash)
        .where(OldPassword.person_id == person.id)
        .order_by(col(OldPassword.set_at).desc())
        .limit(chosen.remembered - 1)
    ).all()
    current = [person.password_hash] if person.password_hash else []
    with _few:
        return any(_hasher.verify(password, known) for known in (*current, *kept))


def refuse_weak(password: str, *names: str) -> None:
    """For accounts that are made with a password."""
    weak = check_password(password, policy(), [n for n in names if n])
    if weak:
        raise Refused(*weak)
