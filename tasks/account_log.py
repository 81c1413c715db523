"""How is put on record what accounts do, and does that record still hold?

One chain for the whole installation: nothing in it is ever changed or removed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, or_, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models.account_words import AccountEventKind, Result
from models.accounts import AccountEvent, DenialCount, account_event_hash
from models.asking import asker
from models.database import real_now
from models.event import GENESIS
from models.notice import day_end, day_of, day_start
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


def note_denied(session: Session, person: Person, about: str, address: str) -> None:
    """Append that this person was refused: of one kind of address the first time of a day, the 10th, the 100th, …

    So nobody floods the log; `address` is the kind, `about` what was asked for this time.
    """
    today = day_of(real_now())
    counted = insert(DenialCount).values(person_id=person.id, day=today, address=address[:200], times=1)
    again = counted.on_conflict_do_update(
        index_elements=["person_id", "day", "address"], set_={"times": col(DenialCount.times) + 1}
    )
    times = session.execute(again.returning(col(DenialCount.times))).scalar_one()
    if times == 1:
        old = delete(DenialCount).where(col(DenialCount.person_id) == person.id, col(DenialCount.day) < today)
        session.execute(old)
    if set(str(times)[1:]) <= {"0"} and str(times)[0] == "1":
        facts = {"times": times} if times > 1 else {}
        note(session, AccountEventKind.DENIED, person, about=about, result=Result.REFUSED, **facts)


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


# --- reading -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LogFilters:
    """What is looked for; what is empty narrows nothing. Both days are included."""

    q: str = ""
    kind: str = ""
    result: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def typed(self) -> dict[str, str]:
        days = {n: d.isoformat() for n in ("since", "until") if (d := getattr(self, n))}
        return {n: v for n in ("q", "kind", "result") if (v := getattr(self, n))} | days

    @property
    def is_set(self) -> bool:
        return bool(self.typed)


@dataclass(frozen=True)
class LogRow:
    event: AccountEvent
    who: str


def count_log(session: Session, filters: LogFilters) -> int:
    return int(session.exec(_narrowed(select(func.count()), filters)).one())


def find_log(session: Session, filters: LogFilters, *, limit: int, offset: int = 0) -> list[LogRow]:
    """The latest first."""
    wanted = _narrowed(select(AccountEvent, Person), filters).order_by(col(AccountEvent.seq).desc())
    rows = session.exec(wanted.limit(limit).offset(offset))
    return [LogRow(event, named(person) if person else "") for event, person in rows]


def _narrowed(statement: Any, filters: LogFilters) -> Any:
    found = statement.select_from(AccountEvent).outerjoin(
        Person, col(Person.id) == col(AccountEvent.person_id)
    )
    if filters.q:
        columns = (col(Person.name), col(Person.login), col(AccountEvent.about), col(AccountEvent.address))
        found = found.where(or_(*(c.icontains(filters.q, autoescape=True) for c in columns)))
    if filters.kind:
        found = found.where(AccountEvent.kind == filters.kind)
    if filters.result:
        found = found.where(AccountEvent.result == filters.result)
    if filters.since:
        found = found.where(col(AccountEvent.at) >= day_start(filters.since))
    if filters.until:
        found = found.where(col(AccountEvent.at) < day_end(filters.until))
    return found
