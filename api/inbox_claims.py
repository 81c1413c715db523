"""How does the office claim a mail on the pages: a new draft, files for a case, an import, or nothing of it?"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response

from api.deps import Missing, Visit, Visiting
from api.entering import HEADER, application_of, header_is_given, only_route
from api.inbox import mail_page, seen_mail
from api.render import counties, done, page, private
from models.case import Case
from models.channels import county_routes, fitting_routes, unit_channels
from models.inbox import PartRow, letter_of, parts_of
from models.incoming import Incoming, IncomingPart
from models.notice import Document, Notice
from models.people import Organisation
from models.queries import units
from models.verdict import Reason, Refused, Verdict, require
from tasks.inbox_claims import (
    check_free,
    claim_as_case,
    claim_as_import,
    claim_to_case,
    put_aside,
    put_back,
)
from tasks.inbox_reading import FORM, ReadForm, read_part

router = APIRouter()


# --- a draft -----------------------------------------------------------------------------------------------------


@router.get("/inbox/{mail_id}/draft")
def draft_page(visit: Visiting, mail_id: UUID, form: str = "") -> Response:
    """What was read from an 附件1, and which way the application is to take."""
    mail = seen_mail(visit, mail_id)
    part = _form_part(visit, mail, form)
    if part and (reasons := check_free(part)):
        return mail_page(visit, mail, status=409, reasons=reasons)
    read = read_part(visit.viewer.notice, part) if part else ReadForm()
    return _draft(visit, mail, part, read, header=_header(visit, mail, read), name=read.name)


@router.post("/inbox/{mail_id}/draft")
def make_draft(visit: Visiting, mail_id: UUID) -> Response:
    mail = seen_mail(visit, mail_id)
    part = _form_part(visit, mail, visit.form.text("form"))
    header = {name: visit.form.text(name) for name in HEADER}
    header["route"] = header["route"] or only_route(visit, header["channel"])
    name, by_unit = visit.form.text("name"), visit.form.text("filler") == "unit"
    try:
        require(header_is_given(header))
        case = claim_as_case(
            visit.session,
            mail.id,
            application_of(visit, header, {"name": name}),
            _placings(visit, mail),
            visit.person,
            form_part=part.id if part else None,
            by_unit=by_unit,
        )
    except Refused as error:
        visit.session.rollback()
        mail = seen_mail(visit, mail_id)
        part = _form_part(visit, mail, visit.form.text("form"))
        read = read_part(visit.viewer.notice, part, header["channel"]) if part else ReadForm()
        return _draft(
            visit, mail, part, read, header=header, name=name, status=error.status, reasons=error.reasons
        )
    if by_unit:
        return done(f"/cases/{case.id}", f"已建立草稿{case.number}，并通知推荐单位的经办人核对、补齐后提交。")
    text = f"已建立草稿{case.number}，材料已归入。请对照原表逐项核对，补齐后提交。"
    return done(f"/cases/{case.id}/edit", text)


def _form_part(visit: Visit, mail: Incoming, given: str) -> IncomingPart | None:
    """The attachment that is to be read as 附件1; somebody else may have used it meanwhile."""
    if not given:
        return None
    parts = [r.part for r in parts_of(visit.session, mail)]
    found = next((p for p in parts if str(p.id) == given and p.kind == "docx"), None)
    if found is None:
        raise Missing
    return found


def _placings(visit: Visit, mail: Incoming) -> dict[UUID, str]:
    """Which attachment was chosen as which document; nothing else that was sent counts."""
    chosen = visit.form.keyed("document-")
    parts = parts_of(visit.session, mail)
    return {r.part.id: document for r in parts if (document := chosen.get(str(r.part.id)))}


def _header(visit: Visit, mail: Incoming, read: ReadForm) -> dict[str, str]:
    """The way that the form's recommending unit points to; a suggestion, like everything a mail says."""
    notice = visit.viewer.notice
    channel = next((c for c in notice.channels if c.key == read.channel), None)
    if channel is None:
        return dict.fromkeys(HEADER, "")
    unit = _named_unit(visit, mail, read) if channel.key in unit_channels(notice) else None
    known = unit is not None or channel.key not in unit_channels(notice)
    routes = fitting_routes(notice, channel, unit) if known else []
    return {
        "channel": channel.key,
        "route": next(iter(routes), ""),
        "county": (unit.county or "") if unit else "",
        "unit_id": str(unit.id) if unit else "",
    }


def _named_unit(visit: Visit, mail: Incoming, read: ReadForm) -> Organisation | None:
    """The unit of the directory that the form names; the subject counts only where the form names none."""
    on_form = f"{read.unit} {read.form.get('employer', '')}"
    text = on_form if on_form.strip() else letter_of(mail).subject
    return next((u for u in units(visit.session) if u.name in text), None)


