"""Does a recused person see and do nothing, and does the office find it and somebody else?"""

from sqlmodel import col, select

from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.gates import Assignment
from models.people import Person
from tests.api.conftest import Statements, Visitor, errors_of, sent_by, soup, text_of, value_of
from tests.world import World


def before_experts(world: World) -> tuple[Case, Assignment]:
    case = world.bring_to(world.enter(route="city"), "expert_review")
    return case, world.assignments("expert_review", case)[0]


def expert_of(address: str, world: World, task: Assignment) -> Visitor:
    with reading() as session:
        return Visitor(address, world).log_in(session.get_one(Person, task.person_id))


def last_event(case: Case) -> str:
    with reading() as session:
        return session.exec(
            select(Event.kind).where(Event.chain == case.id).order_by(col(Event.seq).desc())
        ).all()[0]


def test_expert_asks_on_his_task_page_and_is_then_shut_out(address: str, world: World) -> None:
    case, task = before_experts(world)
    expert = expert_of(address, world, task)
    page = expert.get(f"/tasks/{task.id}")
    assert soup(page).select_one("#recusal_reason")
    refused = expert.post(f"/tasks/{task.id}/recusal", {"recusal_reason": " "})
    assert (refused.status_code, list(errors_of(refused))) == (422, ["#recusal_reason"])

    shown = expert.follow(expert.post(f"/tasks/{task.id}/recusal", {"recusal_reason": "师徒"}))

    assert text_of(shown, ".note.good").startswith("已申请回避")
    closed = expert.get(f"/tasks/{task.id}")
    assert "应当回避本案" in text_of(closed)
    assert soup(closed).select_one(f'a[href="/cases/{case.id}"]') is None
    assert expert.get(f"/cases/{case.id}").status_code == 404
    late = expert.post(f"/tasks/{task.id}", {"answer": "abstain", "reason": "补交"})
    assert late.status_code == 409
    assert last_event(case) == "recused_refused"


def test_office_assigns_the_proposed_substitute(address: str, office: Visitor, world: World) -> None:
    case, task = before_experts(world)
    expert = expert_of(address, world, task)
    expert.get(f"/tasks/{task.id}")
    expert.post(f"/tasks/{task.id}/recusal", {"recusal_reason": "师徒"})
    panels = office.get("/panels")
    assert "评审组 ， 1 项" in text_of(panels, ".menu")
    form = soup(panels).select_one(f'form[action="/panels/{world.gate("expert_review", case).id}"]')
    assert form is not None
    fields = {str(i["name"]): str(i["value"]) for i in form.select("input[name]") if i["name"] != "csrf"}

    shown = office.follow(office.post(str(form["action"]), fields))

    assert "0/3" in text_of(shown, "#main table")
    assert "补派" not in text_of(shown)
    assert "申请" not in text_of(office.get(f"/cases/{case.id}"), ".record")
    assert "回避本案" in text_of(office.get(f"/cases/{case.id}"), ".record")


def test_panel_is_changed_by_hand_and_keeps_its_number(office: Visitor, world: World) -> None:
    case, task = before_experts(world)
    path = f"/panels/{world.gate('expert_review', case).id}"
    office.get(path)
    refused = office.post(path, {"assignment": str(task.id), "action": "take_away", "reason": ""})
    assert (refused.status_code, list(errors_of(refused))) == (422, ["#reason"])
    assert office.post(path, {"assignment": "x", "action": "add"}).status_code == 422
    assert office.post(path, {"assignment": str(task.id), "action": "add"}).status_code == 422

    shown = office.follow(
        office.post(path, {"assignment": str(task.id), "action": "take_away", "reason": "出差"})
    )

    assert "已答复 0/2" in text_of(shown)
    assert "出差" in text_of(office.get(f"/cases/{case.id}"), ".record")


def test_office_records_a_recusal_and_is_itself_kept_from_scores(office: Visitor, world: World) -> None:
    case, _ = before_experts(world)
    clerk = world.person("office")
    office.get("/recusals")
    wrong = office.post("/recusals", {"case": "2026-9999", "person": str(clerk.id), "reason": "配偶"})
    assert (wrong.status_code, list(errors_of(wrong))) == (422, ["#case"])
    assert value_of(wrong, "reason") == "配偶"
    nobody = office.post("/recusals", {"case": case.number, "reason": "配偶"})
    assert list(errors_of(nobody)) == ["#person"]

    fields = {"case": case.number, "person": str(clerk.id), "reason": "配偶"}
    shown = office.follow(office.post("/recusals", fields))

    assert "配偶" in text_of(shown)
    for left in world.assignments("expert_review", case):
        world.answer_as(None, left, "score", opinion="样例评语")
    page = office.get(f"/cases/{case.id}")
    assert page.status_code == 200
    assert "样例评语" not in page.text
    head = Visitor(str(office.client.base_url), world).log_in(world.person("office_head"))
    assert "样例评语" in head.get(f"/cases/{case.id}").text


