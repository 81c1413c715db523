"""What is wrong with a file that somebody gave us, and how is it put right?"""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error stops; a warning is shown and may be let stand."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One fault of a file. `field` is the label or heading it concerns; empty when it is the whole file.

    `message` is a whole Chinese sentence: what, where, and how to mend it. Branch on `code`, never on the message.
    """

    field: str
    code: str
    message: str
    severity: Severity = Severity.ERROR

    def as_dict(self) -> dict[str, str]:
        return {k: str(v) for k, v in asdict(self).items()}


class Refusal(Exception):
    """The file can't be taken in at all; `problem` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def refused_file(code: str, text: str) -> Refusal:
    """The refusal of a whole file; `text` goes on from “文件”."""
    return Refusal(Problem("", code, f"文件{text}"))
