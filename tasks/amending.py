"""How are dates of the notice moved during a season (an amendment)?

The office records the paper that moves them. The notice's next text is pinned, the season and its open cases go on
under it, open gates are due on the new days, and everybody concerned gets one mail.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import case, update
from sqlmodel import Session, col, select

from models.amendment import Amendment, Change, amendments
from models.case import Case
from models.gates import Gate
from models.morning import Morning
from models.notice import Notice, Step, canonical, day_end, day_start, last_day, starts_too_late
from models.people import Person
from models.season import NoticeVersion, Season, notice_by_digest, notice_of
from models.text import tidy_line, tidy_text
from models.verdict import Reason, Refused, Verdict, require
from models.viewer import Viewer
from models.words import EventKind, GateState, Relation, StepKind
from notices.warnings import warnings
from tasks.deadlines import contact
from tasks.mail import queue
from tasks.record import lock_rows, lock_season, record, wake

LONGEST_PAPER, LONGEST_REASON = 200, 500
FARTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Amending:
    """What the office asks for: the new day of each date, by which paper, why; `confirmed` once it was shown."""

    days: Mapping[str, date]
    paper: str
    reason: str
    confirmed: bool = False


@dataclass(frozen=True)
class Preview:
    """What an amendment will do: which open gates get which time limit, who hears, what to look at once more."""

    changes: Sequence[Change]
    notice: Notice
    gates: Mapping[UUID, date]
    people: Mapping[UUID, int]
    cautions: Sequence[str]
    doubts: Sequence[str] = field(default=())

    @property
    def tasks(self) -> int:
        return len(self.gates)


def preview(session: Session, season: Season, days: Mapping[str, date]) -> Preview:
    """The consequences, with nothing written; refused when the dates can't be kept together."""
    notice, morning = notice_of(session, season), Morning(session, season)
    require(_check_days(notice, days))
    changes = [
        Change(key, notice.dates[key].label, notice.dates[key].day, day)
        for key, day in days.items()
        if day != notice.dates[key].day
    ]
    if not changes:
        raise Refused(
            Reason("nothing_moved", "没有改动任何日期，请至少改一个日期。", "—", "invalid", "dates")
        )
    amended = notice.amended({c.key: c.after for c in changes})
    require((*_check_order(amended, changes), *_check_published(session, season, notice, changes)))
    gates = _retimed(session, season, changes)
    known = set(warnings(notice))
    return Preview(
        changes,
        amended,
        gates,
        _concerned(morning, changes, gates),
        [w for w in warnings(amended) if w not in known],
        [*_doubts(changes, morning.today)],
    )


def amend_dates(session: Session, season_id: UUID, viewer: Viewer, given: Amending) -> Amendment:
    """Record an amendment, with everything that follows from it.

    Refused to others than the office, without paper and reason, and, as long as it is not confirmed, where a date
    becomes earlier or lies in the past.
    """
    season = lock_season(session, season_id)
    require(_check_amend(viewer, season))
    paper, reason = tidy_line(given.paper), tidy_text(given.reason)
    require((*_check_said(paper, "paper", LONGEST_PAPER), *_check_said(reason, "reason", LONGEST_REASON)))
    ahead = preview(session, season, given.days)
    if ahead.doubts and not given.confirmed:
        text = "".join(ahead.doubts) + "确要这样调整的，请勾选确认。"
        raise Refused(Reason("confirmation_needed", text, "—", "conflict", "confirmed"))
    before = season.notice_digest
    _bring_along(session, season, ahead.changes)
    _retime(session, ahead.gates)
    kept = _keep(session, season, viewer, ahead, before, paper, reason)
    for change in ahead.changes:
        wake(session, season, at=day_start(change.after))
        wake(session, season, at=day_end(change.after))
    wake(session, season)
    _tell(session, season, kept, ahead)
    session.flush()
    return kept


def _keep(
    session: Session, season: Season, viewer: Viewer, ahead: Preview, before: str, paper: str, reason: str
) -> Amendment:
    kept = Amendment(
        season_id=season.id,
        number=len(amendments(session, season.id)) + 1,
        paper=paper,
        reason=reason,
        changes=[_told(c) for c in ahead.changes],
        before_digest=before,
        after_digest=season.notice_digest,
        recorded_by=viewer.person.id,
        recorded_at=viewer.moment,
    )
    session.add(kept)
    record(
        session,
        EventKind.DATES_AMENDED,
        season=season,
        actor=viewer.person,
        number=kept.number,
        paper=paper,
        reason=reason,
        changes=kept.changes,
        before=before,
        after=kept.after_digest,
        gates=len(ahead.gates),
    )
    return kept


