"""Can files be put into a case, seen, fetched and removed on the pages, and only by whom they concern?"""

import io
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image
from sqlmodel import select

from models.attachment import Attachment
from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.words import AttachmentKind, EventKind
from simulation.papers import docx, pdf, picture
from tests.api.conftest import Visitor, errors_of, soup, text_of
from tests.world import World


def upload(
    visitor: Visitor, case: Case, document: str, *files: tuple[str, bytes], **fields: str
) -> httpx.Response:
    """What the upload form of one document sends."""
    data: dict[str, Any] = {
        "csrf": visitor.csrf,
        "document": document,
        "back": f"/cases/{case.id}/edit",
        **fields,
    }
    sent = [("file", (name, content)) for name, content in files]
    origin = {"Sec-Fetch-Site": "same-origin"}
    return visitor._seen(
        visitor.client.post(f"/cases/{case.id}/files", data=data, files=sent, headers=origin)
    )


def kept(case: Case) -> list[Attachment]:
    with reading() as session:
        return list(session.exec(select(Attachment).where(Attachment.case_id == case.id)))


def test_a_unit_uploads_looks_fetches_and_removes(unit: Visitor, world: World) -> None:
    case = world.enter()
    edit = unit.get(f"/cases/{case.id}/edit")
    assert "还缺 5 种必交材料" in text_of(edit)

    sent = upload(unit, case, "no_crime", ("无犯罪记录证明.pdf", pdf("clean", 3)))
    assert sent.headers["location"] == f"/cases/{case.id}/edit#files"
    page = unit.follow(sent)
    assert "已上传1份材料" in text_of(page)
    assert "无犯罪记录证明.pdf" in text_of(page, "#no_crime")
    assert "3 页" in text_of(page, "#no_crime")

    [row] = kept(case)
    where = f"/cases/{case.id}/files/{row.id}"
    fetched = unit.get(where)
    assert fetched.content == pdf("clean", 3)
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E6%97%A0")
    assert fetched.headers["cache-control"] == "no-store"
    view = unit.get(f"{where}/view")
    assert len(soup(view).select(".files-pages img")) == 3
    drawn = unit.get(f"{where}/pages/2")
    assert drawn.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(drawn.content)).width == 1000

    gone = unit.post(f"{where}/remove", {"back": f"/cases/{case.id}/edit"})
    assert "已移除“无犯罪记录证明.pdf”" in text_of(unit.follow(gone))
    assert unit.get(where).status_code == 404


def test_several_files_come_at_once_and_a_bad_one_keeps_none_out(unit: Visitor, world: World) -> None:
    case = world.enter()
    unit.get(f"/cases/{case.id}/files")
    answer = upload(
        unit, case, "certificates", ("一.pdf", pdf("one")), ("二.pdf", b"MZ..."), ("三.pdf", pdf("three"))
    )

    assert answer.status_code == 422
    assert errors_of(answer) == {"#certificates": "“二.pdf”：文件是程序，不是材料，系统没有接收。 （四）"}
    assert [a.filename for a in kept(case)] == ["一.pdf", "三.pdf"]


def test_a_script_gets_the_list_alone(unit: Visitor, world: World) -> None:
    case = world.enter()
    unit.get(f"/cases/{case.id}/files")
    data = {"csrf": unit.csrf, "document": "photo"}
    headers = {"Sec-Fetch-Site": "same-origin", "X-Part": "files"}
    files = [("file", ("照片.png", picture(AttachmentKind.PNG)))]
    answer = unit.client.post(f"/cases/{case.id}/files", data=data, files=files, headers=headers)

    assert answer.status_code == 200
    assert soup(answer).select_one("main") is None
    assert "照片.png" in text_of(answer, "#photo")
    refused = unit.client.post(f"/cases/{case.id}/files", data=data, files=files, headers=headers)
    assert "已经有内容相同的文件" in text_of(refused, ".files-said")


def test_a_broad_photo_is_taken_with_advice(unit: Visitor, world: World) -> None:
    case = world.enter()
    unit.get(f"/cases/{case.id}/files")
    page = unit.follow(upload(unit, case, "photo", ("照片.jpg", picture(size=(800, 600)))))
    assert "照片是横的" in text_of(page)


def test_no_file_chosen_is_said(unit: Visitor, world: World) -> None:
    case = world.enter()
    unit.get(f"/cases/{case.id}/files")
    assert "还没有选择文件" in text_of(upload(unit, case, "photo"))


def test_what_is_missing_refuses_the_hand_in_and_links_to_the_list(unit: Visitor, world: World) -> None:
    case = world.enter()
    unit.get(f"/cases/{case.id}")
    refused = unit.post(f"/cases/{case.id}/submit")
    assert refused.status_code == 422
    missing = [k for k, text in errors_of(refused).items() if "还没有上传" in text]
    assert missing == ["#photo", "#id_copy", "#no_crime", "#deeds", "#indicator_proof"]


def test_a_picture_is_drawn_anew_without_its_own_data(unit: Visitor, world: World) -> None:
    place = Image.Exif()
    place[0x010E] = "secret place"
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "JPEG", exif=place)
    case = world.enter()
    unit.get(f"/cases/{case.id}/files")
    upload(unit, case, "photo", ("照片.jpg", out.getvalue()))
    [row] = kept(case)

    drawn = unit.get(f"/cases/{case.id}/files/{row.id}/pages/1").content
    assert b"secret place" in out.getvalue()
    assert b"secret place" not in drawn


