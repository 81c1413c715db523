"""How does the report of an inspection come out of the record, as Word or PDF with its photos?"""

from documents.layouts.inspection_report import Inspected, Reported, inspection_report
from documents.preview import preview
from models.case import Case
from models.casefile import read_casefile
from models.filestore import FileGone, get
from models.inspection import InspectionPhoto, Report, reports
from models.notice import day_of
from models.verdict import Reason, Refused
from models.viewer import Viewer
from models.words import AttachmentKind
from tasks.printing import Format, Printed, number_on, rendered


def print_inspection(viewer: Viewer, case: Case, form: Format) -> Printed:
    """The reports of the case that this viewer may read, in one file."""
    file = read_casefile(viewer, case)
    found = reports(viewer, file)
    if not found:
        raise Refused(Reason("no_report", "本案没有您可以查看的查验报告。", "三（三）", "missing"))
    visit = found[-1].visit
    inspected = Inspected(
        number=number_on(viewer, case),
        name=case.name,
        employer=str(case.form.get("employer") or file.unit),
        occupation=str(case.form.get("occupation") or ""),
        day=visit.day if visit else None,
        place=visit.place if visit else "",
        reports=[_reported(r) for r in found],
    )
    sheet = inspection_report(file.notice.title, inspected)
    return Printed(f"{case.number}{case.name}现场查验报告.{form}", rendered([sheet], form))


def _reported(report: Report) -> Reported:
    decision = report.answered.decision
    said = [decision.reason, decision.opinion] if decision else []
    photos = [drawn for p in report.photos if (drawn := draw_photo(p)) is not None]
    return Reported(
        inspector=report.answered.who,
        advice=report.answered.answer,
        findings=report.findings,
        opinion="\n".join(s for s in said if s),
        day=day_of(decision.decided_at) if decision else None,
        photos=photos,
    )


def draw_photo(photo: InspectionPhoto) -> bytes | None:
    """The picture without what the camera noted in it; None when its bytes are gone."""
    try:
        return preview(AttachmentKind(photo.kind), get(photo.id))
    except FileGone:
        return None
