"""Does the office see what follows before it moves a date, and do all see the old day and the new one?"""

from datetime import timedelta

from tests.api.conftest import Visitor, text_of
from tests.world import World


def test_the_office_moves_a_date(world: World, office: Visitor, unit: Visitor) -> None:
    before = world.notice.dates["inspection"].day
    earlier = str(before - timedelta(days=1))
    assert "现场查验" in text_of(office.get("/season/dates"))

    shown = office.post("/season/dates", {"day-inspection": earlier, "day-application": ""})
    assert shown.status_code == 200
    assert "我确认：“现场查验”由" in text_of(shown)
    typed = {"day-inspection": earlier, "sure": "yes", "reason": "样例理由"}
    again = office.post("/season/dates", {**typed, "again": "yes"})
    assert f'value="{earlier}"' in again.text
    refused = office.post("/season/dates", typed)
    assert (refused.status_code, "样例理由" in refused.text) == (422, True)
    assert "请写明调整所依据的文件或批示。" in text_of(refused)
    unsure = office.post("/season/dates", {**typed, "paper": "样例〔2026〕8号"})
    assert (unsure.status_code, "样例〔2026〕8号" in unsure.text) == (409, True)

    done = office.post("/season/dates", {**typed, "paper": "样例〔2026〕8号", "confirmed": "yes"})

    page = text_of(office.follow(done))
    assert "第1号日期调整已登记，相关人员将收到邮件。" in page
    seen = text_of(unit.get("/season"))
    assert f"原定 {before.year}年{before.month}月{before.day}日 ，第1号调整" in seen
    assert "样例〔2026〕8号" in seen


def test_bad_days_are_told_and_kept(office: Visitor, unit: Visitor) -> None:
    office.get("/season/dates")

    for typed in ("明天", "2026-13-01", "9999-12-31", ""):
        refused = office.post("/season/dates", {"day-inspection": typed})
        assert refused.status_code == 422
        assert f'value="{typed}"' in refused.text
    assert unit.get("/season/dates").status_code == 404
