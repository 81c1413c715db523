"""What is sent to somebody to be read, not to be answered (待阅), and what of it has been read?

Nothing is sent twice: whatever happened stands in the record of events, and `circulated` says whom which of them
concern. Only that somebody has read it is kept beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, cast, false, func, or_, union_all
from sqlalchemy import select as rows_of
from sqlmodel import Field, SQLModel, col, select

from models.case import Case
from models.database import Instant
from models.event import Event
from models.gates import Decision, Gate
from models.labels import label
from models.listed import PAGE, Listed, offset_of, total_of
from models.notice import Notice
from models.people import Organisation
from models.viewer import Viewer
from models.words import EventKind, Outcome, Relation, StepKind

# Of a case: for who entered it, its unit and its county's union.
OF_CASES = (EventKind.CASE_ENDED, EventKind.TITLE_REVOKED)
# Of the season: for everyone who holds a seat.
OF_SEASON = (EventKind.DATES_AMENDED, EventKind.SEASON_CLOSED)
# Of the season, too: for those who read lists.
OF_LISTS = (EventKind.LIST_CONFIRMED,)


class EventReading(SQLModel, table=True):
    """A person has read what was sent to him: a read log."""

    __tablename__ = "event_reading"

    event_id: UUID = Field(primary_key=True, foreign_key="event.id")
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    read_at: datetime = Field(sa_type=Instant, description="the season's time")


@dataclass(frozen=True)
class Circulated:
    """One thing to read; `read_at` is empty until it was read."""

    event: Event
    case: Case | None
    read_at: datetime | None


def circulated(viewer: Viewer) -> "Select[Event]":
    """All that was sent to this person since he holds a seat; what he did himself is not sent to him.

    Each way to be concerned is a query of its own, by its own index: together they would read the whole record.
    """
    ways = union_all(_of_own_cases(viewer), _of_the_season(viewer), *_in_own_name(viewer))
    return rows_of(Event).where(col(Event.id).in_(select(ways.subquery().c.id)))


def _told(viewer: Viewer) -> "Select[UUID]":
    wanted = rows_of(col(Event.id)).where(
        col(Event.season_id) == viewer.season.id, col(Event.actor_id).is_distinct_from(viewer.person.id)
    )
    since = min((s.since for s in viewer.seats), default=None)
    return wanted if since is None else wanted.where(col(Event.at) >= since)


def _of_own_cases(viewer: Viewer) -> "Select[UUID]":
    units = [
        s.organisation_id
        for s in viewer.seats
        if s.organisation_id and viewer.notice.body(s.body).relation is Relation.OWN_UNIT
    ]
    unions = [s.organisation_id for s in viewer.seats if s.body in viewer.county_reviewers]
    counties = select(Organisation.county).where(col(Organisation.id).in_(unions))
    own = select(Case.id).where(
        Case.season_id == viewer.season.id,
        or_(
            col(Case.entered_by) == viewer.person.id,
            col(Case.unit_id).in_(units) if units else false(),
            col(Case.county).in_(counties) if unions else false(),
        ),
    )
    return _told(viewer).where(col(Event.kind).in_(OF_CASES), col(Event.chain).in_(own))


def _of_the_season(viewer: Viewer) -> "Select[UUID]":
    kinds = OF_SEASON + (OF_LISTS if viewer.reads_opinions else ())
    windows = [s.key for s in viewer.notice.steps if s.kind is StepKind.WINDOW]
    opened = and_(col(Event.kind) == EventKind.GATE_OPENED, _fact("step").in_(windows))
    wanted = _told(viewer).where(col(Event.chain) == viewer.season.id)
    return wanted.where(or_(col(Event.kind).in_(kinds), opened) if viewer.seats else false())


def _in_own_name(viewer: Viewer) -> Iterator["Select[UUID]"]:
    """Answers that somebody else entered in this person's name, or gave on his behalf."""
    given = (
        rows_of(col(Event.id))
        .select_from(Decision)
        .join(Gate, col(Gate.id) == col(Decision.gate_id))
        .join(Event, col(Event.chain) == func.coalesce(col(Gate.case_id), col(Gate.season_id)))
        .where(col(Gate.season_id) == viewer.season.id, col(Event.kind) == EventKind.ANSWER_GIVEN)
        .where(_fact("decision") == cast(col(Decision.id), Text))
    )
    me = viewer.person.id
    yield given.where(col(Decision.decided_by) == me, col(Decision.recorded_by) != me)
    yield given.where(col(Decision.acted_for) == me, col(Decision.decided_by) != me)


