"""How does an uploaded 附件2 become drafts? Checked and shown first, then confirmed: all of its people or none."""

import hashlib
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from documents.problems import Refusal, Severity
from documents.summary_columns import Layout, columns_of
from documents.summary_table import read_summary
from models.case import Case
from models.crypto import seal_json, unseal_json
from models.database import real_now
from models.importing import SheetImport, sheet_about
from models.notice import SHANGHAI, Notice
from models.people import Organisation, Person
from models.priorities import recommending
from models.season import Season, notice_of
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import Viewer, read_viewer
from models.words import EventKind, ImportState
from tasks.import_rows import Destination, RowChecks, headings_of, row_form
from tasks.intake import enter_case
from tasks.priorities import add_places
from tasks.record import lock_season, record
from tasks.taking import inspect_sheet

LONGEST_NAME = 255
LAST = 1_000_000


@dataclass(frozen=True)
class Checked:
    """What an upload says: the facts of its rows, where each of them goes, and the cases that were made of them."""

    result: dict[str, Any]
    plan: dict[str, dict[str, Any]]
    cases: dict[str, str]

    @property
    def errors(self) -> int:
        """Errors of the file as a whole."""
        return sum(p["severity"] == Severity.ERROR for p in self.result["problems"])


# --- who may -----------------------------------------------------------------------------------------------------


def check_import(viewer: Viewer, organisation: Organisation | None) -> Verdict:
    """Units and county unions import for themselves, the office for anybody."""
    if viewer.season.closed_at is not None:
        return (Reason("season_closed", "本年度已经办结，不能再录入人选。"),)
    if viewer.notice.summary is None:
        return (Reason("no_summary", "本年度的通知没有汇总表，不能导入。"),)
    if viewer.is_office or (organisation and organisation.id in {o.id for o in recommending(viewer)}):
        return OPEN
    text = "汇总表由推荐单位、县（区）总工会或办公室导入，您不能导入。"
    return (Reason("may_not_import", text, "四", "forbidden"),)


def own_organisation(viewer: Viewer) -> Organisation | None:
    """For whom this person imports unless told otherwise; the office for whoever the sheet names."""
    return None if viewer.is_office else next(iter(recommending(viewer)), None)


# --- check -------------------------------------------------------------------------------------------------------


def examine(viewer: Viewer, filename: str, content: bytes, organisation: Organisation | None) -> Checked:
    """Read and check an upload without keeping anything of it."""
    require(check_import(viewer, organisation))
    require(_is_new(viewer.session, viewer.season, _digest(content)))
    result = read_sheet(viewer.notice, filename, content)
    plan = RowChecks(viewer, organisation).check(result) if result["rows"] else {}
    return Checked(result, plan, {})


def read_sheet(notice: Notice, filename: str, content: bytes) -> dict[str, Any]:
    """What the sheet itself says. Refused when it is not a spreadsheet that may be opened."""
    try:
        inspect_sheet(filename, content)
    except Refusal as refusal:
        problem = refusal.problem
        raise Refused(Reason(problem.code, problem.message, "附件2", "invalid", "file")) from None
    return read_summary(content, columns_of(notice))


def check_sheet(
    session: Session,
    season: Season,
    person: Person,
    filename: str,
    content: bytes,
    organisation: Organisation | None = None,
) -> SheetImport:
    """Keep an uploaded 附件2 with what was found in it, to be looked at and confirmed."""
    viewer = read_viewer(session, person, season, notice_of(session, season))
    organisation = organisation or own_organisation(viewer)
    checked = examine(viewer, filename, content, organisation)
    sheet = SheetImport(
        season_id=season.id,
        organisation_id=organisation.id if organisation else None,
        filename=filename[-LONGEST_NAME:],
        sha256=_digest(content),
        content=b"",
        accepted=checked.result["accepted"],
        rejected=checked.result["rejected"],
        uploaded_by=person.id,
    )
    _keep(sheet, checked)
    session.add(sheet)
    session.flush()
    return sheet


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _is_new(session: Session, season: Season, digest: str) -> Verdict:
    """The same file is taken in once."""
    earlier = session.exec(
        select(SheetImport, Person.name)
        .join(Person, col(Person.id) == col(SheetImport.uploaded_by))
        .where(SheetImport.season_id == season.id, SheetImport.sha256 == digest)
        .where(SheetImport.state == ImportState.CONFIRMED)
    ).first()
    if earlier is None:
        return OPEN
    sheet, who = earlier
    when = (sheet.settled_at or sheet.uploaded_at).astimezone(SHANGHAI)
    text = (
        f"这份文件已由{who}于{when:%Y年%-m月%-d日 %H:%M}导入，共{sheet.accepted}名，不再重复导入。"
        "如有新增人选，请另存一份只含新增人选的汇总表。"
    )
    return (Reason("already_imported", text, "附件2", "conflict", "file"),)


# --- what was kept -----------------------------------------------------------------------------------------------


def checked_of(sheet: SheetImport) -> Checked:
    held = unseal_json(sheet.content, sheet_about(sheet))
    return Checked(held["result"], held["plan"], held["cases"])


def _keep(sheet: SheetImport, checked: Checked) -> None:
    held = {"result": checked.result, "plan": checked.plan, "cases": checked.cases}
    sheet.content = seal_json(held, sheet_about(sheet))


def is_erased(sheet: SheetImport) -> bool:
    """Whether its time was over and what it said is gone."""
    return bool(unseal_json(sheet.content, sheet_about(sheet)).get("erased"))


def erase_rows(sheet: SheetImport) -> None:
    """Let what the sheet said go; which cases were made of it stays."""
    held = unseal_json(sheet.content, sheet_about(sheet))
    result = {k: [] if isinstance(v, list) else v for k, v in held["result"].items()}
    held = {"result": result, "plan": {}, "cases": held["cases"], "erased": True}
    sheet.content = seal_json(held, sheet_about(sheet))