def _told(change: Change) -> dict[str, str]:
    days = {"before": change.before.isoformat(), "after": change.after.isoformat()}
    return {"key": change.key, "label": change.label, **days}


# --- whether it may be -------------------------------------------------------------------------------------------


def _check_amend(viewer: Viewer, season: Season) -> Verdict:
    if not viewer.is_office:
        return (Reason("office_only", "日期由办公室调整。", "—", "forbidden"),)
    if season.closed_at is not None:
        return (Reason("season_closed", "本年度已经办结，不能再调整日期。"),)
    return ()


def _check_said(text: str, name: str, longest: int) -> Verdict:
    label = {"paper": "调整所依据的文件或批示", "reason": "调整的原因"}[name]
    if not text:
        return (Reason("field_missing", f"请写明{label}。", "—", "invalid", name),)
    if len(text) > longest:
        return (Reason("too_long", f"{label}不超过{longest}字，请缩短。", "—", "invalid", name),)
    return ()


def _check_days(notice: Notice, days: Mapping[str, date]) -> Verdict:
    reasons: list[Reason] = []
    for key, day in days.items():
        if key not in notice.dates:
            reasons.append(Reason("unknown_date", f"通知里没有“{key}”这个日期。", "—", "invalid", "dates"))
        elif not notice.issued <= day <= notice.issued + FARTHEST:
            text = f"“{notice.dates[key].label}”改为{day}，早于通知印发日期或晚得太多，请核对年份。"
            reasons.append(Reason("day_out_of_range", text, "—", "invalid", f"day-{key}"))
    return tuple(reasons)


def _check_order(amended: Notice, changes: Sequence[Change]) -> Verdict:
    days = {key: d.day for key, d in amended.dates.items()}
    moved = {c.key for c in changes}
    return tuple(
        Reason(
            "dates_cross",
            f"“{amended.dates[key].label}”（{days[key]}）晚于“{amended.dates[s.due].label}”（{days[s.due]}），"
            "请改其中一个日期。",
            s.clause,
            "invalid",
            f"day-{key if key in moved else s.due}",
        )
        for s in amended.steps
        for _, key in starts_too_late(s, days)
        if {key, s.due} & moved
    )


def _check_published(session: Session, season: Season, notice: Notice, changes: Sequence[Change]) -> Verdict:
    """The days of a public notice stand in what a second person released: they are not moved behind his back."""
    moved = {c.key for c in changes}
    released: dict[str, Step] = {}
    for window in (s for s in notice.season_steps if s.kind is StepKind.WINDOW):
        check = notice.check_of(window)
        released |= {step.key: window for step in (window, check) if step}
    passed = session.exec(
        select(Gate.step)
        .where(Gate.season_id == season.id, col(Gate.case_id).is_(None), col(Gate.step).in_(released))
        .where(
            (col(Gate.state) == GateState.CLEARED) | col(Gate.step).in_([w.key for w in released.values()])
        )
    ).all()
    return tuple(
        Reason(
            "already_released",
            f"“{w.label}”已经准予公示，公示的起止日期不能再改。",
            w.clause,
            "conflict",
            f"day-{key}",
        )
        for w in {released[step].key: released[step] for step in passed}.values()
        for key in (w.opens, w.due)
        if key in moved
    )


def _doubts(changes: Sequence[Change], today: date) -> Iterable[str]:
    for c in changes:
        if c.after < today:
            yield f"“{c.label}”改到{_day(c.after)}，这一天已经过去。"
        elif c.before < today:
            yield f"“{c.label}”原定的{_day(c.before)}已经过去；已经终结的案件不会因此恢复。"
        elif c.after < c.before:
            yield f"“{c.label}”由{_day(c.before)}提前到{_day(c.after)}，留给办理的时间变短。"


def _day(day: date) -> str:
    return last_day(day_end(day))


# --- what follows ------------------------------------------------------------------------------------------------


