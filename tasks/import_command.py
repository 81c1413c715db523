"""What does `gongjiang import` do: check a file, or check it and make its drafts?"""

from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from documents.problems import Problem, Severity
from documents.summary_rows import told
from models.database import reading, transaction
from models.notice import Notice
from models.people import Organisation, Person, Seat
from models.season import Season, notice_of, now
from models.seats import seat_is_held
from models.verdict import Reason, Refused
from models.viewer import Viewer, read_viewer
from models.words import Relation
from notices.reader import read_notice
from tasks.import_rows import note_same_in_file
from tasks.imports import Checked, check_sheet, checked_of, confirm_import, examine, read_sheet
from tasks.practice import NOTICE
from tasks.seasons import latest_season

SHOWN = 40


def import_file(path: Path, unit: str | None, *, dry_run: bool) -> dict[str, Any]:
    """The facts of a file, and of the drafts made of it; what refuses the whole file is one of its problems."""
    try:
        content = path.read_bytes()
    except OSError:
        raise Refused(Reason("no_file", f"打不开文件“{path}”，请核对路径。", kind="invalid")) from None
    try:
        return _checked(path.name, content, unit) if dry_run else _imported(path.name, content, unit)
    except Refused as refused:
        found = [told(Problem("", r.code, r.text)) for r in refused.reasons]
        return _facts(Checked({**NOTHING, "problems": found}, {}, {}), None)


NOTHING: dict[str, Any] = {"rows": [], "accepted": 0, "rejected": 0, "skipped": [], "unknown": []}


def _checked(filename: str, content: bytes, unit: str | None) -> dict[str, Any]:
    """Against the latest season; without a record to ask, the sheet by itself."""
    try:
        with reading() as session:
            season = latest_season(session)
            if season is not None:
                return _examined(session, season, filename, content, unit)
    except OperationalError:
        pass
    return _facts(Checked(_by_itself(read_notice(NOTICE), filename, content), {}, {}), None)


def _by_itself(notice: Notice, filename: str, content: bytes) -> dict[str, Any]:
    """What a sheet says where there is no record, or nobody, to check it against."""
    result = read_sheet(notice, filename, content)
    note_same_in_file(notice, result["rows"])
    return result


def _examined(
    session: Session, season: Season, filename: str, content: bytes, unit: str | None
) -> dict[str, Any]:
    try:
        viewer, organisation = _as_clerk(session, season, unit)
    except Refused as refused:
        result = _by_itself(notice_of(session, season), filename, content)
        result["problems"] += [told(Problem("", r.code, r.text)) for r in refused.reasons]
        return _facts(Checked(result, {}, {}), season)
    return _facts(examine(viewer, filename, content, organisation), season)


def _imported(filename: str, content: bytes, unit: str | None) -> dict[str, Any]:
    with transaction() as session:
        season = latest_season(session)
        if season is None:
            raise Refused(Reason("no_season", "还没有开启年度，不能导入。请先运行 gongjiang season open。"))
        viewer, organisation = _as_clerk(session, season, unit)
        sheet = check_sheet(session, season, viewer.person, filename, content, organisation)
        checked = checked_of(sheet)
        if sheet.rejected or checked.errors:
            session.delete(sheet)
            return _facts(checked, season)
        cases = confirm_import(session, sheet.id, viewer.person)
        return _facts(checked, season) | {"imported": [c.number for c in cases]}


def _as_clerk(session: Session, season: Season, unit: str | None) -> tuple[Viewer, Organisation | None]:
    """Whoever sits for the unit imports; without a unit, the office."""
    notice = notice_of(session, season)
    organisation = None
    if unit:
        organisation = session.exec(select(Organisation).where(Organisation.name == unit)).first()
        if organisation is None:
            raise Refused(Reason("unknown_unit", f"单位名录里没有“{unit}”，请核对全称。", kind="invalid"))
    person = _clerk(session, season, notice, organisation)
    if person is None:
        whose = organisation.name if organisation else notice.body(notice.office).label
        raise Refused(Reason("nobody_seated", f"“{whose}”还没有登记办理人，请先在名录中补齐。"))
    return read_viewer(session, person, season, notice), organisation


def _clerk(
    session: Session, season: Season, notice: Notice, organisation: Organisation | None
) -> Person | None:
    units = [b.key for b in notice.bodies if b.relation is Relation.OWN_UNIT]
    wanted = (
        select(Person)
        .join(Seat, col(Seat.person_id) == col(Person.id))
        .where(Seat.season_id == season.id, col(Person.active), seat_is_held(now(season)))
        .order_by(col(Seat.since), col(Person.name))
    )
    if organisation is None:
        return session.exec(wanted.where(Seat.body == notice.office)).first()
    return session.exec(
        wanted.where(Seat.organisation_id == organisation.id, col(Seat.body).in_(units))
    ).first()


def _facts(checked: Checked, season: Season | None) -> dict[str, Any]:
    names = ("rows", "accepted", "rejected", "problems", "skipped", "unknown")
    return {name: checked.result[name] for name in names} | {
        "season": season.key if season else None,
        "imported": [],
    }


def is_well(facts: dict[str, Any]) -> bool:
    return not facts["rejected"] and all(p["severity"] != Severity.ERROR for p in facts["problems"])


def as_text(facts: dict[str, Any]) -> str:
    """What a person reads: every fault, then the counts."""
    found = [*facts["problems"], *(p for row in facts["rows"] for p in row["problems"])]
    lines = [f"{'错误' if p['severity'] == Severity.ERROR else '提示'}：{p['message']}" for p in found]
    lines += [f"略过：{s['message']}" for s in facts["skipped"]]
    lines.append(f"共{len(facts['rows'])}名，可以导入{facts['accepted']}名，有错误{facts['rejected']}名。")
    if facts["imported"]:
        lines.append(f"已录入{len(facts['imported'])}名的草稿：{'、'.join(facts['imported'][:SHOWN])}")
    return "\n".join(lines)
