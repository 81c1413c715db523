"""Can papers be printed from the pages by those who may, and do scans come back through them?"""

import io
import re
import zipfile
from uuid import uuid4

import docx
import httpx
import pypdfium2
import pytest
from sqlmodel import col, select

from api.security import task_cookie
from models.attachment import Attachment
from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.people import Person
from models.words import EventKind
from simulation.papers import pdf, picture
from tasks.accounts import open_login
from tests.api.conftest import Visitor, soup, text_of
from tests.api.test_apply import begun, case_of, link_of
from tests.world import World

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
FORMS = ["cover", "application_form", "department_opinions", "all"]


def send(
    visitor: Visitor,
    path: str,
    *files: tuple[str, bytes],
    headers: dict[str, str] | None = None,
    **fields: str,
) -> httpx.Response:
    """A form with files, sent from one of our pages."""
    parts = [("file", (name, content, "application/octet-stream")) for name, content in files]
    data = {"csrf": visitor.csrf, **fields}
    return visitor.client.post(path, data=data, files=parts, headers=SAME_ORIGIN | (headers or {}))


def words_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))


def seen(case: Case) -> list[tuple[str | None, str]]:
    """Whose looking at the numbers is on record, and why."""
    with reading() as session:
        events = session.exec(
            select(Event, Person)
            .join(Person, col(Person.id) == col(Event.actor_id))
            .where(Event.chain == case.id, Event.kind == EventKind.NUMBERS_SEEN)
        ).all()
    return [(person.name, event.facts["reason"]) for event, person in events]


# --- printing ----------------------------------------------------------------------------------------------------


def test_who_filled_in_the_form_prints_it_by_links(unit: Visitor, world: World) -> None:
    case = world.enter(id_number="450203198406179910", sex="男", birth_date="1984-06-17")

    links = [str(a["href"]) for a in soup(unit.get(f"/cases/{case.id}")).select(".papers a")]

    assert links == [f"/cases/{case.id}/print/{what}.{form}" for what in FORMS for form in ("pdf", "docx")]
    for link in links:
        response = unit.get(link)
        assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
        assert response.content[:2] in (b"%P", b"PK")
    assert "450203198406179910" in words_of(unit.get(links[2]).content)
    assert seen(case) == []


def test_a_file_has_its_chinese_name(unit: Visitor, world: World) -> None:
    case = world.enter(name="样例甲")

    response = unit.get(f"/cases/{case.id}/print/application_form.docx")

    assert response.headers["content-disposition"] == (
        f'attachment; filename="{case.number}___________.docx"; '
        f"filename*=UTF-8''{case.number}%E6%A0%B7%E4%BE%8B%E7%94%B2%E7%94%B3%E8%AF%B7%E8%A1%A8.docx"
    ).replace("___________", "______")
    assert docx.Document(io.BytesIO(response.content)).tables[0].cell(0, 1).text == "样例甲"


