"""What does the office find in its review queue, and on the task page of one case?"""

from models.case import Case
from models.database import transaction
from models.season import Season
from tasks.attachments import remove_attachment
from tasks.originals import receive_paper
from tests.api.conftest import Statements, Visitor, soup, text_of
from tests.world import World


def at_office(world: World, **form: object) -> Case:
    """A candidate of the shortest way, waiting for the office."""
    case = world.enter(channel="self", route="city", person=world.person("office"), **form)
    return world.bring_to(case, "office_review")


def lines(visitor: Visitor, task_id: object) -> dict[str, tuple[str, str, str]]:
    """The review lines of a task page: label → tag, text, link."""
    page = visitor.get(f"/tasks/{task_id}")
    found = {}
    for li in soup(page).select(".look-list li"):
        link, tag, said = li.select_one("a"), li.select_one(".tag"), li.select_one(".said")
        assert link
        assert tag
        assert said
        found[link.get_text()] = (tag.get_text(), said.get_text(), str(link["href"]))
    return found


def test_the_queue_holds_who_waits_and_who_is_coming(office: Visitor, world: World) -> None:
    here, coming = at_office(world), world.enter(name="样例在途")
    page = office.get("/review")
    assert [a.get_text() for a in soup(page).select(".tabs a")] == ["待初审 1", "尚未到达 1"]
    assert here.number in text_of(page, ".review")
    [task] = world.assignments("office_review", here)
    assert soup(page).select_one(f'.review a.btn[href="/tasks/{task.id}"]')
    assert coming.number in text_of(office.get("/review?tab=coming"), ".sheet")
    assert "没有符合筛选条件的人选" in text_of(office.get("/review?q=查无此人"))
    assert "查找：查无此人" in text_of(office.get("/review"), ".narrowed")
    assert here.number in text_of(office.get("/review?clear=1"), ".review")


def test_the_queue_is_the_office_s_alone(unit: Visitor) -> None:
    unit.get("/")
    assert unit.get("/review").status_code == 404


def test_the_queue_takes_as_many_statements_for_three_as_for_one(office: Visitor, world: World) -> None:
    at_office(world)
    office.get("/review")
    with Statements() as one:
        office.get("/review")
    for _ in range(2):
        at_office(world)
    with Statements() as three:
        assert len(soup(office.get("/review")).select(".review tbody tr")) == 3
    assert (len(one.seen), len(three.seen)) == (26, 26)


def test_each_line_says_what_the_notice_asks_and_leads_to_it(office: Visitor, world: World) -> None:
    case = world.enter(public_power=True)
    world.bring_to(case, "department_opinions")
    world.answer("department_opinions", case, "object", body="police", reason="样例")
    world.pass_step("department_opinions", case)
    world.bring_to(case, "office_review")
    [task] = world.assignments("office_review", case)
    with transaction() as session:
        receive_paper(session, case.id, "id_copy", world.person("office"), "")
        season = session.get_one(Season, world.season_id)
        assert season

    found = lines(office, task.id)

    assert {label: tag for label, (tag, _, _) in found.items()} == {
        "必交材料": "相符",
        "纸质原件": "请看",
        "申请表填写": "相符",
        "四项指标": "相符",
        "推荐条件": "相符",
        "字数": "相符",
        "身份证号": "相符",
        "县（区）部门意见": "不符",
        "重复申报": "相符",
        "申报渠道": "相符",
    }
    assert found["县（区）部门意见"][1:] == ("6/6 已答复，公安部门不同意", "#gate-department_opinions")
    assert found["纸质原件"][1].startswith("已收 1/")
    page = office.get(f"/tasks/{task.id}")
    for _, _, href in found.values():
        assert not href.startswith("#") or soup(page).select_one(href), href


def test_a_missing_paper_is_named(office: Visitor, world: World) -> None:
    case = at_office(world)
    [task] = world.assignments("office_review", case)
    page = office.get(f"/tasks/{task.id}")
    [first, *_] = soup(page).select('#id_copy .files-of a[href$="/view"]')
    with transaction() as session:
        remove_attachment(session, str(first["href"]).split("/")[4], world.person("office"))  # type: ignore[arg-type]

    tag, text, href = lines(office, task.id)["必交材料"]

    assert (tag, href) == ("不符", "#id_copy")
    assert text.endswith("缺身份证复印件")
    assert "缺身份证复印件" in text_of(office.get("/review"), ".review")


def test_papers_stand_beside_the_fields_that_they_prove(office: Visitor, world: World) -> None:
    case = at_office(world)
    [task] = world.assignments("office_review", case)
    page = office.get(f"/tasks/{task.id}")
    beside = soup(page).select_one(".beside:has(#fact-id_number) .proof img")
    assert beside
    shown = office.get(str(beside["src"]))
    assert (shown.status_code, shown.headers["content-type"].split("/")[0]) == (200, "image")
