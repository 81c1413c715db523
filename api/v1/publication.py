"""What is public of the list, and how is a text in it put right by two persons (三（七）、七（二）)?"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Missing
from api.v1.caller import Calling, Line, LongText
from api.v1.cases import seen_case
from api.v1.files import file_answers, sent_back
from api.v1.problems import ProblemRoute, documented
from api.v1.schemas import with_number
from models.case import Case
from models.progress import Progress
from models.publication import draft_rows_digest, drafted, on_show
from models.published import Correction
from models.viewer import Viewer
from models.words import CorrectionState, GateState, StepKind
from tasks.printing import Format
from tasks.public_files import Public, export, latest_release, print_public
from tasks.publicity import ask_correction, settle_correction, waiting_corrections

router = APIRouter(route_class=ProblemRoute, tags=["公示"])

REFUSALS = documented(400, 401, 403, 404, 409, 422)
Key = Annotated[Line, Field(max_length=40)]


class RowOut(BaseModel):
    case: str
    cells: dict[str, str] = Field(description="公示的各栏")
    corrected: list[str] = Field(description="公布以后更正过的栏")


class PublicCorrectionOut(BaseModel):
    id: UUID
    case: str
    column: str
    old: str
    new: str
    reason: str
    state: CorrectionState
    asked_at: datetime


class PublicationOut(BaseModel):
    """The release that stands; `rows` as they are shown now."""

    window: str
    digest: str = Field(description="准予公示时各行的 SHA-256")
    released_at: datetime
    rows: list[RowOut]


class DraftOut(BaseModel):
    """What the second person looks at; `digest` goes back with the answer, so that only what was seen is released."""

    window: str
    digest: str
    rows: list[RowOut]


class PublicOut(BaseModel):
    draft: DraftOut | None = Field(description="等待脱密审核的内容")
    released: PublicationOut | None
    waiting: list[PublicCorrectionOut] = Field(description="等待审核的更正")


class PublicCorrectionIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    window: Key = Field(description="公示的步骤")
    case: Key
    column: Key
    text: Line
    reason: LongText


class SettledIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    released: bool


@router.get("/publication", responses=documented(401, 404))
def read_publication(caller: Calling) -> PublicOut:
    """已准予公示的名单和等待审核的更正；只给办公室和脱密审核人。"""
    with caller.looking() as viewer:
        waiting = waiting_corrections(viewer.session, viewer.season)
        return PublicOut(
            draft=_draft(viewer),
            released=_released(viewer),
            waiting=[with_number(PublicCorrectionOut, c, case) for c, case in waiting],
        )


def _draft(viewer: Viewer) -> DraftOut | None:
    """Of the public notice whose check is open."""
    session, season, notice = viewer.session, viewer.season, viewer.notice
    gates = Progress(session, season, notice, None).gates
    for window in (s for s in notice.season_steps if s.kind is StepKind.WINDOW):
        check = notice.check_of(window)
        gate = gates.get(check.key) if check else None
        if gate is not None and gate.state == GateState.OPEN:
            rows = drafted(session, season, notice, window)
            told = [RowOut(case=r.number, cells=r.cells, corrected=[]) for r in rows]
            return DraftOut(window=window.key, digest=draft_rows_digest(rows), rows=told)
    return None


def _released(viewer: Viewer) -> PublicationOut | None:
    session, season, notice = viewer.session, viewer.season, viewer.notice
    found = latest_release(session, season, notice)
    if found is None:
        return None
    shown = on_show(session, season, notice, found.window, found.publication)
    return PublicationOut(
        window=found.window.key,
        digest=found.publication.digest,
        released_at=found.publication.released_at,
        rows=[
            RowOut(case=r.row.number, cells=r.row.cells, corrected=sorted(r.corrected)) for r in shown.rows
        ],
    )


@router.post("/publication/corrections", status_code=201, responses=REFUSALS)
def ask(caller: Calling, given: PublicCorrectionIn) -> PublicCorrectionOut:
    """提出公示内容的更正；由办公室，经脱密审核人审核后公布。"""
    with caller.changing() as viewer:
        case = seen_case(viewer, given.case)
        correction = ask_correction(
            viewer.session,
            viewer.season.id,
            viewer.person,
            window=given.window,
            case_id=case.id,
            column=given.column,
            text=given.text,
            reason=given.reason,
        )
        return with_number(PublicCorrectionOut, correction, case)


@router.post("/publication/corrections/{correction_id}/settle", responses=REFUSALS)
def settle(caller: Calling, correction_id: UUID, given: SettledIn) -> PublicCorrectionOut:
    """审核一项更正；由提出人以外的脱密审核人。"""
    with caller.changing() as viewer:
        found = viewer.session.get(Correction, correction_id)
        if found is None or found.season_id != viewer.season.id:
            raise Missing
        settled = settle_correction(viewer.session, found.id, viewer.person, released=given.released)
        return with_number(PublicCorrectionOut, settled, viewer.session.get_one(Case, settled.case_id))


@router.get(
    "/exports/public/{what}.{form}",
    response_class=Response,
    responses=file_answers("公示或认定结果", "pdf", "docx"),
)
def export_public(caller: Calling, what: Public, form: Format) -> Response:
    """公示（notice）或认定结果（result）的 Word、PDF。"""
    with caller.looking() as viewer:
        return sent_back(print_public(viewer.session, viewer.season, what, form))


@router.get(
    "/exports/public/{what}/site.zip",
    response_class=Response,
    responses=file_answers("放到网站上的静态文件", "zip"),
)
def export_site(caller: Calling, what: Public) -> Response:
    """同样内容的静态网页，连同 Word、PDF、二维码和校验清单。"""
    with caller.looking() as viewer:
        return sent_back(export(viewer.session, viewer.season, what))
