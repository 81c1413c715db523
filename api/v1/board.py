"""Where is it stuck, for a program?"""

from fastapi import APIRouter

from api.deps import Missing
from api.render import county_label
from api.v1.board_schemas import Board, BoardForecast, BoardHolder, BoardSpan, BoardStage, BoardStep
from api.v1.caller import Calling
from api.v1.problems import ProblemRoute, documented
from models.board.columns import Column, StepLine, read_columns
from models.board.days import Days
from models.board.forecast import StepForecast, read_forecast
from models.board.holders import By, Holder, groupings, read_holders
from models.board.sight import cases_in_view, knows_reached
from models.board.spans import Span, read_spans
from models.queries import open_counts, outcome_counts, stage_counts
from models.stranded import stranded_cases, unasked_gates
from models.viewer import Viewer

router = APIRouter(route_class=ProblemRoute, tags=["年度"])

MOST = 100


@router.get("/board", responses=documented(401, 404, 422))
def read_board(caller: Calling, by: By = By.DEPARTMENT) -> Board:
    """卡在哪里：各阶段的人选与等候，待办的任务在谁那里，时间进度，超期预测；只计调用人可见的。"""
    with caller.looking() as viewer:
        if by not in groupings(viewer):
            raise Missing
        days, counts = Days(viewer.session, viewer.moment), stage_counts(viewer)
        tells = knows_reached(viewer)
        return Board(
            stages=[_stage(c, counts.get(c.stage.key, 0)) for c in read_columns(viewer, days)],
            outcomes=outcome_counts(viewer),
            open_gates=open_counts(viewer),
            stranded=_stranded(viewer),
            holders=[_holder(h, tells) for h in read_holders(viewer, by, days, county_label)],
            timeline=[_span(s) for s in read_spans(viewer)],
            forecast=[_forecast(s) for s in read_forecast(viewer, days).steps],
        )


def _stranded(viewer: Viewer) -> list[str]:
    seen = cases_in_view(viewer)
    cases = stranded_cases(viewer.session, viewer.season, viewer.notice, seen, MOST)
    unasked = unasked_gates(viewer.session, viewer.season, viewer.notice, seen, MOST)
    return sorted({c.number for c in cases} | {c.number for _, c in unasked})[:MOST]


def _stage(column: Column, count: int) -> BoardStage:
    return BoardStage(
        key=column.stage.key,
        label=column.stage.label,
        count=count,
        unfinished=column.cases,
        late=column.late,
        waited_median=column.median,
        waited_longest=column.longest,
        due=column.due,
        days_left=column.left,
        steps=[_step(line) for line in column.open_steps],
    )


def _step(line: StepLine) -> BoardStep:
    return BoardStep(
        key=line.step.key,
        open=line.open,
        late=line.late,
        waited_median=line.median,
        waited_longest=line.longest,
    )


def _holder(holder: Holder, tells: bool) -> BoardHolder:
    lying = holder.lying
    return BoardHolder(
        label=holder.label,
        about=holder.about,
        open=lying.open,
        late=lying.late,
        oldest_days=holder.days,
        opened=lying.opened if tells else None,
        unopened=lying.unopened if tells else None,
        reminded_at=lying.reminded_at,
        nobody=holder.nobody,
    )


def _span(span: Span) -> BoardSpan:
    return BoardSpan(
        step=span.step.key,
        planned_from=span.planned_from,
        planned_to=span.planned_to,
        opened=span.opened,
        closed=span.closed,
        open=span.open,
        done=span.done,
        late=span.late,
    )


def _forecast(step: StepForecast) -> BoardForecast:
    return BoardForecast(
        step=step.step.key,
        open=step.open,
        late=step.late,
        expected=step.expected,
        low=step.low,
        high=step.high,
        clear=step.clear,
        known=step.known,
    )
