"""How does a candidate enter, change, come late, or leave (三（一）、四)?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.actions import Given
from models.case import Case
from models.gates import Assignment, Gate
from models.notice import Notice
from models.people import Person, Seat
from models.pinyin import searchable
from models.progress import ready
from models.season import Season, notice_by_digest, notice_of, now
from models.seats import is_office, organisation_seated, seat_is_held
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import read_viewer
from models.words import AssignmentState, EventKind, GateState, Outcome, Relation, Scope, StepKind
from tasks.advance import end_case, open_gate
from tasks.decide import decide
from tasks.recognition import free_place
from tasks.record import lock_cases, lock_season, record, wake

FREE_FIELDS = {"recommenders"}


@dataclass(frozen=True)
class Application:
    """What is known about a candidate when the case is entered; `form` holds the fields of the notice's groups."""

    name: str
    channel: str
    route: str = "city"
    county: str | None = None
    unit_id: UUID | None = None
    form: Mapping[str, Any] = field(default_factory=dict)


def check_application(session: Session, season: Season, notice: Notice, application: Application) -> Verdict:
    """Reasons why this candidate can't be entered as it stands."""
    found: list[Reason] = []

    def wrong(code: str, field_name: str, text: str) -> None:
        found.append(Reason(code, text, "四", "invalid", field_name))

    if season.closed_at is not None:
        return (Reason("season_closed", "本年度已经办结，不能再录入人选。"),)
    if not application.name.strip():
        wrong("name_missing", "name", "请填写姓名。")
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
    for body in _bodies_needed(notice, application):
        if not _is_seated(session, season, notice, application, body):
            label = notice.body(body).label
            name = "unit_id" if notice.body(body).relation is Relation.OWN_UNIT else "county"
            wrong("nobody_seated", name, f"所选单位或县（区）还没有登记“{label}”的办理人，请先在名录中补齐。")
    found += _unknown_fields(notice, application.form)
    return tuple(found)


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


def _unknown_fields(notice: Notice, form: Mapping[str, Any]) -> list[Reason]:
    known = {f for g in notice.groups for f in g.fields} | FREE_FIELDS
    return [
        Reason("unknown_field", f"申请表没有“{name}”这一项。", "附件1", "invalid", name)
        for name in form
        if name not in known
    ]


def check_enter(session: Session, season: Season, notice: Notice, person: Person) -> Verdict:
    """Units, county unions, the office, and a person without any seat (who nominates himself) enter candidates."""
    if read_viewer(session, person, season, notice).enters_cases:
        return OPEN
    text = "录入人选由推荐单位、县（区）总工会、办公室或申报人本人办理，您不能录入。"
    return (Reason("may_not_enter", text, "四", "forbidden"),)


def enter_case(session: Session, season_id: UUID, application: Application, person: Person) -> Case:
    """Enter a candidate as a draft: a case with its number, its open application gate and its run's first wake-up."""
    season = lock_season(session, season_id)
    notice = notice_of(session, season)
    require(check_enter(session, season, notice, person))
    require(check_application(session, season, notice, application))
    season.case_count += 1
    form = {**application.form, "name": application.name.strip()}
    case = Case(
        season_id=season.id,
        notice_digest=season.notice_digest,
        number=notice.case_number.format(n=season.case_count),
        channel=application.channel,
        route=application.route,
        county=application.county,
        unit_id=application.unit_id,
        name=application.name.strip(),
        pinyin=searchable(application.name),
        category=str(form.get("category") or ""),
        form=form,
        stage=notice.steps[0].stage,
        entered_by=person.id,
        entered_at=now(season),
    )
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
    require(tuple(_unknown_fields(notice, form)))
    changed = sorted(k for k, v in form.items() if case.form.get(k) != v)
    if not changed:
        return case
    case.form = {**case.form, **form}
    case.name = str(case.form["name"])
    case.pinyin = searchable(case.name)
    case.category = str(case.form.get("category") or "")
    case.form_version += 1
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


def submit_case(session: Session, case_id: UUID, person: Person) -> Case:
    """Hand in the application, first or after a correction: the answer `submit` at its form gate."""
    [case] = lock_cases(session, [case_id])
    task = form_task(session, notice_by_digest(session, case.notice_digest), case)
    if task is None:
        raise Refused(Reason("already_submitted", "申报材料已经提交，不需要再次提交。", "三（一）"))
    decide(session, task.id, person, Given("submit"))
    return case


def check_withdraw(session: Session, season: Season, notice: Notice, case: Case, person: Person) -> Verdict:
    """The filler or the office may withdraw a case that has not ended."""
    if not case.live:
        return (Reason("case_ended", "案件已经终结，不能撤回。"),)
    if person.id != case.entered_by and not is_office(session, season, notice, person):
        return (Reason("not_yours", "只有填报人或办公室可以撤回申报。", "", "forbidden"),)
    return ()


def withdraw(session: Session, case_id: UUID, person: Person, reason: str) -> Case:
    """Withdraw at any time; a place on the selected list falls free."""
    season = lock_season(session, session.get_one(Case, case_id).season_id)
    [case] = lock_cases(session, [case_id])
    notice = notice_by_digest(session, case.notice_digest)
    require(check_withdraw(session, season, notice, case, person))
    if not reason.strip():
        raise Refused(Reason("reason_missing", "撤回申报须写明理由。", "", "invalid", "reason"))
    end_case(session, season, notice, case, Outcome.WITHDRAWN, actor=person, reason=reason.strip())
    free_place(session, season, notice, case, actor=person)
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
