"""系统状态: is every part of the system well, what is to be done if not, and where in Prefect's dashboard is what?"""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlmodel import select

from api.dashboard import artifact_page
from api.deps import Visiting
from api.render import Tag, done, page, query, run_page
from models.case import Case
from models.labels import label
from models.season import Season
from models.words import Condition
from settings import DASHBOARD
from tasks.runs import LATE, STALLED, progress_key
from tasks.status import read_status

router = APIRouter()

TONES = {
    Condition.WELL: "green",
    Condition.ATTENTION: "orange",
    Condition.BROKEN: "red",
    Condition.NONE: "grey",
}
RUNS = run_page(None)


@dataclass(frozen=True)
class Look:
    """A view of Prefect's dashboard, by its address."""

    text: str
    href: str
    about: str


def condition_tag(condition: Condition) -> Tag:
    return Tag(label(condition), TONES[condition])


def looks(season: Season) -> list[Look]:
    """What administrators look for most; the dashboard keeps saved searches in each browser, so they are links here."""
    mine = f"season:{season.key}"
    artifacts = "/status/artifacts"
    return [
        Look("停滞案件", f"{artifacts}/{STALLED}", "逾期的关口和没有开启关口的案件，逐件链接到本系统"),
        Look("年度进度", f"{artifacts}/{progress_key(season.key)}", "各阶段的在办案件、待办关口和逾期数"),
        Look("逾期的运行", f"{RUNS}?{query({'tags': LATE})}", "停在已逾期关口的案件"),
        Look("本年度的运行", f"{RUNS}?{query({'tags': mine})}", "名称为“编号·当前关口”"),
        Look("正在等人决定的", f"{RUNS}?{query({'state': 'Suspended'})}", "挂起的运行，属于正常"),
        Look("出错的", f"{RUNS}?{query({'state': 'Failed,Crashed'})}", "系统会自动重来，仍在此处的请查看"),
        Look("没有及时开始的", f"{RUNS}?{query({'state': 'Late'})}", "引擎停止或过忙时出现"),
        Look("本年度自己的运行", run_page(season.flow_run_id), "名单、会议、公示等集体步骤"),
        Look("自动处理规则", f"{DASHBOARD}/v2/automations", "出错、没有及时开始时立即巡查一次"),
    ]


@router.get("/status")
def status_page(visit: Visiting) -> Response:
    return page(
        visit, "status.html", status_now=read_status(), looks=looks(visit.season), condition_tag=condition_tag
    )


@router.get("/status/artifacts/{key}")
def newest_artifact(visit: Visiting, key: str) -> Response:
    """The dashboard itself shows a list of versions first."""
    if (address := artifact_page(key)) is None:
        return done("/status", "现在还看不到：流程服务没有应答，或者还没有到第一次巡查。请稍后再试。")
    return RedirectResponse(address, 303)


@router.get("/status/runs/{run_id}")
def subject_of_run(visit: Visiting, run_id: UUID) -> Response:
    """From a run in the dashboard back to what it walks."""
    case_id = visit.session.exec(select(Case.id).where(Case.flow_run_id == run_id)).first()
    if case_id is not None:
        return RedirectResponse(f"/cases/{case_id}", 303)
    if visit.session.exec(select(Season.id).where(Season.flow_run_id == run_id)).first() is not None:
        return RedirectResponse("/season", 303)
    return done("/status", "这个运行不属于哪一名人选或哪个年度，例如定时的巡查。")
