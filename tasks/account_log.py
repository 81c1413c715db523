"""How is put on record what accounts do, and does that record still hold?

One chain for the whole installation: nothing in it is ever changed or removed.
"""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.account_words import AccountEventKind, Result
from models.accounts import AccountEvent, account_event_hash
from models.asking import asker
from models.database import real_now
from models.event import GENESIS
from models.people import Person

AT_A_TIME = 1000


def note(
    session: Session,
    kind: AccountEventKind,
    person: Person | None,
    *,
    about: str = "",
    result: Result = Result.DONE,
    **facts: Any,
) -> None:
    """Append what this person did, from where, and to whom or what. Called last: all wait for one another here."""
    session.flush()
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('gongjiang account log'))"))
    last = session.exec(select(AccountEvent).order_by(col(AccountEvent.seq).desc()).limit(1)).first()
    event = AccountEvent(
        seq=last.seq + 1 if last else 1,
        at=real_now(),
        kind=kind,
        result=result,
        person_id=person.id if person else None,
        role=(person.admin_role or "") if person else "",
        address=asker().address,
        device=asker().device,
        about=about[:200],
        facts=facts,
        previous=last.hash if last else GENESIS,
        hash="",
    )
    event.hash = account_event_hash(event)
    session.add(event)
    session.flush()


def named(person: Person) -> str:
    """How the log names a person."""
    return f"{person.name}（{person.login}）" if person.login else person.name


def verify_accounts(session: Session) -> str:
    """The first entry that was changed, removed or put in between, as a sentence; empty when all is well."""
    before, seq = GENESIS, 0
    while True:
        rows = session.exec(
            select(AccountEvent)
            .where(AccountEvent.seq > seq)
            .order_by(col(AccountEvent.seq))
            .limit(AT_A_TIME)
        ).all()
        for row in rows:
            if row.seq != seq + 1:
                return f"账号日志第{seq + 1}条缺失。"
            if row.previous != before or account_event_hash(row) != row.hash:
                return f"账号日志第{row.seq}条被改动。"
            before, seq = row.hash, row.seq
        session.expunge_all()
        if len(rows) < AT_A_TIME:
            return ""
