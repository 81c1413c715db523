"""What does the record of a case tell a layman? Who, for whom, when, what, and on which version of the material.

The sentences are those of the record's page (its partials), so that page, paper and file never say different things.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlmodel import col, select

from models.casefile import Answered, CaseFile, Happened, season_record
from models.data_words import ConsentScope, ConsentWay, Part, Subject
from models.labels import label
from models.notice import SHANGHAI, Notice, day_of
from models.people import Organisation, Seat
from models.submission import Submission
from models.viewer import Viewer
from models.words import CallResult, EventKind, FilePurpose, Handing, Need, Outcome, Place, RecusalGround
from tasks.directory import county_labels

PARTIALS = Path(__file__).resolve().parent.parent / "api" / "templates"
TAG, BLANKS = re.compile(r"<[^>]+>"), re.compile(r"[ \t]*\n\s*|[ \t]{2,}")
SAID = re.compile(r'<div class="said">')
SYSTEM, SOMEBODY = "系统", "办理人员"


@dataclass(frozen=True)
class Told:
    """One line of the record as people read it; what does not apply is empty."""

    seq: int
    kind: EventKind
    at: datetime
    who: str
    for_whom: str
    what: str
    version: str

    @property
    def when(self) -> str:
        local = self.at.astimezone(SHANGHAI)
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"

    @property
    def by(self) -> str:
        """Who, and in whose name."""
        return f"{self.who}，代表{self.for_whom}" if self.for_whom else self.who

    @property
    def sentence(self) -> str:
        """The line in one sentence or two."""
        about = f"所依据的材料：{self.version}。" if self.version else ""
        return f"{self.when}，{self.by}：{_ended(self.what)}{about}"


@dataclass(frozen=True)
class Chain:
    """The record of a case, or of the season for what concerns no one case, as far as its reader may read it."""

    id: UUID
    label: str
    name: str
    notice: Notice
    record: Sequence[Happened]
    seq: int
    head: str


def of_case(file: CaseFile) -> Chain:
    case = file.case
    return Chain(case.id, case.number, case.name, file.notice, file.record, case.event_seq, case.event_head)


def of_season(viewer: Viewer) -> Chain:
    season = viewer.season
    record = season_record(viewer, season.event_seq)[::-1]
    return Chain(season.id, "年度", "", viewer.notice, record, season.event_seq, season.event_head)


def read_told(viewer: Viewer, file: Chain, *, redacted: bool = False) -> list[Told]:
    """The lines that this viewer may read, the first one first; `redacted` names bodies instead of people."""
    session = viewer.session
    handed_in = session.exec(
        select(Submission).where(Submission.case_id == file.id).order_by(col(Submission.number))
    ).all()
    seats = _seats(viewer, {e.actor_id for e in file.record if e.actor_id})
    return [
        Told(
            seq=e.seq,
            kind=e.kind,
            at=e.at,
            who=_who(e, seats, redacted=redacted),
            for_whom="" if redacted else _for_whom(e, seats),
            what=event_text(file.notice, e) if not redacted or is_plain(e, file.notice) else label(e.kind),
            version=_version(e, handed_in, redacted=redacted),
        )
        for e in file.record
    ]


# Of these nothing but codes is kept as facts: no name, no word that somebody wrote.
PLAIN = {
    EventKind.CASE_ENTERED,
    EventKind.GATE_OPENED,
    EventKind.GATE_CLEARED,
    EventKind.GATE_RETURNED,
    EventKind.GATE_VOIDED,
    EventKind.ANSWER_GIVEN,
    EventKind.PAPER_RECEIVED,
    EventKind.TASK_REMINDED,
    EventKind.PLACE_GIVEN,
    EventKind.CASE_CLOSED,
    EventKind.CLOCK_MOVED,
    EventKind.SEASON_OPENED,
    EventKind.SEASON_CLOSED,
    EventKind.LIST_CONFIRMED,
    EventKind.LIST_RELEASED,
}


def is_plain(event: Happened, notice: Notice) -> bool:
    """Whether what is kept of the event may be read by people outside; nothing may that an expert has done."""
    if event.kind not in PLAIN or (event.decision is not None and not event.decision.readable):
        return False
    step = event.facts.get("step")
    return not (step and notice.step(step).criteria and event.actor_id is not None)


# --- who and for whom ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sat:
    person: UUID
    since: datetime
    until: datetime | None
    name: str


def _seats(viewer: Viewer, people: set[UUID]) -> list[_Sat]:
    rows = viewer.session.exec(
        select(Seat, Organisation.name)
        .outerjoin(Organisation, col(Organisation.id) == col(Seat.organisation_id))
        .where(Seat.season_id == viewer.season.id, col(Seat.person_id).in_(people))
        .order_by(col(Seat.since), col(Seat.id))
    ).all()
    bodies = {b.key: b.label for b in viewer.notice.bodies}
    return [_Sat(s.person_id, s.since, s.until, name or bodies.get(s.body, s.body)) for s, name in rows]


def _sat_in(event: Happened, seats: Sequence[_Sat]) -> str:
    """As whom the actor acted: the bodies in which he sat then."""
    held = [
        s.name
        for s in seats
        if s.person == event.actor_id and s.since <= event.at and (s.until is None or s.until > event.at)
    ]
    return "、".join(dict.fromkeys(held))


def _who(event: Happened, seats: Sequence[_Sat], *, redacted: bool) -> str:
    if not redacted:
        return event.actor
    if event.actor_id is None:
        return SYSTEM
    return event.decision.body if event.decision else _sat_in(event, seats) or SOMEBODY


def _for_whom(event: Happened, seats: Sequence[_Sat]) -> str:
    """The body, and the organisation, in whose name it was done."""
    return _asked(event.decision) if event.decision else _sat_in(event, seats)


def _asked(answered: Answered) -> str:
    if answered.assignment.organisation_id is None:
        return answered.body
    return f"{answered.who}（{answered.body}）"


# --- what, and on which material ----------------------------------------------------------------------------------


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PARTIALS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    words = (CallResult, ConsentScope, ConsentWay, FilePurpose, Handing, Need, Outcome, Place, RecusalGround)
    environment.globals.update({w.__name__: w for w in (*words, Part, Subject)})
    environment.globals.update(label=label, county_label=lambda key: county_labels().get(key or "", ""))
    environment.filters.update(recorded_minute=_minute)
    return environment


def _minute(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


_TEXTS = _environment()


def event_text(notice: Notice, event: Happened) -> str:
    """The event in words, as plain text."""
    shown = _TEXTS.get_template(f"events/{event.kind.value}.html").render(e=event, notice=notice)
    return html.unescape(TAG.sub("", SAID.sub("。", BLANKS.sub(" ", shown.strip())))).strip()


def _version(event: Happened, handed_in: Sequence[Submission], *, redacted: bool) -> str:
    """Of an answer: the application as it had been handed in last; of a file, inside: its own hash."""
    if sha256 := event.facts.get("sha256"):
        return "" if redacted else f"文件散列 {str(sha256)[:16]}"
    if event.decision is None or event.decision.decision is None:
        return ""
    moment = event.decision.decision.decided_at
    before = [s for s in handed_in if s.handed_in_at <= moment]
    if not before:
        return ""
    day = day_of(before[-1].handed_in_at)
    return f"第{before[-1].number}次提交（{day.month}月{day.day}日，填报第{before[-1].form_version}版）"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("。", "！", "？")) else f"{sentence}。"
