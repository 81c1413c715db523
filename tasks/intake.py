"""How does a candidate enter, change, or come late (三（一）、四)?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.actions import Given, check_answer
from models.case import Case
from models.channels import check_route
from models.form import check_known, check_shape, with_birth, with_indicators
from models.gates import Assignment, Gate
from models.notice import Notice
from models.people import Organisation, Person, Seat
from models.personal import keep_form
from models.pinyin import searchable
from models.progress import ready
from models.season import Season, notice_by_digest, notice_of, now
from models.seats import is_office, organisation_seated, seat_is_held
from models.tidy import tidy_form, tidy_line
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import Viewer, read_viewer
from models.words import AssignmentState, EventKind, GateState, OrganisationKind, Relation, Scope, StepKind
from tasks.advance import open_gate
from tasks.decide import decide, find_task
from tasks.record import lock_cases, lock_season, record, wake


@dataclass(frozen=True)
class Application:
    """What is known about a candidate when the case is entered; `form` holds the fields of the notice's groups."""

    name: str
    channel: str
    route: str = "city"
    county: str | None = None
    unit_id: UUID | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    channel_doubted: bool = False


def check_application(session: Session, season: Season, notice: Notice, application: Application) -> Verdict:
    """Reasons why this candidate can't be entered as it stands."""
    found: list[Reason] = []

    def wrong(code: str, field_name: str, text: str) -> None:
        found.append(Reason(code, text, "四", "invalid", field_name))

    if season.closed_at is not None:
        return (Reason("season_closed", "本年度已经办结，不能再录入人选。"),)
    found += _name_is_given(application.name)
    if application.channel not in {c.key for c in notice.channels}:
        wrong(
            "unknown_channel",
            "channel",
            "请选择申报渠道：" + "、".join(c.label for c in notice.channels) + "。",
        )
        return tuple(found)
    channel = notice.channel(application.channel)
    if application.route not in channel.routes:
        wrong("unknown_route", "route", f"“{channel.label}”不能走这条报送路径，请重新选择。")
        return tuple(found)
    unit = session.get(Organisation, application.unit_id) if application.unit_id else None
    found += check_route(notice, channel, application.route, application.county, unit)
    for body in _bodies_needed(notice, application):
        if not _is_seated(session, season, notice, application, body):
            label = notice.body(body).label
            name = "unit_id" if notice.body(body).relation is Relation.OWN_UNIT else "county"
            wrong("nobody_seated", name, f"所选单位或县（区）还没有登记“{label}”的办理人，请先在名录中补齐。")
    found += check_known(notice, application.channel, application.form)
    found += check_shape(notice, application.channel, application.form)
    return tuple(found)


def _name_is_given(name: str) -> Verdict:
    return () if name else (Reason("name_missing", "请填写姓名。", "四", "invalid", "name"),)


def tidied(notice: Notice, application: Application) -> Application:
    """The application as it is checked and kept; the name stands in its form too."""
    name = tidy_line(application.name)
    return replace(application, name=name, form=tidy_form(notice, {**application.form, "name": name}))


def _bodies_needed(notice: Notice, application: Application) -> list[str]:
    steps = notice.case_steps(application.channel, application.route)
    local = (Relation.OWN_UNIT, Relation.OWN_COUNTY)
    return [
        d.body
        for s in steps
        if s.scope is Scope.CASE
        for d in s.deciders
        if notice.body(d.body).relation in local
    ]


def _is_seated(session: Session, season: Season, notice: Notice, application: Application, body: str) -> bool:
    moment = now(season)
    if notice.body(body).relation is Relation.OWN_COUNTY:
        return (
            session.exec(organisation_seated(season.id, body, application.county or "", moment)).first()
            is not None
        )
    held = select(Seat.id).where(Seat.season_id == season.id, Seat.body == body, seat_is_held(moment))
    return session.exec(held.where(Seat.organisation_id == application.unit_id).limit(1)).first() is not None


def check_enter(session: Session, season: Season, notice: Notice, person: Person) -> Verdict:
    """Units, county unions, the office, and a person without any seat (who nominates himself) enter candidates."""
    if read_viewer(session, person, season, notice).enters_cases:
        return OPEN
    text = "录入人选由推荐单位、县（区）总工会、办公室或申报人本人办理，您不能录入。"
    return (Reason("may_not_enter", text, "四", "forbidden"),)


def check_own_unit(viewer: Viewer, application: Application) -> Verdict:
    """A unit's clerk recommends for the unit he sits in, whatever unit was sent."""
    bodies = {b.key for b in viewer.notice.bodies if b.relation is Relation.OWN_UNIT}
    seats = {s.organisation_id for s in viewer.seats if s.body in bodies}
    own = {u.id for u in viewer.units if u.id in seats and u.kind == OrganisationKind.UNIT}
    if viewer.is_office or not own or application.unit_id in {None, *own}:
        return OPEN
    return (Reason("foreign_unit", "只能为本单位录入人选，请选择本单位。", "四（一）", "invalid", "unit_id"),)


