"""How does a program of the office see what was mailed, send it again, release results and record calls?

Addresses are told, since they are what has to be put right; what the mails say is on the office's pages only.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from api.deps import Missing
from api.v1.caller import Calling, Line
from api.v1.cases import Page
from api.v1.narrowing import Filter
from api.v1.problems import ProblemRoute, documented
from models.call_list import ToCall, to_call
from models.case import Case
from models.mail import Message
from models.outbox import MailFilters, MailRow, find_mail, find_mails
from models.verdict import Reason, Refused
from models.viewer import Viewer
from models.words import CallResult, MessageState
from tasks.calling import record_call
from tasks.outbox import resend
from tasks.outcomes import release_results

router = APIRouter(route_class=ProblemRoute, tags=["邮件"])


class MailOut(BaseModel):
    id: UUID
    template: str = Field(description="邮件的种类")
    state: MessageState
    case: str = Field(description="人选编号；不涉及人选的为空")
    recipient: str
    address: str | None
    error: str = Field(description="没有发出的原因，服务器的原话")
    attempts: int
    queued_at: datetime
    sent_at: datetime | None
    letter: UUID | None = Field(description="同一封邮件的各项相同")


class MailPage(BaseModel):
    items: list[MailOut]
    total: int
    page: int
    pages: int


class ReleaseIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    cases: list[Annotated[Line, Field(max_length=40)]] | None = Field(
        None, description="放行哪些人选的结果通知；不写为全部"
    )


class ReleaseOut(BaseModel):
    cases: int
    mails: int


class CallIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person: UUID
    result: CallResult
    note: Line = ""


class CallOut(BaseModel):
    """Somebody to be told by telephone, and whether that was done."""

    person: UUID
    name: str
    unit: str
    tasks: list[UUID]
    due_at: datetime
    told: bool


@router.get("/mails", responses=documented(401, 404, 422))
def list_mails(
    caller: Calling,
    q: Filter = "",
    state: Annotated[MessageState | None, Query()] = None,
    page: Page = 1,
) -> MailPage:
    """邮件发送记录，最近的在前；只对办公室存在。"""
    with caller.looking() as viewer:
        filters = MailFilters(state=state or "", q=q)
        found = find_mails(viewer.session, viewer.season.id, filters, page)
        items = [_told(row) for row in found.rows]
        return MailPage(items=items, total=found.total, page=found.page, pages=found.pages)


def _told(row: MailRow) -> MailOut:
    message = row.message
    known = message.model_dump(include=set(MailOut.model_fields))
    more = {"case": row.number, "recipient": row.recipient, "letter": message.letter_id}
    return MailOut.model_validate({**known, **more})


@router.post("/mails/{message_id}/resend", responses=documented(400, 401, 403, 404, 409, 422))
def resend_mail(caller: Calling, message_id: UUID) -> MailOut:
    """重发一封没有送到的邮件；“结果不明”的，请先向收件人核实。"""
    with caller.changing() as viewer:
        found = viewer.session.get(Message, message_id)
        if found is None or found.season_id != viewer.season.id:
            raise Missing
        resend(viewer.session, message_id, viewer.person)
        row = find_mail(viewer.session, message_id)
        assert row is not None
        return _told(row)


@router.post("/results/release", responses=documented(400, 401, 403, 404, 409, 422))
def release(caller: Calling, given: ReleaseIn) -> ReleaseOut:
    """放行结果通知：单位和本人随即收到。"""
    with caller.changing() as viewer:
        chosen = None if given.cases is None else _cases(viewer, given.cases)
        cases, mails = release_results(viewer.session, viewer.season.id, viewer.person, chosen)
        return ReleaseOut(cases=cases, mails=mails)


def _cases(viewer: Viewer, numbers: list[str]) -> list[UUID]:
    found = dict(
        viewer.session.exec(
            select(Case.number, Case.id).where(
                Case.season_id == viewer.season.id, col(Case.number).in_(numbers)
            )
        ).all()
    )
    if unknown := [n for n in numbers if n not in found]:
        text = f"没有编号为{'、'.join(unknown[:5])}的人选。"
        raise Refused(Reason("unknown_case", text, "", "invalid", "cases"))
    return list(found.values())


@router.get("/calls", responses=documented(401, 404))
def list_calls(caller: Calling) -> list[CallOut]:
    """电话通知名单：有任务待办，但没有邮箱或邮件没有送到的人。"""
    with caller.looking() as viewer:
        return [_called(p) for p in to_call(viewer.session, viewer.season.id)]


def _called(one: ToCall) -> CallOut:
    return CallOut(
        person=one.person.id,
        name=one.person.name,
        unit=one.unit,
        tasks=[t.assignment.id for t in one.tasks],
        due_at=one.due_at,
        told=one.is_told,
    )


@router.post("/calls", status_code=201, responses=documented(400, 401, 403, 404, 409, 422))
def create_call(caller: Calling, given: CallIn) -> CallOut:
    """记录一次电话通知。"""
    with caller.changing() as viewer:
        record_call(viewer.session, viewer.season.id, viewer.person, given.person, given.result, given.note)
        [one] = to_call(viewer.session, viewer.season.id, given.person)
        return _called(one)
