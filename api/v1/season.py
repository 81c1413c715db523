"""Which seasons are there, and how far has one come?"""

from fastapi import APIRouter
from sqlmodel import col, select

from api.v1.caller import Calling, Known
from api.v1.problems import ProblemRoute, documented
from api.v1.schemas import DateOut, FieldOut, SeasonBrief, SeasonOut, StageOut, StepOut
from models.amendment import amendments, former_days
from models.database import reading
from models.season import Season, now

seasons = APIRouter(route_class=ProblemRoute, tags=["年度"])
router = APIRouter(route_class=ProblemRoute, tags=["年度"])


@seasons.get("/seasons", responses=documented(401))
def list_seasons(person: Known) -> list[SeasonBrief]:
    """全部年度，最近开启的在前。"""
    with reading() as session:
        rows = session.exec(select(Season).order_by(col(Season.opened_at).desc())).all()
        return [SeasonBrief.model_validate(s, from_attributes=True) for s in rows]


@router.get("/season", responses=documented(401, 404))
def read_season(caller: Calling) -> SeasonOut:
    """年度与其通知：名额、日期、环节、步骤。"""
    with caller.looking() as viewer:
        season, notice = viewer.season, viewer.notice
        former = former_days(amendments(viewer.session, season.id))
        return SeasonOut(
            **SeasonBrief.model_validate(season, from_attributes=True).model_dump(),
            now=now(season),
            number=notice.number,
            notice_digest=season.notice_digest,
            places=notice.quota.places,
            ratio=notice.quota.ratio,
            dates=[
                DateOut(
                    key=k,
                    label=d.label,
                    day=d.day,
                    clause=d.clause,
                    former=[before for _, before in former.get(k, ())],
                )
                for k, d in notice.dates.items()
            ],
            stages=[StageOut(key=s.key, label=s.label) for s in notice.stages],
            steps=[
                StepOut(
                    key=s.key,
                    label=s.label,
                    kind=s.kind,
                    scope=s.scope,
                    stage=s.stage,
                    clause=s.clause,
                    due=notice.dates[s.due].day,
                )
                for s in notice.steps
            ],
            fields=[FieldOut.model_validate(f, from_attributes=True) for f in notice.fields],
        )
