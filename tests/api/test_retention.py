"""Does the page list what is due and why the rest is kept, and does it take two people to erase it?"""

from tasks.retention import carry_out_next
from tests.api.conftest import Visitor, errors_of, text_of
from tests.tasks.test_retention import over, refused_case
from tests.world import World

PLAN, WAITING = "[aria-labelledby=plan-title]", "[aria-labelledby=waiting-title]"


def test_one_proposes_and_another_confirms(office: Visitor, releaser: Visitor, world: World) -> None:
    case = refused_case(world)
    assert "年度还没有办结" in text_of(office.get("/retention"), PLAN)
    over(world)

    page = office.get("/retention")
    assert "个人号码 1、材料文件 3" in text_of(page, PLAN)
    assert case.number in text_of(page, PLAN)
    office.follow(office.post("/retention/propose"))

    waiting = office.get("/retention")
    assert "须由另一人确认" in text_of(waiting, WAITING)
    for thing in (case.number, "个人号码", "身份证复印件", "个人无犯罪记录证明"):
        assert thing in text_of(waiting, f"{WAITING} details")
    action = action_of(waiting.text)
    alone = office.post(action, {"answer": "confirm"})
    assert alone.status_code == 403
    assert "须由另一人确认" in "".join(errors_of(alone).values())

    releaser.get("/retention")
    going = releaser.follow(releaser.post(action, {"answer": "confirm"}))
    assert "正在后台清除" in text_of(going, ".note.good")
    assert "已清除 0／4 项" in text_of(going, f"{WAITING} [role=status]")
    assert carry_out_next()
    assert "已清除" in text_of(releaser.get("/retention"), "[aria-labelledby=past-title]")
    assert not carry_out_next()
    assert "（保留期满）：个人号码、材料文件 3 份" in text_of(office.get(f"/cases/{case.id}"), ".aside")
    for below in ("", "/edit", "/numbers", "/record"):
        assert office.get(f"/cases/{case.id}{below}").status_code in (200, 403, 409)
    assert office.post(f"/cases/{case.id}/print/application_form.pdf").status_code == 200


def action_of(text: str) -> str:
    return "/retention/" + text.split('action="/retention/', 1)[1].split('"', 1)[0]


def test_a_changed_list_is_looked_at_again(office: Visitor, world: World) -> None:
    refused_case(world)
    over(world)
    office.get("/retention")
    refused = office.post("/retention/propose", {"seen": "0" * 64})
    assert refused.status_code == 409
    assert "清单有了变动" in "".join(errors_of(refused).values())


def test_a_hold_is_registered_with_its_reason_and_lifted(office: Visitor, world: World) -> None:
    case = refused_case(world)
    over(world)
    office.get("/retention")
    lacking = office.post("/retention/holds", {"hold_number": "2026-9999", "hold_reason": "样例"})
    assert "#hold_number" in errors_of(lacking)
    assert "#hold_reason" in errors_of(office.post("/retention/holds", {"hold_number": case.number}))

    held = office.follow(
        office.post("/retention/holds", {"hold_number": case.number, "hold_reason": "样例诉讼"})
    )
    assert f"{case.number}：暂缓清除：样例诉讼" in text_of(held, PLAN)
    lift = held.text.split('action="/retention/holds/', 1)[1].split('"', 1)[0]
    after = office.follow(office.post(f"/retention/holds/{lift}"))
    assert "没有登记暂缓清除" in text_of(after)


def test_nobody_else_finds_it(unit: Visitor, office: Visitor, world: World) -> None:
    assert unit.get("/retention").status_code == 404
    office.get("/retention")
    assert office.post(f"/retention/{world.season_id}/settle", {"answer": "confirm"}).status_code == 404
