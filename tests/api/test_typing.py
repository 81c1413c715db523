"""Is what someone types kept until it is saved, for them alone, and never as it could be read on the disk?"""

import pytest
from sqlmodel import select

from models.case import Case
from models.database import reading
from models.submission import Typed
from tests.api.conftest import Visitor, sent_by, soup, text_of, value_of
from tests.api.test_links import path_of
from tests.world import World


@pytest.fixture
def case(world: World) -> Case:
    return world.enter(name="覃立恒", summary="保存过的事迹")


def type_into(visitor: Visitor, case: Case, **changes: str) -> int:
    page = visitor.get(f"/cases/{case.id}/edit")
    return visitor.post(f"/cases/{case.id}/typed", sent_by(page) | changes).status_code


def kept(case: Case) -> list[Typed]:
    with reading() as session:
        return list(session.exec(select(Typed).where(Typed.about == f"case:{case.id}")))


def test_what_was_typed_is_there_again_and_says_so(unit: Visitor, world: World, case: Case) -> None:
    page = unit.get(f"/cases/{case.id}/edit")
    fields = sent_by(page) | {"summary": "正在写的事迹", "history-2-where": "样例二厂"}
    answer = unit.post(f"/cases/{case.id}/typed", fields)
    assert answer.status_code == 200
    again = unit.get(f"/cases/{case.id}/edit")
    assert f"已恢复 {answer.json()['saved_at']} 自动保存的内容，尚未保存" in text_of(again, "#restored")
    assert value_of(again, "summary") == "正在写的事迹"
    assert value_of(again, "history-2-where") == "样例二厂"
    assert world.case(case).form["summary"] == "保存过的事迹"


def test_it_is_sealed(unit: Visitor, case: Case) -> None:
    type_into(unit, case, summary="正在写的事迹")
    [typed] = kept(case)
    assert "正在写的事迹".encode() not in typed.content
    assert b"summary" not in typed.content


def test_saving_or_giving_up_drops_it(unit: Visitor, case: Case) -> None:
    type_into(unit, case, summary="正在写的事迹")
    page = unit.get(f"/cases/{case.id}/edit")
    assert unit.post(f"/cases/{case.id}/edit", sent_by(page) | {"action": "save"}).status_code == 303
    assert kept(case) == []
    type_into(unit, case, summary="不要的内容")
    dropped = unit.follow(unit.post(f"/cases/{case.id}/typed/drop"))
    assert kept(case) == []
    assert value_of(dropped, "summary") == "正在写的事迹"
    assert not soup(dropped).select("#restored")


def test_what_can_not_be_saved_stays_kept(unit: Visitor, case: Case) -> None:
    type_into(unit, case, summary="长" * 301)
    page = unit.get(f"/cases/{case.id}/edit")
    assert unit.post(f"/cases/{case.id}/edit", sent_by(page)).status_code == 422
    assert len(kept(case)) == 1


def test_a_page_older_than_what_was_saved_keeps_nothing(unit: Visitor, case: Case) -> None:
    page = unit.get(f"/cases/{case.id}/edit")
    old = sent_by(page) | {"summary": "旧页面上的内容"}
    unit.post(f"/cases/{case.id}/edit", sent_by(page) | {"summary": "新内容", "action": "save"})
    refused = unit.post(f"/cases/{case.id}/typed", old)
    assert refused.status_code == 409
    assert "已在别处保存过" in refused.text
    assert kept(case) == []


def test_nobody_else_keeps_or_sees_it(unit: Visitor, office: Visitor, world: World, case: Case) -> None:
    type_into(unit, case, summary="正在写的事迹")
    office.get(f"/cases/{case.id}")
    assert office.post(f"/cases/{case.id}/typed", {"summary": "x"}).status_code == 403
    assert "正在写的事迹" not in office.get(f"/cases/{case.id}").text
    assert world.case(case).form["summary"] == "保存过的事迹"


def test_a_new_candidate_is_kept_too(unit: Visitor, office: Visitor, world: World) -> None:
    page = unit.get("/cases/new")
    answer = unit.post("/cases/new/typed", sent_by(page) | {"name": "覃立恒（样例）", "route": "county"})
    assert answer.status_code == 200
    again = unit.get("/cases/new")
    assert value_of(again, "name") == "覃立恒（样例）"
    assert value_of(office.get("/cases/new"), "name") == ""
    unit.get("/cases/new")
    empty = unit.follow(unit.post("/cases/new/typed/drop"))
    assert value_of(empty, "name") == ""


def test_a_mailed_link_keeps_what_is_typed(anybody: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    world.answer("county_review", case, "return", reason="缺章", items=("补盖公章",))
    world.pump()
    [task] = world.assignments("application", case)
    where = path_of(task)
    anybody.get(where)
    page = anybody.follow(anybody.post(where))
    fields = sent_by(page) | {"summary": "用邮件链接改的事迹"}
    assert anybody.post(f"/cases/{case.id}/typed", fields).status_code == 200
    again = anybody.get(f"/tasks/{task.id}")
    assert value_of(again, "summary") == "用邮件链接改的事迹"
    dropped = anybody.follow(anybody.post(f"/cases/{case.id}/typed/drop"))
    assert value_of(dropped, "summary") != "用邮件链接改的事迹"
