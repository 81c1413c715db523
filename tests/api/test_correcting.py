"""How does the office correct, disqualify and withdraw on the pages, knowing beforehand what will happen?"""

import pytest

from models.case import Case
from models.words import Outcome
from tests.api.conftest import Visitor, errors_of, sent_by, soup, text_of, value_of
from tests.world import World


@pytest.fixture
def case(world: World) -> Case:
    return world.bring_to(world.enter(name="样例立恒", employer="样例一厂"), "office_review")


def test_fields_are_chosen_then_corrected_with_a_reason(office: Visitor, world: World, case: Case) -> None:
    path = f"/cases/{case.id}/correct"
    assert soup(office.get(path)).select_one("#field-employer")
    page = office.get(f"{path}?field=employer&field=phone")
    assert value_of(page, "employer") == "样例一厂"
    assert value_of(page, "phone") == ""
    assert [i["id"] for i in soup(page).select("[name=again]")] == [
        "again-unit_review",
        "again-department_opinions",
        "again-county_review",
    ]
    form = f'form[action="{path}"]'
    typed = sent_by(page, form) | {"employer": "样例二厂"}
    refused = office.post(path, typed)
    assert (refused.status_code, list(errors_of(refused))) == (422, ["#reason"])
    assert value_of(refused, "employer") == "样例二厂"

    done = office.follow(office.post(path, typed | {"reason": "与证书不符", "again": ["unit_review"]}))

    assert text_of(done, ".note.good") == f"{case.number}的材料已更正，1个环节重新征求意见。"
    assert text_of(done, "[aria-labelledby=corrected-title] tbody") == "工作单位 样例一厂 样例二厂"
    assert "与证书不符" in text_of(done, ".record")
    world.pump()
    assert world.open_steps(case) == ["unit_review", "office_review"]


def test_only_the_office_corrects(unit: Visitor, case: Case) -> None:
    unit.get("/")
    assert unit.get(f"/cases/{case.id}/correct").status_code == 404
    assert unit.post(f"/cases/{case.id}/correct", {"field": "employer"}).status_code == 404


def test_what_a_disqualification_does_is_said_before_it_is_done(
    office: Visitor, unit: Visitor, world: World, case: Case
) -> None:
    page = office.get(f"/cases/{case.id}")
    assert "正在办理的“办公室资格初审”取消" in text_of(page, "#disqualify")
    assert not soup(unit.get(f"/cases/{case.id}")).select_one("#disqualify")
    assert unit.post(f"/cases/{case.id}/disqualify", {"disqualify_reason": "不符"}).status_code == 403

    refused = office.post(f"/cases/{case.id}/disqualify", {"disqualify_reason": ""})
    done = office.follow(office.post(f"/cases/{case.id}/disqualify", {"disqualify_reason": "材料不实"}))

    assert list(errors_of(refused)) == ["#disqualify_reason"]
    assert f"已取消{case.number}的参评资格" in text_of(done, ".note.good")
    assert world.case(case).outcome == Outcome.DISQUALIFIED


def test_a_reviewer_reads_what_each_answer_will_do(office: Visitor, world: World, case: Case) -> None:
    [task] = world.assignments("office_review", case)
    said = [
        " ".join(p.get_text(" ").split()) for p in soup(office.get(f"/tasks/{task.id}")).select(".pick.boxed")
    ]
    assert "转入“专家评审”（指派3名评审专家）" in said[0]
    assert "转入“现场查验”（指派2名现场查验人员）" in said[1]
    assert "结果为“审核不通过”" in said[3]
