"""Does the record still hold what the anchors committed? Cut tails, removed cases, forged anchors (design §8, 7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from models.anchor import Anchor, AnchorHead, anchor_hash, anchors_of, heads_digest, heads_of
from models.anchor_text import Kept
from models.chain import Fault
from models.event import GENESIS, Event
from models.season import Season


@dataclass(frozen=True)
class Committed:
    """A head as it was committed, and by what."""

    label: str
    chain: UUID
    seq: int
    hash: str
    by: str

    @property
    def name(self) -> str:
        return f"案件{self.label}" if self.label != "年度" else "本年度"


def anchor_faults(session: Session, season: Season) -> Iterator[Fault]:
    """The anchors of the season among themselves, then the record against each of them."""
    expected, previous = 1, GENESIS
    for anchor in anchors_of(session, season.id):
        where = f"{season.key}第{anchor.number}号记录锚（{anchor.day}）"
        if anchor.number != expected or anchor.previous != previous:
            yield Fault("anchor", anchor.hash, f"{where}与前一号不相接，其中有记录锚被改动或删除。")
            return
        heads = heads_of(session, anchor)
        if len(heads) != anchor.moved or heads_digest(heads) != anchor.digest:
            yield Fault("anchor_head", anchor.hash, f"{where}所列的记录与其摘要不符，已被改动。")
            return
        if anchor_hash(anchor, season.key) != anchor.hash:
            yield Fault("anchor", anchor.hash, f"{where}与其散列不符，已被改动。")
            return
        expected, previous = anchor.number + 1, anchor.hash
    yield from _against_anchors(session, season)


def kept_faults(session: Session, kept: Kept) -> Iterator[Fault]:
    """The record against an anchor that was kept outside: this one nobody here can have forged."""
    for head in kept.heads:
        by = f"您保存的{kept.day}记录锚"
        yield from _fault_of(session, Committed(head.label, UUID(head.chain), head.seq, head.hash, by))
    known = select(Anchor.hash).where(col(Anchor.hash).startswith(kept.hash))
    if session.exec(known).first() is None:
        day = f"{kept.season} {kept.day} " if kept.day else ""
        text = f"系统里没有您保存的记录锚 {day}{kept.hash[:16]}：记录锚被换过，或者所属的年度已被删除。"
        yield Fault("anchor", kept.hash, text)


def _against_anchors(session: Session, season: Season) -> Iterator[Fault]:
    """Heads that the record no longer has, by chain; of each chain the earliest committed."""
    event = select(Event).where(Event.season_id == season.id).subquery()
    differing = session.execute(
        rows_of(AnchorHead, col(Anchor.day))
        .join(
            Anchor,
            (col(Anchor.season_id) == col(AnchorHead.season_id))
            & (col(Anchor.number) == col(AnchorHead.number)),
        )
        .outerjoin(event, (event.c.chain == col(AnchorHead.chain)) & (event.c.seq == col(AnchorHead.seq)))
        .where(col(AnchorHead.season_id) == season.id)
        .where(event.c.hash.is_distinct_from(col(AnchorHead.hash)))
        .order_by(col(AnchorHead.label), col(AnchorHead.number))
    ).all()
    told: set[UUID] = set()
    for head, day in differing:
        if head.chain not in told:
            told.add(head.chain)
            yield from _fault_of(
                session, Committed(head.label, head.chain, head.seq, head.hash, f"{day}的记录锚")
            )


def _fault_of(session: Session, head: Committed) -> Iterator[Fault]:
    """What is wrong with one committed head, if anything."""
    found = session.exec(select(Event).where(Event.chain == head.chain, Event.seq == head.seq)).first()
    if found is not None and found.hash == head.hash:
        return
    left = session.exec(select(func.max(Event.seq)).where(Event.chain == head.chain)).one() or 0
    if not left:
        text = f"{head.name}已整件被删除：{head.by}记有它的{head.seq}条流转记录，现在一条也没有。"
    elif found is None:
        text = f"{head.name}的末尾被截去：{head.by}记有{head.seq}条流转记录，现在只有{left}条。"
    else:
        text = f"{head.name}的第{head.seq}条流转记录与{head.by}不符，它或它之前的记录被改写过。"
    yield Fault("event", str(head.chain), text)
