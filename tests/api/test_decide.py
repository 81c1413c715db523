"""How is a task answered on its page, by the right person, once, with what it needs?"""

from datetime import timedelta
from threading import Barrier, Thread

from sqlmodel import select

from models.case import Case
from models.database import reading
from models.gates import Assignment, Decision
from models.people import Person
from tests.api.conftest import Statements, Visitor, errors_of, sent_by, soup, text_of, value_of
from tests.world import World


def visitor_of(address: str, world: World, body: str) -> Visitor:
    return Visitor(address, world).log_in(world.person(body))


def assigned(task: Assignment) -> Person:
    with reading() as session:
        return session.get_one(Person, task.person_id)


def by_itself(world: World) -> Case:
    """A candidate of the shortest way."""
    return world.enter(channel="self", route="city", person=world.person("office"))


def test_a_task_is_answered_and_gone(office: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    [task] = world.assignments("office_review", case)
    todo = office.get("/")
    assert soup(todo).select_one(f'a[href="/tasks/{task.id}"]')
    assert text_of(todo, ".tabs a") == "待办 1"
    page = office.get(f"/tasks/{task.id}")
    answers = [i["value"] for i in soup(page).select("input[name=answer]")]
    assert answers == ["pass", "pass_inspect", "return", "reject"]
    shown = office.follow(office.post(f"/tasks/{task.id}", {"answer": "pass", "opinion": "材料齐全"}))
    assert text_of(shown, ".note.good") == f"{case.number}：“办公室资格初审”已答复“初审通过”。"
    assert text_of(shown, ".tabs a") == "待办 0"
    assert "初审通过" in text_of(office.get("/?tab=done"), ".sheet")
    again = office.get(f"/tasks/{task.id}")
    assert "您已于" in text_of(again)
    assert "材料齐全" in text_of(again)


def test_a_second_click_is_told_so(office: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    [task] = world.assignments("office_review", case)
    office.get(f"/tasks/{task.id}")
    assert office.post(f"/tasks/{task.id}", {"answer": "pass"}).status_code == 303
    second = office.post(f"/tasks/{task.id}", {"answer": "reject", "reason": "改主意了"})
    assert second.status_code == 409
    assert "您已于" in text_of(second)
    assert world.gate("office_review", case).outcome == "pass"


def test_two_at_once_one_wins(address: str, world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    [task] = world.assignments("office_review", case)
    visitors = [visitor_of(address, world, "office") for _ in range(6)]
    for visitor in visitors:
        visitor.get(f"/tasks/{task.id}")
    start, codes = Barrier(len(visitors)), []

    def press(visitor: Visitor) -> None:
        start.wait()
        codes.append(visitor.post(f"/tasks/{task.id}", {"answer": "pass"}).status_code)

    threads = [Thread(target=press, args=(v,)) for v in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 409, 409, 409, 409, 409]


def test_a_return_without_its_reason_keeps_what_was_typed(office: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    [task] = world.assignments("office_review", case)
    office.get(f"/tasks/{task.id}")
    fields = {"answer": "return", "items": "补齐签字\n补证书", "opinion": "请尽快"}
    refused = office.post(f"/tasks/{task.id}", fields)
    assert refused.status_code == 422
    assert list(errors_of(refused)) == ["#reason"]
    assert value_of(refused, "items") == "补齐签字\n补证书"
    assert value_of(refused, "opinion") == "请尽快"
    assert soup(refused).select_one("#answer-return[checked]")
    assert office.post(f"/tasks/{task.id}", fields | {"reason": "签字不全"}).status_code == 303
    world.pump()
    returned = (
        Visitor(str(office.client.base_url), world).log_in(world.filler()).get(f"/cases/{case.id}/edit")
    )
    assert "签字不全" in text_of(returned, ".asked")
    assert [li.get_text() for li in soup(returned).select(".asked li")] == ["补齐签字", "补证书"]


def test_nothing_chosen_is_said(office: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "office_review")
    [task] = world.assignments("office_review", case)
    office.get(f"/tasks/{task.id}")
    for fields in ({}, {"answer": "nonsense"}):
        refused = office.post(f"/tasks/{task.id}", fields)
        assert refused.status_code == 422
        assert errors_of(refused) == {"#answer": "请先选择一项答复。 （三（二））"}


def test_scores_are_asked_for_and_kept(address: str, world: World) -> None:
    case = world.bring_to(world.enter(), "expert_review")
    task = world.assignments("expert_review", case)[0]
    expert = Visitor(address, world).log_in(assigned(task))
    page = expert.get(f"/tasks/{task.id}")
    assert [i["name"] for i in soup(page).select("input[name^=score_]")] == [
        f"score_{c}" for c in ("character", "skill", "results", "heritage")
    ]
    scores = {"score_character": "90", "score_skill": "101", "score_results": "abc", "score_heritage": ""}
    refused = expert.post(f"/tasks/{task.id}", {"answer": "score", **scores})
    assert list(errors_of(refused)) == ["#score_skill", "#score_results", "#score_heritage"]
    assert {k: value_of(refused, k) for k in scores} == scores
    good = dict.fromkeys(scores, "88.5") | {"score_skill": "90"}
    shown = expert.post(f"/tasks/{task.id}", {"answer": "score", **good, "comment_skill": "样例评语"})
    assert (shown.status_code, "加权总分 88.95" in text_of(shown)) == (200, True)
    back = expert.post(f"/tasks/{task.id}", sent_by(shown, "#decide form") | {"step_back": "yes"})
    assert (value_of(back, "comment_skill"), text_of(back, "#score-total")) == ("样例评语", "88.95")
    confirmed = sent_by(shown, "#decide form") | {"confirmed": "yes"}
    assert expert.post(f"/tasks/{task.id}", confirmed).status_code == 303
    with reading() as session:
        [decision] = session.exec(select(Decision).where(Decision.assignment_id == task.id))
    assert decision.facts["comments"] == {"skill": "样例评语"}
    assert decision.facts["scores"]["heritage"] == 88.5
    assert "技能90" in text_of(expert.get(f"/cases/{case.id}")).replace(" ", "")


def test_what_an_expert_types_is_kept_for_him_until_he_has_answered(address: str, world: World) -> None:
    case = world.bring_to(world.enter(), "expert_review")
    task, other, _ = world.assignments("expert_review", case)
    expert = Visitor(address, world).log_in(assigned(task))
    expert.get(f"/tasks/{task.id}")
    assert expert.post(f"/tasks/{task.id}/typed", {"score_skill": "91"}).status_code == 200
    again = expert.get(f"/tasks/{task.id}")
    assert value_of(again, "score_skill") == "91"
    assert "自动保存" in text_of(again, "#restored")
    stranger = Visitor(address, world).log_in(assigned(other))
    stranger.get(f"/tasks/{other.id}")
    assert stranger.post(f"/tasks/{task.id}/typed", {"score_skill": "1"}).status_code == 403
    expert.post(f"/tasks/{task.id}/typed/drop")
    assert value_of(expert.get(f"/tasks/{task.id}"), "score_skill") == ""


# --- lists --------------------------------------------------------------------------------------------------------


def test_a_list_is_confirmed_with_a_change_and_its_reason(office: Visitor, world: World) -> None:
    cases = [world.bring_to(by_itself(world), "proposed_list") for _ in range(3)]
    world.move_to(world.notice.due("application"))
    world.pump()
    [task] = world.assignments("proposed_list")
    page = office.get(f"/tasks/{task.id}")
    draft = str(soup(page).select_one("input[name=draft]")["value"])  # type: ignore[index]
    selects = soup(page).select("select[name^=place_]")
    assert [s["data-place"] for s in selects] == ["on", "on", "on"]
    change = {f"place_{cases[2].id}": "off"}
    refused = office.post(f"/tasks/{task.id}", {"answer": "confirm", "draft": draft, **change})
    assert errors_of(refused) == {
        f"#reason_{cases[2].id}": f"{cases[2].number}改变了名单位置，请写明理由。 （三（四））"
    }
    assert soup(refused).select_one(f"#place_{cases[2].id} option[value=off][selected]")
    given = change | {f"reason_{cases[2].id}": "材料存疑"}
    assert office.post(f"/tasks/{task.id}", {"answer": "confirm", "draft": draft, **given}).status_code == 303
    [row] = soup(office.get("/lists")).select("tbody tr")
    shown = office.get(str(row.select_one("a")["href"]))  # type: ignore[index]
    assert "列入名单 2 名" in text_of(shown)
    assert "材料存疑" in text_of(shown)


def test_a_list_that_changed_meanwhile_is_looked_at_again(office: Visitor, world: World) -> None:
    first, second = (world.bring_to(by_itself(world), "proposed_list") for _ in range(2))
    world.move_to(world.notice.due("application"))
    world.pump()
    [task] = world.assignments("proposed_list")
    page = office.get(f"/tasks/{task.id}")
    draft = str(soup(page).select_one("input[name=draft]")["value"])  # type: ignore[index]
    third = by_itself(world)
    office.get(f"/cases/{third.id}")
    office.post(f"/cases/{third.id}/admit", {"admit_reason": "邮路中断"})
    world.bring_to(third, "proposed_list")
    refused = office.post(f"/tasks/{task.id}", {"answer": "confirm", "draft": draft})
    assert refused.status_code == 409
    assert "名单草案有了变动" in text_of(refused, "#errors")
    assert len(soup(refused).select("select[name^=place_]")) == 3
    assert {first.number, second.number} <= set(text_of(refused, ".sheet").split())


def test_laggards_are_named_one_by_one(office: Visitor, world: World) -> None:
    world.bring_to(by_itself(world), "proposed_list")
    late = world.bring_to(by_itself(world), "office_review")
    world.move_to(world.notice.starts("expert_review") + timedelta(hours=1))
    world.pump()
    [task] = world.assignments("proposed_list")
    page = office.get(f"/tasks/{task.id}")
    draft = str(soup(page).select_one("input[name=draft]")["value"])  # type: ignore[index]
    name = f"laggard_{late.id}"
    assert soup(page).select_one(f"#{name}")
    refused = office.post(f"/tasks/{task.id}", {"answer": "confirm", "draft": draft})
    assert list(errors_of(refused)) == [f"#{name}"]
    refused = office.post(f"/tasks/{task.id}", {"answer": "confirm", "draft": draft, name: "proceed"})
    assert "还没有任何专家评分" in errors_of(refused)[f"#{name}"]
    assert (
        office.post(f"/tasks/{task.id}", {"answer": "confirm", "draft": draft, name: "lapse"}).status_code
        == 303
    )
    assert world.case(late).outcome == "lapsed"


def test_a_public_notice_runs_its_days_and_hears_objections(
    address: str, office: Visitor, anybody: Visitor, world: World
) -> None:
    named = world.bring_to(
        world.enter(name="覃立恒", sex="男", post="班组长", occupation="电焊工"), "proposed_list"
    )
    world.move_to(world.notice.due("application"))
    world.pump()
    for step in ("proposed_list", "party_meeting", "chair_meeting", "leading_meeting", "release"):
        world.pass_step(step)
    assert "目前没有正在进行的公示" in anybody.get("/public").text
    world.move_to(world.notice.starts("notice_opens"))
    world.pump()
    public = anybody.get("/public")
    assert [td.get_text() for td in soup(public).select("tbody td")] == [
        "1",
        "覃立恒",
        "男",
        "样例机械制造有限公司",
        "班组长／电焊工",
        "样例机械制造有限公司",
    ]
    for hidden in ("example.org", "得分", named.number, "样例事迹"):
        assert hidden not in public.text
    [task] = world.assignments("public_notice")
    greyed = office.get(f"/tasks/{task.id}")
    assert soup(greyed).select_one("#answer-confirm[disabled]")
    assert "期满后再确认结论" in text_of(greyed, "#why-confirm")

    office.get(f"/cases/{named.id}")
    refused = office.post(f"/cases/{named.id}/objections", {"objector": "样例举报人"})
    assert list(errors_of(refused)) == ["#contact", "#text"]
    assert value_of(refused, "objector") == "样例举报人"
    fields = {"objector": "样例举报人", "contact": "0772-0000000", "text": "工龄不实"}
    office.follow(office.post(f"/cases/{named.id}/objections", fields))
    listed = office.get("/objections")
    action = str(soup(listed).select_one('form[action$="/verify"]')["action"])  # type: ignore[index]
    assert errors_of(office.post(action)) == {"#finding": "请填写核实情况。 （三（七））"}
    office.follow(office.post(action, {"finding": "经查属实"}))
    conclude = action.replace("/verify", "/conclude")
    assert list(errors_of(office.post(conclude, {"conclusion": "取消资格"}))) == ["#upheld"]
    office.follow(office.post(conclude, {"upheld": "yes", "conclusion": "取消资格"}))
    assert world.case(named).outcome == "disqualified"
    assert "覃立恒" not in anybody.get("/public").text


def test_a_task_page_asks_a_constant_number_of_times(office: Visitor, world: World) -> None:
    for _ in range(2):
        world.bring_to(by_itself(world), "proposed_list")
    world.move_to(world.notice.due("application"))
    world.pump()
    [task] = world.assignments("proposed_list")
    office.get(f"/tasks/{task.id}")  # the first look is written into the read log
    with Statements() as few:
        assert office.get(f"/tasks/{task.id}").status_code == 200
    for _ in range(4):
        case = by_itself(world)
        office.get(f"/cases/{case.id}")
        office.post(f"/cases/{case.id}/admit", {"admit_reason": "邮路中断"})
        world.bring_to(case, "proposed_list")
    with Statements() as many:
        assert len(soup(office.get(f"/tasks/{task.id}")).select("select[name^=place_]")) == 6
    assert len(many.seen) == len(few.seen)
    assert len(many.seen) <= 44