def _bring_along(session: Session, season: Season, changes: Sequence[Change]) -> None:
    """The season and its open cases go on under the next text of the notice each entered under."""
    days = {c.key: c.after for c in changes}
    live = (col(Case.season_id) == season.id, col(Case.closed_at).is_(None))
    lock_rows(session, session.exec(select(Case.id).where(*live)).all())
    entered = session.exec(select(Case.notice_digest).where(*live).distinct()).all()
    following = {d: _pin_next(session, d, days) for d in {*entered, season.notice_digest}}
    moved = update(Case).where(*live)
    session.execute(moved.values(notice_digest=case(following, value=col(Case.notice_digest))))
    season.notice_digest = following[season.notice_digest]
    session.add(season)


def _pin_next(session: Session, digest: str, days: Mapping[str, date]) -> str:
    amended = notice_by_digest(session, digest).amended(days)
    if session.get(NoticeVersion, amended.digest) is None:
        session.add(NoticeVersion(digest=amended.digest, body=canonical(amended)))
        session.flush()
    return amended.digest


def _retimed(session: Session, season: Season, changes: Sequence[Change]) -> dict[UUID, date]:
    """The open gates whose time limit was the old day, with their new last day.

    One that had been given longer keeps that, unless the new day is later still; a correction keeps the day that
    the return named.
    """
    notice = notice_of(session, season)
    by_key = {c.key: c for c in changes}
    steps = {s.key: s for s in notice.steps if s.due in by_key}
    gates = session.exec(
        select(Gate)
        .where(Gate.season_id == season.id, Gate.state == GateState.OPEN, col(Gate.step).in_(steps))
        .order_by(col(Gate.id))
    ).all()
    found: dict[UUID, date] = {}
    for gate in gates:
        step = steps[gate.step]
        change = by_key[step.due]
        if step.kind is StepKind.FORM and gate.round > 1:
            continue
        if gate.due_at == day_end(change.before) or gate.due_at < day_end(change.after):
            found[gate.id] = change.after
    return found


def _retime(session: Session, gates: Mapping[UUID, date]) -> None:
    by_day: dict[date, list[UUID]] = {}
    for gate_id, day in gates.items():
        by_day.setdefault(day, []).append(gate_id)
    for day, ids in by_day.items():
        session.execute(update(Gate).where(col(Gate.id).in_(ids)).values(due_at=day_end(day)))


def _concerned(morning: Morning, changes: Sequence[Change], gates: Mapping[UUID, date]) -> dict[UUID, int]:
    """Whose open tasks are due on another day, with how many; and who will have a step of these dates to do."""
    waiting: Counter[UUID] = Counter()
    for task in morning.tasks:
        if task.assignment is not None and task.assignment.gate_id in gates:
            waiting.update(morning.holders_of(task))
    moved = {c.key for c in changes}
    steps = [s for s in morning.notice.steps if moved & {s.due, s.opens, s.after}]
    bodies = {d.body for s in steps for d in s.deciders}
    if any(s.kind is StepKind.FORM for s in steps):
        bodies |= _who_recommends(morning.notice)
    named = {b.key for b in morning.notice.bodies if b.relation is Relation.ASSIGNED}
    ahead = {s.person_id for body in bodies - named for s in morning.seats.get(body, ())}
    return {person: waiting[person] for person in sorted(ahead | set(waiting))}


def _who_recommends(notice: Notice) -> set[str]:
    """The units, and the bodies that decide alone for their county: they gather the applications."""
    local = {b.key for b in notice.bodies if b.relation in (Relation.OWN_UNIT, Relation.OWN_COUNTY)}
    return {s.deciders[0].body for s in notice.steps if len(s.deciders) == 1} & local


def _tell(session: Session, season: Season, kept: Amendment, ahead: Preview) -> None:
    people = session.exec(
        select(Person).where(col(Person.id).in_(ahead.people), col(Person.active)).order_by(col(Person.id))
    )
    for person in people:
        queue(
            session,
            "date_moved",
            person,
            unique_key=f"date_moved:{kept.id}:{person.id}",
            season=season,
            number_of=kept.number,
            paper=kept.paper,
            reason=kept.reason,
            changes=kept.changes,
            waiting=ahead.people[person.id],
            **contact(ahead.notice),
        )
