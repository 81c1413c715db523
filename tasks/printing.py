"""How do a case's papers come out of the record, as Word to go on editing or as PDF to seal?

附件1, 附件3, 附件4 and the cover sheet, each with the mark by which its scan comes back. They carry full numbers, so
only those who may read these may print; somebody else's numbers being printed is put on record.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from documents.grid import Sheet, Stamp
from documents.layouts.application_form import Applied, application_form
from documents.layouts.cover_sheet import Covered, Listed, cover_sheet
from documents.layouts.department_opinions import Opinion, department_opinions
from documents.layouts.expert_letter import Recommended, expert_letter
from documents.layouts.values import Answers
from documents.marks import COVER, Mark, stamp
from documents.preview import preview
from documents.problems import Refusal
from documents.to_typst import print_pdf
from documents.to_word import word
from models.attachment import Attachment
from models.case import Case
from models.casefile import CaseFile, Opened, read_casefile
from models.checklist import checklist, documents_of
from models.filestore import FileGone, get
from models.notice import Notice, day_of
from models.personal import whole_form
from models.reading import may_read_numbers
from models.season import notice_by_digest, now
from models.submission import Submission
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import Viewer
from models.words import AttachmentKind, GateState, Need

ALL = "all"
APPLICATION, OPINIONS, LETTERS = "application_form", "department_opinions", "expert_letters"
TITLES = {
    COVER: "报送封面",
    APPLICATION: "申请表",
    OPINIONS: "推荐部门意见表",
    LETTERS: "专家推荐函",
    ALL: "全部表格",
}
NOT_CONCERNED = "被推荐人不属于行使公权力的公职人员，不涉及。"
RECOMMENDERS = "recommenders"
STANDING = (GateState.OPEN, GateState.CLEARED)


class Format(StrEnum):
    """What a paper comes out as."""

    PDF = "pdf"
    DOCX = "docx"


@dataclass(frozen=True)
class Printed:
    filename: str
    content: bytes
    rows: int = 1


def printables(notice: Notice, case: Case) -> list[str]:
    """The papers of this case that can be printed, in the order in which they lie."""
    known = {d.key for d in documents_of(notice, case)}
    return [COVER, *(key for key in (APPLICATION, OPINIONS, LETTERS) if key in known)]


def check_print(viewer: Viewer, case: Case) -> Verdict:
    """Reasons against this person printing the papers of a case in view."""
    if not may_read_numbers(viewer, case):
        text = "表格上印有完整的身份证号和电话，只有填报人、推荐单位、县（区）总工会和办公室可以打印。"
        return (Reason("not_yours_to_print", text, "四", "forbidden"),)
    return OPEN


def papers_of(viewer: Viewer, case: Case) -> list[tuple[str, str]]:
    """What this person may print of the case: key and title, all of them in one at the end."""
    if check_print(viewer, case):
        return []
    notice = notice_by_digest(viewer.session, case.notice_digest)
    return [(key, TITLES[key]) for key in (*printables(notice, case), ALL)]


def print_form(session: Session, viewer: Viewer, case: Case, what: str, form: Format) -> Printed:
    """One paper of the case, or `all` of them as one file, with its name."""
    require(check_print(viewer, case))
    file = read_casefile(viewer, case)
    wanted = printables(file.notice, case)
    if what != ALL:
        wanted = [key for key in wanted if key == what]
    if not wanted:
        raise Refused(Reason("unknown_paper", "这一案没有这份表格。", "四", "missing"))
    sheets = [_LAYOUTS[key](session, viewer, file) for key in wanted]
    return Printed(f"{case.number}{case.name}{TITLES[what]}.{form}", rendered(sheets, form))


def print_blank(notice: Notice, what: str, form: Format) -> Printed:
    """The official form as it is, to be filled in by hand or in Word."""
    blank = Answers(notice, notice.channels[0].key, {})
    made: dict[str, Callable[[], Sheet]] = {
        APPLICATION: lambda: application_form(Applied(blank, hints=True)),
        OPINIONS: lambda: department_opinions(notice, "", "", [Opinion(body) for body in _bodies(notice)]),
        LETTERS: lambda: expert_letter(notice, Recommended()),
    }
    if what not in made or what not in {d.key for d in notice.documents}:
        raise Refused(Reason("unknown_paper", "没有这份表格。", "四", "missing"))
    return Printed(f"{notice.title}{TITLES[what]}（空白）.{form}", rendered([made[what]()], form))


def rendered(sheets: Sequence[Sheet], form: Format) -> bytes:
    """The sheets in this format. Refused when the machine has no Chinese font for a PDF."""
    if form is Format.DOCX:
        return word(sheets)
    try:
        return print_pdf(sheets)
    except Refusal as refusal:
        raise Refused(Reason(refusal.problem.code, refusal.problem.message)) from None


# --- the papers --------------------------------------------------------------------------------------------------


def _application(session: Session, viewer: Viewer, file: CaseFile) -> Sheet:
    answers = Answers(file.notice, file.case.channel, {**whole_form(file.case), "name": file.case.name})
    applied = Applied(
        answers,
        recommended_by(file),
        filled_on(session, viewer, file.case),
        portrait(session, file.notice, file.case),
    )
    return application_form(applied, _stamp(viewer, file.case, APPLICATION))


def _opinions(session: Session, viewer: Viewer, file: CaseFile) -> Sheet:
    """What the departments have said, for those who may read it; empty rows for everybody else."""
    said = {o.body: o for o in _said(file)} if file.readable else {}
    employer = str(file.case.form.get("employer") or file.unit)
    rows = [said.get(body, Opinion(body)) for body in _bodies(file.notice)]
    return department_opinions(
        file.notice, file.case.name, employer, rows, _stamp(viewer, file.case, OPINIONS)
    )


def _letters(session: Session, viewer: Viewer, file: CaseFile) -> Sheet:
    form = whole_form(file.case)
    experts = Answers(file.notice, file.case.channel, form).rows(RECOMMENDERS)
    day = filled_on(session, viewer, file.case)
    recommended = Recommended(file.case.name, str(form.get("id_number") or ""), experts, day)
    return expert_letter(file.notice, recommended, _stamp(viewer, file.case, LETTERS))


def _cover(session: Session, viewer: Viewer, file: CaseFile) -> Sheet:
    case, notice = file.case, file.notice
    listed = [
        Listed(
            row.document.label, row.document.remark or "", bool(row.files), row.received, row.document.paper
        )
        for row in checklist(session, notice, case)
    ]
    route = next((r.label for r in notice.routes if r.key == case.route), "")
    covered = Covered(
        number_on(viewer, case),
        case.name,
        recommended_by(file),
        notice.channel(case.channel).label,
        route,
        listed,
    )
    return cover_sheet(notice, covered, _stamp(viewer, case, COVER))


_LAYOUTS: dict[str, Callable[[Session, Viewer, CaseFile], Sheet]] = {
    COVER: _cover,
    APPLICATION: _application,
    OPINIONS: _opinions,
    LETTERS: _letters,
}


def _stamp(viewer: Viewer, case: Case, document: str) -> Stamp:
    return stamp(Mark(case.id, document), f"{number_on(viewer, case)}　{TITLES[document]}")


def number_on(viewer: Viewer, case: Case) -> str:
    """The number of the case as papers show it: in a practice season nobody shall take them for real ones."""
    return f"【演练】{case.number}" if viewer.season.practice else case.number


def recommended_by(file: CaseFile) -> str:
    """推荐单位 as the form names it: the unit, or the channel where no unit recommends."""
    return file.unit or file.notice.channel(file.case.channel).label


def filled_on(session: Session, viewer: Viewer, case: Case) -> date:
    """The day on which it was handed in last; for a draft, today."""
    handed_in: datetime | None = session.exec(
        select(Submission.handed_in_at)
        .where(Submission.case_id == case.id)
        .order_by(col(Submission.number).desc())
    ).first()
    return day_of(handed_in or now(viewer.season))


def portrait(session: Session, notice: Notice, case: Case) -> bytes | None:
    """The latest portrait, redrawn without what the camera noted in it."""
    portraits = [d.key for d in documents_of(notice, case) if d.portrait]
    kept = session.exec(
        select(Attachment)
        .where(Attachment.case_id == case.id, col(Attachment.removed_at).is_(None))
        .where(col(Attachment.document).in_(portraits))
        .order_by(col(Attachment.uploaded_at).desc(), col(Attachment.id))
    ).first()
    if kept is None:
        return None
    try:
        return preview(AttachmentKind(kept.kind), get(kept.id))
    except FileGone:
        return None


# --- the departments' opinions -----------------------------------------------------------------------------------


def _bodies(notice: Notice) -> list[str]:
    """The departments that 附件3 has rows for, in the notice's order."""
    steps = [s for s in notice.steps if OPINIONS in s.makes_documents and s.need is Need.ALL]
    return [notice.body(d.body).label for s in steps for d in s.deciders]


def _said(file: CaseFile) -> list[Opinion]:
    """The opinions that stand, and the remark for those whom this person does not concern."""
    steps = [s for s in file.notice.steps if OPINIONS in s.makes_documents]
    not_asked = [
        Opinion(file.notice.body(d.body).label, NOT_CONCERNED)
        for s in steps
        for d in s.deciders
        if d.when and file.case.form.get(d.when) is False
    ]
    keys = {s.key for s in steps}
    standing = [g for g in file.gates if g.step.key in keys and g.gate.state in STANDING]
    return [*not_asked, *(opinion for gate in standing for opinion in _given(file.notice, gate))]


def _given(notice: Notice, opened: Opened) -> list[Opinion]:
    return [
        Opinion(
            notice.body(a.assignment.body).label,
            _worded(a.answer, a.decision.opinion, a.decision.reason),
            day_of(a.decision.decided_at),
        )
        for a in opened.asked
        if a.decision is not None and a.readable
    ]


def _worded(answer: str, *more: str) -> str:
    """The answer and what was written with it: 同意。情况属实。"""
    return "".join(f"{part.rstrip('。')}。" for part in (answer, *more) if part)
