"""What does anybody see of a public notice and say to it, and what do the office and the releaser do with it?"""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from models.case import Case
from models.database import reading
from models.hearing import open_objections
from tests.api.conftest import Visitor, errors_of, soup, text_of, value_of
from tests.publishing import chosen, published
from tests.tasks.test_publicity import object_to
from tests.world import World


@pytest.fixture
def case(world: World) -> Case:
    [found] = published(world, "丁样例")
    return found


def test_public_page_needs_no_script_and_names_what_it_must(
    anybody: Visitor, world: World, case: Case
) -> None:
    page = anybody.get("/public")

    assert "<script" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    told = text_of(page)
    for said in ("按姓氏笔画为序", world.notice.number, world.notice.contact.phone, "均含当日", "提出异议"):
        assert said in told
    assert case.number not in page.text
    assert anybody.get("/public/qr.svg").headers["content-type"] == "image/svg+xml"


def test_public_page_closes_at_midnight_by_itself(anybody: Visitor, world: World, case: Case) -> None:
    world.move_to(world.notice.due("notice_closes"))

    page = anybody.get("/public")
    assert "公示已于" in text_of(page)
    assert "丁样例" not in page.text
    assert "不再接受异议" in text_of(anybody.get("/public/objection"))


def test_anybody_objects_without_script_and_gets_a_receipt(
    anybody: Visitor, office: Visitor, unit: Visitor, world: World, case: Case
) -> None:
    anybody.get("/public/objection")
    refused = anybody.post("/public/objection", {"objector": "样例群众", "text": "工龄不实"})
    assert list(errors_of(refused)) == ["#against", "#contact", "#agreed"]
    assert (value_of(refused, "objector"), value_of(refused, "text")) == ("样例群众", "工龄不实")

    fields = {"against": str(case.id), "objector": "样例群众", "contact": "0772-0000000", "text": "工龄不实"}
    received = anybody.follow(anybody.post("/public/objection", fields | {"agreed": "yes"}))

    with reading() as session:
        [kept] = open_objections(session, world.season_id)
    assert kept.receipt in text_of(received)
    assert "工龄不实" not in received.text
    assert "工龄不实" in text_of(office.get("/objections"))
    assert unit.get("/objections").status_code == 404


def test_releaser_sees_every_field_and_releases_what_he_saw(releaser: Visitor, world: World) -> None:
    chosen(world, "丁样例", post="班组长", occupation="电焊工")
    [task] = world.assignments("release")
    page = releaser.get(f"/tasks/{task.id}")
    seen = str(soup(page).select_one("input[name=public]")["value"])  # type: ignore[index]

    assert "班组长／电焊工" in text_of(page)
    stale = releaser.post(f"/tasks/{task.id}", {"answer": "release", "public": "0" * 64})
    assert list(errors_of(stale)) == ["#public"]
    releaser.follow(releaser.post(f"/tasks/{task.id}", {"answer": "release", "public": seen}))
    assert world.gate("release").outcome == "release"


def test_release_is_greyed_while_a_number_stands_in_the_list(releaser: Visitor, world: World) -> None:
    chosen(world, "丁样例", post="班组长13800000000")
    [task] = world.assignments("release")

    page = releaser.get(f"/tasks/{task.id}")
    assert soup(page).select_one("#answer-release[disabled]")
    assert "含有手机号码" in text_of(page, "#why-release")


def test_office_asks_and_releaser_releases_a_correction(
    office: Visitor, releaser: Visitor, anybody: Visitor, case: Case
) -> None:
    page = office.get("/publication")
    assert "丁样例" in text_of(page)
    fields = {"window": "public_notice", "case": str(case.id), "column": "employer", "text": "样例新单位"}
    refused = office.post("/publication/corrections", fields)
    assert list(errors_of(refused)) == ["#reason"]
    assert value_of(refused, "new-text") == "样例新单位"
    waiting = office.follow(office.post("/publication/corrections", fields | {"reason": "单位更名"}))
    assert "等待审核" in text_of(waiting)

    action = str(soup(releaser.get("/publication")).select_one('form[action*="/corrections/"]')["action"])  # type: ignore[index]
    releaser.follow(releaser.post(action, {"released": "yes"}))

    assert "样例新单位（更正）" in re.sub(r"\s", "", text_of(anybody.get("/public")))


def test_files_for_the_website_are_the_offices_and_the_releasers(
    office: Visitor, unit: Visitor, case: Case
) -> None:
    made = office.get("/publication/notice.zip")

    assert "index.html" in ZipFile(BytesIO(made.content)).namelist()
    assert office.get("/publication/result.docx").status_code == 409
    assert office.get("/publication/notice.exe").status_code == 404
    assert unit.get("/publication/notice.zip").status_code == 404


def test_pages_are_there_before_anything_is_released(office: Visitor, world: World) -> None:
    world.enter()

    assert "还没有准予公示的名单" in text_of(office.get("/publication"))
    assert "还没有异议" in text_of(office.get("/objections"))


def test_late_objection_is_let_in_on_the_page(office: Visitor, world: World, case: Case) -> None:
    world.move_to(world.notice.due("notice_closes"))
    world.pass_step("public_notice")
    office.get(f"/cases/{case.id}")
    said = {"objector": "样例群众", "contact": "0772-0000000", "text": "工龄不实", "source": "visit"}
    listed = office.follow(office.post(f"/cases/{case.id}/objections", said))
    assert "逾期提出" in text_of(listed)
    action = str(soup(listed).select_one('form[action$="/admit"]')["action"])  # type: ignore[index]

    assert list(errors_of(office.post(action, {"admission": "样例"}))) == ["#heard"]
    declined = office.follow(office.post(action, {"heard": "no", "admission": "与认定无关"}))
    assert "不予受理" in text_of(declined)


def test_leading_group_reads_what_happened_and_who_is_next(address: str, world: World) -> None:
    first, _, spare = published(world, "丁样例", "韦样例", "覃样例", reserve=1)
    object_to(world, first)
    world.move_to(world.notice.due("notice_closes"))
    world.pass_step("public_notice")
    [task] = world.assignments("vacancy")

    page = text_of(Visitor(address, world).log_in(world.person("leading_group")).get(f"/tasks/{task.id}"))
    assert f"{first.number} 丁样例" in page
    assert "取消参评资格" in page
    assert f"后备第一名：{spare.number} 覃样例" in page
    assert "样例简要事迹" in page
