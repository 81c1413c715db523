"""What does the page of reports show (三（八）), and what may the media do there?"""

from models.notice import day_of
from simulation.papers import pdf
from tests.api.conftest import Visitor, errors_of, soup, text_of
from tests.season_after import to_award
from tests.world import World


def test_media_record_a_report_and_everybody_concerned_reads_it(address: str, world: World) -> None:
    office = Visitor(address, world).log_in(world.person("office"))
    media = Visitor(address, world).log_in(world.person("media"))
    assert "还没有登记报道" in text_of(office.get("/publicity"))
    first, second = to_award(world)
    media.get("/publicity")
    bad = media.post("/publicity", {"kind": "newspaper", "title": "样例标题", "link": "http://a.example.org"})
    assert (bad.status_code, set(errors_of(bad))) == (422, {"#medium", "#link", "#published_on"})
    fields = {
        "csrf": media.csrf,
        "kind": "newspaper",
        "medium": "样例日报",
        "title": "样例标题",
        "published_on": day_of(world.now()).isoformat(),
        "link": "https://a.example.org/1",
        "people": str(first.id),
    }
    sent = media.client.post(
        "/publicity",
        data=fields,
        files={"file": ("剪报.pdf", pdf(), "application/pdf")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    page = media.follow(sent)

    assert f"还没有报道：{second.name}（{second.number}）" in text_of(page)
    [row] = soup(page).select("#media-rows tbody tr")
    assert row.get_text(" ", strip=True) == "样例日报 1"
    clipping = soup(page).find("a", string=lambda text: bool(text) and "剪报" in str(text)) or soup(
        page
    ).select_one('a[href$="/clipping"]')
    assert clipping is not None
    assert media.get(str(clipping["href"])).content.startswith(b"%PDF")
    assert "样例标题" in text_of(office.get(f"/cases/{first.id}"))
    assert "报道 1 条" in text_of(office.get("/season"))
    assert "没有符合条件的报道" in text_of(office.get(f"/publicity?person={second.id}"))
    assert media.get(f"/cases/{first.id}").status_code == 404

    stranger = Visitor(address, world).log_in(world.person("county_union"))
    assert stranger.get("/publicity").status_code == 404
    assert stranger.get(str(clipping["href"])).status_code == 404
