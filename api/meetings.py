"""How is a meeting recorded: who came, what was concluded on whom, and where are its signed minutes?"""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col, select

from api.deps import Form, Missing, Visit, Visiting
from api.downloads import download
from api.paging import PageNumber, page_number
from api.render import done, page, private
from models.gates import Gate
from models.list_checks import check_list
from models.meeting import decided_places, may_see_meeting, recorder_body, recusals
from models.meeting_checks import Sitting, check_confirming, check_recording
from models.minutes import read_minutes
from models.onward import onward_after
from models.verdict import Reason, Refused, Verdict
from models.words import Attendance, GateState, Place, StepKind
from tasks.meeting_papers import print_meeting
from tasks.meetings import Conclusion, Head, Noted, find_sitting, keep_minutes, keep_scan, read_scan
from tasks.printing import Format

router = APIRouter()

ROWS = 50


@router.get("/meetings")
def meeting_list(visit: Visiting) -> Response:
    steps = [s for s in visit.viewer.notice.season_steps if s.kind is StepKind.MEETING]
    seen = [s.key for s in steps if may_see_meeting(visit.viewer, s)]
    if not seen:
        raise Missing
    gates = visit.session.exec(
        select(Gate)
        .where(Gate.season_id == visit.season.id, col(Gate.case_id).is_(None), col(Gate.step).in_(seen))
        .order_by(col(Gate.opened_at), col(Gate.round))
    )
    sittings = [Sitting(visit.session, visit.season, visit.viewer.notice, gate) for gate in gates]
    return page(visit, "meetings.html", sittings=sittings)


@router.get("/meetings/{gate_id}")
def meeting_page(visit: Visiting, gate_id: UUID, p: PageNumber = 1) -> Response:
    return _page(visit, _seen(visit, gate_id), p)


def _seen(visit: Visit, gate_id: UUID) -> Sitting:
    """The meeting, in its own season, for the office, who records it and who meets."""
    try:
        sitting = find_sitting(visit.session, gate_id)
    except Refused:
        raise Missing from None
    visit.enter(sitting.season)
    if sitting.step.kind is not StepKind.MEETING or not may_see_meeting(visit.viewer, sitting.step):
        raise Missing
    return sitting