def test_nobody_reads_a_score_while_the_panel_is_at_work(office: Visitor, world: World) -> None:
    case, task = before_experts(world)
    world.answer_as(None, task, "score", opinion="样例评语")

    page = office.get(f"/cases/{case.id}")

    assert "已答复 1/3" in text_of(page)
    assert "样例评语" not in page.text
    assert "品德80" not in text_of(page)


def test_relatives_are_named_by_oneself_and_struck_out_by_the_office(
    address: str, office: Visitor, world: World
) -> None:
    expert = Visitor(address, world).log_in(world.person("expert"))
    expert.get("/recusals")
    refused = expert.post("/recusals/relatives", {"relative_name": "样例甲"})
    assert (list(errors_of(refused)), value_of(refused, "relative_name")) == (["#kinship"], "样例甲")
    shown = expert.follow(expert.post("/recusals/relatives", {"relative_name": "样例甲", "kinship": "侄子"}))
    assert "样例甲" in text_of(shown, "#main")
    other = Visitor(address, world).log_in(world.people("inspector")[0])
    assert "样例甲" not in text_of(other.get("/recusals"))

    form = soup(office.get("/recusals")).select_one('form[action$="/strike"]')
    assert form is not None
    office.follow(office.post(str(form["action"])))

    assert "样例甲" not in text_of(expert.get("/recusals"))
    assert expert.post(str(form["action"])).status_code == 404


def test_one_who_must_stay_away_since_a_correction_is_pointed_out(office: Visitor, world: World) -> None:
    case, task = before_experts(world)
    with transaction() as session:
        person = session.get_one(Person, task.person_id)
        found = session.get_one(Case, case.id)
        found.form = found.form | {"employer": person.employer}
        session.add(found)

    page = office.get("/panels")

    assert "应回避，待更换" in text_of(page)
    assert soup(page).select_one(f'input[name=assignment][value="{task.id}"]')


def test_others_find_no_panels_and_cannot_recuse(unit: Visitor, world: World) -> None:
    case, _ = before_experts(world)
    gate = world.gate("expert_review", case)
    unit.get("/recusals")

    for path in ("/panels", f"/panels/{gate.id}"):
        assert unit.get(path).status_code == 404
    assert unit.post(f"/panels/{gate.id}", {"action": "add"}).status_code == 404
    assert unit.post("/recusals", {"case": case.number}).status_code == 404


def test_panels_take_a_constant_number_of_statements(office: Visitor, world: World) -> None:
    before_experts(world)
    office.get("/panels")
    with Statements() as one:
        office.get("/panels")
    for _ in range(3):
        before_experts(world)
    with Statements() as four:
        office.get("/panels")

    assert len(four.seen) == len(one.seen)


# --- the list of experts -----------------------------------------------------------------------------------------


def test_trades_are_kept_and_decide_who_is_proposed(office: Visitor, unit: Visitor, world: World) -> None:
    expert = world.person("expert")
    path, other = f"/experts/{expert.id}", world.notice.categories[-1]
    page = office.get("/experts")
    assert text_of(page, "nav[aria-label=评审组] [aria-current]") == "专家名录"
    assert soup(page).select_one(f'a[href="{path}"]')
    form = sent_by(office.get(path), f'form[action="{path}"]')
    same = office.post(path, form)
    assert (same.status_code, set(errors_of(same))) == (422, {"#trades"})
    assert errors_of(office.post(path, {"trades": "unknown"})) != {}

    shown = office.follow(office.post(path, {"trades": other.key}))

    row = next(r for r in soup(shown).select("tbody tr") if r.select_one(f'a[href="{path}"]'))
    assert other.label in row.get_text()
    assert "登记专家类别" in text_of(office.get("/season"))
    case = world.bring_to(world.enter(route="city", category=other.key), "expert_review")
    assert expert.id in {a.person_id for a in world.assignments("expert_review", case)}
    unit.get("/")
    for status in (unit.get("/experts"), unit.get(path), unit.post(path, {"trades": other.key})):
        assert status.status_code == 404
    nobody = f"/experts/{world.filler().id}"
    assert (office.get(nobody).status_code, office.post(nobody).status_code) == (404, 404)


def test_the_list_of_experts_takes_a_constant_number_of_statements(office: Visitor, world: World) -> None:
    office.get("/experts")
    with Statements() as none:
        office.get("/experts")
    for _ in range(2):
        before_experts(world)
    with Statements() as two:
        office.get("/experts")

    assert len(two.seen) == len(none.seen)
