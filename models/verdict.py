"""May this be done, and if not, why not?

A check answers with a `Verdict`, a tuple of `Reason`s; empty means nothing stands in the way. The same reasons grey a
button, explain it, and make the refusal of the page and of the API. Branch on `code`, never on `text`.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["forbidden", "conflict", "invalid", "missing"]
STATUS: dict[Kind, int] = {"forbidden": 403, "conflict": 409, "invalid": 422, "missing": 404}


@dataclass(frozen=True)
class Reason:
    """One reason against: a code for programs, a whole Chinese sentence for people, the clause it rests on."""

    code: str
    text: str
    clause: str = ""
    kind: Kind = "conflict"
    field: str = ""


Verdict = tuple[Reason, ...]
OPEN: Verdict = ()


class Refused(Exception):
    """A verb was refused; nothing has been written."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("；".join(r.text for r in reasons))
        self.reasons: Verdict = reasons

    @property
    def status(self) -> int:
        """The HTTP status of the weightiest reason: unseen before forbidden before conflict before invalid."""
        order: tuple[Kind, ...] = ("missing", "forbidden", "conflict", "invalid")
        return STATUS[next(k for k in order if any(r.kind == k for r in self.reasons))]


def require(verdict: Verdict) -> None:
    """Refuse unless the verdict is empty."""
    if verdict:
        raise Refused(*verdict)
