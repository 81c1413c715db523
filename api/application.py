"""How is an application filled in and corrected: the form, kept while it is typed, saved, handed in?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.cases import seen_case
from api.consent_card import consent_card
from api.deps import OneCase, Visit, Visiting
from api.fields import Section, read_form, section_state, sections
from api.files_card import files_card
from api.reading_pane import Pane, posted_pane, settle
from api.render import clock, done, page
from api.rows import asked_rows
from models.case import Case
from models.casefile import last_return
from models.changes import changes_since
from models.form_advice import advise_form
from models.gates import Gate
from models.notice import Notice
from models.personal import whole_form
from models.season import notice_by_digest, now
from models.verdict import Refused, Verdict, require
from tasks.consent import give_consent
from tasks.intake import check_edit, check_submit, edit_case, form_task, submit_case
from tasks.typing import check_version, drop_typed, keep_typed, of_case, read_typed

router = APIRouter()


# --- a draft, or a correction ------------------------------------------------------------------------------------


@router.get("/cases/{case_id}/edit")
def edit_page(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    require(check_edit(visit.session, _notice(visit, case), case, visit.person))
    return edit_form(visit, case, target=f"/cases/{case_id}/edit")


@router.post("/cases/{case_id}/edit")
def change_case(visit: Visiting, case_id: UUID) -> Response:
    return save_form(visit, seen_case(visit, case_id), f"/cases/{case_id}/edit", f"/cases/{case_id}")


@router.post("/cases/{case_id}/submit")
def hand_in(visit: Visiting, case_id: UUID) -> Response:
    """Hand in what was saved; what is still missing is shown on the form."""
    case = seen_case(visit, case_id)
    require(check_edit(visit.session, _notice(visit, case), case, visit.person))
    return _submitted(visit, case, f"/cases/{case_id}/edit", f"/cases/{case_id}")


def save_form(visit: Visit, case: Case, target: str, after: str) -> Response:
    """Save what was typed and, if asked for, hand it in; what can't be kept comes back as typed with the reasons."""
    form = read_form(_notice(visit, case), visit.form.fields, case.channel)
    if more := asked_rows(visit.form, form):
        return edit_form(visit, case, target=target, form=form, more=more)
    try:
        case = edit_case(visit.session, case.id, form, visit.person)
        keep_consent(visit, case)
    except Refused as error:
        return _refused(visit, case.id, form, target, error)
    drop_typed(visit.session, visit.person, of_case(case.id))
    told = settle(visit, of_case(case.id), case)
    if visit.form.text("action") != "submit":
        return done(target if visit.limited else after, _saved(case) + told)
    return _submitted(visit, case, target, after)


def keep_consent(visit: Visit, case: Case) -> None:
    """What was ticked under 告知同意 goes on record with what is saved; what stands already is left as it is."""
    if said := visit.form.fields.get("consent"):
        visit.session.flush()
        give_consent(visit.session, case.id, visit.person, said)


def _submitted(visit: Visit, case: Case, target: str, after: str) -> Response:
    """Handed in; or the form again with what is still missing, everything typed having been saved."""
    visit.session.flush()
    if lacking := check_submit(visit.session, case, visit.person):
        status = Refused(*lacking).status
        return edit_form(visit, case, target=target, status=status, reasons=lacking, saved=True)
    submit_case(visit.session, case.id, visit.person)
    return done(f"/cases/{case.id}", f"{case.number}已提交。办理进度见本页，有需要补正的会发邮件通知。")


def _saved(case: Case) -> str:
    return f"{case.number}已保存为草稿，还没有提交。核对无误后请点“提交申报”。"


def _refused(visit: Visit, case_id: UUID, form: dict[str, Any], target: str, error: Refused) -> Response:
    """The form again with the reasons and what was typed; a case that can't be edited says only why."""
    visit.session.rollback()
    case = visit.session.get_one(Case, case_id)
    require(check_edit(visit.session, _notice(visit, case), case, visit.person))
    return edit_form(visit, case, target=target, form=form, status=error.status, reasons=error.reasons)


