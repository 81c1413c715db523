"""Who may add or remove which file of a case, and is a sound file what the document asks for?"""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from documents.sniff import Inspected, inspect_upload
from models.attachment import Attachment
from models.case import Case
from models.checklist import documents_of
from models.filenames import safe_filename
from models.notice import Document, Notice
from models.people import Person
from models.reading import reviews
from models.season import Season
from models.verdict import OPEN, Reason, Verdict
from models.viewer import read_viewer
from tasks.intake import form_task

PHOTO_WIDTH, PHOTO_HEIGHT = 300, 400

# --- who may -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What a person is to a case as far as its files go; asked once for all of them."""

    person_id: UUID
    is_office: bool
    fills_in: bool
    is_concerned: bool


def standing(session: Session, season: Season, notice: Notice, case: Case, person: Person) -> Standing:
    """`is_concerned` are whoever entered the case and those who review it for its unit or county."""
    viewer = read_viewer(session, person, season, notice)
    task = form_task(session, notice, case)
    return Standing(
        person.id,
        viewer.is_office,
        task is not None and task.person_id == person.id,
        case.entered_by == person.id or reviews(viewer, case),
    )


def check_attach(
    notice: Notice, case: Case, standing: Standing, document: str, *, sealed_and_signed: bool = False
) -> Verdict:
    """Reasons against this person adding a file to this document of the case."""
    known = {d.key: d for d in documents_of(notice, case)}
    if document not in known:
        labels = "、".join(d.label for d in known.values())
        text = f"这一案没有这种材料。可上传：{labels}。"
        return (Reason("unknown_document", text, "四", "invalid", "document"),)
    if case.closed_at is not None:
        return (Reason("case_closed", "案件已经办结，不再接收材料。"),)
    if standing.is_office or standing.fills_in:
        return OPEN
    if not standing.is_concerned:
        return (Reason("not_yours", "材料只能由填报人、审核单位或办公室上传。", "四", "forbidden"),)
    if not case.live:
        return (Reason("case_ended", "案件已经终结，不再接收材料。"),)
    if sealed_and_signed or document in made_on_the_way(notice, case):
        return OPEN
    text = "材料已经提交，审核中只能补传盖章签字后的扫描件；要更换材料，请由审核单位退回补正。"
    return (Reason("not_editable", text, "四"),)


def check_remove(notice: Notice, case: Case, standing: Standing, attachment: Attachment) -> Verdict:
    """Reasons against this person removing this file."""
    if case.closed_at is not None:
        return (Reason("case_closed", "案件已经办结，材料不能再移除。"),)
    if attachment.decision_id is not None:
        text = "这是部门意见的盖章扫描件，随意见保存，不能移除。"
        return (Reason("belongs_to_opinion", text, "四（一）"),)
    if standing.is_office or standing.fills_in:
        return OPEN
    if attachment.uploaded_by != standing.person_id:
        return (Reason("not_yours", "这份材料不是您上传的，不能移除。", "四", "forbidden"),)
    late_scan = attachment.sealed_and_signed or attachment.document in made_on_the_way(notice, case)
    if case.live and late_scan:
        return OPEN
    text = "材料已经提交，审核中不能移除；如需更换，请由审核单位退回补正。"
    return (Reason("not_editable", text, "四"),)


def made_on_the_way(notice: Notice, case: Case) -> set[str]:
    """The documents that the steps of the case make, such as the departments' opinions."""
    return {key for s in notice.case_steps(case.channel, case.route) for key in s.makes_documents}


# --- what is asked for --------------------------------------------------------------------------------------------


def safe_name(filename: str, kind: str) -> str:
    """The name under which a file is listed: no ID or telephone number in it, and an ending that fits."""
    name = safe_filename(filename)
    if "." not in name or name.rpartition(".")[2].isdigit():
        name = f"{name}.{kind}"
    return name


def check_document(document: Document, filename: str, found: Inspected) -> Verdict:
    """Reasons why a sound file is not what this document asks for."""

    def wrong(code: str, text: str) -> Verdict:
        return (Reason(code, f"“{filename}”{text}", document.clause, "invalid", document.key),)

    if document.kinds and found.kind not in document.kinds:
        kinds = "、".join(k.upper() for k in document.kinds)
        return wrong("wrong_kind", f"是{found.kind.upper()}，“{document.label}”只收{kinds}。")
    if document.longest and found.words is not None and found.words > document.longest:
        return wrong("too_long", f"有{found.words}字，超过{document.longest}字，请删减后再上传。")
    if document.portrait and _too_small(found):
        size = f"{found.width}×{found.height}"
        text = f"只有{size}像素，印出来不清楚。请换一张至少{PHOTO_WIDTH}×{PHOTO_HEIGHT}像素的照片。"
        return wrong("photo_too_small", text)
    return OPEN


def _too_small(found: Inspected) -> bool:
    short, long = sorted((found.width or 0, found.height or 0))
    return short < PHOTO_WIDTH or long < PHOTO_HEIGHT


def advise_document(document: Document, filename: str, content: bytes) -> str:
    """What is worth a look about a file that was taken in; empty when nothing is."""
    if not document.portrait:
        return ""
    found = inspect_upload(filename, content)
    if found.width and found.height and found.width >= found.height:
        return "照片是横的；2寸照片应为竖幅，请核对。"
    return ""
