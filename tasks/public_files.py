"""How do the notice and the result get onto the union's own website (三（七）)? As static files in one zip.

A page with its style sheet, the QR code, Word, PDF, and a manifest with the hash of each file and of the released list.
Every file is looked into before it goes out.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlmodel import Session

from documents.layouts.public_notice import PublicPaper, public_notice
from documents.public_page import public_page
from documents.qr import drawn
from models.gates import Gate
from models.hearing import last_window
from models.notice import Notice, Step
from models.publication import on_show, publications, published_at
from models.published import Publication
from models.result import result_now
from models.season import Season, notice_of, now
from models.verdict import Reason, Refused, require
from models.words import GateState, StepKind
from tasks.printing import Format, Printed, rendered
from tasks.public_paper import file_is_clean, notice_paper, result_paper

# The page here and the page over there look the same.
STYLE = Path(__file__).resolve().parent.parent / "api" / "static" / "public.css"
STYLE_NAME, CODE_NAME = "notice.css", "qr.svg"
# A zip of the same content is the same file.
EPOCH = (2000, 1, 1, 0, 0, 0)


class Public(StrEnum):
    """What is exported."""

    NOTICE = "notice"
    RESULT = "result"


@dataclass(frozen=True)
class Released:
    """A release with the public notice for which it was made, and its gate once it has opened."""

    publication: Publication
    window: Step
    gate: Gate | None


def export(session: Session, season: Season, what: Public) -> Printed:
    """The zip with its name. Refused when nothing is released, nobody recognised, or a file is not clean."""
    paper, released = public_paper(session, season, what)
    files = {
        "index.html": public_page(paper, style=STYLE_NAME, code=CODE_NAME, links={}).encode(),
        STYLE_NAME: STYLE.read_bytes(),
        f"{what}.docx": rendered([public_notice(paper)], Format.DOCX),
        f"{what}.pdf": rendered([public_notice(paper)], Format.PDF),
    }
    if paper.address:
        files[CODE_NAME] = drawn(paper.address)[0].encode()
    require(tuple(r for name, content in files.items() for r in file_is_clean(paper, name, content)))
    files["manifest.json"] = _manifest(season, paper, released.publication, files)
    return Printed(f"{paper.name}.zip", _zipped(files))


def print_public(session: Session, season: Season, what: Public, form: Format) -> Printed:
    """The notice or the result as Word or PDF."""
    paper, _ = public_paper(session, season, what)
    content = rendered([public_notice(paper)], form)
    require(file_is_clean(paper, f"{what}.{form}", content))
    return Printed(f"{paper.name}.{form}", content)


def public_paper(session: Session, season: Season, what: Public) -> tuple[PublicPaper, Released]:
    """What may be published now, and from which release."""
    notice = notice_of(session, season)
    released = latest_release(session, season, notice)
    if released is None:
        text = "还没有准予公示的名单，或者准予之后名单又有变动、须重新审核，不能导出。"
        raise Refused(Reason("nothing_released", text, "七（二）"))
    if what is Public.NOTICE:
        shown = on_show(session, season, notice, released.window, released.publication)
        return notice_paper(session, season, notice, released.window, shown, released.gate), released
    result = result_now(session, season, notice, released.window, released.publication)
    if not result.shown.rows:
        raise Refused(Reason("nobody_recognised", "还没有认定结果，认定之后才能导出。", "五"))
    return result_paper(notice, released.window, result, practice=season.practice), released


def latest_release(session: Session, season: Season, notice: Notice) -> Released | None:
    """The last release that still stands: whose check was not taken back."""
    for window in reversed([s for s in notice.season_steps if s.kind is StepKind.WINDOW]):
        found = publications(session, season, window)
        if found and session.get_one(Gate, found[0].gate_id).state == GateState.CLEARED:
            return Released(found[0], window, _gate_of(session, season, notice, window, found[0]))
    return None


def _gate_of(
    session: Session, season: Season, notice: Notice, window: Step, publication: Publication
) -> Gate | None:
    gate = last_window(session, season, notice)
    if gate is None or gate.step != window.key:
        return None
    opened_with = published_at(session, season, window, gate)
    return gate if opened_with is not None and opened_with.id == publication.id else None


def _manifest(season: Season, paper: PublicPaper, publication: Publication, files: dict[str, bytes]) -> bytes:
    told = {
        "title": paper.name,
        "season": season.key,
        "practice": season.practice,
        "exported_at": now(season).isoformat(timespec="seconds"),
        "released_at": publication.released_at.isoformat(timespec="seconds"),
        "released_digest": publication.digest,
        "names": len(paper.rows),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
