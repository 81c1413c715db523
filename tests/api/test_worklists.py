"""Does a clerk find his work: narrowed, as he left it, answered for many, one after the other, and what is to read?"""

from datetime import timedelta

import pytest
from httpx import Response
from sqlmodel import select

from models.actions import Given
from models.case import Case
from models.database import reading, transaction
from models.gates import Decision
from models.words import Outcome
from models.workdays import workdays_left
from tasks.decide import decide
from tests.api.conftest import Statements, Visitor, errors_of, sent_by, soup, text_of
from tests.api.test_review import at_office
from tests.api.test_review_many import rows
from tests.world import World


@pytest.fixture
def county(address: str, world: World) -> Visitor:
    return Visitor(address, world).log_in(world.person("county_union"))


def numbers(page: Response) -> list[str]:
    """The numbers of the list, in its order."""
    return [td.get_text(strip=True) for td in soup(page).select("table.worklist td.number:not(.soft)")]


def tabs(page: Response) -> list[str]:
    return [a.get_text() for a in soup(page).select(".tabs a")]


# --- narrowing ---------------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_and_found_again_as_it_was_left(
    county: Visitor, unit: Visitor, world: World
) -> None:
    first = world.bring_to(world.enter(name="覃立恒（样例）", category="manufacturing"), "county_review")
    again = world.bring_to(world.enter(name="韦秀兰（样例）"), "county_review")
    world.answer("county_review", again, "return", reason="缺章", items=("补盖公章",))
    world.pump()
    world.submit(again, world.filler())
    world.bring_to(again, "county_review")

    def found(narrowing: str) -> list[str]:
        return numbers(county.get(f"/?{narrowing}"))

    both = [first.number, again.number]
    assert found("clear=1") == both
    assert found("q=qlh") == [first.number]
    assert found("q=韦秀兰") == [again.number]
    assert found("unit=样例机械&county=yufeng&channel=unit") == both
    assert found("county=city") == []
    assert found("step=office_review") == []
    assert found("stage=screening&late=late") == []
    assert found("returned=once") == [again.number]
    left = county.get("/")
    assert (numbers(left), text_of(left, ".narrowed .tag")) == ([again.number], "退回：曾退回补正")
    assert numbers(unit.get("/?tab=entered")) == [again.number, first.number]
    assert numbers(county.get("/cases")) == both
    assert numbers(county.get("/?clear=1")) == both
    assert numbers(county.get("/")) == both


def test_another_person_in_the_same_browser_starts_afresh(county: Visitor, world: World) -> None:
    world.bring_to(world.enter(), "county_review")
    county.get("/cases?q=没有这个人")
    assert numbers(county.get("/cases")) == []
    county.log_in(world.filler())
    assert len(numbers(county.get("/cases"))) == 1


def test_late_near_and_free_days_are_told_in_words(office: Visitor, world: World) -> None:
    at_office(world)
    due = world.gate("office_review", world.case(at_office(world))).due_at
    world.move_to(due - timedelta(minutes=1))
    assert text_of(office.get("/?late=today"), "td .soon") == "今日到期"
    world.move_to(due + timedelta(days=2))
    page = office.get("/?late=late")
    with reading() as session:
        left = workdays_left(session, due, world.now())
    assert (len(numbers(page)), text_of(page, "td .late")) == (2, f"已超期 {-left} 个工作日")
    assert numbers(office.get("/?late=soon")) == []


def test_bad_filters_narrow_to_nothing_and_break_nothing(office: Visitor, world: World) -> None:
    at_office(world)
    for path in ("/?step=nonsense&p=x", "/?late=nonsense", "/cases?county=%00&q=%25_", "/?tab=nonsense"):
        assert office.get(path).status_code == 200, path
        assert office.get(path.split("?")[0]).status_code == 200


def test_the_queue_is_narrowed_by_what_is_wrong(office: Visitor, world: World) -> None:
    right, doubted = at_office(world), at_office(world)
    with transaction() as session:
        session.get_one(Case, doubted.id).channel_doubted = True
    shown = office.get("/review?problem=channel")
    assert [n.get_text() for n in soup(shown).select(".review td > .number")] == [doubted.number]
    assert len(soup(office.get("/review?problem=originals")).select(".review tbody tr")) == 2
    assert right.number not in text_of(office.get("/review?problem=identity"), ".card")


