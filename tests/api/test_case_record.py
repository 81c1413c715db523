"""Can whoever sees a case read its whole record and take it away, and nobody else?"""

import io

import pypdfium2

from models.record_check import record_faults
from tests.api.conftest import Visitor, soup, text_of
from tests.world import World


def test_the_record_is_read_on_a_page_and_taken_as_pdf_and_json(office: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    page = office.get(f"/cases/{case.id}/record")

    assert f"共 {case.event_seq} 条" in text_of(page)
    assert "每条记录都与前一条相连" in text_of(page)
    links = [str(a["href"]) for a in soup(page).select("a.btn")]
    assert links == [f"/cases/{case.id}/record.pdf", f"/cases/{case.id}/record.json"]
    paper, data = (office.get(link) for link in links)
    with pypdfium2.PdfDocument(io.BytesIO(paper.content)) as document:
        words = "".join(p.get_textpage().get_text_bounded() for p in document)
    assert case.number in words
    assert case.event_head[:40] in "".join(words.split())
    assert list(record_faults(data.json())) == []
    assert data.headers["cache-control"] == "no-store"


def test_who_does_not_see_the_case_finds_no_record(address: str, world: World) -> None:
    case = world.enter()
    other = Visitor(address, world).log_in(world.person("county_union", "liunan"))

    for ending in ("", ".pdf", ".json"):
        assert other.get(f"/cases/{case.id}/record{ending}").status_code == 404
