"""Which sealed files belong to no row, and which rows have lost their file?

A process that is killed between writing the bytes and committing the row leaves a file that nothing names. It is left
alone for an hour, since the row of an upload that is under way can't be seen yet. A draft's file is named by the
`about` of its `Typed` row: `file:<id>`.
"""

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col, select

from models.attachment import Attachment
from models.case import Case
from models.dossier import DossierPart
from models.filestore import may_drop, path_of, stored
from models.incoming import IncomingPart
from models.inspection import InspectionPhoto
from models.meeting import Meeting
from models.objection import ObjectionFile
from models.season_file import SeasonFile
from models.submission import Typed

UNDER_WAY_SECONDS = 3600.0
DRAFT_FILE = "file:"
FEW, MOST_PART = 20, 0.1

log = logging.getLogger("gongjiang.files")


def orphans(session: Session, seconds: float = UNDER_WAY_SECONDS) -> list[Path]:
    """Files older than this that no row names; looked for on the disk first, so that no new row is missed."""
    before = time.time() - seconds
    found = [(path, file_id) for path, file_id in stored() if _is_older(path, before)]
    if not found:
        return []
    named = set(named_files(session))
    return [path for path, file_id in found if file_id not in named]


def sweep_orphans(session: Session, seconds: float = UNDER_WAY_SECONDS) -> int:
    """Take away what no row names; how many files that were.

    So many that the record can hardly be the one the files belong to are left for somebody to look at.
    """
    found = orphans(session, seconds)
    if len(found) > max(FEW, MOST_PART * sum(1 for _ in stored())):
        log.warning("%d files without a row are left alone: is this the right database?", len(found))
        return 0
    with may_drop() as free:
        if not free:
            return 0
        for path in found:
            path.unlink(missing_ok=True)
    return len(found)


def lost_files(session: Session, season_id: UUID) -> list[tuple[str, str]]:
    """Case number (年度 for the season's own) and name of every kept file whose bytes are not there."""
    kept = (
        select(Attachment.id, Attachment.filename, Case.number)
        .join(Case, col(Case.id) == col(Attachment.case_id))
        .where(Case.season_id == season_id, col(Attachment.removed_at).is_(None))
        .order_by(col(Case.number), col(Attachment.uploaded_at))
    )
    filed = select(SeasonFile.id, SeasonFile.filename).where(SeasonFile.season_id == season_id)
    photos = (
        select(InspectionPhoto.id, InspectionPhoto.filename, Case.number)
        .join(Case, col(Case.id) == col(InspectionPhoto.case_id))
        .where(Case.season_id == season_id, col(InspectionPhoto.removed_at).is_(None))
        .order_by(col(Case.number), col(InspectionPhoto.uploaded_at))
    )
    rows = [
        *session.exec(kept),
        *session.exec(photos),
        *((i, name, "年度") for i, name in session.exec(filed)),
    ]
    return [(number, name) for file_id, name, number in rows if not path_of(file_id).exists()]


def named_files(session: Session) -> Iterator[UUID]:
    """The files that the record names."""
    yield from session.exec(select(Attachment.id).where(col(Attachment.removed_at).is_(None)))
    yield from session.exec(select(InspectionPhoto.id).where(col(InspectionPhoto.removed_at).is_(None)))
    yield from session.exec(select(IncomingPart.id))
    yield from session.exec(select(SeasonFile.id))
    yield from session.exec(select(Meeting.scan_id).where(col(Meeting.scan_id).is_not(None)))  # type: ignore[misc]
    yield from session.exec(select(ObjectionFile.id))
    yield from session.exec(select(DossierPart.file_id).where(col(DossierPart.file_id).is_not(None)))  # type: ignore[misc]
    for about in session.exec(select(Typed.about).where(col(Typed.about).startswith(DRAFT_FILE))):
        yield UUID(about.removeprefix(DRAFT_FILE))


def _is_older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime <= before
    except FileNotFoundError:
        return False
