"""How does a page come about? Templates, the words and dates in them, the menu, and the message after an action."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode
from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlmodel import Session

from api.deps import Visit
from api.fields import choice_label, row_count, sections, shown
from api.menu import menu
from api.security import drop_cookie, read_cookie, set_cookie
from models.cautions import cautions
from models.coverage import coverage_counts, reads_coverage, reports_of
from models.data_words import ConsentScope, ConsentWay, ErasureState, Part, Subject
from models.file_scan import scan_states
from models.handing import is_personal
from models.honours import title_of
from models.hosts import concerns_document
from models.inspection import reports
from models.labels import label
from models.notice import SHANGHAI, Notice, Step, day_of
from models.outbox import held_count
from models.outbox import standing as mail_standing
from models.personal import masked_form
from models.priorities import places, recommending
from models.returns import asked_items, due_day
from models.season import Season, now
from models.share import read_share
from models.values import read_day
from models.verdict import Verdict
from models.words import (
    AssignmentState,
    Attendance,
    CallResult,
    CorrectionState,
    Countersigning,
    Effect,
    FieldKind,
    FilePurpose,
    GateState,
    Handing,
    ImportState,
    IncomingState,
    ListState,
    MessageState,
    Need,
    ObjectionSource,
    ObjectionState,
    ObjectorKind,
    Outcome,
    Place,
    Reached,
    RecusalGround,
    Relation,
    ScanState,
    StepKind,
    Turn,
)
from models.workdays import UNADJUSTED, last_date, uncovered, workdays_left
from settings import DASHBOARD
from tasks.directory import county_labels
from tasks.printing import papers_of
from tasks.publicity import releases

FOLDER = Path(__file__).resolve().parent
WEEKDAYS = "一二三四五六日"
FLASH_SECONDS = 120


# --- words and dates ---------------------------------------------------------------------------------------------


def day(value: datetime | date) -> str:
    """`2026年3月9日`; a moment is taken in Shanghai."""
    local = day_of(value) if isinstance(value, datetime) else value
    return f"{local.year}年{local.month}月{local.day}日"


def weekday(value: date) -> str:
    return f"星期{WEEKDAYS[value.weekday()]}"


def minute(value: datetime) -> str:
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def clock(value: datetime) -> str:
    return f"{value.astimezone(SHANGHAI):%H:%M}"


def recorded_minute(text: str) -> str:
    """A moment as an event's facts keep it."""
    return minute(datetime.fromisoformat(text))


def last_day(due: datetime) -> str:
    """A deadline is the end of a day: `3月9日` for the moment at which the 10th begins."""
    last = (due - timedelta(microseconds=1)).astimezone(SHANGHAI)
    return f"{last.month}月{last.day}日"


@dataclass(frozen=True)
class Limit:
    """How a deadline is shown: its words and its colour."""

    text: str
    tone: str


def limit(due: datetime, season: Season) -> Limit:
    """What is left, or how late it is, in working days."""
    session, moment = Session.object_session(season), now(season)
    assert isinstance(session, Session)
    left, today, last = (
        workdays_left(session, due, moment),
        day_of(moment),
        last_date(due),
    )
    if today == last:
        return Limit("今日到期", "soon")
    if left < 0:
        text, tone = f"已超期 {-left} 个工作日", "late"
    else:
        text = f"剩余 {left} 个工作日" if left else "今日是最后一个工作日"
        tone = "soon" if left <= 1 else "calm"
    return Limit(text + (f"（{UNADJUSTED}）" if uncovered(session, (today, last)) else ""), tone)


def scan_of(visit: Visit, file_id: UUID) -> ScanState:
    """What the virus scanner said of a single file."""
    return scan_states(visit.session, [file_id])[file_id]


@dataclass(frozen=True)
class Tag:
    text: str
    tone: str


def task_tag(step: Step, round_: int = 1) -> Tag:
    """What kind of work waits at a step."""
    if step.kind is StepKind.FORM:
        return Tag("待补正", "red") if round_ > 1 else Tag("待提交", "blue")
    if step.criteria:
        return Tag("待评分", "purple")
    if step.kind in (StepKind.RANKING, StepKind.MEETING):
        return Tag("待定名单", "purple")
    if step.kind is StepKind.WINDOW:
        return Tag("公示中", "blue")
    if step.kind is StepKind.RECORD:
        return Tag("待登记", "green")
    if step.need is not Need.ONE:
        return Tag("会签中", "blue")
    return Tag("待审核", "orange")