def test_each_list_takes_as_many_statements_for_many_as_for_one(county: Visitor, world: World) -> None:
    world.bring_to(world.enter(), "county_review")
    paths = ("/", "/?tab=done", "/?tab=read", "/?q=样例&late=soon&returned=once", "/cases?late=late")
    for path in paths:
        county.get(path)

    def asked() -> list[int]:
        found = []
        for path in paths:
            with Statements() as seen:
                assert county.get(path).status_code == 200
            found.append(len(seen.seen))
        return found

    one = asked()
    for _ in range(2):
        world.bring_to(world.enter(), "county_review")
    assert asked() == one
    assert max(one) <= 24


# --- many at once ------------------------------------------------------------------------------------------------


def test_many_are_returned_and_each_is_asked_for_what_its_own_form_holds(
    office: Visitor, world: World
) -> None:
    first = at_office(world)
    other = world.enter(channel="professional", route="city", person=world.person("office"))
    cases = [first, world.bring_to(other, "office_review")]
    ticked = [str(world.assignments("office_review", c)[0].id) for c in cases]
    assert [str(i["value"]) for i in soup(office.get("/")).select("input[name=task]")] == ticked
    fields = {"task": ticked, "answer": "return", "reason": "缺件", "items": "核对单位名称"}
    asked = {"fields": ["employer", "recommenders"], "documents": ["id_copy"]}

    shown = office.post("/many/preview", {**fields, **asked})

    said = [row[3] for row in rows(shown, "going-title")]
    assert ["推荐专家" in text for text in said] == [False, True]
    assert all("请补交或更换“身份证复印件”。" in text and "工作单位" in text for text in said)
    assert "每一名都需补正：核对单位名称" in text_of(shown)
    done = office.follow(office.post("/many/decide", sent_by(shown, 'form[action="/many/decide"]')))
    assert text_of(done, ".note.good") == "已对2名人选作出答复“退回补正”。"
    with reading() as session:
        gates = [world.gate("office_review", c).id for c in cases]
        kept = [session.exec(select(Decision).where(Decision.gate_id == g)).one() for g in gates]
    assert [d.facts["fields"] for d in kept] == [["employer"], ["employer", "recommenders"]]
    assert [len(d.items) for d in kept] == [3, 4]


def test_a_department_agrees_for_many_and_reads_what_follows(address: str, world: World) -> None:
    cases = [world.bring_to(world.enter(public_power=True), "department_opinions") for _ in range(2)]
    police = Visitor(address, world).log_in(world.person("police"))
    ticked = [i["value"] for i in soup(police.get("/")).select("input[name=task]")]
    shown = police.post("/many/preview", {"task": ticked, "answer": "agree", "opinion": "无意见"})
    said = "意见记入“县（区）部门意见”；还有5个机构没有答复，各机构都答复后继续。"
    assert [row[3] for row in rows(shown, "going-title")] == [said, said]
    police.follow(police.post("/many/decide", sent_by(shown, 'form[action="/many/decide"]')))
    assert tabs(police.get("/")) == ["待办 0", "已办 2", "我发起的 0", "待阅 0"]
    assert [world.open_steps(c) for c in cases] == [["department_opinions"]] * 2


def test_what_is_lacking_is_said_on_the_list_as_it_was_left(county: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(name="覃立恒（样例）"), "county_review")
    world.bring_to(world.enter(), "county_review")
    county.get("/?q=qlh")
    task = str(world.assignments("county_review", case)[0].id)
    refused = county.post("/many/preview", {"task": task, "answer": "return", "opinion": "留着的意见"})
    assert (refused.status_code, list(errors_of(refused))) == (422, ["#reason"])
    assert numbers(refused) == [case.number]
    assert "留着的意见" in text_of(refused, "#opinion")
    assert soup(refused).select_one(f'input[value="{task}"][checked]')


def test_score_sheets_are_not_given_alike(address: str, world: World) -> None:
    case = world.bring_to(world.enter(), "expert_review")
    task = world.assignments("expert_review", case)[0]
    expert = next(p for p in world.people("expert") if p.id == task.person_id)
    visitor = Visitor(address, world).log_in(expert)
    assert not soup(visitor.get("/?step=expert_review")).select("input[name=task]")
    assert visitor.post("/many/preview", {"task": str(task.id), "answer": "score"}).status_code == 404


