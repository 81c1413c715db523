"""Does a program move dates by the same rules as the page?"""

from datetime import timedelta

from tests.api_v1.conftest import Login
from tests.world import World

PAPER = {"paper": "样例〔2026〕8号", "reason": "样例理由"}


def test_a_date_is_moved_and_shown_with_its_former_day(world: World, login: Login) -> None:
    office = login(world.person("office"))
    before = world.notice.dates["inspection"].day
    later, earlier = str(before + timedelta(days=2)), str(before - timedelta(days=1))

    kept = office.post("/amendments", {"dates": {"inspection": later}, **PAPER})

    assert (kept["number"], kept["changes"]) == (
        1,
        [{"key": "inspection", "label": "现场查验", "before": str(before), "after": later}],
    )
    assert [a["paper"] for a in office.get("/amendments").items] == [PAPER["paper"]]
    dates = office.get("/season")["dates"]
    assert isinstance(dates, list)
    assert [(d["day"], d["former"]) for d in dates if d["key"] == "inspection"] == [(later, [str(before)])]
    refused = office.post("/amendments", {"dates": {"inspection": earlier}, **PAPER}, expected=409)
    assert refused.codes == ["confirmation_needed"]
    office.post("/amendments", {"dates": {"inspection": earlier}, "confirmed": True, **PAPER})
    login(world.filler()).post("/amendments", {"dates": {"inspection": later}, **PAPER}, expected=403)