def _page(
    visit: Visit, sitting: Sitting, p: int, *, status: int = 200, reasons: Verdict = (), typed: str = ""
) -> Response:
    minutes = read_minutes(sitting)
    lines = minutes.drafted
    pages = max(1, -(-len(lines) // ROWS))
    number = min(p, pages)
    return private(
        page(
            visit,
            "meeting.html",
            status=status,
            reasons=reasons,
            sitting=sitting,
            minutes=minutes,
            step=sitting.step,
            meeting=sitting.meeting,
            moving=onward_after(visit.session, sitting.gate.id),
            lines=lines[(number - 1) * ROWS : number * ROWS],
            p=number,
            pages=pages,
            base=f"/meetings/{sitting.gate.id}?",
            barred=check_recording(sitting, visit.person),
            standing=_standing(sitting, visit),
            recorder=recorder_body(sitting.notice, sitting.step),
            form=visit.form,
            typed=typed,
        )
    )


def _standing(sitting: Sitting, visit: Visit) -> Verdict:
    """What stands in the way of confirming the record as it is now, by somebody else."""
    if sitting.gate.state != GateState.OPEN or sitting.meeting is None:
        return ()
    lacking = check_confirming(sitting, visit.person)
    unsound = check_list(sitting.step, sitting.rows, decided_places(sitting.items))
    return tuple(r for r in (*lacking, *unsound) if r.code != "recorder_confirms")


# --- recording ---------------------------------------------------------------------------------------------------


@router.post("/meetings/{gate_id}")
def save_head(visit: Visiting, gate_id: UUID) -> Response:
    sitting = _seen(visit, gate_id)
    try:
        keep_minutes(visit.session, gate_id, visit.person, Noted(_head(visit.form), _attendance(visit.form)))
    except Refused as error:
        return _refused(visit, gate_id, 1, error, "head")
    return done(f"/meetings/{gate_id}", f"“{sitting.step.label}”的基本情况和到会情况已保存。")


@router.post("/meetings/{gate_id}/list")
def save_list(visit: Visiting, gate_id: UUID) -> Response:
    sitting = _seen(visit, gate_id)
    number = page_number(visit.form.text("p"))
    try:
        said = read_conclusions(sitting, visit.form)
        keep_minutes(visit.session, gate_id, visit.person, Noted(conclusions=said))
    except Refused as error:
        return _refused(visit, gate_id, number, error, "list")
    return done(f"/meetings/{gate_id}?p={number}#list-title", f"第{number}页的名单结论已保存。")


@router.post("/meetings/{gate_id}/scan")
def save_scan(visit: Visiting, gate_id: UUID) -> Response:
    _seen(visit, gate_id)
    try:
        upload = visit.form.upload("scan")
        if upload is None:
            raise Refused(Reason("no_file", "请先选择纪要扫描件，再点“上传”。", "", "invalid", "scan"))
        keep_scan(visit.session, gate_id, visit.person, upload.filename, upload.content)
    except Refused as error:
        return _refused(visit, gate_id, 1, error, "scan")
    return done(f"/meetings/{gate_id}", "纪要扫描件已保存，并记入流转记录。")


@router.get("/meetings/{gate_id}/scan")
def fetch_scan(visit: Visiting, gate_id: UUID) -> Response:
    meeting = _seen(visit, gate_id).meeting
    if meeting is None or meeting.scan_id is None:
        raise Missing
    return private(download(meeting.scan_name, read_scan(meeting)))


@router.get("/meetings/{gate_id}/papers/{what}.{form}")
def meeting_paper(visit: Visiting, gate_id: UUID, what: str, form: Format) -> Response:
    """The booklet for those who meet, or the draft of the minutes."""
    made = print_meeting(visit.session, _seen(visit, gate_id), what, form)
    return private(download(made.filename, made.content))


def _refused(visit: Visit, gate_id: UUID, number: int, error: Refused, typed: str) -> Response:
    """The same page with the reasons and what was typed in that part of it."""
    visit.session.rollback()
    sitting = _seen(visit, gate_id)
    return _page(visit, sitting, number, status=error.status, reasons=error.reasons, typed=typed)


# --- what was typed ----------------------------------------------------------------------------------------------


def _head(form: Form) -> Head:
    return Head(
        number=form.text("number"),
        held_on=_day(form.text("held_on")),
        place=form.text("place"),
        chair_id=_id(form.text("chair")),
        note=form.text("note"),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        said = "会议日期不是一个日期，请按年、月、日填写，如 2026-03-24。"
        raise Refused(Reason("not_a_day", said, kind="invalid", field="held_on")) from None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Refused(
            Reason("unknown_person", "请从名单中选择主持人。", kind="invalid", field="chair")
        ) from None


def _attendance(form: Form) -> dict[str, Attendance]:
    return {p: Attendance(was) for p, was in form.keyed("attendance_").items() if was in set(Attendance)}


def read_conclusions(sitting: Sitting, form: Form) -> dict[UUID, Conclusion]:
    """What was typed for every row that was shown; `unanimous` fills in the votes that were left empty."""
    rows = [(e, c) for e, c in sitting.rows if f"reason_{c.id}" in form.fields]
    own = recusals(sitting.session, sitting.members, [c.id for _, c in rows], {})
    found = {}
    for entry, case in rows:
        said = _conclusion(case.number, case.id, form)
        if form.text("unanimous") == "yes" and said.votes is None and (said.place or entry.place) == Place.ON:
            voters = sitting.present - own.get(case.id, set()) - said.recused
            said = Conclusion(said.place, said.position, said.reason, (len(voters), 0, 0), said.recused)
        found[case.id] = said
    return found


def _conclusion(number: str, case_id: UUID, form: Form) -> Conclusion:
    place = form.text(f"place_{case_id}")
    names = [f"{name}_{case_id}" for name in ("for", "against", "abstain")]
    votes = [_number(form, name, f"{number}的票数") for name in names]
    taken = [v or 0 for v in votes] if any(v is not None for v in votes) else None
    return Conclusion(
        place=Place(place) if place in set(Place) else None,
        position=_number(form, f"position_{case_id}", f"{number}的次序"),
        reason=form.text(f"reason_{case_id}"),
        votes=(taken[0], taken[1], taken[2]) if taken else None,
        recused=frozenset(form.fields.get(f"recused_{case_id}", ())),
    )


def _number(form: Form, name: str, what: str) -> int | None:
    text = form.text(name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise Refused(Reason("not_a_number", f"{what}须是整数，不用的留空。", kind="invalid", field=name))
    return int(text)
