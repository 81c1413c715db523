"""Are many cases decided exactly as the preview said, each once, and nobody silently?"""

from typing import Any

import pytest
from httpx import Response

from models.case import Case
from models.database import transaction
from models.notice import day_of
from models.words import Outcome
from simulation.papers import pdf
from tasks.attachments import attach
from tests.api.conftest import Visitor, errors_of, sent_by, soup, text_of
from tests.api.test_review import at_office
from tests.world import World


@pytest.fixture
def cases(world: World) -> list[Case]:
    return [at_office(world) for _ in range(3)]


def chosen(world: World, cases: list[Case]) -> list[str]:
    return [str(world.assignments("office_review", c)[0].id) for c in cases]


def preview(office: Visitor, world: World, cases: list[Case], **fields: Any) -> Response:
    office.get("/review")
    return office.post("/many/preview", {"task": chosen(world, cases), **fields})


def confirm(office: Visitor, shown: Response) -> Response:
    return office.post("/many/decide", sent_by(shown, 'form[action="/many/decide"]'))


def rows(page: Response, title: str) -> list[list[str]]:
    table = soup(page).select_one(f"section[aria-labelledby={title}] tbody")
    return [[td.get_text() for td in tr.select("td")] for tr in table.select("tr")] if table else []


def steps(world: World, cases: list[Case]) -> list[list[str]]:
    world.pump()
    return [world.open_steps(c) for c in cases]


def test_the_preview_says_what_will_happen_to_each_and_decides_nothing(
    office: Visitor, world: World, cases: list[Case]
) -> None:
    page = preview(office, world, cases, answer="pass_inspect")

    said = [(row[0], row[3]) for row in rows(page, "going-title")]
    day = world.notice.dates["inspection"].day
    due = f"{day.year}年{day.month}月{day.day}日前"
    assert said == [(c.number, f"转入“现场查验”（指派2名现场查验人员），{due}。") for c in cases]
    assert steps(world, cases) == [["office_review"]] * 3


def test_what_was_shown_is_decided_and_a_second_click_decides_nothing(
    office: Visitor, world: World, cases: list[Case]
) -> None:
    shown = preview(office, world, cases, answer="pass")

    page = office.follow(confirm(office, shown))
    again = confirm(office, shown)

    assert text_of(page, ".note.good") == "已对3名人选作出答复“初审通过”。"
    assert again.status_code == 409
    assert [row[0] for row in rows(again, "left-title")] == [c.number for c in cases]
    assert "已经答复过" in text_of(again)
    assert steps(world, cases) == [["expert_review"]] * 3


def test_whoever_changed_since_the_preview_is_left_out_by_name(
    office: Visitor, world: World, cases: list[Case]
) -> None:
    shown = preview(office, world, cases, answer="pass")
    with transaction() as session:
        attach(session, cases[1].id, "certificates", "样例证书.pdf", pdf("new"), world.person("office"))

    page = confirm(office, shown)

    assert [row[0] for row in rows(page, "left-title")] == [cases[1].number]
    assert "有了变动" in text_of(page)
    assert steps(world, cases) == [["expert_review"], ["office_review"], ["expert_review"]]


def test_who_can_not_be_decided_is_named_beforehand(office: Visitor, world: World) -> None:
    first = at_office(world, id_number="110101199003074477", birth_date="1990-03-07", sex="男")
    second = at_office(world, id_number="110101199003074477", birth_date="1990-03-07", sex="男")
    third = at_office(world)

    page = preview(office, world, [first, second, third], answer="pass")

    assert [row[0] for row in rows(page, "going-title")] == [third.number]
    assert [row[0] for row in rows(page, "left-title")] == [first.number, second.number]
    assert "身份证号相同" in text_of(page)


def test_a_return_and_a_refusal_say_to_whom_until_when_and_how_it_ends(
    office: Visitor, world: World, cases: list[Case]
) -> None:
    day = str(day_of(world.now()))
    returned = preview(office, world, cases[:1], answer="return", reason="缺件", items="补交证书", due=day)
    assert "24时前补正" in rows(returned, "going-title")[0][3]
    confirm(office, returned)
    rejected = preview(office, world, cases[1:2], answer="reject", reason="不符合条件")
    assert "审核不通过" in rows(rejected, "going-title")[0][3]
    confirm(office, rejected)

    assert steps(world, cases) == [["application"], [], ["office_review"]]
    assert world.case(cases[1]).outcome == Outcome.REJECTED


def test_what_is_lacking_is_asked_for_before_anything_is_shown(
    office: Visitor, world: World, cases: list[Case]
) -> None:
    nobody = preview(office, world, [], answer="pass")
    no_answer = preview(office, world, cases)
    no_reason = preview(office, world, cases, answer="reject", items="")

    assert [(r.status_code, list(errors_of(r))) for r in (nobody, no_answer, no_reason)] == [
        (422, ["#many"]),
        (422, ["#answer"]),
        (422, ["#reason"]),
    ]
    assert len(soup(no_reason).select("input[name=task][checked]")) == 3


def test_others_can_not_decide_many(unit: Visitor, world: World, cases: list[Case]) -> None:
    unit.get("/")
    for path in ("/many/preview", "/many/decide"):
        assert unit.post(path, {"task": chosen(world, cases), "answer": "pass"}).status_code == 404
