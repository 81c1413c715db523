"""What is shown beside the form while somebody checks what was read from Word, and what happens to it on saving?"""

from dataclasses import dataclass

from api.deps import Visit
from models.case import Case
from models.changes import Change
from models.notice import Notice
from models.personal import whole_form
from tasks.reading import ReadFile, Reading, attach_reading, read_reading
from tasks.reading_fields import Gathered, gather

FIELD = "reading"


@dataclass(frozen=True)
class Pane:
    """The pictures of the pages, what has no field, and what differs; `base` is where its own addresses begin."""

    base: str
    files: list[ReadFile]
    gathered: Gathered
    checking: bool = True

    @property
    def title(self) -> str:
        """Above the list of what is doubtful, the first time the page is shown."""
        return f"读入的内容有{len(self.gathered.doubts)}处请核对，尚未保存" if self.checking else ""

    @property
    def pages(self) -> list[tuple[str, int]]:
        """Each page with its file and its number among all."""
        named = [file.name for file in self.files for _ in file.pages]
        return [(name, number) for number, name in enumerate(named, start=1)]

    @property
    def changes(self) -> list[Change]:
        return self.gathered.changes

    @property
    def marked(self) -> dict[str, str]:
        return self.gathered.sources


def base_of(case: Case | None) -> str:
    return f"/cases/{case.id}/read-form" if case else "/cases/new/read-form"


def posted_pane(visit: Visit, about: str, notice: Notice, channel: str, case: Case | None) -> Pane | None:
    """The pane again, when a form that had it beside it comes back."""
    if not visit.form.text(FIELD):
        return None
    reading = read_reading(visit.session, visit.person, about)
    return pane_of(reading, notice, channel, case) if reading else None


def pane_of(reading: Reading, notice: Notice, channel: str, case: Case | None) -> Pane:
    saved = whole_form(case) if case else None
    return Pane(base_of(case), reading.files, gather(notice, channel, reading, saved), checking=False)


def settle(visit: Visit, about: str, case: Case) -> str:
    """Keep the files with the saved application; what to tell of it."""
    if not visit.form.text(FIELD):
        return ""
    left = attach_reading(visit.session, case, about, visit.person)
    return "".join(left) or "读入的Word原件已存入材料清单。"
