"""Has anything in the record been changed or removed since it was written (design §8, 7)?

Each chain of events is walked in order: every hash is computed anew and follows the one before, and the last
one is the head that the case's or the season's row keeps. A decision must still say what its event's digest
says, and a pinned notice what its own digest says.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.event import GENESIS, Event, event_hash
from models.gates import Decision, Gate
from models.season import NoticeVersion, Season
from models.words import EventKind

ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Fault:
    """One row that is not as it was written: where it is, and what is wrong with it."""

    table: str
    row: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Head:
    """What a case's or a season's row says of the chain that hangs on it."""

    name: str
    seq: int
    hash: str


def faults(session: Session, season: Season) -> Iterator[Fault]:
    """Every fault in the season's chains and decisions, in the order of the chains."""
    heads = {season.id: Head(f"年度“{season.title}”", season.event_seq, season.event_head)}
    cases = select(Case.id, Case.number, Case.event_seq, Case.event_head).where(Case.season_id == season.id)
    heads |= {i: Head(f"案件{number}", seq, head) for i, number, seq, head in session.exec(cases)}
    yield from _chain_faults(session, season.id, heads)
    yield from _decision_faults(session, season.id, heads)


def case_faults(session: Session, case: Case) -> Iterator[Fault]:
    """The faults in the chain of one case."""
    events = session.exec(select(Event).where(Event.chain == case.id).order_by(col(Event.seq)))
    yield from _walk(Head(f"案件{case.number}", case.event_seq, case.event_head), iter(events))


def heads_in_short(session: Session, season: Season) -> tuple[int, int, str]:
    """How many cases and events the season has, and one digest over the heads of all its chains."""
    cases = session.exec(
        select(Case.id, Case.event_seq, Case.event_head)
        .where(Case.season_id == season.id)
        .order_by(col(Case.id))
    ).all()
    rows = [(season.id, season.event_seq, season.event_head), *cases]
    text = "\n".join(f"{chain} {seq} {head}" for chain, seq, head in rows)
    return len(cases), sum(seq for _, seq, _ in rows), hashlib.sha256(text.encode()).hexdigest()


def notice_faults(session: Session) -> Iterator[Fault]:
    """Pinned notices whose text no longer has the digest under which they were pinned."""
    for version in session.exec(select(NoticeVersion)):
        if hashlib.sha256(version.body.encode()).hexdigest() != version.digest:
            text = f"通知版本{version.digest[:12]}的内容与其散列不符，已被改动。"
            yield Fault("notice_version", version.digest, text)


def _chain_faults(session: Session, season_id: UUID, heads: dict[UUID, Head]) -> Iterator[Fault]:
    left = dict(heads)
    events = session.exec(
        select(Event)
        .where(Event.season_id == season_id)
        .order_by(col(Event.chain), col(Event.seq))
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for chain, rows in groupby(events, key=lambda e: e.chain):
        head = left.pop(chain, None)
        if head is None:
            yield Fault("event", str(chain), f"流转记录{chain}不属于任何案件或年度，所属的行已被删除。")
            continue
        yield from _walk(head, rows)
    for chain, head in left.items():
        if head.seq or head.hash != GENESIS:
            yield Fault("event", str(chain), f"{head.name}的{head.seq}条流转记录已全部被删除。")


def _walk(head: Head, rows: Iterator[Event]) -> Iterator[Fault]:
    """One chain; after its first fault nothing more can be said of it."""
    expected, previous = 1, GENESIS
    for event in rows:
        where = f"{head.name}的第{event.seq}条流转记录"
        if event.seq != expected:
            yield Fault("event", str(event.id), f"{head.name}缺少第{expected}条流转记录，已被删除。")
            return
        if event.previous != previous:
            yield Fault("event", str(event.id), f"{where}与前一条不相接，其中一条已被改动。")
            return
        if event_hash(event) != event.hash:
            yield Fault("event", str(event.id), f"{where}与其散列不符，已被改动。")
            return
        expected, previous = event.seq + 1, event.hash
    if head.seq != expected - 1:
        yield Fault("event", previous, f"{head.name}应有{head.seq}条流转记录，现有{expected - 1}条。")
    elif head.hash != previous:
        yield Fault("event", previous, f"{head.name}记下的最后散列与流转记录不符，其中一处已被改动。")


@dataclass(frozen=True)
class Said:
    """What an event keeps of one decision."""

    where: str
    actor: UUID | None
    facts: dict[str, Any]


def _decision_faults(session: Session, season_id: UUID, heads: dict[UUID, Head]) -> Iterator[Fault]:
    """Every decision has its event, every event its decision, and both say the same."""
    answers = session.exec(
        select(Event)
        .where(Event.season_id == season_id, Event.kind == EventKind.ANSWER_GIVEN)
        .order_by(col(Event.chain), col(Event.seq))
    )
    said = {str(e.facts["decision"]): _said(e, heads) for e in answers}
    decisions = session.exec(
        select(Decision)
        .join(Gate, col(Gate.id) == col(Decision.gate_id))
        .where(Gate.season_id == season_id)
        .order_by(col(Decision.recorded_at))
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for decision in decisions:
        known = said.pop(str(decision.id), None)
        if known is None:
            text = f"决定{decision.id}没有流转记录，不是经系统作出的。"
            yield Fault("decision", str(decision.id), text)
        elif what := _differs(decision, known):
            text = f"{known.where}所记决定的{what}与流转记录中的摘要不符，已被改动。"
            yield Fault("decision", str(decision.id), text)
    for missing, known in said.items():
        yield Fault("decision", missing, f"{known.where}所记的决定{missing}已被删除。")


def _said(event: Event, heads: dict[UUID, Head]) -> Said:
    name = heads[event.chain].name if event.chain in heads else str(event.chain)
    return Said(f"{name}的第{event.seq}条流转记录", event.actor_id, event.facts)


def _differs(decision: Decision, known: Said) -> str:
    """What of a decision is no longer what its event says; empty when all is.

    Events of earlier versions keep no signature: of those only who answered, as which body, and what, is compared.
    """
    facts = known.facts
    if (decision.answer, decision.body) != (facts["answer"], facts["body"]):
        return "答复或办理机构"
    if decision.decided_by != known.actor:
        return "办理人"
    if decision.digest() != facts["digest"]:
        return "意见、理由或评分"
    if decision.signature() != facts.get("signature", decision.signature()):
        return "录入人、被代理人、时间或所依据的材料"
    return ""
