"""What does a program do about recusals?"""

from models.case import Case
from tests.api_v1.conftest import Login
from tests.api_v1.test_changing import assigned
from tests.world import World


def before_experts(world: World) -> Case:
    return world.bring_to(world.enter(route="city"), "expert_review")


def test_expert_asks_and_is_refused_afterwards(login: Login, world: World) -> None:
    case = before_experts(world)
    gate = world.gate("expert_review", case)
    expert = login(assigned(gate))

    made = expert.post(f"/gates/{gate.id}/recusals", {"reason": "师徒"})

    assert made["person"] == assigned(gate).name
    refused = expert.post(f"/gates/{gate.id}/decisions", {"answer": "abstain", "reason": "补交"}, 409)
    assert refused.codes == ["recused"]
    assert expert.get(f"/cases/{case.number}", 404).codes == ["not_found"]
    office = login(world.person("office"))
    told = office.get(f"/cases/{case.number}")["recusals"]
    assert [r["reason"] for r in told] == ["师徒"]  # type: ignore[attr-defined]
    kinds = [e["kind"] for e in office.get(f"/cases/{case.number}/events").items]
    assert kinds[-2:] == ["recusal_declared", "recused_refused"]


def test_office_names_whom_it_recuses(login: Login, world: World) -> None:
    case = before_experts(world)
    gate = world.gate("expert_review", case)
    head = world.person("office_head")
    body = {"reason": "配偶", "person": str(head.id)}

    assert login(head).post(f"/gates/{gate.id}/recusals", body, 403).codes == ["office_only"]
    made = login(world.person("office")).post(f"/gates/{gate.id}/recusals", body)

    assert made["declared_by"] == world.person("office").name
    assert login(world.filler("样例钢铁集团有限公司")).get(f"/cases/{case.number}")["recusals"] == []
