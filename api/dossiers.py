"""How does the office have dossiers made, follow them, and take them; and where are the anchors of the record?"""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from sqlmodel import col, select

from api.cases import seen_case
from api.deps import Missing, Visit, Visiting
from api.downloads import MEDIA_TYPES, disposition, download
from api.render import Tag, done, page
from models.anchor import Anchor, anchors_of, heads_of, lines_of
from models.anchor_text import anchor_text
from models.case import Case
from models.dossier import UNDER_WAY, Dossier, dossiers_of
from models.labels import label
from models.people import Person
from models.verdict import Refused, Verdict
from models.words import DossierState
from tasks.anchoring import auditors
from tasks.dossiers import KEPT_DAYS, ask, case_by_number, stop, take

router = APIRouter()

TONES = {
    DossierState.WAITING: "grey",
    DossierState.WORKING: "blue",
    DossierState.READY: "green",
    DossierState.FAILED: "red",
    DossierState.STOPPED: "grey",
    DossierState.GONE: "grey",
}
SHOWN_ANCHORS = 30


def state_tag(state: str) -> Tag:
    return Tag(label(DossierState(state)), TONES[DossierState(state)])


@router.get("/dossiers")
def dossier_list(visit: Visiting) -> Response:
    return _page(visit)


def _page(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    session, season = visit.session, visit.season
    rows = dossiers_of(session, season.id)
    anchors = anchors_of(session, season.id)
    return page(
        visit,
        "dossiers.html",
        status=status,
        reasons=reasons,
        rows=rows,
        numbers=_numbers(visit, [d for d, _, _ in rows]),
        names=_names(visit, [d for d, _, _ in rows]),
        under_way=UNDER_WAY,
        state_tag=state_tag,
        kept_days=KEPT_DAYS,
        anchors=anchors[::-1][:SHOWN_ANCHORS],
        anchors_total=len(anchors),
        auditors=auditors(season),
        form=visit.form,
    )


def _numbers(visit: Visit, dossiers: Sequence[Dossier]) -> dict[UUID, str]:
    wanted = [d.case_id for d in dossiers if d.case_id]
    return dict(visit.session.exec(select(Case.id, Case.number).where(col(Case.id).in_(wanted))).all())


def _names(visit: Visit, dossiers: Sequence[Dossier]) -> dict[UUID, str]:
    wanted = {d.asked_by for d in dossiers}
    return dict(visit.session.exec(select(Person.id, Person.name).where(col(Person.id).in_(wanted))).all())


@router.post("/dossiers")
def ask_for_one(visit: Visiting) -> Response:
    """Of one case by its number, or of the whole season when `what` says so."""
    form = visit.form
    try:
        whole = form.text("what") == "season"
        case = None if whole else case_by_number(visit.session, visit.season, form.text("number"))
        ask(visit.session, visit.viewer, case, redacted=form.text("redacted") == "yes")
    except Refused as error:
        visit.session.rollback()
        return _page(visit, status=error.status, reasons=error.reasons)
    return done("/dossiers", "已开始生成，生成好以后可在下面取走。")


@router.post("/cases/{case_id}/dossier")
def ask_for_case(visit: Visiting, case_id: UUID) -> Response:
    case = seen_case(visit, case_id)
    ask(visit.session, visit.viewer, case, redacted=visit.form.text("redacted") == "yes")
    return done("/dossiers", f"已开始生成{case.number}的档案，生成好以后可在下面取走。")


@router.post("/dossiers/{dossier_id}/stop")
def stop_one(visit: Visiting, dossier_id: UUID) -> Response:
    stop(visit.session, visit.viewer, dossier_id)
    return done("/dossiers", "已停止生成。")


@router.post("/dossiers/{dossier_id}/take")
def take_one(visit: Visiting, dossier_id: UUID) -> Response:
    """Sent while it is put together; that it was taken is on record before."""
    taken = take(visit.session, visit.viewer, dossier_id)
    headers = {"Content-Disposition": disposition(taken.filename), "Cache-Control": "no-store"}
    return StreamingResponse(taken.content, media_type=MEDIA_TYPES["zip"], headers=headers)


@router.get("/dossiers/anchors/{number}")
def anchor_file(visit: Visiting, number: int) -> Response:
    """One anchor with all its lines, to be kept elsewhere."""
    anchor = visit.session.get(Anchor, (visit.season.id, number)) if 0 < number < 2**31 else None
    if anchor is None:
        raise Missing
    text = anchor_text(anchor, visit.season.key, lines_of(heads_of(visit.session, anchor)))
    return download(f"记录锚{anchor.day}.txt", text.encode())