def find_imports(viewer: Viewer) -> list[tuple[SheetImport, Person]]:
    """The uploads that this person may see, the latest first, without what they say."""
    wanted = _visible(viewer).order_by(col(SheetImport.uploaded_at).desc())
    rows = viewer.session.exec(wanted.options(defer(cast(Any, SheetImport.content))))
    return [(sheet, person) for sheet, person in rows]


def find_import(viewer: Viewer, import_id: UUID) -> SheetImport | None:
    found = viewer.session.exec(_visible(viewer).where(SheetImport.id == import_id)).first()
    return found[0] if found else None


def _visible(viewer: Viewer) -> Select[SheetImport, Person]:
    """One's own uploads and one's organisation's; the office sees all."""
    wanted = (
        select(SheetImport, Person)
        .join(Person, col(Person.id) == col(SheetImport.uploaded_by))
        .where(SheetImport.season_id == viewer.season.id)
    )
    if viewer.is_office:
        return wanted
    own = [o.id for o in recommending(viewer)]
    mine = col(SheetImport.uploaded_by) == viewer.person.id
    return wanted.where(mine | col(SheetImport.organisation_id).in_(own))


# --- confirm -----------------------------------------------------------------------------------------------------


def check_confirm(viewer: Viewer, sheet: SheetImport) -> Verdict:
    """Only a file without any error, that has not been settled, becomes drafts."""
    organisation = viewer.session.get(Organisation, sheet.organisation_id) if sheet.organisation_id else None
    if found := check_import(viewer, organisation):
        return found
    if sheet.state == ImportState.CONFIRMED:
        return (Reason("already_imported", "这份汇总表已经导入，不再重复导入。", "附件2"),)
    if sheet.state != ImportState.CHECKED:
        return (Reason("import_settled", "这次上传已经放弃，请重新上传。", "附件2"),)
    if sheet.rejected or checked_of(sheet).errors:
        text = "表里还有错误，一名也没有导入。请按提示改好后重新上传。"
        return (Reason("rows_rejected", text, "附件2"),)
    return _is_new(viewer.session, viewer.season, sheet.sha256)


def confirm_import(session: Session, import_id: UUID, person: Person) -> list[Case]:
    """Every row becomes a draft of the importing person, in one transaction; their order is kept."""
    season = lock_season(session, session.get_one(SheetImport, import_id).season_id)
    sheet = session.exec(
        select(SheetImport)
        .where(SheetImport.id == import_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    notice = notice_of(session, season)
    require(check_confirm(read_viewer(session, person, season, notice), sheet))
    checked, layout = checked_of(sheet), Layout(notice)
    cases = {
        row["row"]: _enter(session, season, layout, Destination(**checked.plan[str(row["row"])]), row, person)
        for row in checked.result["rows"]
    }
    _order(session, season, notice, sheet, checked, cases)
    sheet.state, sheet.settled_at = ImportState.CONFIRMED, real_now()
    _keep(sheet, Checked(checked.result, checked.plan, {str(n): str(c.id) for n, c in cases.items()}))
    session.add(sheet)
    organisation = session.get(Organisation, sheet.organisation_id) if sheet.organisation_id else None
    record(
        session,
        EventKind.SHEET_IMPORTED,
        season=season,
        actor=person,
        sheet=str(sheet.id),
        organisation=organisation.name if organisation else "",
        cases=len(cases),
    )
    session.flush()
    return list(cases.values())


def _enter(
    session: Session,
    season: Season,
    layout: Layout,
    destination: Destination,
    row: dict[str, Any],
    person: Person,
) -> Case:
    application = destination.application(row_form(layout, row["values"]))
    try:
        return enter_case(session, season.id, application, person)
    except Refused as error:
        raise Refused(
            *(Reason(r.code, f"第{row['row']}行：{r.text}", r.clause, r.kind) for r in error.reasons)
        ) from None


def _order(
    session: Session,
    season: Season,
    notice: Notice,
    sheet: SheetImport,
    checked: Checked,
    cases: dict[int, Case],
) -> None:
    """Whoever imports orders its people by the sheet; where the office imports, each recommending unit its own."""
    heading = headings_of(notice).priority
    ranks = {row["row"]: row["values"].get(heading) for row in checked.result["rows"]}
    ordered = sorted(cases, key=lambda n: (ranks[n] if isinstance(ranks[n], int) else LAST, n))
    by_organisation: dict[UUID, list[Case]] = {}
    for number in ordered:
        organisation_id = sheet.organisation_id or cases[number].unit_id
        if organisation_id is not None:
            by_organisation.setdefault(organisation_id, []).append(cases[number])
    for organisation_id, own in by_organisation.items():
        add_places(session, season, organisation_id, own)


def discard_import(session: Session, import_id: UUID, person: Person) -> None:
    """Put an upload aside; nothing is kept of what it said."""
    sheet = session.get_one(SheetImport, import_id, with_for_update=True)
    season = session.get_one(Season, sheet.season_id)
    viewer = read_viewer(session, person, season, notice_of(session, season))
    organisation = session.get(Organisation, sheet.organisation_id) if sheet.organisation_id else None
    require(check_import(viewer, organisation))
    if sheet.state != ImportState.CHECKED:
        raise Refused(Reason("import_settled", "这次上传已经办结，不能放弃。", "附件2"))
    sheet.state, sheet.settled_at = ImportState.DISCARDED, real_now()
    _keep(sheet, Checked({"rows": [], "problems": [], "skipped": [], "headings": [], "unknown": []}, {}, {}))
    session.add(sheet)
