"""How does the office confirm, or put right, by which channel a candidate comes in (四)?

A county's list may name people of the other two channels. What comes next is derived anew from the channel, the route
and the unit that are confirmed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.channels import county_routes, unit_channels
from models.checklist import missing_documents
from models.form_rules import check_form
from models.gates import Gate
from models.notice import Notice, Step
from models.people import Organisation, Person
from models.personal import whole_form
from models.progress import Progress
from models.season import Season, notice_by_digest
from models.seats import is_office
from models.verdict import Reason, Refused, Verdict, require
from models.words import EventKind, GateState, Relation, StepKind
from tasks.advance import set_aside
from tasks.intake import Application, check_application
from tasks.record import lock_cases, record, wake

HOLDS = (GateState.OPEN, GateState.CLEARED)


@dataclass(frozen=True)
class Way:
    """The way of a candidate: the unit counts only where a unit recommends, the county only through its union."""

    channel: str
    route: str
    county: str | None = None
    unit_id: UUID | None = None

    @classmethod
    def of(cls, case: Case) -> "Way":
        return cls(case.channel, case.route, case.county, case.unit_id)

    def as_counted(self, notice: Notice) -> "Way":
        county = self.county if self.route in county_routes(notice) else None
        return Way(
            self.channel,
            self.route,
            county or None,
            self.unit_id if self.channel in unit_channels(notice) else None,
        )


def confirm_channel(session: Session, case_id: UUID, person: Person, way: Way | None, reason: str) -> Case:
    """Confirm the way as it is (None), or change it: what was asked of others opens again, and the next step."""
    [case] = lock_cases(session, [case_id])
    season = session.get_one(Season, case.season_id)
    notice = notice_by_digest(session, case.notice_digest)
    before = Way.of(case)
    after = way.as_counted(notice) if way else before
    require(check_confirm(session, season, notice, case, person, changing=before != after))
    if before == after and not case.channel_doubted:
        text = f"{case.number}的申报渠道已经确认为“{notice.channel(case.channel).label}”，请刷新页面核对。"
        raise Refused(Reason("already_confirmed", text, "四"))
    if before != after and not reason.strip():
        raise Refused(Reason("reason_missing", "变更申报渠道须写明理由。", "四", "invalid", "reason"))
    require(_check_way(session, season, notice, case, after))
    case.channel, case.route, case.county, case.unit_id = (
        after.channel,
        after.route,
        after.county,
        after.unit_id,
    )
    case.channel_doubted = False
    unit = session.get(Organisation, after.unit_id) if after.unit_id else None
    record(
        session,
        EventKind.CHANNEL_CONFIRMED,
        season=season,
        case=case,
        actor=person,
        was=before.channel,
        channel=after.channel,
        route=after.route,
        county=after.county,
        unit=unit.name if unit else None,
        changed=before != after,
        reason=reason.strip(),
    )
    if before != after:
        _go_another_way(session, season, notice, case, person, before)
    wake(session, season, case)
    return case


def check_confirm(
    session: Session, season: Season, notice: Notice, case: Case, person: Person, *, changing: bool
) -> Verdict:
    """The office confirms a doubted channel at any time, and changes one until it has let the case pass."""
    if not is_office(session, season, notice, person):
        return (Reason("office_only", "申报渠道由办公室确认。", "四", "forbidden"),)
    if not case.live:
        return (Reason("case_ended", "案件已经终结，不需要再确认渠道。", "四"),)
    if changing and _has_passed(session, season, notice, case):
        text = "办公室资格初审已经通过，不能再变更申报渠道；确需变更的，请先撤回申报，再按新的渠道录入。"
        return (Reason("already_passed", text, "四"),)
    return ()


def _has_passed(session: Session, season: Season, notice: Notice, case: Case) -> bool:
    progress = Progress(session, season, notice, case)
    at_office = [s.key for s in progress.steps if [d.body for d in s.deciders] == [notice.office]]
    return any(progress.stands(key) for key in at_office)


def _check_way(session: Session, season: Season, notice: Notice, case: Case, way: Way) -> Verdict:
    channel = next((c for c in notice.channels if c.key == way.channel), None)
    if way.unit_id is None and channel is not None and channel.key in unit_channels(notice):
        text = f"“{channel.label}”须选择推荐单位。"
        return (Reason("unit_missing", text, "四（一）", "invalid", "unit_id"),)
    application = Application(case.name, way.channel, way.route, way.county, way.unit_id)
    return check_application(session, season, notice, application)


def _go_another_way(
    session: Session, season: Season, notice: Notice, case: Case, person: Person, before: Way
) -> None:
    """Set aside what the new way does not ask, what another unit or county said, and what now comes too early."""
    gates = Progress(session, season, notice, case).gates
    steps = {s.key: s for s in Progress(session, season, notice, case).steps}
    gone = [g for key, g in gates.items() if key not in steps and g.state == GateState.OPEN]
    set_aside(session, season, case, gone, applies=False, actor=person)
    again = [
        g for key, g in gates.items() if key in steps and _was_of_others(notice, steps[key], case, before)
    ]
    again = [g for g in again if g.state in HOLDS]
    if (form := _form_to_complete(session, notice, case, gates)) is not None:
        again.append(form)
    set_aside(session, season, case, again, applies=True, actor=person)
    session.flush()
    early = _too_early(Progress(session, season, notice, case))
    set_aside(session, season, case, early, applies=True, actor=person)


def _was_of_others(notice: Notice, step: Step, case: Case, before: Way) -> bool:
    """Whether the step was asked of the unit, or of the county, that the case no longer belongs to."""
    relations = {notice.body(d.body).relation for d in step.deciders}
    moved_unit = Relation.OWN_UNIT in relations and before.unit_id != case.unit_id
    return moved_unit or (Relation.OWN_COUNTY in relations and before.county != case.county)


def _form_to_complete(session: Session, notice: Notice, case: Case, gates: dict[str, Gate]) -> Gate | None:
    """The application that was handed in and lacks what the new channel asks for: it goes back to be completed."""
    forms = [s.key for s in notice.steps if s.kind is StepKind.FORM]
    handed_in = next((gates[k] for k in forms if k in gates and gates[k].state == GateState.CLEARED), None)
    if handed_in is None:
        return None
    asked = {f.key for f in notice.fields_of(case.channel)}
    form = {k: v for k, v in whole_form(case).items() if k in asked}
    lacking = check_form(notice, case.channel, form) or missing_documents(session, notice, case)
    return handed_in if lacking else None


def _too_early(progress: Progress) -> Sequence[Gate]:
    """Open gates of the case behind the first step that does not stand."""
    ahead = progress.ahead()
    if ahead is None:
        return []
    keys = [s.key for s in progress.steps]
    later = set(keys[keys.index(ahead.step.key) + 1 :])
    return [g for key, g in progress.gates.items() if key in later and g.state == GateState.OPEN]


def doubted(session: Session, season_id: UUID) -> Sequence[Case]:
    """The candidates whose channel the office still has to confirm."""
    return session.exec(
        select(Case)
        .where(Case.season_id == season_id, col(Case.channel_doubted), col(Case.outcome).is_(None))
        .order_by(col(Case.number))
    ).all()
