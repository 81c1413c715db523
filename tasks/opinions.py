"""How does the sealed paper of an opinion come to the record: with the answer, or soon after it (附件3)?

One file for each answer. It is read by whoever may read the opinion, and stays with it.
"""

from uuid import UUID

from sqlmodel import Session, select

from documents.sniff import Inspected
from models.actions import Given, Task, decision_of
from models.attachment import Attachment
from models.gates import Decision
from models.notice import Document, Notice, Step
from models.people import Person
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import AttachmentKind, StepKind
from tasks.attachments import keep_file, look_into
from tasks.decide import decide, find_task
from tasks.record import lock_cases

SCANNED = (AttachmentKind.PDF, AttachmentKind.JPG, AttachmentKind.PNG)
FIELD = "scan"


def paper_of(notice: Notice, step: Step) -> Document | None:
    """The paper that an answer at this step is sealed on, such as 附件3; a form makes its own."""
    if step.kind is not StepKind.GATE or not step.makes_documents:
        return None
    return notice.document(step.makes_documents[0])


def decide_with_scan(
    session: Session, assignment_id: UUID, person: Person, given: Given, filename: str, content: bytes
) -> Decision:
    """Answer, and keep the sealed paper of the answer with it: both or neither."""
    task = find_task(session, assignment_id)
    document, found = _look_into(task, filename, content)
    decision = decide(session, assignment_id, person, given)
    _keep(session, task, decision, document, filename, content, found, person)
    return decision


def add_scan(
    session: Session, assignment_id: UUID, person: Person, filename: str, content: bytes
) -> Attachment:
    """Add the sealed paper to an answer that was given without it, by whoever gave it."""
    task = find_task(session, assignment_id)
    require(check_add_scan(session, task, person))
    document, found = _look_into(task, filename, content)
    lock_cases(session, [task.case.id] if task.case else [])
    require(check_add_scan(session, task, person))
    decision = decision_of(session, task, person)
    assert decision is not None
    return _keep(session, task, decision, document, filename, content, found, person)


def check_add_scan(session: Session, task: Task, person: Person) -> Verdict:
    """Reasons against this person adding the sealed paper of an answer."""
    clause = task.step.clause
    if task.case is None or paper_of(task.notice, task.step) is None:
        return (Reason("no_paper", "这项任务没有要盖章的意见表。", clause, "invalid", FIELD),)
    decision = decision_of(session, task, person)
    if decision is None:
        return (Reason("not_answered", "请先答复，再上传盖章扫描件。", clause, "forbidden"),)
    if not task.case.live:
        return (Reason("case_ended", "案件已经终结，不再接收扫描件。", clause),)
    there = select(Attachment.id).where(Attachment.decision_id == decision.id)
    if session.exec(there).first() is not None:
        return (Reason("scan_there", "这份意见的盖章扫描件已经上传。", clause),)
    return OPEN


def _look_into(task: Task, filename: str, content: bytes) -> tuple[Document, Inspected]:
    document = paper_of(task.notice, task.step)
    if document is None:
        raise Refused(Reason("no_paper", "这项任务没有要盖章的意见表。", task.step.clause, "invalid", FIELD))
    found = look_into(document, filename, content)
    if found.kind not in SCANNED:
        text = f"“{filename}”不是扫描件，请上传盖章后的 PDF、JPG 或 PNG。"
        raise Refused(Reason("wrong_kind", text, document.clause, "invalid", FIELD))
    return document, found


def _keep(
    session: Session,
    task: Task,
    decision: Decision,
    document: Document,
    filename: str,
    content: bytes,
    found: Inspected,
    person: Person,
) -> Attachment:
    assert task.case is not None
    return keep_file(
        session,
        task.season,
        task.case,
        document,
        filename,
        content,
        found,
        person,
        sealed_and_signed=True,
        decision_id=decision.id,
    )
