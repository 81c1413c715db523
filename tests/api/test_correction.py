"""Does everyone see exactly what was asked for when a case is sent back, and what was done about it?"""

from datetime import timedelta
from typing import Any

import pytest

from models.case import Case
from models.notice import day_of
from models.personal import whole_form
from tests.api.conftest import Visitor, errors_of, sent_by, soup, text_of, value_of
from tests.world import World

ASKED = {
    "answer": "return",
    "reason": "学历与证书不符",
    "items": "补交毕业证",
    "fields": ["education", "phone"],
}


@pytest.fixture
def case(office: Visitor, world: World) -> Case:
    """A case that the office has sent back, two fields of the form having been ticked."""
    form: dict[str, Any] = {"education": "高中", "phone": "19900000001", "post": "班组长"}
    words = "从事焊接工作十五年，主持完成技术攻关三项，带出徒弟八名，获得同行认可。"
    case = world.bring_to(world.enter(name="覃立恒", summary=words, **form), "office_review")
    [task] = world.assignments("office_review", case)
    office.get(f"/tasks/{task.id}")
    office.post(f"/tasks/{task.id}", ASKED)
    world.pump()
    return case


def mend(unit: Visitor, world: World, case: Case, **changes: str) -> None:
    page = unit.get(f"/cases/{case.id}/edit")
    unit.post(f"/cases/{case.id}/edit", sent_by(page) | changes | {"action": "submit"})
    world.pump()


def test_the_form_says_what_was_asked_and_marks_the_fields(unit: Visitor, case: Case) -> None:
    page = unit.get(f"/cases/{case.id}/edit")
    asked = soup(page).select(".asked li")
    assert [li.get_text() for li in asked] == [
        "补交毕业证",
        "请核对并修改“学历”。",
        "请核对并修改“手机号码”。",
    ]
    assert [a["href"] for a in soup(page).select(".asked li a")] == ["#education", "#phone"]
    assert "学历与证书不符" in text_of(page, ".asked")
    assert "退回以后还没有修改过任何栏目" in text_of(page, ".asked")
    labels = [label.get_text(" ", strip=True) for label in soup(page).select("label:has(.tag)")]
    assert labels == ["学历 （必填） 须修改", "手机号码 （必填） 须修改"]


def test_what_has_changed_is_shown_old_and_new(unit: Visitor, case: Case) -> None:
    page = unit.get(f"/cases/{case.id}/edit")
    longer = whole_form(case)["summary"].replace("三项", "五项")
    changes = {"education": "大专", "phone": "199 0000 0002", "summary": longer}
    unit.post(f"/cases/{case.id}/edit", sent_by(page) | changes | {"action": "save"})
    page = unit.get(f"/cases/{case.id}/edit")
    rows = [
        [td.get_text(" ", strip=True) for td in tr.select("td")]
        for tr in soup(page).select(".changes tbody tr")
    ]
    assert rows[:2] == [["学历", "高中", "大专"], ["手机号码 已修改", "199****0001", "199****0002"]]
    assert [t.get_text() for t in soup(page).select(".changes del, .changes ins")] == ["三", "五"]
    assert "19900000001" not in page.text


def test_a_change_taken_back_is_no_change(unit: Visitor, world: World, case: Case) -> None:
    for education in ("大专", "高中"):
        page = unit.get(f"/cases/{case.id}/edit")
        unit.post(f"/cases/{case.id}/edit", sent_by(page) | {"education": education, "action": "save"})
    assert not soup(unit.get(f"/cases/{case.id}/edit")).select(".changes tbody tr")


def test_who_gets_the_case_again_sees_the_changes(
    unit: Visitor, office: Visitor, world: World, case: Case
) -> None:
    mend(unit, world, case, education="大专", post="车间主任", phone="19900000002")
    while world.open_steps(case) != ["office_review"]:
        for step in world.open_steps(case):
            world.pass_step(step, case)
    [task] = world.assignments("office_review", case)
    page = office.get(f"/tasks/{task.id}")
    assert "学历与证书不符" in text_of(page, ".asked")
    rows = [
        [td.get_text(" ", strip=True) for td in tr.select("td")]
        for tr in soup(page).select(".changes tbody tr")
    ]
    assert rows == [
        ["学历", "高中", "大专"],
        ["手机号码 已修改", "199****0001", "199****0002"],
        ["职务", "班组长", "车间主任"],
    ]
    assert [dt.get_text(" ", strip=True) for dt in soup(page).select("dt:has(.tag)")] == [
        "学历 已修改",
        "手机号码 已修改",
        "职务 已修改",
    ]


def test_a_department_sees_only_what_it_watches(
    address: str, unit: Visitor, world: World, case: Case
) -> None:
    mend(unit, world, case, education="大专", summary="改过的事迹")
    watches = world.notice.step("department_opinions").watches
    shown = {key for g in world.notice.groups if g.key in watches for key in g.fields}
    assert "education" in shown
    assert "summary" not in shown
    world.bring_to(case, "department_opinions")
    task = world.assignments("department_opinions", case)[0]
    visitor = Visitor(address, world).log_in(world.person(task.body))
    page = visitor.get(f"/tasks/{task.id}")
    assert [td.get_text(strip=True) for td in soup(page).select(".changes td:first-child")] == ["学历"]


def test_documents_and_the_day_are_asked_for_and_told(
    unit: Visitor, office: Visitor, world: World, case: Case
) -> None:
    mend(unit, world, case)
    [task] = world.assignments("office_review", case)
    page = office.get(f"/tasks/{task.id}")
    assert "仍然有效：推荐单位审查、县（区）部门意见、县（区）总工会审核" in text_of(page)
    day = day_of(world.now()) + timedelta(days=3)
    asked = ASKED | {"items": "", "fields": [], "documents": ["id_copy"], "due": str(day)}
    office.post(f"/tasks/{task.id}", asked)
    world.pump()

    page = unit.get(f"/cases/{case.id}/edit")

    [item] = soup(page).select(".asked li a")
    assert (item.get_text(), item["href"]) == ("请补交或更换“身份证复印件”。", "#id_copy")
    assert f"{day.year}年{day.month}月{day.day}日" in text_of(page, ".asked")


def test_a_day_that_is_over_keeps_what_was_typed(office: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    [task] = world.assignments("office_review", case)
    office.get(f"/tasks/{task.id}")
    refused = office.post(f"/tasks/{task.id}", ASKED | {"due": "2020-01-01"})
    assert (refused.status_code, list(errors_of(refused))) == (422, ["#due"])
    assert value_of(refused, "due") == "2020-01-01"


def test_fields_are_only_asked_for_with_a_return(office: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    [task] = world.assignments("office_review", case)
    office.get(f"/tasks/{task.id}")
    office.post(f"/tasks/{task.id}", ASKED | {"answer": "pass", "reason": ""})
    world.pump()
    page = office.get(f"/cases/{case.id}")
    assert "请核对并修改" not in page.text