def test_others_print_by_a_button_and_it_is_put_on_record(office: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    page = office.get(f"/cases/{case.id}")
    assert soup(page).select(".papers a") == []
    path = f"/cases/{case.id}/print/application_form.pdf"

    assert office.get(path).status_code == 409
    assert seen(case) == []
    office.get(f"/cases/{case.id}")
    assert office.post(path).content.startswith(b"%PDF")
    assert seen(case) == [(world.person("office").name, "打印申请表")]


def test_who_only_decides_prints_nothing(address: str, world: World) -> None:
    case = world.bring_to(world.enter(), "department_opinions")
    decider = Visitor(address, world).log_in(world.person("science"))

    page = decider.get(f"/cases/{case.id}")

    assert (page.status_code, soup(page).select(".papers")) == (200, [])
    assert decider.get(f"/cases/{case.id}/print/application_form.pdf").status_code == 403
    assert decider.post(f"/cases/{case.id}/print/application_form.pdf").status_code == 403


@pytest.mark.parametrize("what", ["expert_letters.pdf", "horoscope.pdf", "application_form.exe", "all.html"])
def test_papers_that_there_are_not_are_not_found(unit: Visitor, world: World, what: str) -> None:
    assert unit.get(f"/cases/{world.enter().id}/print/{what}").status_code == 404


def test_an_unseen_case_is_not_found(unit: Visitor, address: str, world: World) -> None:
    case = world.enter()
    elsewhere = Visitor(address, world).log_in(world.person("county_union", "liunan"))

    assert unit.get(f"/cases/{uuid4()}/print/all.pdf").status_code == 404
    assert elsewhere.get(f"/cases/{case.id}/print/all.pdf").status_code == 404


def test_the_departments_opinions_are_printed_for_those_who_may_read_them(
    unit: Visitor, office: Visitor, world: World
) -> None:
    case = world.enter(public_power=False)
    world.bring_to(case, "department_opinions")
    world.answer("department_opinions", case, "agree", body="organisation", opinion="样例意见属实")
    path = f"/cases/{case.id}/print/department_opinions.pdf"
    office.get(f"/cases/{case.id}")

    for_office, for_unit = words_of(office.post(path).content), words_of(unit.get(path).content)

    assert [part for part in ("同意。样例意见属实。", "不涉及。") if part not in for_office] == []
    assert "样例意见属实" not in for_unit


def test_a_professional_recommendation_has_its_letters(address: str, world: World) -> None:
    case = world.enter(channel="professional", route="city", person=world.applicant())
    visitor = Visitor(address, world).log_in(world.applicant())

    said = words_of(visitor.get(f"/cases/{case.id}/print/expert_letters.pdf").content)

    assert [
        part for part in ("推荐专家一", "样例推荐人甲", "样例推荐人乙", "专家签名") if part not in said
    ] == []


def test_papers_of_a_practice_season_say_so(unit: Visitor, world: World) -> None:
    case = world.enter()

    with pypdfium2.PdfDocument(unit.get(f"/cases/{case.id}/print/all.pdf").content) as document:
        marked = [f"【演练】{case.number}" in page.get_textpage().get_text_bounded() for page in document]

    assert marked == [True] * 4


def test_blank_forms_are_for_anybody(stranger: Visitor) -> None:
    for what in ("application_form", "department_opinions", "expert_letters"):
        assert stranger.get(f"/forms/{what}.pdf").content.startswith(b"%PDF")
    content = stranger.get("/forms/application_form.docx").content
    assert docx.Document(io.BytesIO(content)).tables[0].cell(17, 1).text == "如实填写参加工作以来的主要经历"
    assert stranger.get("/forms/no_crime.pdf").status_code == 404


# --- scans -------------------------------------------------------------------------------------------------------


def signed(case: Case) -> list[str]:
    with reading() as session:
        kept = select(Attachment.document).where(Attachment.case_id == case.id, Attachment.sealed_and_signed)
        return list(session.exec(kept.order_by(Attachment.document)))


def test_many_scans_are_sent_at_once_and_each_is_told(unit: Visitor, world: World) -> None:
    first, second = world.enter(), world.enter()
    files = [(f"{c.number}.pdf", unit.get(f"/cases/{c.id}/print/all.pdf").content) for c in (first, second)]
    unit.get("/scans")

    page = send(unit, "/scans", *files, ("证书.pdf", pdf()), ("照片.docx", b"PK"))

    assert page.status_code == 200
    rows = [" ".join(row.get_text(" ").split()) for row in soup(page).select(".scan-results tbody tr")]
    assert [("已归入" in row, "待选择" in row, "未收" in row) for row in rows] == [
        *[(True, False, False)] * 4,
        (False, True, False),
        (False, False, True),
    ]
    assert [signed(c) for c in (first, second)] == [["application_form", "department_opinions"]] * 2


def test_a_scan_without_a_mark_is_put_by_hand(unit: Visitor, world: World) -> None:
    case = world.enter()
    unit.get("/scans")

    wrong = send(
        unit,
        "/scans/by-hand",
        ("证书.jpg", picture()),
        case="样例没有此人",
        document="certificates",
        pages="",
    )
    right = send(
        unit,
        "/scans/by-hand",
        ("证书.jpg", picture()),
        case=f"{case.number} {case.name}",
        document="certificates",
    )

    assert "没有找到“样例没有此人”" in text_of(wrong)
    assert "已归入" in text_of(right, ".scan-results")
    assert signed(case) == ["certificates"]


def test_a_name_that_two_people_have_is_asked_for_by_number(unit: Visitor, world: World) -> None:
    one, two = world.enter(name="样例同名"), world.enter(name="样例同名")
    unit.get("/scans")

    page = send(unit, "/scans/by-hand", ("证书.jpg", picture()), case="样例同名", document="certificates")

    assert f"“样例同名”有2名：{one.number}、{two.number}" in text_of(page)


def test_a_script_gets_the_rows_alone(unit: Visitor, world: World) -> None:
    unit.get("/scans")

    part = send(unit, "/scans", ("证书.pdf", pdf()), headers={"X-Part": "scans"})

    assert "<html" not in part.text
    assert len(soup(part).select("tr")) == 1


def test_the_filler_sends_scans_from_the_page_of_the_case(unit: Visitor, world: World) -> None:
    mine, other = world.enter(), world.enter()
    scan = unit.get(f"/cases/{mine.id}/print/application_form.pdf").content
    unit.get(f"/cases/{mine.id}")

    assert send(unit, f"/cases/{mine.id}/scans", ("扫描.pdf", scan)).status_code == 303
    assert send(unit, f"/cases/{other.id}/scans", ("扫描.pdf", scan)).status_code == 422
    assert (signed(mine), signed(other)) == (["application_form"], [])


def test_what_was_taken_in_and_what_was_not_are_both_told(unit: Visitor, world: World) -> None:
    case = world.enter()
    scan = unit.get(f"/cases/{case.id}/print/application_form.pdf").content
    unit.get(f"/cases/{case.id}")

    sent = send(unit, f"/cases/{case.id}/scans", ("扫描.pdf", scan), ("证书.pdf", pdf()))

    said = text_of(unit.follow(sent), "body")
    assert "已收到1份盖章扫描件。没有收下：“证书.pdf”" in said


def test_without_a_file_it_says_so(unit: Visitor, world: World) -> None:
    unit.get("/scans")

    for path in ("/scans", "/scans/by-hand", f"/cases/{world.enter().id}/scans"):
        response = unit.post(path)
        assert (response.status_code, "选择" in text_of(response, "body")) == (422, True)


def test_the_page_is_for_those_who_send_papers_in(address: str, world: World) -> None:
    expert = Visitor(address, world).log_in(world.person("science"))
    expert.get("/")

    assert expert.get("/scans").status_code == 404
    assert send(expert, "/scans", ("证书.pdf", pdf())).status_code == 404


def test_who_nominates_himself_prints_and_sends_scans_by_his_link(anybody: Visitor, world: World) -> None:
    invitation, path = link_of(world)
    begun(anybody, path)
    case = case_of(invitation)
    page = anybody.get(f"/cases/{case.id}")
    assert soup(page).select(".papers a") != []

    scan = anybody.get(f"/cases/{case.id}/print/application_form.pdf").content
    sent = send(anybody, f"/cases/{case.id}/scans", ("扫描.pdf", scan))

    assert "已收到1份盖章扫描件" in text_of(anybody.follow(sent), "body")
    assert signed(case) == ["application_form"]
    assert anybody.get(f"/cases/{world.enter().id}/print/application_form.pdf").status_code == 303


def test_the_mailed_link_of_a_reviewer_prints_nothing(anybody: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    reviewer = world.person("county_union")
    [task] = world.assignments("county_review", case)
    with transaction() as session:
        token = open_login(session, reviewer, assignment_id=task.id)
    anybody.client.cookies.set(task_cookie(task.id), token)
    assert anybody.get(f"/tasks/{task.id}").status_code == 200

    assert anybody.get(f"/cases/{case.id}/print/application_form.pdf").status_code == 303
    assert anybody.post(f"/cases/{case.id}/print/application_form.pdf").status_code == 401


def test_zipped_word_files_open(unit: Visitor, world: World) -> None:
    content = unit.get(f"/cases/{world.enter().id}/print/all.docx").content

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None


def test_pages_that_are_no_numbers_are_no_pages(unit: Visitor, world: World) -> None:
    case = world.enter()
    unit.get("/scans")
    scan, pages = ("扫描.pdf", pdf("deeds")), "9" * 5000

    answer = send(unit, "/scans/by-hand", scan, case=case.number, document="deeds", pages=pages)

    assert answer.status_code == 200
    assert signed(case) == ["deeds"]


def test_pages_that_the_file_has_not_are_asked_for_again(unit: Visitor, world: World) -> None:
    case = world.enter()
    unit.get("/scans")
    scan, part = ("扫描.pdf", pdf("deeds")), {"X-Part": "scans"}

    answer = send(unit, "/scans/by-hand", scan, headers=part, case=case.number, document="deeds", pages="7,8")

    assert "取不出这几页" in answer.text
    assert "<html" not in answer.text
    assert signed(case) == []
