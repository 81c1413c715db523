"""Can a filled-in 附件1 be put in instead of typing it: read, checked beside its picture, and only then saved?"""

from typing import Any
from uuid import UUID

import httpx
import pytest
from bs4 import Tag
from sqlmodel import col, select

from api.security import task_cookie
from models.attachment import Attachment
from models.case import Case
from models.database import real_now, transaction
from models.personal import whole_form
from models.submission import Typed
from simulation.papers import docx, pdf
from tasks.accounts import open_login
from tasks.intake import form_task
from tasks.reading import KEPT_FOR, sweep_readings
from tests.api.conftest import Visitor, errors_of, soup, text_of, value_of
from tests.documents.test_read_expert_letter import FIRST, SECOND, TITLE, expert, letter
from tests.documents.word_files import HANDLER, HEAD, ID_NUMBER, document, form_rows, with_value
from tests.world import World

NAME = "样例甲-附件1-申请表.docx"
NEW = "/cases/new/read-form"
SELF = (*HEAD[:2], "推荐单位：专业人士推荐\t填表日期：2026年3月6日", HANDLER)


def upload(visitor: Visitor, path: str, *files: tuple[str, bytes]) -> httpx.Response:
    """Files sent from the page's own upload form."""
    sent = [("word", (name, content, "application/octet-stream")) for name, content in files]
    answer = visitor.client.post(
        path, data={"csrf": visitor.csrf}, files=sent, headers={"Sec-Fetch-Site": "same-origin"}
    )
    return visitor._seen(answer)


def fields_of(page: httpx.Response) -> dict[str, Any]:
    """Everything that the form on the page would send."""
    form = soup(page).select_one("#application")
    assert isinstance(form, Tag)
    sent: dict[str, Any] = {}
    for control in form.select("input, textarea, select"):
        name, kind = str(control.get("name", "")), control.get("type")
        if not name or (kind in ("checkbox", "radio") and not control.has_attr("checked")):
            continue
        if control.name == "select":
            chosen = control.select_one("option[selected]")
            value = str(chosen["value"]) if chosen else ""
        else:
            value = control.get_text() if control.name == "textarea" else str(control.get("value", ""))
        sent.setdefault(name, []).append(value)
    return sent


def cases_of(world: World) -> list[Case]:
    with transaction() as session:
        return list(session.exec(select(Case).where(Case.season_id == world.season_id)))


def files_of(case: Case) -> list[tuple[str, str]]:
    with transaction() as session:
        rows = session.exec(select(Attachment).where(Attachment.case_id == case.id))
        return sorted((f.document, f.filename) for f in rows)


def case_at(response: httpx.Response) -> Case:
    with transaction() as session:
        return session.get_one(Case, UUID(response.headers["location"].split("/")[2]))


# --- a new candidate ---------------------------------------------------------------------------------------------


def test_form_is_read_checked_and_saved_as_a_draft(unit: Visitor, world: World) -> None:
    unit.get("/cases/new")

    page = unit.follow(upload(unit, NEW, (NAME, document(form_rows()))))

    assert value_of(page, "name") == "样例甲"
    assert value_of(page, "id_number") == ID_NUMBER
    assert value_of(page, "history-2-where") == "样例精工有限公司"
    assert "未对应的内容" in text_of(page, ".reading")
    assert cases_of(world) == []

    answer = unit.post("/cases/new", fields_of(page))

    case = case_at(answer)
    form = whole_form(case)
    assert (case.name, form["birth_date"], form["skill_level"]) == ("样例甲", "1984-06-17", "国内领先")
    assert form["craft"] == {"一技之长": "薄壁件精密车削"}
    assert files_of(case) == [("application_form", NAME), ("photo", "照片.jpg")]
    assert unit.get(NEW).status_code == 404


def test_pages_are_shown_to_who_uploaded_them_alone(unit: Visitor, office: Visitor) -> None:
    unit.get("/cases/new")
    page = unit.follow(upload(unit, NEW, (NAME, document(form_rows()))))

    pictures = [str(img["src"]) for img in soup(page).select(".reading img")]
    first = unit.get(pictures[0])

    assert (first.status_code, first.headers["content-type"]) == (200, "image/png")
    assert first.content.startswith(b"\x89PNG")
    assert "no-store" in first.headers["cache-control"]
    assert unit.get(f"{NEW}/99.png").status_code == 404
    assert office.get(pictures[0]).status_code == 404


def test_doubtful_fields_are_listed_and_left_empty(unit: Visitor) -> None:
    unit.get("/cases/new")
    spoilt = document(with_value("技能等级", "☑高级技师  ☑技师"))

    page = unit.follow(upload(unit, NEW, (NAME, spoilt)))

    assert errors_of(page) == {
        "#skill_grade": "“技能等级”同时勾选了“高级技师”“技师”，只能选一项，没有读入，请核对后选择。"
    }
    assert fields_of(page)["skill_grade"] == [""]
    assert "读入的内容有1处请核对，尚未保存" in text_of(page, "#errors")


