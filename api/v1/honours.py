"""How does a program number certificates, put the award on record, and record that a title was taken back (五)?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.v1.caller import Calling, Line, Text
from api.v1.cases import seen_case
from api.v1.files import Sent, body_of, file_answers, sent_back
from api.v1.problems import ProblemRoute, documented
from models.honours import Honoured, amount_in_force, honoured
from models.verdict import Reason, Refused
from models.viewer import Viewer
from tasks.award import MOST_YUAN, payment_list, reserve_list, set_amount, settle_payments
from tasks.certificates import number_certificates, print_certificates
from tasks.printing import Format
from tasks.revoking import revoke_title

router = APIRouter(route_class=ProblemRoute, tags=["认定发证"])

REFUSALS = documented(400, 401, 403, 404, 409, 422)


class AmountIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    yuan: int = Field(ge=0, le=MOST_YUAN, description="每人金额（元）")
    paper: Line = Field(description="确定金额的依据")
    reason: Line = Field("", description="更正已登记的金额时必填")


class AmountOut(BaseModel):
    yuan: int
    paper: str
    revision: int


class PaymentsIn(BaseModel):
    """Paid on a day; without a day, `note` says why nothing is paid."""

    model_config = ConfigDict(extra="forbid")

    cases: list[Annotated[Line, Field(max_length=40)]] = Field(max_length=1000)
    paid_on: date | None = None
    note: Line = ""


class HonouredOut(BaseModel):
    """One who was recognised, with what came after; `settled` is paid, or on record why not."""

    case: str
    name: str
    certificate: str | None = Field(description="证书编号")
    code: str | None = Field(description="证书上印的查验码")
    dated: date | None
    yuan: int | None = Field(description="已登记发放的金额；不发放的为0")
    paid_on: date | None
    note: str
    settled: bool
    revoked_on: date | None


class AwardOut(BaseModel):
    amount: AmountOut | None
    people: list[HonouredOut]


class RevocationOut(BaseModel):
    case: str
    paper: str
    decided_on: date
    reason: str


@router.get("/award", responses=documented(401, 404))
def read_award(caller: Calling) -> AwardOut:
    """获认定人员：证书、激励金、称号是否撤销，按名单次序；只给办公室。"""
    with caller.looking() as viewer:
        return _award(viewer)


def _award(viewer: Viewer) -> AwardOut:
    viewer.session.flush()
    amount = amount_in_force(viewer.session, viewer.season)
    people = honoured(viewer.session, viewer.season, viewer.notice)
    told = (
        AmountOut(yuan=amount.amount_yuan, paper=amount.paper, revision=amount.revision) if amount else None
    )
    return AwardOut(amount=told, people=[_honoured(h) for h in people])


def _honoured(one: Honoured) -> HonouredOut:
    number, paid, revoked = one.certificate, one.payment, one.revocation
    return HonouredOut(
        case=one.case.number,
        name=one.case.name,
        certificate=number.number if number else None,
        code=number.code if number else None,
        dated=number.dated if number else None,
        yuan=paid.amount_yuan if paid else None,
        paid_on=paid.paid_on if paid else None,
        note=paid.note if paid else "",
        settled=one.settled,
        revoked_on=revoked.decided_on if revoked else None,
    )


@router.post("/certificates", status_code=201, responses=REFUSALS)
def number_all(caller: Calling) -> AwardOut:
    """为还没有证书的获认定人员依次编号，已有编号的不变；文号登记以后，由办公室。"""
    with caller.changing() as viewer:
        number_certificates(viewer.session, viewer.season.id, viewer.person)
        return _award(viewer)


@router.post("/award/amounts", status_code=201, responses=REFUSALS)
def record_amount(caller: Calling, given: AmountIn) -> AwardOut:
    """登记每人的激励金；更正须写明理由，已登记的发放不变。由办公室。"""
    with caller.changing() as viewer:
        said = {"amount": str(given.yuan), "paper": given.paper, "reason": given.reason}
        set_amount(viewer.session, viewer.season.id, viewer.person, **said)
        return _award(viewer)


@router.post("/award/payments", status_code=201, responses=REFUSALS)
def record_payments(caller: Calling, given: PaymentsIn) -> AwardOut:
    """登记所列人员的发放日期；不发放的不写日期，写明原因。由办公室。"""
    with caller.changing() as viewer:
        day = given.paid_on.isoformat() if given.paid_on else ""
        settle_payments(
            viewer.session,
            viewer.season.id,
            viewer.person,
            _ids(viewer, given.cases),
            paid_on=day,
            note=given.note,
        )
        return _award(viewer)


def _ids(viewer: Viewer, numbers: list[str]) -> list[UUID]:
    known = {h.case.number: h.case.id for h in honoured(viewer.session, viewer.season, viewer.notice)}
    if unknown := [n for n in numbers if n not in known]:
        text = f"没有编号为{'、'.join(unknown)}的获认定人员。"
        raise Refused(Reason("not_recognised", text, "五", "invalid", "cases"))
    return [known[n] for n in numbers]


@router.post(
    "/cases/{no}/revocation",
    status_code=201,
    responses=REFUSALS,
    openapi_extra=body_of(
        "决定文件的扫描件（PDF、JPG、PNG）",
        paper="决定文件的编号",
        decided_on="决定日期，如 2026-06-01",
        reason="撤销的理由",
    ),
)
def revoke(caller: Calling, sent: Sent, no: Text) -> RevocationOut:
    """登记称号的撤销，须有决定文件；由办公室。"""
    with caller.changing() as viewer:
        case = seen_case(viewer, no)
        kept = revoke_title(
            viewer.session,
            case.id,
            viewer.person,
            paper=sent.said.get("paper", ""),
            decided_on=sent.said.get("decided_on", ""),
            reason=sent.said.get("reason", ""),
            filename=sent.filename,
            content=sent.content,
        )
        known = kept.model_dump(include={"paper", "decided_on", "reason"})
        return RevocationOut(case=case.number, **known)


# --- files -------------------------------------------------------------------------------------------------------


@router.get(
    "/exports/certificates.{form}",
    response_class=Response,
    responses=file_answers("全部证书", "pdf", "docx"),
)
def export_certificates(caller: Calling, form: Format) -> Response:
    """已编号的全部证书；撤销了称号的不印。只给办公室。"""
    with caller.looking() as viewer:
        return sent_back(print_certificates(viewer.session, viewer.season, form))


@router.get("/exports/awards.xlsx", response_class=Response, responses=file_answers("激励金发放表", "xlsx"))
def export_awards(caller: Calling) -> Response:
    """获认定人员的姓名、单位、激励金金额和发放日期；身份证号和银行账号两栏留空。只给办公室。"""
    with caller.looking() as viewer:
        made = payment_list(viewer)
    caller.request.state.rows = made.rows
    return sent_back(made)


@router.get("/exports/reserve.xlsx", response_class=Response, responses=file_answers("后备人选名册", "xlsx"))
def export_reserve(caller: Calling) -> Response:
    """更高一级称号的后备人选：仍持有称号的全部人员。只给办公室。"""
    with caller.looking() as viewer:
        made = reserve_list(viewer)
    caller.request.state.rows = made.rows
    return sent_back(made)
