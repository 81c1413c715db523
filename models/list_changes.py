"""What has changed between two lists: who went, who came in, who stands elsewhere, and why?"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from models.queries import Row
from models.words import Place, Turn


@dataclass(frozen=True)
class Changed:
    """One name that the later list treats otherwise; positions are None where it is not on the list."""

    row: Row
    turn: Turn
    before: int | None
    after: int | None


def changes_between(before: Sequence[Row], after: Sequence[Row]) -> list[Changed]:
    """Names that went, then those that came in, then those that changed their order among those who stayed."""
    was = {r.case.id: r for r in before if r.entry.place == Place.ON}
    now = {r.case.id: r for r in after if r.entry.place == Place.ON}
    gone = {r.case.id: r for r in after if r.entry.place != Place.ON}
    dropped = [
        Changed(gone.get(i, r), Turn.DROPPED, r.entry.position, None) for i, r in was.items() if i not in now
    ]
    added = [Changed(r, Turn.ADDED, None, r.entry.position) for i, r in now.items() if i not in was]
    stayed = [i for i in was if i in now]
    moved = [
        Changed(now[i], Turn.MOVED, was[i].entry.position, now[i].entry.position)
        for i in _moved(stayed, sorted(stayed, key=lambda i: now[i].entry.position))
    ]
    return [*dropped, *added, *moved]


def _moved(before: Sequence[UUID], after: Sequence[UUID]) -> list[UUID]:
    """Those that stand elsewhere among the others; whoever only gave way to them does not count."""
    matched = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    kept = {one for block in matched for one in after[block.b : block.b + block.size]}
    return [one for one in after if one not in kept]
