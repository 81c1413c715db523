"""How does another program record reports (三（八）) and fetch the payment list (五)?"""

from fastapi.testclient import TestClient

from models.notice import day_of
from tests.api_v1.conftest import Login
from tests.season_after import to_award
from tests.world import World


def test_reports_are_recorded_and_listed(login: Login, http: TestClient, world: World) -> None:
    first, _ = to_award(world)
    media, office = login(world.person("media")), login(world.person("office"))
    day = day_of(world.now()).isoformat()
    report = {"kind": "newspaper", "medium": "样例日报", "title": "样例标题", "published_on": day}

    made = media.post("/publicity", report | {"cases": [first.number], "link": "https://a.example.org/1"})

    assert (made["cases"], made["clipping"]) == ([first.number], False)
    assert [r["title"] for r in office.get("/publicity", month=day[:7]).items] == ["样例标题"]
    assert office.get("/publicity", kind="television").items == []
    assert media.post("/publicity", report | {"link": "http://a.example.org"}, 422).codes == ["link_wrong"]
    assert media.post("/publicity", report | {"cases": ["x"]}, 422).codes == ["not_recognised"]
    path, reason = f"/publicity/{made['id']}/remove", {"reason": "样例理由：重复登记"}
    assert office.post(path, {"reason": " "}, 422).codes == ["reason_missing"]
    assert http.post(office.base + path, json=reason, headers=office.headers).status_code == 204
    assert office.post(path, reason, 404).codes == ["unknown_coverage"]
    assert office.get("/publicity").items == []
    host = login(world.person("host_union"))
    assert host.post("/publicity", report, 403).codes == ["not_yours_to_record"]
    stranger = login(world.person("county_union"))
    stranger.get("/publicity", 404)
    stranger.get("/exports/awards.xlsx", 404)
    sheet = http.get(office.base + "/exports/awards.xlsx", headers=office.headers)
    assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")
