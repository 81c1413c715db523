"""Can the office keep the calendar of working days, and is a year that nobody entered told?"""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import col, delete

from models.database import reading, transaction
from models.workdays import CalendarDay, CalendarYear, is_workday
from tests.api.conftest import Visitor, errors_of, text_of
from tests.world import World

YEAR = 2031


@pytest.fixture
def nobody_knows_2031(world: World) -> Iterator[None]:
    yield
    with transaction() as session:
        session.exec(delete(CalendarYear).where(col(CalendarYear.year) == YEAR))
        session.exec(delete(CalendarDay).where(col(CalendarDay.day) >= date(YEAR, 1, 1)))


def worked(day: str) -> bool:
    with reading() as session:
        return is_workday(session, date.fromisoformat(day))


def test_a_year_entered_by_hand(nobody_knows_2031: None, office: Visitor) -> None:
    shown = office.get(f"/workdays?year={YEAR}")
    assert "未含调休 只按星期计算" in text_of(shown)
    empty = office.post("/workdays/year", {"year": str(YEAR), "source": "国办发明电样例"})
    assert (empty.status_code, "请先逐日填写" in empty.text) == (409, True)
    none = office.post("/workdays/year", {"year": str(YEAR), "source_kind": "library"})
    assert (none.status_code, "程序库还没有2031年的安排" in none.text) == (409, True)

    office.follow(office.post("/workdays/day", {"day": "2031-10-01", "kind": "free", "note": "国庆节"}))
    office.follow(office.post("/workdays/day", {"day": "2031-10-11", "kind": "work", "note": "调休上班"}))
    assert (worked("2031-10-01"), worked("2031-10-11")) == (False, True)
    said = office.follow(office.post("/workdays/year", {"year": str(YEAR), "source": "国办发明电样例"}))
    assert "依据：国办发明电样例" in text_of(said)
    office.follow(office.post("/workdays/clear", {"day": "2031-10-01"}))
    assert worked("2031-10-01") is True
    assert "修改年历：2031-10-01恢复按星期上班或休息" in text_of(office.get("/season"))


def test_a_year_from_the_library_replaces_what_was_typed(office: Visitor) -> None:
    office.get("/workdays?year=2026")
    office.follow(office.post("/workdays/day", {"day": "2026-03-02", "kind": "free", "note": "样例"}))
    assert worked("2026-03-02") is False

    said = office.follow(office.post("/workdays/year", {"year": "2026", "source_kind": "library"}))

    assert "已导入2026年的安排，共39天。" in text_of(said)
    assert (worked("2026-03-02"), worked("2026-02-14"), worked("2026-02-16")) == (True, True, False)


def test_bad_input_is_told(office: Visitor, unit: Visitor) -> None:
    office.get("/workdays?year=abc")
    assert office.get("/workdays?year=9999").status_code == 200
    for day in ("", "2026-02-30", "1026-01-01", "0000"):
        refused = office.post("/workdays/day", {"day": day, "kind": "free", "note": "样例"})
        assert (refused.status_code, list(errors_of(refused)), "样例" in refused.text) == (
            422,
            ["#day"],
            True,
        )
    assert office.post("/workdays/clear", {"day": "2026-03-03"}).status_code == 422
    unit.get("/")
    assert unit.get("/workdays").status_code == 404
    assert unit.post("/workdays/day", {"day": "2026-03-02", "kind": "free"}).status_code in (403, 404)
    assert worked("2026-03-02") is True
