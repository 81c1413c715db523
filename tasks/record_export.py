"""How does the record of a case leave the system, as a PDF to read and as JSON that anybody can verify?

The JSON holds the chain with everything this viewer may read; of what he may not read, or what is kept from people
outside, only the place in the chain stands there. `models.record_check` verifies it without the system.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from documents.grid import Sheet
from documents.layouts.case_record import Head, Line, case_record
from models.anchor import AnchorHead, anchor_body, anchors_of, heads_of, lines_of, newest_anchor
from models.case import Case
from models.casefile import Happened
from models.chain import Fault, case_faults
from models.event import GENESIS, Event
from models.gates import Decision
from models.merkle import proof_of
from models.notice import SHANGHAI
from models.people import Person
from models.record_check import SCHEMA
from models.season import Season, now
from models.viewer import Viewer
from models.words import EventKind
from tasks.printing import Format, rendered
from tasks.record_texts import Chain, Told, is_plain, read_told

Json = dict[str, Any]


def record_json(viewer: Viewer, file: Chain, *, redacted: bool = False) -> Json:
    """The record as plain values."""
    session = viewer.session
    events = session.exec(select(Event).where(Event.chain == file.id).order_by(col(Event.seq))).all()
    readable = {e.seq: e for e in file.record}
    told = {t.seq: t for t in read_told(viewer, file, redacted=redacted)}
    whole = viewer.sees_all and not redacted
    open_ones = {s for s, e in readable.items() if _is_open(e) and (whole or is_plain(e, file.notice))}
    return {
        "schema": SCHEMA,
        "case": file.label,
        "season": viewer.season.key,
        "practice": viewer.season.practice,
        "redacted": redacted,
        "exported_at": now(viewer.season).astimezone(UTC).isoformat(),
        "chain": str(file.id),
        "head": {"seq": len(events), "hash": events[-1].hash if events else GENESIS},
        "events": [_event(e, told.get(e.seq), facts=e.seq in open_ones) for e in events],
        "decisions": _decisions(session, [readable[s] for s in sorted(open_ones)], named=not redacted),
        "anchors": anchors_json(session, viewer.season, file.id),
    }


def _is_open(event: Happened) -> bool:
    """What an expert has said is nobody's to read before the panel is complete, neither the office's."""
    return event.decision is None or event.decision.readable


def _event(event: Event, told: Told | None, *, facts: bool) -> Json:
    base: Json = {"seq": event.seq, "previous": event.previous, "hash": event.hash}
    if told is not None:
        base["told"] = {
            "when": told.when,
            "who": told.who,
            "for": told.for_whom,
            "what": told.what,
            "version": told.version,
        }
    if not facts:
        return {**base, "withheld": True}
    return {
        **base,
        "kind": event.kind,
        "at": event.at.astimezone(UTC).isoformat(),
        "recorded_at": event.recorded_at.astimezone(UTC).isoformat(),
        "actor": str(event.actor_id) if event.actor_id else None,
        "facts": event.facts,
    }


def _decisions(session: Session, events: Sequence[Happened], *, named: bool) -> list[Json]:
    ids = [UUID(e.facts["decision"]) for e in events if e.kind is EventKind.ANSWER_GIVEN]
    rows = {d.id: d for d in session.exec(select(Decision).where(col(Decision.id).in_(ids)))}
    found = [rows[i] for i in ids if i in rows]
    people = {i for d in found for i in (d.decided_by, d.recorded_by, d.acted_for) if i}
    names = dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(people))).all())
    return [decision_json(d, names if named else {}) for d in found]


def decision_json(decision: Decision, names: Mapping[UUID, str]) -> Json:
    """One decision with what its event's digest and signature are made of."""
    said = {key: getattr(decision, key) for key in ("answer", "opinion", "reason", "items", "facts")}
    known = {
        "decided_by": names.get(decision.decided_by, ""),
        "recorded_by": names.get(decision.recorded_by, ""),
        "acted_for": names.get(decision.acted_for, "") if decision.acted_for else "",
    }
    return {
        "id": str(decision.id),
        "salt": decision.salt,
        "said": said,
        "circumstances": decision.circumstances(),
        **({"names": known} if names else {}),
    }


def anchors_json(session: Session, season: Season, chain: UUID) -> list[Json]:
    """All anchors of the season; where this chain had moved, its head and the proof that it was committed."""
    moved = {
        h.number: h
        for h in session.exec(
            select(AnchorHead).where(AnchorHead.season_id == season.id, AnchorHead.chain == chain)
        )
    }
    found = []
    for anchor in anchors_of(session, season.id):
        told: Json = {**anchor_body(anchor, season.key), "hash": anchor.hash}
        if head := moved.get(anchor.number):
            lines = lines_of(heads_of(session, anchor))
            proof = proof_of(lines, lines.index(head.line))
            told["head"] = {"label": head.label, "seq": head.seq, "hash": head.hash, "proof": proof}
        found.append(told)
    return found


# --- on paper ----------------------------------------------------------------------------------------------------


def record_pdf(viewer: Viewer, file: Chain, *, redacted: bool = False) -> bytes:
    return rendered([record_sheet(viewer, file, redacted=redacted)], Format.PDF)


def record_sheet(viewer: Viewer, file: Chain, *, redacted: bool = False) -> Sheet:
    """The record on paper: every line in sentences, the last hash and the newest anchor below."""
    anchor = newest_anchor(viewer.session, viewer.season.id)
    lines = [Line(t.seq, t.when, t.by, t.what, t.version) for t in read_told(viewer, file, redacted=redacted)]
    head = Head(
        season=viewer.season.title,
        number=file.label,
        name=file.name,
        events=file.seq,
        hash=file.head,
        anchor=f"{anchor.day} {anchor.hash}" if anchor else "",
        made=_moment(now(viewer.season)),
        hidden=file.seq - len(lines),
        redacted=redacted,
        practice=viewer.season.practice,
    )
    return case_record(head, lines)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


# --- on the page -------------------------------------------------------------------------------------------------


def check_record(session: Session, case: Case) -> Fault | None:
    """The first fault in the chain of one case, or None."""
    return next(case_faults(session, case), None)
