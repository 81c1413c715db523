"""How do the Word forms that somebody filled in become his application: read, shown, and kept with it once it is saved?

Between reading and saving the files and what was read lie sealed as something typed and not saved yet; nothing of it
stands in the case. Saving attaches the files; who never saves loses them after a day.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete

from documents.application_form import is_unreadable, read_application_form, read_photo
from documents.expert_letter import read_expert_letter
from documents.picture import picture_pages
from documents.problems import Problem, Refusal
from documents.which_form import which_form
from models.case import Case
from models.checklist import documents_of, kept_files
from models.database import real_now
from models.notice import Notice
from models.people import Person
from models.season import notice_by_digest
from models.submission import Typed
from models.verdict import Reason, Refused
from tasks.attachments import attach
from tasks.taking import refuse_virus
from tasks.typing import drop_typed, keep_typed, read_typed

FORM, LETTER, PHOTO = "application_form", "expert_letters", "photo"
PHOTO_NAMES = {b"\x89PNG": "照片.png", b"\xff\xd8\xff": "照片.jpg"}
PREFIX = "word:"
KEPT_FOR = timedelta(days=1)
MOST_FILES = 6
FIELD = "word"


@dataclass(frozen=True)
class ReadFile:
    """One Word form: which document it is, what was read, and how its pages look."""

    document: str
    name: str
    content: bytes
    found: dict[str, Any]
    pages: list[bytes]


@dataclass(frozen=True)
class Reading:
    """What was read and not saved yet: 附件1, any number of 附件4, and the photo that was pasted in."""

    files: list[ReadFile]
    photo: bytes = b""
    read_at: datetime | None = None

    @property
    def form(self) -> ReadFile | None:
        return next((f for f in self.files if f.document == FORM), None)

    @property
    def letters(self) -> list[ReadFile]:
        return [f for f in self.files if f.document == LETTER]

    @property
    def pages(self) -> list[bytes]:
        return [page for file in self.files for page in file.pages]


def of_word(about: str) -> str:
    """What the reading that belongs to a form is called."""
    return PREFIX + about


# --- reading -----------------------------------------------------------------------------------------------------


def take_in(
    session: Session, person: Person, notice: Notice, about: str, uploads: Sequence[tuple[str, bytes]]
) -> Reading:
    """Read the files and keep what was read; another 附件1 replaces the one before, a further 附件4 is added."""
    if not uploads:
        raise _refused("no_file", "请选择填好的附件1（.docx）；专业人士推荐的，可同时选附件4。")
    before = read_reading(session, person, about) or Reading([])
    read = [_read(notice, name, content) for name, content in uploads]
    forms = [f for f in read if f.document == FORM]
    if len(forms) > 1:
        raise _refused("two_forms", "一次只能读入一份附件1，请只选这名人选的申请表。")
    form = forms[0] if forms else before.form
    letters = {f.content: f for f in (*before.letters, *read) if f.document == LETTER}
    files = [*([form] if form else []), *letters.values()]
    if len(files) > MOST_FILES:
        raise _refused("too_many_files", f"一次最多读入{MOST_FILES}份，请先保存，再继续上传。")
    reading = Reading(files, read_photo(forms[0].content) if forms else before.photo)
    keep_typed(session, person, of_word(about), _as_json(reading))
    return reading


def _read(notice: Notice, name: str, content: bytes) -> ReadFile:
    try:
        refuse_virus(name, content)
        document = which_form(name, content)
        read = {FORM: read_application_form, LETTER: read_expert_letter}.get(document)
        if read is None:
            text = "不是附件1“认定申请表”，也不是附件4“专家推荐函”，不能读入；其他材料请在材料清单中上传。"
            raise Refusal(Problem("", "not_the_form", f"文件{text}"))
        found = read(notice, name, content)
    except Refusal as error:
        raise _refused(error.problem.code, f"“{name}”：{error.problem.message}") from None
    if is_unreadable(found):
        raise _refused(found["problems"][0]["code"], f"“{name}”：{found['problems'][0]['message']}")
    return ReadFile(document, name, content, found, picture_pages(content))


def _refused(code: str, text: str) -> Refused:
    return Refused(Reason(code, text, "附件1", "invalid", FIELD))


# --- kept until it is saved --------------------------------------------------------------------------------------


def read_reading(session: Session, person: Person, about: str) -> Reading | None:
    """What this person has had read for a form and not saved."""
    kept = read_typed(session, person, of_word(about))
    return _from_json(*kept) if kept else None


def drop_reading(session: Session, person: Person, about: str) -> None:
    drop_typed(session, person, of_word(about))


def sweep_readings(session: Session) -> None:
    """Let go what was read and not saved within a day."""
    old = col(Typed.saved_at) < real_now() - KEPT_FOR
    session.exec(delete(Typed).where(col(Typed.about).startswith(PREFIX, autoescape=True), old))


def _as_json(reading: Reading) -> dict[str, Any]:
    files = [
        {
            "document": f.document,
            "name": f.name,
            "content": b64encode(f.content).decode(),
            "found": f.found,
            "pages": [b64encode(page).decode() for page in f.pages],
        }
        for f in reading.files
    ]
    return {"files": files, "photo": b64encode(reading.photo).decode()}


def _from_json(kept: dict[str, Any], read_at: datetime) -> Reading:
    files = [
        ReadFile(
            f["document"], f["name"], b64decode(f["content"]), f["found"], [b64decode(p) for p in f["pages"]]
        )
        for f in kept["files"]
    ]
    return Reading(files, b64decode(kept["photo"]), read_at)


# --- saved -------------------------------------------------------------------------------------------------------


def attach_reading(session: Session, case: Case, about: str, person: Person) -> list[str]:
    """Keep the files with the saved application; which were not kept, and why. The reading is gone afterwards."""
    reading = read_reading(session, person, about)
    if reading is None:
        return []
    notice = notice_by_digest(session, case.notice_digest)
    asked = {d.key for d in documents_of(notice, case)}
    wanted = [(f.document, f.name, f.content) for f in reading.files]
    if not any(f.document == PHOTO for f in kept_files(session, case)):
        heads = PHOTO_NAMES.items()
        wanted += [(PHOTO, name, reading.photo) for head, name in heads if reading.photo.startswith(head)]
    told = [
        _attached(session, case, *file, person)
        if file[0] in asked
        else f"“{file[1]}”不是这个渠道要交的材料，没有存入。"
        for file in wanted
    ]
    drop_reading(session, person, about)
    return [text for text in told if text]


def _attached(session: Session, case: Case, document: str, name: str, content: bytes, person: Person) -> str:
    """Empty when the file is kept with the case now, or was before."""
    try:
        attach(session, case.id, document, name, content, person)
    except Refused as error:
        if any(r.code != "same_file" for r in error.reasons):
            return f"“{name}”没有存入材料清单：{error}"
    return ""