def _draft(
    visit: Visit,
    mail: Incoming,
    part: IncomingPart | None,
    read: ReadForm,
    *,
    header: Mapping[str, str],
    name: str,
    status: int = 200,
    reasons: Verdict = (),
) -> Response:
    notice = visit.viewer.notice
    free = [r for r in parts_of(visit.session, mail) if r.usable and not r.placed]
    shown = page(
        visit,
        "inbox_draft.html",
        status=status,
        reasons=reasons,
        mail=mail,
        part=part,
        read=read,
        header=header,
        name=name,
        free=free,
        chosen=_chosen(visit, part, free, header),
        documents=_documents(notice),
        filler=visit.form.text("filler"),
        units=units(visit.session),
        counties=counties(),
        unit_channels=unit_channels(notice),
        county_routes=county_routes(notice),
    )
    return private(shown)


def _chosen(
    visit: Visit, form: IncomingPart | None, free: list[PartRow], header: Mapping[str, str]
) -> dict[UUID, str]:
    """As which document each attachment is put in: as it was chosen, otherwise as it seems to be.

    Of several application forms only the one that is read goes to this draft.
    """
    if typed := visit.form.keyed("document-"):
        return {r.part.id: typed.get(str(r.part.id), "") for r in free}
    known = {d.key for d in _documents(visit.viewer.notice, header["channel"], header["route"])}
    guessed = {r.part.id: r.part.looks_like if r.part.looks_like in known else "" for r in free}
    return {i: (d if d != FORM or (form and i == form.id) else "") for i, d in guessed.items()}


def _documents(notice: Notice, channel: str = "", route: str = "") -> list[Document]:
    """The documents that a case of this channel and route may hold; of any, where they are not chosen yet."""
    ways = [(c, r) for c in notice.channels for r in c.routes if c.key == channel and r == route]
    ways = ways or [(c, r) for c in notice.channels for r in c.routes]
    asked = {key for c, _ in ways for key in c.documents}
    made = {key for c, r in ways for s in notice.case_steps(c.key, r) for key in s.makes_documents}
    return [d for d in notice.documents if d.key in asked | made]


# --- otherwise ---------------------------------------------------------------------------------------------------


@router.post("/inbox/{mail_id}/import")
def import_sheet(visit: Visiting, mail_id: UUID) -> Response:
    mail = seen_mail(visit, mail_id)
    try:
        part_id = next((r.part.id for r in parts_of(visit.session, mail) if _is(visit, r.part)), None)
        if part_id is None:
            raise Missing
        sheet = claim_as_import(visit.session, mail.id, part_id, visit.person)
    except Refused as error:
        return _refused(visit, mail_id, error)
    return done(f"/imports/{sheet.id}", "汇总表已校验，还没有导入。请核对后确认。")


def _is(visit: Visit, part: IncomingPart) -> bool:
    return str(part.id) == visit.form.text("part")


@router.post("/inbox/{mail_id}/attach")
def attach_to_case(visit: Visiting, mail_id: UUID) -> Response:
    mail = seen_mail(visit, mail_id)
    signed = {r.part.id for r in parts_of(visit.session, mail) if visit.form.text(f"signed-{r.part.id}")}
    try:
        case = _case(visit)
        claim_to_case(visit.session, mail.id, case.id, _placings(visit, mail), visit.person, signed=signed)
    except Refused as error:
        return _refused(visit, mail_id, error)
    return done(f"/cases/{case.id}/files", f"附件已归入{case.number}。")


def _case(visit: Visit) -> Case:
    """The case whose number was typed or chosen."""
    number = visit.form.text("number")
    if not number:
        text = "请填写或选择人选编号。"
        raise Refused(Reason("number_missing", text, "", "invalid", "number"))
    wanted = visit.viewer.cases().where(Case.number == number)
    found = visit.session.exec(wanted).first()
    if found is None:
        text = f"本年度没有编号为“{number[:40]}”的人选，请核对编号。"
        raise Refused(Reason("unknown_case", text, "", "invalid", "number"))
    return found


@router.post("/inbox/{mail_id}/aside")
def aside(visit: Visiting, mail_id: UUID) -> Response:
    mail = seen_mail(visit, mail_id)
    try:
        put_aside(visit.session, mail.id, visit.person, visit.form.text("note"))
    except Refused as error:
        return _refused(visit, mail_id, error)
    return done("/inbox", "这封来信不再处理，可在“已认领”“已忽略”中查到。")


@router.post("/inbox/{mail_id}/back")
def back(visit: Visiting, mail_id: UUID) -> Response:
    mail = seen_mail(visit, mail_id)
    try:
        put_back(visit.session, mail.id, visit.person)
    except Refused as error:
        return _refused(visit, mail_id, error)
    return done(f"/inbox/{mail_id}", "这封来信已放回待认领。")


def _refused(visit: Visit, mail_id: UUID, error: Refused) -> Response:
    """The mail again with what is wrong and what was typed."""
    visit.session.rollback()
    reasons = tuple(replace(r, field="" if r.field == "file" else r.field) for r in error.reasons)
    return mail_page(visit, seen_mail(visit, mail_id), status=error.status, reasons=reasons)