# --- kept while it is typed --------------------------------------------------------------------------------------


@router.post("/cases/{case_id}/typed")
def keep_changes(visit: OneCase, case_id: UUID) -> Response:
    """Keep what is typed, without checking any of it."""
    case = own_case(visit, case_id)
    require(check_version(case, visit.form.text("version")))
    content = {k: v for k, v in visit.form.fields.items() if k != "csrf"}
    saved_at = keep_typed(visit.session, visit.person, of_case(case.id), content)
    return JSONResponse({"saved_at": clock(saved_at)})


@router.post("/cases/{case_id}/typed/drop")
def drop_changes(visit: OneCase, case_id: UUID) -> Response:
    case = own_case(visit, case_id)
    drop_typed(visit.session, visit.person, of_case(case.id))
    where = f"/tasks/{visit.login.assignment_id}" if visit.limited else f"/cases/{case.id}/edit"
    return done(where, "已放弃自动保存的内容，下面是上次保存的材料。")


def own_case(visit: Visit, case_id: UUID) -> Case:
    """The case, while this person fills it in; a mailed link's visitor holds no seat that would show it."""
    case = visit.session.get(Case, case_id) if visit.limited else seen_case(visit, case_id)
    case = case or seen_case(visit, case_id)
    require(check_edit(visit.session, _notice(visit, case), case, visit.person))
    return case


# --- the page ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Typed:
    """What the form shows: as saved, as typed just now, or as kept while it was typed."""

    form: Mapping[str, Any]
    restored: datetime | None = None


def _content(visit: Visit, case: Case, notice: Notice, form: Mapping[str, Any] | None) -> Typed:
    saved = whole_form(case)
    if form is not None:
        return Typed({**saved, **form})
    kept = read_typed(visit.session, visit.person, of_case(case.id))
    if kept is None:
        return Typed(saved)
    return Typed({**saved, **read_form(notice, kept[0], case.channel)}, kept[1])


def edit_form(
    visit: Visit,
    case: Case,
    *,
    target: str,
    form: Mapping[str, Any] | None = None,
    status: int = 200,
    reasons: Verdict = (),
    more: Mapping[str, int] | None = None,
    saved: bool = False,
    reading: Pane | None = None,
) -> Response:
    """The application as a form that is sent to `target`; `form` is what was typed just now."""
    notice = _notice(visit, case)
    typed = _content(visit, case, notice, form)
    lacking = check_submit(visit.session, case, visit.person)
    task = form_task(visit.session, notice, case)
    due = visit.session.get_one(Gate, task.gate_id).due_at if task else notice.due(notice.steps[0].due)
    returned = last_return(visit.session, case)
    parts = sections(notice, case.channel)
    return page(
        visit,
        "application_edit.html",
        papers=files_card(visit, case, target if visit.limited else f"/cases/{case.id}/edit"),
        status=status,
        reasons=reasons,
        notice=notice,
        case=case,
        form=typed.form,
        restored=typed.restored,
        saved=saved,
        target=target,
        sections=parts,
        states=_states(parts, typed.form, reasons, lacking),
        lacking=lacking,
        advice=advise_form(notice, case.channel, typed.form),
        due=due,
        late=now(visit.season) >= due,
        returned=returned,
        changes=changes_since(visit.session, notice, case, returned),
        more=more or {},
        consent=consent_card(visit, case),
        reading=reading or posted_pane(visit, of_case(case.id), notice, case.channel, case),
    )


def _states(
    parts: list[Section], form: Mapping[str, Any], wrong: Verdict, lacking: Verdict
) -> dict[str, str]:
    return {p.key: section_state(p, form, wrong, lacking) for p in parts}


def _notice(visit: Visit, case: Case) -> Notice:
    return notice_by_digest(visit.session, case.notice_digest)
