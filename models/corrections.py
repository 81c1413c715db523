"""What has the office put right in an application after it was handed in, and why?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.casefile import CaseFile, Happened
from models.changes import Change, changes_of
from models.words import EventKind


@dataclass(frozen=True)
class Corrected:
    """One correction: the event, and each field before and after, personal numbers masked."""

    event: Happened
    changes: Sequence[Change]


def corrections(session: Session, file: CaseFile) -> list[Corrected]:
    """The latest first."""
    made = [e for e in file.record if e.kind is EventKind.ENTRY_CORRECTED]
    return [
        Corrected(e, changes_of(session, file.notice, file.case, e.facts["submission"]))
        for e in reversed(made)
    ]
