"""How does an authenticator app on a telephone prove who logs in (RFC 6238)?

Six digits of half a minute, one half minute early or late; each is good once, however it is typed. Eight recovery codes
stand in for a lost telephone; without any of them two administrators together take the factor off the account.
"""

import base64
import hashlib
import re
import secrets
import unicodedata
from datetime import datetime

import pyotp
from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from models.account_words import AccountEventKind, Result
from models.accounts import RecoveryCode, SecondFactor, factor_about
from models.administering import is_practising
from models.crypto import seal, unseal
from models.database import real_now
from models.people import Person, Seat
from models.season import Season, notice_of
from models.seats import is_office
from models.verdict import Reason, Refused
from tasks.account_log import named, note
from tasks.logging_in import count_wrong, forget_wrong, is_locked

RECOVERY_CODES = 8
HALF_MINUTE = 30
EARLY_OR_LATE = 1
ISSUER = "柳州工匠认定"
LOCKED = "动态口令连续输错5次，15分钟内不能再试。"
WRONG = "动态口令不对或已经用过。请等手机上换成下一组6位数字再输；手机时间须准确。"


def needs_factor(session: Session, person: Person) -> bool:
    """Administrators, and whoever sits in the office of a real season. Practice accounts are shared and can't."""
    if person.practice:
        return False
    if person.admin_role:
        return not is_practising(session)
    seats = select(Seat.season_id).where(Seat.person_id == person.id)
    real = session.exec(select(Season).where(col(Season.id).in_(seats), ~col(Season.practice)))
    return any(is_office(session, s, notice_of(session, s), person) for s in real.all())


def factor_of(session: Session, person: Person, *, confirmed: bool = True) -> SecondFactor | None:
    return session.exec(
        select(SecondFactor).where(SecondFactor.person_id == person.id, SecondFactor.confirmed == confirmed)
    ).first()


# --- setting it up -----------------------------------------------------------------------------------------------


def begin_factor(session: Session, person: Person, code: str) -> None:
    """A new secret, to be confirmed by a first code. Who has one already proves it, or a recovery code."""
    if factor_of(session, person) is not None:
        prove(session, person, code)
    mine = col(SecondFactor.person_id) == person.id
    session.exec(delete(SecondFactor).where(mine, ~col(SecondFactor.confirmed)))
    made = SecondFactor(person_id=person.id, sealed=b"")
    made.sealed = seal(pyotp.random_base32().encode(), factor_about(made))
    session.add(made)
    session.flush()


def secret_of(factor: SecondFactor) -> str:
    return unseal(factor.sealed, factor_about(factor)).decode()


def address_of(factor: SecondFactor, person: Person) -> str:
    """What the app reads from the square."""
    return pyotp.TOTP(secret_of(factor)).provisioning_uri(name=person.login or "", issuer_name=ISSUER)


def confirm_factor(session: Session, person: Person, code: str) -> list[str]:
    """The first code makes the new secret the one; returns the recovery codes, to be shown this once."""
    made = factor_of(session, person, confirmed=False)
    if made is None:
        raise Refused(Reason("not_begun", "请先点“开始绑定”。", field="code"))
    step = _step_of(made, _digits(code), real_now())
    if step is None:
        text = "这组数字与二维码对不上。请确认手机时间准确，再输入手机上现在显示的6位数字。"
        raise Refused(Reason("wrong_code", text, kind="invalid", field="code"))
    session.exec(
        delete(SecondFactor).where(col(SecondFactor.person_id) == person.id, col(SecondFactor.confirmed))
    )
    made.confirmed, made.last_step = True, step
    session.add(made)
    codes = _make_codes(session, person)
    note(session, AccountEventKind.FACTOR_SET, person)
    return codes


def renew_codes(session: Session, person: Person, code: str) -> list[str]:
    """Eight new recovery codes, the old ones are void; a code of the app proves who wants them."""
    prove(session, person, code)
    codes = _make_codes(session, person)
    note(session, AccountEventKind.CODES_RENEWED, person)
    return codes


def codes_left(session: Session, person: Person) -> int:
    mine = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.person_id == person.id)
    return session.exec(mine).one()


def remove_factor(session: Session, person: Person) -> None:
    session.exec(delete(SecondFactor).where(col(SecondFactor.person_id) == person.id))
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person.id))


def _make_codes(session: Session, person: Person) -> list[str]:
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person.id))
    codes = [_made_code() for _ in range(RECOVERY_CODES)]
    session.add_all([RecoveryCode(digest=_digest(c), person_id=person.id) for c in codes])
    return codes


def _made_code() -> str:
    """Eighty bits, in groups that can be read aloud."""
    text = base64.b32encode(secrets.token_bytes(10)).decode()
    return "-".join(text[n : n + 4] for n in range(0, len(text), 4))


# --- proving it --------------------------------------------------------------------------------------------------


def prove(session: Session, person: Person, typed: str) -> None:
    """Refused unless this is a good code of the app, or a recovery code. The caller commits also when it is refused."""
    count = f"code:{person.id}"
    if is_locked(session, count):
        raise Refused(Reason("locked", LOCKED, field="code"))
    if _is_good(session, person, typed):
        forget_wrong(session, count)
        return
    count_wrong(session, count)
    note(session, AccountEventKind.FACTOR_FAILED, person, result=Result.FAILED)
    raise Refused(Reason("wrong_code", WRONG, kind="invalid", field="code"))


def _is_good(session: Session, person: Person, typed: str) -> bool:
    factor = session.exec(
        select(SecondFactor)
        .where(SecondFactor.person_id == person.id, col(SecondFactor.confirmed))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if factor is None:
        return False
    if (digits := _digits(typed)) and (step := _step_of(factor, digits, real_now())) is not None:
        factor.last_step = step
        session.add(factor)
        return True
    used = session.get(RecoveryCode, _digest(typed), with_for_update=True)
    if used is None or used.person_id != person.id:
        return False
    session.delete(used)
    note(
        session, AccountEventKind.RECOVERY_USED, person, about=named(person), left=codes_left(session, person)
    )
    return True


def _step_of(factor: SecondFactor, digits: str, at: datetime) -> int | None:
    """Of which half minute this code is; None if of none that may still be used."""
    app, now = pyotp.TOTP(secret_of(factor)), int(at.timestamp()) // HALF_MINUTE
    steps = range(now - EARLY_OR_LATE, now + EARLY_OR_LATE + 1)
    right = [s for s in steps if secrets.compare_digest(app.at(s * HALF_MINUTE), digits)]
    return next((s for s in right if s > factor.last_step), None)


def _digits(typed: str) -> str:
    """Six digits however they are typed: with blanks, in full width; empty for anything else."""
    found = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))
    return found if re.fullmatch(r"[0-9]{6}", found) else ""


def _digest(typed: str) -> str:
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper()
    return hashlib.sha256(plain.encode()).hexdigest()