def _fact(name: str) -> ColumnElement[str]:
    text: ColumnElement[str] = col(Event.facts)[name].astext
    return text


def _read_by(viewer: Viewer) -> "Select[datetime]":
    return rows_of(col(EventReading.read_at)).where(
        col(EventReading.event_id) == col(Event.id), col(EventReading.person_id) == viewer.person.id
    )


def unread(viewer: Viewer) -> "Select[int]":
    """How much was sent to this person and is not read yet."""
    wanted = circulated(viewer).where(~_read_by(viewer).correlate(Event).exists())
    return wanted.with_only_columns(func.count())


def to_read(
    viewer: Viewer, words: str = "", page: int = 1, *, only: UUID | None = None
) -> Listed[Circulated]:
    """What was sent to this person: the unread first, in each part the latest first.

    `words` narrow to names and numbers that hold them, `only` to one event.
    """
    mine = and_(col(EventReading.event_id) == col(Event.id), col(EventReading.person_id) == viewer.person.id)
    wanted = (
        circulated(viewer)
        .outerjoin(Case, col(Case.id) == col(Event.chain))
        .outerjoin(EventReading, mine)
        .add_columns(Case, col(EventReading.read_at))
    )
    if only is not None:
        wanted = wanted.where(col(Event.id) == only)
    for word in words.split():
        columns = (Case.name, Case.pinyin, Case.number)
        wanted = wanted.where(or_(*(col(c).icontains(word, autoescape=True) for c in columns)))
    total = total_of(viewer.session, wanted.with_only_columns(col(Event.id)))
    page, offset = offset_of(page, total)
    rows = viewer.session.execute(
        wanted.order_by(col(EventReading.read_at).is_not(None), col(Event.at).desc(), col(Event.id))
        .limit(PAGE)
        .offset(offset)
    )
    return Listed([Circulated(*row) for row in rows], total, page)


def told(notice: Notice, event: Event) -> str:
    """What happened, as one line of the list."""
    facts = event.facts
    step = next((s for s in notice.steps if s.key == facts.get("step")), None)
    if event.kind == EventKind.CASE_ENDED:
        return f"结果：{label(Outcome(facts['outcome']))}"
    if event.kind == EventKind.TITLE_REVOKED:
        return "称号已撤销"
    if event.kind == EventKind.DATES_AMENDED:
        moved = "；".join(f"{c['label']}由{c['before']}改为{c['after']}" for c in facts["changes"])
        return f"调整日期（{facts['paper']}）：{moved}"
    if event.kind == EventKind.ANSWER_GIVEN and step is not None:
        answer = step.answer(facts["answer"])
        return f"以您的名义登记了“{step.label}”的答复：{answer.label if answer else facts['answer']}"
    if event.kind == EventKind.LIST_CONFIRMED and step is not None:
        return f"“{step.label}”的名单已确认，共{facts['names']}名"
    if event.kind == EventKind.GATE_OPENED and step is not None:
        return f"“{step.label}”开始"
    return label(EventKind(event.kind))


def shown_at(event: Event, case: Case | None) -> str:
    """The page on which it is read."""
    if case is not None:
        return f"/cases/{case.id}"
    pages = {EventKind.LIST_CONFIRMED: "/lists", EventKind.GATE_OPENED: "/public"}
    return pages.get(EventKind(event.kind), "/season")
