"""Does the web process live, and can it work?"""

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import select

from api.v1.problems import ProblemRoute, documented
from api.v1.schemas import Health
from models.database import reading
from models.season import Season

router = APIRouter(route_class=ProblemRoute, tags=["运行"])


@router.get("/health")
def health() -> Health:
    """网页服务在运行；不查别的。"""
    return Health(status="ok")


@router.get("/ready", responses=documented())
def ready() -> Health:
    """数据库可用、表已建立，可以办理业务。"""
    with reading() as session:
        session.exec(select(func.count()).select_from(Season)).one()
    return Health(status="ready")