def enter_case(
    session: Session,
    season_id: UUID,
    application: Application,
    person: Person,
    *,
    filler: Person | None = None,
) -> Case:
    """Enter a candidate as a draft: a case with its number, its open application gate and its run's first wake-up.

    Whoever enters a candidate fills in the application, unless that is given to a `filler`.
    """
    season = lock_season(session, season_id)
    notice = notice_of(session, season)
    require(check_enter(session, season, notice, person))
    application = tidied(notice, application)
    require(check_application(session, season, notice, application))
    require(check_own_unit(read_viewer(session, person, season, notice), application))
    season.case_count += 1
    case = Case(
        season_id=season.id,
        notice_digest=season.notice_digest,
        number=notice.case_number.format(n=season.case_count),
        channel=application.channel,
        route=application.route,
        county=application.county,
        unit_id=application.unit_id,
        name=application.name,
        channel_doubted=application.channel_doubted,
        stage=notice.steps[0].stage,
        entered_by=(filler or person).id,
        entered_at=now(season),
    )
    keep_application(notice, case, application.form)
    case.form_version = 1
    session.add(case)
    session.flush()
    record(
        session,
        EventKind.CASE_ENTERED,
        season=season,
        case=case,
        actor=person,
        channel=case.channel,
        route=case.route,
    )
    first = notice.case_steps(case.channel, case.route)[0]
    if ready(session, season, notice, first, case):
        open_gate(session, season, notice, case, first)
    wake(session, season, case)
    wake(session, season)
    return case


def edit_case(session: Session, case_id: UUID, form: Mapping[str, Any], person: Person) -> Case:
    """Change the application while its form gate is open: a draft, or a correction that was asked for."""
    [case] = lock_cases(session, [case_id])
    season = session.get_one(Season, case.season_id)
    notice = notice_by_digest(session, case.notice_digest)
    require(check_edit(session, notice, case, person))
    form = tidy_form(notice, form)
    require(
        (
            *_name_is_given(str(form.get("name", case.name))),
            *check_known(notice, case.channel, form),
            *check_shape(notice, case.channel, form),
        )
    )
    changed = keep_application(notice, case, form)
    if not changed:
        return case
    record(
        session,
        EventKind.CASE_EDITED,
        season=season,
        case=case,
        actor=person,
        fields=changed,
        version=case.form_version,
    )
    return case


def keep_application(notice: Notice, case: Case, form: Mapping[str, Any]) -> list[str]:
    """Make this the case's application, with everything that is derived from it; the fields that changed."""
    form = with_birth(notice, form, case)
    changed = keep_form(notice, case, with_indicators(notice, form, case))
    case.name = str(case.form["name"])
    case.pinyin = searchable(case.name)
    case.category = str(case.form.get("category") or "")
    return changed


def form_task(session: Session, notice: Notice, case: Case) -> Assignment | None:
    """The open assignment of the application's form, if the case is with whoever fills it in."""
    forms = [s.key for s in notice.steps if s.kind is StepKind.FORM]
    return session.exec(
        select(Assignment)
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .where(Gate.case_id == case.id, col(Gate.step).in_(forms), Gate.state == GateState.OPEN)
        .where(Assignment.state == AssignmentState.OPEN)
    ).first()


def check_edit(session: Session, notice: Notice, case: Case, person: Person) -> Verdict:
    """Only whoever fills in the form changes it, and only while it is with them."""
    task = form_task(session, notice, case)
    if task is None:
        return (
            Reason("not_editable", "材料已经提交，审核中不能修改；如需修改，请由审核单位退回补正。", "四"),
        )
    if task.person_id != person.id:
        return (Reason("not_yours", "材料只能由填报人修改。", "四", "forbidden"),)
    return ()


def check_submit(session: Session, case: Case, person: Person) -> Verdict:
    """Everything that stands against handing in the application as it is saved."""
    task = form_task(session, notice_by_digest(session, case.notice_digest), case)
    if task is None:
        return (Reason("already_submitted", "申报材料已经提交，不需要再次提交。", "三（一）"),)
    return check_answer(session, find_task(session, task.id), person, _submitting(session, task))


def _submitting(session: Session, task: Assignment) -> Given:
    """The one answer of the application's form."""
    return Given(find_task(session, task.id).step.answers[0].key)


def submit_case(session: Session, case_id: UUID, person: Person) -> Case:
    """Hand in the application, first or after a correction: the answer `submit` at its form gate."""
    [case] = lock_cases(session, [case_id])
    task = form_task(session, notice_by_digest(session, case.notice_digest), case)
    if task is None:
        raise Refused(*check_submit(session, case, person))
    decide(session, task.id, person, _submitting(session, task))
    return case


def check_admit_late(session: Session, season: Season, notice: Notice, case: Case, person: Person) -> Verdict:
    """Only the office admits a late application, and only one that has not been handed in."""
    if not is_office(session, season, notice, person):
        return (Reason("office_only", "逾期申报只能由办公室准予。", "三（一）", "forbidden"),)
    if form_task(session, notice, case) is None:
        return (Reason("already_submitted", "申报材料已经提交，不需要准予逾期。", "三（一）"),)
    return ()


def admit_late(session: Session, case_id: UUID, person: Person, reason: str) -> Case:
    """Let an application in after the last day, with a recorded reason."""
    [case] = lock_cases(session, [case_id])
    season = session.get_one(Season, case.season_id)
    require(check_admit_late(session, season, notice_by_digest(session, case.notice_digest), case, person))
    if not reason.strip():
        raise Refused(Reason("reason_missing", "准予逾期申报须写明理由。", "三（一）", "invalid", "reason"))
    case.late_admitted = True
    record(session, EventKind.LATE_ADMITTED, season=season, case=case, actor=person, reason=reason.strip())
    return case
