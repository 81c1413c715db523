"""Does the web process live, can it work, and how is each part of the system? The same rules as the page 系统状态."""

from fastapi import APIRouter, Response

from api.deps import Missing
from api.v1.caller import Known
from api.v1.problems import ProblemRoute, documented, problem
from api.v1.schemas import Health, PartOut, StatusOut
from models import health as rules
from models.administering import administers
from models.database import reading
from models.verdict import Reason
from models.words import Condition
from tasks.status import database_part, read_status

router = APIRouter(route_class=ProblemRoute, tags=["运行"])


@router.get("/health")
def health() -> Health:
    """网页服务在运行；不查别的。"""
    return Health(status="ok" if rules.web().condition is Condition.WELL else "broken")


@router.get("/ready", responses=documented(), response_model=Health)
def ready() -> Health | Response:
    """数据库可用、表已建立，可以办理业务。流程服务停止时也可以办理，所以不影响这里的答复。"""
    database = database_part()
    if database.condition is Condition.BROKEN:
        return problem(503, (Reason("database_away", f"{database.text}{database.remedy}"),))
    return Health(status="ready")


@router.get("/status", responses=documented(401, 404))
def status(person: Known) -> StatusOut:
    """各部分的状态，与“系统状态”页相同；只供系统管理员，演练时也供办公室。"""
    with reading() as session:
        if not administers(session, person):
            raise Missing
    found = read_status()
    parts = [
        PartOut(key=p.key, label=p.label, condition=p.condition, text=p.text, remedy=p.remedy)
        for p in found.parts
    ]
    return StatusOut(at=found.at, condition=found.worst, parts=parts)