def test_papers_with_personal_data_are_for_who_checks_them(
    address: str, unit: Visitor, office: Visitor, world: World
) -> None:
    case = world.enter()
    world.supply(case)
    with transaction() as session:
        from_world = session.get_one(Case, case.id)
        assert from_world.county == "yufeng"
    world.submit(case)
    world.bring_to(case, "department_opinions")
    rows = {a.document: a for a in kept(case)}

    def status(visitor: Visitor, document: str) -> int:
        return visitor.get(f"/cases/{case.id}/files/{rows[document].id}").status_code

    police = Visitor(address, world).log_in(world.person("police"))
    science = Visitor(address, world).log_in(world.person("science"))
    union = Visitor(address, world).log_in(world.person("county_union"))
    expert = Visitor(address, world).log_in(world.person("expert"))
    assert [status(v, "id_copy") for v in (unit, office, union, police, science, expert)] == [
        *[200] * 3,
        *[404] * 3,
    ]
    assert [status(v, "no_crime") for v in (unit, office, union, police, science)] == [*[200] * 4, 404]
    assert [status(v, "deeds") for v in (police, science, expert)] == [200, 200, 404]
    card = text_of(science.get(f"/cases/{case.id}"), "#id_copy")
    assert "没有查看权限" in card
    assert ".pdf" not in card


def test_an_unknown_file_and_anothers_case_are_nowhere(unit: Visitor, world: World) -> None:
    mine, other = world.enter(), world.enter()
    unit.get(f"/cases/{mine.id}/files")
    upload(unit, mine, "deeds", ("事迹.docx", docx()))
    [row] = kept(mine)
    for case_id, file_id in ((mine.id, uuid4()), (other.id, row.id), (uuid4(), row.id)):
        assert unit.get(f"/cases/{case_id}/files/{file_id}").status_code == 404
        assert unit.post(f"/cases/{case_id}/files/{file_id}/remove").status_code == 404
    assert unit.get(f"/cases/{mine.id}/files/nonsense").status_code == 404


def test_the_office_notes_paper_originals(office: Visitor, unit: Visitor, world: World) -> None:
    case = world.enter()
    where = f"/cases/{case.id}"
    office.get(where)
    page = office.follow(
        office.post(f"{where}/papers", {"document": "deeds", "received": "yes", "back": where})
    )
    assert "已登记收到纸质原件" in text_of(page)
    assert "收到纸质原件" in text_of(page, "#deeds")
    assert "纸质已收" in text_of(page, "#deeds")
    assert office.post(f"{where}/papers", {"document": "deeds", "received": "yes"}).status_code == 409
    undone = office.follow(office.post(f"{where}/papers", {"document": "deeds", "back": where}))
    assert "纸质未收" in text_of(undone, "#deeds")

    unit.get(where)
    assert unit.post(f"{where}/papers", {"document": "deeds", "received": "yes"}).status_code == 409


def test_numbers_are_shown_once_for_a_reason_that_goes_on_record(
    address: str, office: Visitor, world: World
) -> None:
    case = world.bring_to(
        world.enter(id_number="450203198803129917", sex="男", phone="19900000001"), "unit_review"
    )
    where = f"/cases/{case.id}"
    assert "450203198803129917" not in office.get(where).text
    asked = office.get(f"{where}/numbers")
    assert "450203198803129917" not in asked.text
    refused = office.post(f"{where}/numbers", {"numbers_reason": " "})
    assert refused.status_code == 422
    assert "450203198803129917" not in refused.text

    shown = office.post(f"{where}/numbers", {"numbers_reason": "电话核实"})
    assert "450203198803129917" in text_of(shown)
    assert "19900000001" in text_of(shown)
    assert "电话核实" in text_of(office.get(where), ".record")
    with reading() as session:
        [event] = session.exec(
            select(Event).where(Event.chain == case.id, Event.kind == EventKind.NUMBERS_SEEN)
        ).all()
        assert "450203198803129917" not in str(event.facts)

    science = Visitor(address, world).log_in(world.person("science"))
    world.bring_to(case, "department_opinions")
    science.get(where)
    assert science.post(f"{where}/numbers", {"numbers_reason": "想看"}).status_code == 403


def test_names_of_files_do_no_harm(unit: Visitor, world: World) -> None:
    case = world.enter()
    unit.get(f"/cases/{case.id}/files")
    upload(unit, case, "certificates", ("<img src=x onerror=alert(1)>450203198803129917.pdf", pdf("x")))
    page = unit.get(f"/cases/{case.id}")
    assert "<img src=x" not in page.text
    assert "450203198803129917" not in page.text
    [row] = kept(case)
    assert "450203198803129917" not in row.filename


def test_a_file_that_is_too_large_is_said_on_a_page(unit: Visitor, world: World) -> None:
    case = world.enter()
    unit.get(f"/cases/{case.id}/files")
    answer = upload(unit, case, "certificates", ("大.pdf", b"%PDF-" + b"0" * (21 * 1024 * 1024)))
    assert answer.status_code == 413
    assert "大.pdf" in answer.text
    assert kept(case) == []


@pytest.mark.parametrize("path", ["files", "numbers"])
def test_strangers_are_sent_to_the_login(anybody: Visitor, world: World, path: str) -> None:
    case = world.enter()
    assert anybody.get(f"/cases/{case.id}/{path}").headers["location"].startswith("/login")


def test_looking_changes_nothing(office: Visitor, world: World) -> None:
    case = world.enter()
    world.supply(case)
    before = _events(case.id)
    for row in kept(case):
        office.get(f"/cases/{case.id}/files/{row.id}")
        office.get(f"/cases/{case.id}/files/{row.id}/view")
    assert _events(case.id) == before


def _events(case_id: UUID) -> int:
    with reading() as session:
        return len(session.exec(select(Event.id).where(Event.chain == case_id)).all())
