"""What exactly stands on a list of what is to be erased, thing by thing, in words?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from models.attachment import Attachment
from models.case import Case
from models.data_words import Part
from models.labels import label
from models.notice import Notice
from models.retention import ErasureItem
from notices.retention import read_schedule
from tasks.retention_plan import Due


@dataclass(frozen=True)
class Line:
    """Everything of one case, or of one class where it belongs to none; each thing once, with how often."""

    whose: str
    things: Sequence[str]


def listed(session: Session, notice: Notice, things: Iterable[Due | ErasureItem]) -> list[Line]:
    """The lines in the order of the case numbers, then the classes that belong to no case."""
    rows = list(things)
    cases = {t.case_id for t in rows if t.case_id}
    numbers = dict(session.exec(select(Case.id, Case.number).where(col(Case.id).in_(cases))).all())
    files = _documents(session, notice, [t.ref for t in rows if t.part == Part.FILE])
    classes = {str(c.key): c.label for c in read_schedule().classes}
    found: dict[str, list[str]] = {}
    for thing in rows:
        whose = numbers[thing.case_id] if thing.case_id else classes[thing.data_class]
        found.setdefault(whose, []).append(files.get(thing.ref) or label(Part(thing.part)))
    order = sorted(found, key=lambda whose: (whose not in numbers.values(), whose))
    return [Line(whose, _counted(found[whose])) for whose in order]


def _documents(session: Session, notice: Notice, refs: list[str]) -> dict[str, str]:
    """What each file is a copy of."""
    labels = {d.key: d.label for d in notice.documents}
    wanted = select(Attachment.id, Attachment.document).where(col(Attachment.id).in_([UUID(r) for r in refs]))
    return {str(i): labels.get(key, label(Part.FILE)) for i, key in session.exec(wanted)}


def _counted(things: list[str]) -> list[str]:
    return [t if (n := things.count(t)) == 1 else f"{t}（{n}份）" for t in dict.fromkeys(things)]
