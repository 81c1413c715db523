"""What does someone see of the application that he fills in by a mailed link? His own, and nothing that others say."""

from dataclasses import replace

from fastapi import Response

from api.consent_card import consent_card
from api.deps import Visit
from api.files_card import files_card
from api.render import page, private
from api.stages import case_stages
from models.case import Case
from models.casefile import Happened, last_return, read_casefile
from models.leaving import losses
from models.season import notice_by_digest
from models.verdict import Verdict
from models.words import EventKind, StepKind
from tasks.intake import form_task
from tasks.leaving import check_withdraw

# What has happened to the case, without what was said about it.
TOLD = {
    EventKind.CASE_ENTERED,
    EventKind.CASE_EDITED,
    EventKind.LATE_ADMITTED,
    EventKind.CONSENT_GIVEN,
    EventKind.CONSENT_WITHDRAWN,
    EventKind.ATTACHMENT_ADDED,
    EventKind.ATTACHMENT_REMOVED,
    EventKind.PAPER_RECEIVED,
    EventKind.CHANNEL_CONFIRMED,
    EventKind.GATE_OPENED,
    EventKind.GATE_CLEARED,
    EventKind.GATE_RETURNED,
    EventKind.CASE_ENDED,
    EventKind.CASE_CLOSED,
}


def own_page(visit: Visit, case: Case, *, status: int = 200, reasons: Verdict = ()) -> Response:
    """The application, how far it is, what is asked of him, his files and papers, and the way out."""
    session = visit.session
    notice = notice_by_digest(session, case.notice_digest)
    file = read_casefile(visit.viewer, case)
    task = form_task(session, notice, case)
    cleared = [e for e in file.record if e.kind is EventKind.GATE_CLEARED]
    handed_in = [e.at for e in cleared if notice.step(e.facts["step"]).kind is StepKind.FORM]
    response = page(
        visit,
        "own_case.html",
        status=status,
        reasons=reasons,
        file=file,
        case=case,
        stages=case_stages(file),
        record=[_unnamed(e, visit) for e in file.record if e.kind in TOLD],
        task=task,
        handed_in=handed_in[-1] if handed_in else None,
        returned=last_return(session, case) if task else None,
        papers=files_card(visit, case, f"/cases/{case.id}"),
        consent=consent_card(visit, case),
        may_withdraw=not check_withdraw(session, visit.season, notice, case, visit.person),
        may_disqualify=False,
        may_correct=False,
        losses=losses(visit.viewer, file),
        may_admit=False,
        may_object=False,
        form=visit.form,
    )
    return private(response)


def _unnamed(event: Happened, visit: Visit) -> Happened:
    """Who decided is named by the step, not by name."""
    known = event.actor in (visit.person.name, "系统")
    return event if known else replace(event, actor="办理部门")