OUTCOME_TONES = {
    Outcome.RECOGNISED: "green",
    Outcome.NOT_SELECTED: "grey",
    Outcome.REJECTED: "red",
    Outcome.WITHDRAWN: "grey",
    Outcome.DISQUALIFIED: "red",
    Outcome.LAPSED: "grey",
}


def outcome_tag(outcome: str) -> Tag:
    return Tag(label(Outcome(outcome)), OUTCOME_TONES[Outcome(outcome)])


@lru_cache(maxsize=1)
def counties() -> dict[str, str]:
    return county_labels()


def is_day(value: Any) -> bool:
    """Whether a calendar control can show it: a day, or nothing yet."""
    return not value or read_day(str(value)) is not None


def county_label(key: str | None) -> str:
    return counties().get(key or "", "") if key else ""


def category_label(notice: Notice, key: str) -> str:
    return shown(notice, "category", key)


def column_label(notice: Notice, key: str) -> str:
    """What a column of the public notices is called."""
    columns = [c for s in notice.steps if s.kind is StepKind.WINDOW for c in s.publishing.columns]
    return next((c.label for c in columns if c.key == key), key)


def reasons_for(reasons: Verdict, field: str) -> Verdict:
    """The reasons that belong to one field of the form."""
    return tuple(r for r in reasons if r.field == field)


# --- templates ---------------------------------------------------------------------------------------------------


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        day=day,
        weekday=weekday,
        minute=minute,
        clock=clock,
        last_day=last_day,
        recorded_minute=recorded_minute,
    )
    words = (
        AssignmentState,
        Countersigning,
        Attendance,
        CallResult,
        ConsentScope,
        ConsentWay,
        CorrectionState,
        Effect,
        ErasureState,
        FieldKind,
        FilePurpose,
        GateState,
        Handing,
        ImportState,
        IncomingState,
        ListState,
        MessageState,
        Need,
        ObjectionSource,
        ObjectionState,
        ObjectorKind,
        Outcome,
        Part,
        Place,
        Reached,
        RecusalGround,
        Relation,
        StepKind,
        Subject,
        Turn,
    )
    environment.globals.update({w.__name__: w for w in words})
    environment.globals.update(
        label=label,
        scan_of=scan_of,
        run_page=run_page,
        menu=menu,
        limit=limit,
        now=now,
        shown=shown,
        choice_label=choice_label,
        row_count=row_count,
        is_day=is_day,
        sections_of=sections,
        masked_form=masked_form,
        task_tag=task_tag,
        outcome_tag=outcome_tag,
        county_label=county_label,
        category_label=category_label,
        column_label=column_label,
        reasons_for=reasons_for,
        held_count=held_count,
        mail_standing=mail_standing,
        read_share=read_share,
        query=query,
        cautions=cautions,
        releases=releases,
        papers_of=papers_of,
        concerns_document=concerns_document,
        coverage_counts=coverage_counts,
        reads_coverage=reads_coverage,
        reports_of=reports_of,
        asked_items=asked_items,
        due_day=due_day,
        title_of=title_of,
        places=places,
        recommending=recommending,
        inspection_reports=reports,
        is_personal=is_personal,
    )
    return environment


def run_page(run_id: UUID | None) -> str:
    """The page of a run in Prefect's dashboard; without one, that of all runs."""
    return f"{DASHBOARD}/v2/runs/flow-run/{run_id}" if run_id else f"{DASHBOARD}/v2/runs"


def query(values: Mapping[str, Any]) -> str:
    return urlencode({k: v for k, v in values.items() if v not in ("", None)})


TEMPLATES = _environment()


def page(visit: Visit, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page with the menu of the person who looks at it."""
    flash = unquote(read_cookie(visit.request, "flash"))
    base = {
        "visit": visit,
        "viewer": visit.viewer,
        "season": visit.season,
        "notice": visit.viewer.notice,
        "flash": flash,
        "reasons": (),
        "path": visit.request.url.path,
    }
    response = HTMLResponse(TEMPLATES.get_template(template).render(base | context), status)
    if flash:
        drop_cookie(response, "flash")
    return response


def plain_page(template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page without a menu: for those who are not logged in, and for trouble."""
    return HTMLResponse(TEMPLATES.get_template(template).render({"reasons": ()} | context), status)


def done(url: str, message: str) -> RedirectResponse:
    """After an action: go on to `url` and say there what was done."""
    response = RedirectResponse(url, 303)
    set_cookie(response, "flash", quote(message), seconds=FLASH_SECONDS)
    return response


def private(response: Response) -> Response:
    """For pages that nobody may keep, index or point to."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
