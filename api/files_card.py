"""What does the list of a case's documents show to this viewer, and what may be done there?"""

from collections.abc import Sequence
from dataclasses import dataclass

from api.deps import Visit
from documents.preview import can_preview
from models.attachment import Attachment
from models.case import Case
from models.checklist import ChecklistRow, checklist
from models.file_scan import HELD
from models.reading import may_read_document, may_read_file
from models.season import notice_by_digest
from models.words import AttachmentKind, ScanState
from tasks.attachment_checks import check_attach, check_remove, made_on_the_way, standing
from tasks.originals import check_paper

ENDINGS = {k: (f".{k}", ".jpeg") if k is AttachmentKind.JPG else (f".{k}",) for k in AttachmentKind}


@dataclass(frozen=True)
class ShownFile:
    file: Attachment
    scan: ScanState
    may_remove: bool
    may_look: bool

    @property
    def is_held(self) -> bool:
        """Whether nobody may open it for the time being."""
        return self.scan in HELD


@dataclass(frozen=True)
class ShownRow:
    """One document: whether its files may be opened here, and whether it is a form that is printed to be signed."""

    row: ChecklistRow
    readable: bool
    files: Sequence[ShownFile]
    may_add: bool
    only_scans: bool
    signable: bool
    accepts: str

    @property
    def key(self) -> str:
        return self.row.document.key


@dataclass(frozen=True)
class FilesCard:
    rows: Sequence[ShownRow]
    missing: int
    may_note_paper: bool
    back: str


def files_card(visit: Visit, case: Case, back: str = "") -> FilesCard:
    """Everything for the list of documents; `back` is the path of the page that shows it."""
    session, season, person = visit.session, visit.season, visit.person
    notice = notice_by_digest(session, case.notice_digest)
    rows = checklist(session, notice, case)
    made = made_on_the_way(notice, case)
    who = standing(session, season, notice, case, person)
    shown: list[ShownRow] = []
    for row in rows:
        key = row.document.key
        may = not check_attach(notice, case, who, key)
        may_scan = not check_attach(notice, case, who, key, sealed_and_signed=True)
        readable = may_read_document(visit.viewer, case, row.document)
        shown.append(
            ShownRow(
                row=row,
                readable=readable,
                files=[
                    ShownFile(
                        file=f,
                        scan=row.scans[f.id],
                        may_remove=not check_remove(notice, case, who, f),
                        may_look=readable and can_preview(f.kind) and row.scans[f.id] not in HELD,
                    )
                    for f in row.files
                    if f.decision_id is None or may_read_file(visit.viewer, case, notice, f)
                ],
                may_add=may or (may_scan and row.asked),
                only_scans=not may,
                signable=key in made,
                accepts=_accepts(row.document.kinds),
            )
        )
    return FilesCard(
        rows=shown,
        missing=sum(1 for r in rows if r.missing),
        may_note_paper=not check_paper(who),
        back=back,
    )


def _accepts(kinds: Sequence[AttachmentKind]) -> str:
    return ",".join(e for k in kinds or AttachmentKind for e in ENDINGS[k])
