"""How is an answer that came on sealed paper entered on behalf of who gave it?

The office enters for everybody, a superior for those below: with the scan, naming who decided. Decider and recorder
are two fields of the decision; the decider gets a mail and can have it put right.
"""

from uuid import UUID

from sqlmodel import Session

from models.actions import Given, Task
from models.attention import may_remind
from models.gates import Decision
from models.notice import PAPER_ANSWER, Document
from models.people import Person
from models.season import notice_of, now
from models.seats import people_for
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import read_viewer
from models.words import AssignmentState, GateState, StepKind
from tasks.attachments import keep_file, look_into
from tasks.decide import decide, find_task
from tasks.mail import queue_paper_entered
from tasks.opinions import FIELD, SCANNED, paper_of


def paper_sheet(task: Task) -> Document:
    """The document under which the scan is kept: the step's own form (附件3), or a plain signed sheet."""
    return paper_of(task.notice, task.step) or PAPER_ANSWER


def enter_paper(
    session: Session,
    assignment_id: UUID,
    decider_id: UUID | None,
    given: Given,
    filename: str,
    content: bytes,
    by: Person,
) -> Decision:
    """Record what `decider` answered on paper, with the scan; refused like any answer, and if `by` may not enter it."""
    task = find_task(session, assignment_id)
    require(check_enter(session, task, by))
    decider = next(
        (p for p in people_for(session, task.assignment, now(task.season)) if p.id == decider_id), None
    )
    if decider is None:
        text = "请选择在纸质件上签字的人。"
        raise Refused(Reason("nobody_chosen", text, task.step.clause, "invalid", "decider"))
    sheet = paper_sheet(task)
    found = look_into(sheet, filename, content)
    if found.kind not in SCANNED:
        text = f"“{filename}”不是扫描件，请上传签字盖章后的 PDF、JPG 或 PNG。"
        raise Refused(Reason("wrong_kind", text, task.step.clause, "invalid", FIELD))
    decision = decide(session, assignment_id, decider, given, recorded_by=by)
    assert task.case is not None
    keep_file(
        session,
        task.season,
        task.case,
        sheet,
        filename,
        content,
        found,
        by,
        sealed_and_signed=True,
        decision_id=decision.id,
    )
    answer = task.step.answer(given.answer)
    queue_paper_entered(session, task, decider, by, answer.label if answer else given.answer)
    return decision


def check_enter(session: Session, task: Task, by: Person) -> Verdict:
    """Reasons against this person entering a paper answer at this task."""
    step, clause = task.step, task.step.clause
    viewer = read_viewer(session, by, task.season, notice_of(session, task.season))
    if not may_remind(viewer, step, task.case):
        text = f"“{step.label}”的纸质答复由其上级或办公室代录。"
        return (Reason("not_superior", text, clause, "forbidden"),)
    if task.case is None or step.kind is not StepKind.GATE:
        text = f"“{step.label}”不能代录：名单由会议记录，申报材料在案件页上传。"
        return (Reason("not_on_paper", text, clause),)
    if task.gate.state != GateState.OPEN or task.assignment.state != AssignmentState.OPEN:
        return (Reason("gate_closed", f"“{step.label}”已经答复或办结，不能再代录。", clause),)
    if viewer.answers(task.assignment):
        return (Reason("own_task", "这项任务由您自己办理，请直接办理。", clause),)
    if task.case.id in viewer.recused_from:
        return (Reason("recused", "您应当回避本案，不能代录。", task.step.clause),)
    return OPEN
