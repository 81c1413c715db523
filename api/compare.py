"""Which pictures of papers stand beside which fields, so that what is filled in can be held against what proves it?

The notice says it: a group of fields names the documents that are looked at with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from api.files_card import FilesCard
from models.attachment import Attachment
from models.notice import Notice

MOST_PAGES = 6


@dataclass(frozen=True)
class Proof:
    """A file that can be looked at, with the pages that are shown at once."""

    label: str
    file: Attachment
    pages: range


def proofs(notice: Notice, papers: FilesCard) -> Mapping[str, list[Proof]]:
    """The files beside each group of fields, as far as this viewer may look at them."""
    rows = {row.key: row for row in papers.rows}
    return {
        group.key: [
            Proof(
                rows[key].row.document.label, shown.file, range(1, min(shown.file.pages or 1, MOST_PAGES) + 1)
            )
            for key in group.documents
            if key in rows
            for shown in rows[key].files
            if shown.may_look
        ]
        for group in notice.groups
    }