def test_each_value_says_where_it_comes_from(unit: Visitor) -> None:
    unit.get("/cases/new")
    page = unit.follow(upload(unit, NEW, (NAME, document(form_rows()))))

    def source(key: str) -> str:
        tag = soup(page).select_one(f'label[for="{key}"] .tag')
        return tag.get_text() if tag else ""

    assert [source(k) for k in ("name", "birth_date", "category", "summary")] == [
        "附件1",
        "由身份证号推算",
        "按“所属行业”填入",
        "附件1没有此栏",
    ]


def test_what_is_refused_comes_back_beside_the_picture(unit: Visitor, world: World) -> None:
    unit.get("/cases/new")
    page = unit.follow(upload(unit, NEW, (NAME, document(form_rows()))))

    answer = unit.post("/cases/new", {**fields_of(page), "spirit": "字" * 101})

    assert answer.status_code == 422
    assert "#spirit" in errors_of(answer)
    assert value_of(answer, "employer") == "样例精工有限公司"
    assert soup(answer).select_one(".reading img") is not None
    assert cases_of(world) == []


def test_reading_can_be_given_up(unit: Visitor) -> None:
    unit.get("/cases/new")
    unit.follow(upload(unit, NEW, (NAME, document(form_rows()))))

    page = unit.follow(unit.post(f"{NEW}/drop"))

    assert value_of(page, "name") == ""
    assert unit.get(NEW).status_code == 404


def test_professional_recommendation_with_two_letters(office: Visitor) -> None:
    office.get("/cases/new")
    letters = [
        ("附件4-一.docx", document(letter(expert("推荐专家一", FIRST)), TITLE)),
        ("附件4-二.docx", document(letter(expert("推荐专家一", SECOND)), TITLE)),
    ]

    page = office.follow(upload(office, NEW, (NAME, document(form_rows(), SELF)), *letters))

    assert fields_of(page)["channel"] == ["professional"]
    assert [value_of(page, f"recommenders-{n}-name") for n in (1, 2)] == ["样例乙", "样例丙"]
    assert fields_of(page)["route"] == ["city"]
    assert list(errors_of(page)) == ["#recommenders"]
    assert "身份证号与申请表的不同" in errors_of(page)["#recommenders"]

    case = case_at(office.post("/cases/new", fields_of(page)))
    assert [row["phone"] for row in whole_form(case)["recommenders"]] == ["19900000061", "19900000062"]
    assert [document for document, _ in files_of(case)] == [
        "application_form",
        "expert_letters",
        "expert_letters",
        "photo",
    ]


def test_letters_alone_choose_the_channel(office: Visitor) -> None:
    office.get("/cases/new")

    page = office.follow(
        upload(office, NEW, ("附件4.docx", document(letter(expert("推荐专家一", FIRST)), TITLE)))
    )

    assert fields_of(page)["channel"] == ["professional"]
    assert value_of(page, "recommenders-1-phone") == "19900000061"


def test_letter_for_a_channel_without_one_is_told_and_not_kept(unit: Visitor, world: World) -> None:
    case = world.enter(name="样例甲")
    unit.get(f"/cases/{case.id}/edit")
    sent = ("附件4.docx", document(letter(expert("推荐专家一", FIRST)), TITLE))

    page = unit.follow(upload(unit, f"/cases/{case.id}/read-form", sent))
    assert "不需要附件4" in text_of(page, "#errors")

    after = unit.follow(unit.post(f"/cases/{case.id}/edit", fields_of(page)))
    assert "“附件4.docx”不是这个渠道要交的材料，没有存入。" in text_of(after, "body")
    assert files_of(case) == []


# --- a candidate who is entered ----------------------------------------------------------------------------------


def test_reading_for_a_saved_draft_shows_what_differs(unit: Visitor, world: World) -> None:
    case = world.enter(
        name="样例甲", employer="旧样例厂", summary="已保存的简要事迹", home_address="柳州市旧路9号"
    )
    path = f"/cases/{case.id}/read-form"
    unit.get(f"/cases/{case.id}/edit")

    page = unit.follow(upload(unit, path, (NAME, document(form_rows()))))

    changes = text_of(page, ".reading .changes")
    assert "旧样例厂 样例精工有限公司" in changes
    assert "旧路9号" not in changes
    assert value_of(page, "summary") == "已保存的简要事迹"
    assert whole_form(world.case(case))["employer"] == "旧样例厂"

    unit.post(f"/cases/{case.id}/edit", fields_of(page))

    assert whole_form(world.case(case))["employer"] == "样例精工有限公司"
    assert ("application_form", NAME) in files_of(case)


