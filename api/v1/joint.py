"""How does a program write the joint document, see who has signed it, and put its number on record (五)?

A host signs, or sends it back, at its own task: `POST /gates/{id}/decisions`.
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Missing
from api.v1.caller import Calling, Line, Text
from api.v1.files import Sent, body_of, file_answers, sent_back
from api.v1.problems import ProblemRoute, documented
from models.hosts import host_rows
from models.joint import JointNumber, JointText, number_in_force, text_versions
from models.season_file import SeasonFile, season_files
from models.viewer import Viewer
from models.words import Countersigning, FilePurpose
from tasks.joint import file_scan, print_document, record_number
from tasks.joint_text import write_text
from tasks.printing import Format

router = APIRouter(route_class=ProblemRoute, tags=["联合发文"])

REFUSALS = documented(400, 401, 403, 404, 409, 422)
Clause = Annotated[Text, Field(max_length=20_000)]


class TextIn(BaseModel):
    """Title, addressee and body, with marks that are filled in, such as 【人数】; 【名单】 stands in a line alone."""

    model_config = ConfigDict(extra="forbid")

    title: Clause
    addressee: Clause = ""
    body: Clause


class TextOut(BaseModel):
    """One version, never changed, with the list as it then stood."""

    version: int
    round: int
    title: str
    addressee: str
    body: str
    names: list[str] = Field(description="名单上的人选的编号，依次")
    digest: str = Field(description="会签内容的 SHA-256")
    written_at: datetime


class NumberIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: Line
    dated: date
    reason: Line = Field("", description="更正已登记的文号时必填")


class NumberOut(BaseModel):
    revision: int
    number: str
    dated: date
    reason: str
    digest: str = Field(description="所发文稿的散列")


class FiledOut(BaseModel):
    id: UUID
    host: str = Field(description="会签件所属的主办单位；联合发文盖章件为空")
    filename: str
    sha256: str
    uploaded_at: datetime


class HostOut(BaseModel):
    """How far one host is with the latest round."""

    body: str
    label: str
    state: Countersigning
    decided_by: str
    decided_at: datetime | None
    opinion: str
    reason: str


class DocumentOut(BaseModel):
    """The document with all its versions, the latest first."""

    versions: list[TextOut]
    number: NumberOut | None
    hosts: list[HostOut]
    files: list[FiledOut]


@router.get("/document", responses=documented(401, 404))
def read_document(caller: Calling) -> DocumentOut:
    """联合发文：各版文稿、会签情况、文号、扫描件；只给拟稿、会签和查看全部的机构。"""
    with caller.looking() as viewer:
        session, season = viewer.session, viewer.season
        number = number_in_force(session, season)
        files = [
            f
            for p in (FilePurpose.JOINT_SCAN, FilePurpose.HOST_COPY)
            for f in season_files(session, season, p)
        ]
        return DocumentOut(
            versions=[_text(t) for t in text_versions(session, season)],
            number=_number(number) if number else None,
            hosts=_hosts(viewer),
            files=[_filed(f) for f in files],
        )


def _text(written: JointText) -> TextOut:
    known = written.model_dump(include=set(TextOut.model_fields) - {"names"})
    return TextOut(**known, names=[n["number"] for n in written.names])


def _number(kept: JointNumber) -> NumberOut:
    return NumberOut.model_validate(kept, from_attributes=True)


def _filed(kept: SeasonFile) -> FiledOut:
    return FiledOut.model_validate({**kept.model_dump(), "host": kept.about})


def _hosts(viewer: Viewer) -> list[HostOut]:
    rows = host_rows(viewer.session, viewer.season, viewer.notice)
    return [
        HostOut(
            body=h.body,
            label=h.label,
            state=h.state,
            decided_by=h.decided_by,
            decided_at=h.decision.decided_at if h.decision else None,
            opinion=h.decision.opinion if h.decision else "",
            reason=h.decision.reason if h.decision else "",
        )
        for h in rows
    ]


@router.post("/document/versions", status_code=201, responses=REFUSALS)
def write_version(caller: Calling, given: TextIn) -> TextOut:
    """把文稿存为新的一版，名单自动列入；由办公室，在拟稿时。"""
    with caller.changing() as viewer:
        return _text(write_text(viewer.session, viewer.season.id, viewer.person, **given.model_dump()))


@router.post("/document/numbers", status_code=201, responses=REFUSALS)
def number_document(caller: Calling, given: NumberIn) -> NumberOut:
    """登记文号和成文日期，全部会签以后；更正须写明理由。由办公室。"""
    with caller.changing() as viewer:
        said = {"number": given.number, "dated": given.dated.isoformat(), "reason": given.reason}
        return _number(record_number(viewer.session, viewer.season.id, viewer.person, **said))


@router.post(
    "/document/files",
    status_code=201,
    responses=REFUSALS,
    openapi_extra=body_of("盖章件的扫描件（PDF、JPG、PNG）"),
)
def file_copy(
    caller: Calling,
    sent: Sent,
    host: Annotated[Text, Query(max_length=40, description="主办单位的会签件；不写的为联合发文盖章件")] = "",
) -> FiledOut:
    """存入联合发文盖章件，或一个主办单位的会签件。"""
    with caller.changing() as viewer:
        kept = file_scan(
            viewer.session,
            viewer.season,
            viewer.person,
            body=host,
            filename=sent.filename,
            content=sent.content,
        )
        return _filed(kept)


@router.get(
    "/exports/document/{version}.{form}",
    response_class=Response,
    responses=file_answers("联合发文的一版", "pdf", "docx"),
)
def export_document(caller: Calling, version: int, form: Format) -> Response:
    """联合发文的一版，按公文格式排印；已登记文号的那一版带文号。"""
    with caller.looking() as viewer:
        written = next(
            (t for t in text_versions(viewer.session, viewer.season) if t.version == version), None
        )
        if written is None:
            raise Missing
        return sent_back(print_document(viewer.session, viewer.season, viewer.notice, written, form))
