"""How does a program show the text of the notice and consent, and put consent on record (个人信息保护法第13、17条)?"""

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.deps import Missing
from api.v1.caller import Calling, Text
from api.v1.cases import seen_case, told_case
from api.v1.leaving import ReasonIn
from api.v1.problems import ProblemRoute, documented
from api.v1.requests import ConsentIn
from api.v1.schemas import CaseOut
from models.consent import text_in_force
from tasks.consent import give_consent, take_back

router = APIRouter(route_class=ProblemRoute, tags=["告知同意"])

REFUSALS = documented(400, 401, 403, 404, 409, 422)


class ConsentTextOut(BaseModel):
    """The text in force; `digest` is the SHA-256 of its canonical JSON."""

    version: int
    issued: date
    digest: str
    text: dict[str, Any] = Field(description="标题、段落和逐项同意的文字")


@router.get("/consent", responses=documented(401, 404, 422))
def read_text(caller: Calling) -> ConsentTextOut:
    """正在使用的告知同意书；年度没有启用的为404。"""
    with caller.looking() as viewer:
        text = text_in_force(viewer.session, viewer.season.id)
        if text is None:
            raise Missing
        return ConsentTextOut(version=text.version, issued=text.issued, digest=text.digest, text=text.body)


@router.post("/cases/{no}/consent", responses=REFUSALS)
def give(caller: Calling, no: Text, given: ConsentIn) -> CaseOut:
    """登记本人同意的各项；已经有效的不重复登记。"""
    with caller.changing() as viewer:
        case = seen_case(viewer, no)
        give_consent(viewer.session, case.id, viewer.person, given.said)
        return told_case(viewer, case)


@router.post("/cases/{no}/consent/withdrawal", responses=REFUSALS)
def withdraw_consent(caller: Calling, no: Text, given: ReasonIn) -> CaseOut:
    """撤回同意：申报随之撤回，已经作出的决定不变。"""
    with caller.changing() as viewer:
        return told_case(
            viewer, take_back(viewer.session, seen_case(viewer, no).id, viewer.person, given.reason)
        )