# --- one after the other -----------------------------------------------------------------------------------------


def test_one_press_decides_and_opens_the_next_of_the_list(county: Visitor, world: World) -> None:
    cases = [world.bring_to(world.enter(), "county_review") for _ in range(3)]
    tasks = [world.assignments("county_review", c)[0].id for c in cases]
    page = county.get(f"/tasks/{tasks[1]}")
    assert "办理并打开下一件" in text_of(page, "#decide")
    for at, to in ((1, 2), (2, 0)):
        response = county.post(f"/tasks/{tasks[at]}", {"answer": "endorse", "then": "next"})
        assert response.headers["location"] == f"/tasks/{tasks[to]}"
        assert "这是下一件" in text_of(county.follow(response), ".note.good")
    assert "办理并打开下一件" not in county.get(f"/tasks/{tasks[0]}").text
    last = county.post(f"/tasks/{tasks[0]}", {"answer": "endorse", "then": "next"})
    assert last.headers["location"] == "/"
    assert "没有下一件了" in text_of(county.follow(last), ".note.good")


# --- what is to be read ------------------------------------------------------------------------------------------


def test_outcomes_are_read_by_whom_they_concern_and_marked_by_opening(
    unit: Visitor, county: Visitor, office: Visitor, world: World
) -> None:
    ended, other = at_office(world), world.bring_to(world.enter(), "county_review")
    mine = world.bring_to(world.enter(), "office_review")
    for case in (ended, mine):
        world.answer("office_review", case, "reject", reason="不符合条件")
    assert world.case(mine).outcome == Outcome.REJECTED

    page = unit.get("/?tab=read")

    assert numbers(page) == [mine.number]
    assert "结果：审核不通过" in text_of(page, ".worklist")
    assert soup(page).select_one('.menu a[href="/?tab=read"][aria-current] .count')
    assert tabs(office.get("/"))[3] == "待阅 0"
    [link] = soup(page).select("a[data-open]")
    assert unit.head(str(link["href"])).status_code == 303
    assert "待阅 1" in tabs(unit.get("/"))
    opened = unit.get(str(link["href"]))
    assert opened.headers["location"] == f"/cases/{mine.id}"
    read = unit.get("/?tab=read")
    assert (tabs(read)[3], text_of(read, ".worklist .tag")) == ("待阅 0", "已读")
    strange = office.get(str(link["href"]))
    assert strange.status_code == 404
    county.get("/?tab=read")
    marked = county.follow(county.post("/circulated/read", {"which": "all"}))
    assert "已将1项标为已读" in text_of(marked, ".note.good")
    assert other.number not in numbers(marked)
    assert county.post("/circulated/read", {"event": "nonsense"}).status_code == 404
    nothing = county.follow(county.post("/circulated/read"))
    assert "没有标记" in text_of(nothing, ".note.good")


def test_an_answer_entered_in_somebody_s_name_is_told_him(address: str, world: World) -> None:
    case = world.bring_to(world.enter(), "department_opinions")
    task = next(a for a in world.assignments("department_opinions", case) if a.body == "police")
    named = world.person("police")
    with transaction() as session:
        decide(session, task.id, named, Given("agree"), recorded_by=world.person("county_union"))
    page = Visitor(address, world).log_in(named).get("/?tab=read")
    assert "以您的名义登记了“县（区）部门意见”的答复：同意" in text_of(page, ".worklist")


def test_confirmed_lists_and_public_notices_are_told_to_those_who_meet(address: str, world: World) -> None:
    case = world.bring_to(
        world.enter(channel="self", route="city", person=world.person("office")), "proposed_list"
    )
    world.move_to(world.notice.starts("expert_review"))
    world.pump()
    world.pass_step("proposed_list")
    member = Visitor(address, world).log_in(world.person("party_group"))
    page = member.get("/?tab=read")
    assert "名单已确认，共1名" in text_of(page, ".worklist")
    assert "待阅 0" in tabs(Visitor(address, world).log_in(world.person("expert")).get("/?tab=read"))
    [link] = soup(page).select("a[data-open]")
    assert member.get(str(link["href"])).headers["location"] == "/lists"
    assert case.number not in text_of(page, ".worklist")
