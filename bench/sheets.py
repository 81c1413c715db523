"""How long does 附件2 take: a thousand rows checked against the record, made into drafts, ten thousand exported?

`python -m bench.sheets [ROWS] [PEOPLE]` starts a PostgreSQL of its own and prints the figures as JSON.
"""

import io
import os
import time
from collections.abc import Callable
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from openpyxl import Workbook
from sqlmodel import select

from bench.apart import measure_apart
from documents.summary_columns import columns_of
from models.case import Case
from models.database import reading, transaction
from models.importing import SheetImport
from models.migrate import upgrade
from models.notice import Notice
from models.people import Organisation, Person
from models.personal import keep_form
from models.priorities import recommending
from models.season import Season, notice_of, now
from models.viewer import read_viewer
from notices.reader import read_notice
from simulation.filled import filled_form
from tasks.imports import check_sheet, confirm_import
from tasks.practice import NOTICE, open_practice, today
from tasks.summaries import Wanted, take_list

ROWS, PEOPLE = 1000, 10_000
CHECK_GOAL, EXPORT_GOAL = 3.0, 5.0
UNION = "鱼峰区总工会"
NAME = "汇总表.xlsx"
DEED = "该同志扎根生产一线，潜心钻研技术，带徒传艺。"
T = TypeVar("T")


def timed(call: Callable[[], T]) -> tuple[T, dict[str, float]]:
    """What it gave, the seconds it took, and those of the processor, children and all."""
    began, used = time.monotonic(), _used()
    found = call()
    seconds = {"seconds": time.monotonic() - began, "cpu_seconds": _used() - used}
    return found, {name: round(value, 2) for name, value in seconds.items()}


def _used() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def filled_sheet(notice: Notice, rows: int) -> bytes:
    """A sheet of so many made-up people, each with as much to tell as the form allows."""
    headings = [c.heading for c in columns_of(notice)]
    summary = headings[-1]
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("汇总表")
    sheet.append(headings)
    for n in range(1, rows + 1):
        told = {**(notice.summary.example if notice.summary else {}), summary: (DEED * 15)[:300]}
        told |= {"推荐优先顺序": str(n), "类别": "制造业", "姓名": f"样例{_name(n)}", "推荐单位": UNION}
        told |= {"联系电话": f"1990{n:07d}", "经办人及联系电话": "样例经办 199-0000-0090"}
        told |= {"工作单位": f"样例第{n % 97}机械有限公司"}
        sheet.append([told.get(h, "") for h in headings])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _name(n: int) -> str:
    return "".join(chr(0x4E00 + int(d) * 7 + 1) for d in f"{n:05d}")


def measure(rows: int = ROWS, people: int = PEOPLE) -> dict[str, Any]:
    """Against the installation of the environment."""
    upgrade()
    notice = read_notice(NOTICE)
    with transaction() as session:
        season_id = open_practice(session, notice, today()).id
    with reading() as session:
        season = session.get_one(Season, season_id)
    _fill(season, people)
    content = filled_sheet(notice, rows)
    sheet, checked = timed(lambda: _check(season_id, content))
    assert (sheet.accepted, sheet.rejected) == (rows, 0)
    exported, export = timed(lambda: _export(season_id))
    drafts, confirmed = timed(lambda: _confirm(season_id, sheet.id))
    return {
        "checked": {"rows": rows, **checked, **_goal(CHECK_GOAL, checked)},
        "exported": {"people": exported, **export, **_goal(EXPORT_GOAL, export)},
        "confirmed": {"drafts": drafts, **confirmed},
    }


def _goal(seconds: float, taken: dict[str, float]) -> dict[str, float | bool]:
    return {"goal_seconds": seconds, "reached": taken["seconds"] <= seconds}


def _fill(season: Season, people: int) -> None:
    """Cases as they stand in the record; the export only reads them."""
    with transaction() as session:
        notice = notice_of(session, season)
        unit = session.exec(select(Organisation).where(Organisation.name == UNION)).one()
        person = session.exec(select(Person).where(Person.login == "office")).one()
        rng = Random(1)
        for n in range(1, people + 1):
            name = f"样例{_name(n)}甲"
            case = Case(
                season_id=season.id,
                notice_digest=season.notice_digest,
                number=f"bench-{n}",
                channel="unit",
                route="county",
                county="yufeng",
                unit_id=unit.id,
                name=name,
                stage=notice.steps[0].stage,
                entered_by=person.id,
                entered_at=now(season),
            )
            keep_form(notice, case, filled_form(notice, "unit", rng, name=name, summary=(DEED * 15)[:300]))
            session.add(case)


def _clerk(season_id: UUID) -> Person:
    """Who sits for the county's union."""
    with reading() as session:
        season = session.get_one(Season, season_id)
        for person in session.exec(select(Person).where(Person.login == "county_union")):
            viewer = read_viewer(session, person, season, notice_of(session, season))
            if any(o.name == UNION for o in recommending(viewer)):
                return person
    raise LookupError(UNION)


def _check(season_id: UUID, content: bytes) -> SheetImport:
    clerk = _clerk(season_id)
    with transaction() as session:
        return check_sheet(session, session.get_one(Season, season_id), clerk, NAME, content)


def _confirm(season_id: UUID, import_id: UUID) -> int:
    clerk = _clerk(season_id)
    with transaction() as session:
        return len(confirm_import(session, import_id, clerk))


def _export(season_id: UUID) -> int:
    with transaction() as session:
        season = session.get_one(Season, season_id)
        office = session.exec(select(Person).where(Person.login == "office")).one()
        viewer = read_viewer(session, office, season, notice_of(session, season))
        return take_list(viewer, Wanted()).people


def main() -> None:
    measure_apart("bench.sheets", measure, ROWS, PEOPLE)


if __name__ == "__main__":
    main()