def test_the_same_file_again_is_no_trouble(unit: Visitor, world: World) -> None:
    case, content = world.enter(name="样例甲"), document(form_rows())
    for _ in range(2):
        unit.get(f"/cases/{case.id}/edit")
        page = unit.follow(upload(unit, f"/cases/{case.id}/read-form", (NAME, content)))
        assert unit.post(f"/cases/{case.id}/edit", fields_of(page)).status_code == 303

    assert [d for d, _ in files_of(case)].count("application_form") == 1


def test_only_who_fills_in_may_read_in(office: Visitor, unit: Visitor, world: World) -> None:
    case = world.enter()
    office.get("/cases/new")

    assert upload(office, f"/cases/{case.id}/read-form", (NAME, document(form_rows()))).status_code == 403
    assert office.get(f"/cases/{case.id}/read-form").status_code == 403


def test_submitted_case_takes_nothing_in(unit: Visitor, world: World) -> None:
    case = world.enter()
    world.submit(case)
    unit.get("/cases/new")

    assert upload(unit, f"/cases/{case.id}/read-form", (NAME, document(form_rows()))).status_code == 409


def test_mailed_link_may_read_in(anybody: Visitor, world: World) -> None:
    person = world.applicant()
    case = world.enter(channel="self", route="city", person=person)
    world.pump()
    with transaction() as session:
        task = form_task(session, world.notice, session.get_one(Case, case.id))
        assert task is not None
        token = open_login(session, person, assignment_id=task.id)
    anybody.client.cookies.set(task_cookie(task.id), token)
    anybody.get(f"/tasks/{task.id}")

    page = anybody.follow(upload(anybody, f"/cases/{case.id}/read-form", (NAME, document(form_rows()))))

    assert value_of(page, "occupation") == "数控车工"
    answer = anybody.post(f"/tasks/{task.id}", fields_of(page))
    assert answer.status_code == 303
    assert whole_form(world.case(case))["occupation"] == "数控车工"


# --- what can't be read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("旧表.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为.docx"),
        ("扫描.docx", pdf(), "不是Word文档"),
        ("事迹.docx", docx(), "不是附件1"),
        ("坏.docx", document(form_rows())[:900], "已损坏"),
        (
            "附件3.docx",
            document([["纪检监察部门意见", ""]], ("2025年度“柳州工匠”推荐部门意见表",)),
            "不是附件1",
        ),
    ],
)
def test_other_files_are_refused_with_a_reason(
    unit: Visitor, world: World, name: str, content: bytes, part: str
) -> None:
    unit.get("/cases/new")

    answer = upload(unit, NEW, (name, content))

    assert answer.status_code == 422
    assert name in errors_of(answer)["#word"]
    assert part in errors_of(answer)["#word"]
    assert unit.get(NEW).status_code == 404


def test_no_file_and_two_forms(unit: Visitor) -> None:
    unit.get("/cases/new")
    form = document(form_rows())

    assert "请选择" in errors_of(upload(unit, NEW, ("", b"")))["#word"]
    assert "只选这名人选" in errors_of(upload(unit, NEW, ("甲.docx", form), ("乙.docx", form)))["#word"]


def test_markup_in_the_file_stays_text(unit: Visitor) -> None:
    unit.get("/cases/new")
    nasty = '<script>alert(1)</script>{{7*7}}#eval("1")'

    page = unit.follow(upload(unit, NEW, (NAME, document([*with_value("家庭住址", nasty), [nasty]]))))

    assert value_of(page, "home_address") == nasty
    assert "<script>alert" not in page.text


def test_numbers_are_nowhere_in_the_clear(unit: Visitor, world: World) -> None:
    unit.get("/cases/new")
    unit.follow(upload(unit, NEW, (NAME, document(form_rows()))))

    with transaction() as session:
        kept = session.exec(select(Typed).where(Typed.person_id == world.filler().id)).all()

    assert kept
    assert all(ID_NUMBER.encode() not in row.content for row in kept)


def test_what_is_never_saved_goes_after_a_day(unit: Visitor, world: World) -> None:
    unit.get("/cases/new")
    unit.follow(upload(unit, NEW, (NAME, document(form_rows()))))

    with transaction() as session:
        sweep_readings(session)
        rows = select(Typed).where(
            Typed.person_id == world.filler().id,
            col(Typed.about).startswith("word:new:" + str(world.season_id)),
        )
        [kept] = session.exec(rows).all()
        kept.saved_at = real_now() - KEPT_FOR * 2
        session.add(kept)
    with transaction() as session:
        sweep_readings(session)

    assert unit.get(NEW).status_code == 404
