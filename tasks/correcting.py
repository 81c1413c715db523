"""How does the office put a wrong entry right after the form was handed in, and who is asked again because of it?

A correction is a new version of the form, kept as a submission, so that before and after can always be compared. Which
approvals are asked again the office says; those whose deciders follow from the corrected field are asked in any case.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from models.case import Case
from models.form import check_known, check_shape
from models.form_field import FormField
from models.form_rules import check_form
from models.gates import Gate
from models.notice import Notice, Step
from models.people import Person
from models.personal import whole_form
from models.progress import Progress
from models.season import Season, notice_by_digest, notice_of, now
from models.tidy import tidy_form
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import Viewer, read_viewer
from models.words import EventKind, FieldKind, GateState
from tasks.advance import unseat
from tasks.decide import keep_submission
from tasks.intake import form_task, keep_application
from tasks.record import lock_cases, record, wake


def check_correct(viewer: Viewer, notice: Notice, case: Case) -> Verdict:
    """The office alone, while the candidate may still be recognised and the form is not with its filler."""
    if not viewer.is_office:
        return (Reason("office_only", "提交以后的差错由办公室更正。", "七（二）", "forbidden"),)
    if not case.live:
        return (Reason("case_ended", "案件已经终结或已经认定，不在这里更正。", "七（二）"),)
    if form_task(viewer.session, notice, case) is not None:
        return (Reason("with_filler", "材料正在填报人手中，请由填报人修改后提交。", "七（二）"),)
    return OPEN


def correctable(notice: Notice, case: Case) -> list[FormField]:
    """What may be put right: every field but lines with personal numbers and what is derived from others."""
    return [
        f
        for f in notice.fields_of(case.channel)
        if f.kind is not FieldKind.INDICATORS and not any(c.sealed for c in f.columns)
    ]


def approvals_of(
    session: Session, season: Season, notice: Notice, case: Case, fields: Collection[str]
) -> list[tuple[Step, bool]]:
    """The approvals that looked at these fields, and whether one is asked again in any case."""
    groups = {g.key for g in notice.groups if not set(g.fields).isdisjoint(fields)}
    gates = Progress(session, season, notice, case).gates
    return [
        (step, _depends(step, fields))
        for step in notice.case_steps(case.channel, case.route)
        if step.key in gates
        and gates[step.key].state in (GateState.CLEARED, GateState.OPEN)
        and (_depends(step, fields) or (_stands(gates[step.key]) and not groups.isdisjoint(step.watches)))
    ]


def _stands(gate: Gate) -> bool:
    return gate.state == GateState.CLEARED


def _depends(step: Step, fields: Collection[str]) -> bool:
    """Whether who has to answer at the step follows from one of these fields."""
    return any(d.when in fields for d in step.deciders if d.when)


def correct_entry(
    session: Session,
    case_id: UUID,
    person: Person,
    changes: Mapping[str, Any],
    reason: str,
    ask_again: Collection[str] = (),
) -> list[str]:
    """Put fields of a handed-in form right, with a reason; `ask_again` are steps whose approval is asked again.

    Refused where nothing changes, a field is not one of the form, or the form would break a rule that it kept before.
    """
    [case] = lock_cases(session, [case_id])
    season = session.get_one(Season, case.season_id)
    notice = notice_by_digest(session, case.notice_digest)
    viewer = read_viewer(session, person, season, notice_of(session, season))
    require(check_correct(viewer, notice, case))
    changes = tidy_form(notice, changes)
    require(_check_changes(notice, case, changes))
    if not reason.strip():
        raise Refused(Reason("reason_missing", "更正须写明理由和依据。", "七（二）", "invalid", "reason"))
    fields = keep_application(notice, case, changes)
    if not fields:
        text = "更正后的内容与原来的相同，没有需要保存的。"
        raise Refused(Reason("nothing_changed", text, "七（二）", "invalid", "fields"))
    number = keep_submission(session, case, person, now(season))
    asked = _ask_again(session, season, notice, case, person, fields, ask_again)
    record(
        session,
        EventKind.ENTRY_CORRECTED,
        season=season,
        case=case,
        actor=person,
        fields=fields,
        version=case.form_version,
        submission=number,
        reason=reason.strip(),
        asked_again=asked,
    )
    wake(session, season, case)
    return asked


def _ask_again(
    session: Session,
    season: Season,
    notice: Notice,
    case: Case,
    person: Person,
    fields: Collection[str],
    chosen: Collection[str],
) -> list[str]:
    """Make the approvals void that are asked again: those that depend on the field, and those the office names."""
    session.flush()
    looked = approvals_of(session, season, notice, case, fields)
    again = [step.key for step, depends in looked if depends or step.key in chosen]
    gates = Progress(session, season, notice, case).gates
    unseat(session, season, case, [gates[key] for key in again], person)
    return again


def _check_changes(notice: Notice, case: Case, changes: Mapping[str, Any]) -> Verdict:
    """The form's own checks; what was wrong with it before stands in nobody's way."""
    if strange := check_known(notice, case.channel, changes):
        return strange
    allowed = {f.key for f in correctable(notice, case)}
    if foreign := sorted(set(changes) - allowed):
        labels = "、".join(notice.field(key).label for key in foreign)
        return (Reason("not_correctable", f"“{labels}”不能在这里更正。", "七（二）", "invalid", "fields"),)
    before = whole_form(case)
    old = {(r.code, r.field) for r in check_form(notice, case.channel, before)}
    new = check_form(notice, case.channel, {**before, **changes})
    return (
        *check_shape(notice, case.channel, changes),
        *(r for r in new if (r.code, r.field) not in old),
    )
