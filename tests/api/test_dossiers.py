"""Does the office get dossiers from its pages, with progress, and nobody else?"""

import io
import zipfile

from sqlmodel import select

from models.database import reading, transaction
from models.event import Event
from models.season import Season
from models.words import EventKind
from tasks.anchoring import anchor_day
from tasks.dossiers import work_once
from tests.api.conftest import Visitor, errors_of, soup, text_of
from tests.world import World


def test_a_dossier_is_asked_for_followed_and_taken(office: Visitor, world: World) -> None:
    case = world.enter()
    office.get(f"/cases/{case.id}")
    page = office.follow(office.post(f"/cases/{case.id}/dossier", {"redacted": "no"}))
    waiting = text_of(page, "#dossiers")
    twice = office.post("/dossiers", {"what": "case", "number": case.number, "redacted": "no"})
    while work_once():
        pass
    ready = office.get("/dossiers")
    form = soup(ready).select_one("#dossiers form")
    assert form is not None
    taken = office.post(str(form["action"]))

    assert "等待生成" in waiting
    assert "同样的档案正在生成" in errors_of(twice)[""]
    assert "可以取走" in text_of(ready, "#dossiers")
    assert (taken.status_code, taken.headers["content-type"]) == (200, "application/zip")
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(taken.content)).namelist()
    with reading() as session:
        told = select(Event.facts).where(Event.chain == case.id, Event.kind == EventKind.DOSSIER_TAKEN)
        assert session.exec(told).one() == {"redacted": False}
    assert "取走档案（全本）" in office.get(f"/cases/{case.id}/record").text


def test_what_is_asked_for_wrongly_is_named_and_kept(office: Visitor, world: World) -> None:
    office.get("/dossiers")
    answer = office.post("/dossiers", {"what": "case", "number": "2026-9999", "redacted": "yes"})

    assert answer.status_code == 404
    assert "没有编号为“2026-9999”的案件" in errors_of(answer)["#number"]
    assert soup(answer).select_one("#number")["value"] == "2026-9999"  # type: ignore[index]


def test_the_anchors_are_listed_and_can_be_kept(office: Visitor, world: World) -> None:
    with transaction() as session:
        anchor = anchor_day(session, session.get_one(Season, world.season_id))
    assert anchor is not None

    assert anchor.hash in office.get("/dossiers").text
    assert f"本锚：{anchor.hash}" in office.get("/dossiers/anchors/1").text
    assert office.get("/dossiers/anchors/9").status_code == 404
    assert office.get("/dossiers/anchors/99999999999999").status_code == 404


def test_nobody_else_finds_dossiers(unit: Visitor, world: World) -> None:
    case = world.enter()
    page = unit.get(f"/cases/{case.id}")

    assert 'href="/dossiers"' not in page.text
    assert unit.get("/dossiers").status_code == 404
    for path in ("/dossiers", f"/cases/{case.id}/dossier", f"/dossiers/{case.id}/take"):
        assert unit.post(path, {"what": "season"}).status_code == 404
