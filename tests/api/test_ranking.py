"""Does whoever confirms the proposed list see how sure its order is, and nobody else?"""

import json

from models.database import transaction
from tasks.recusals import recuse
from tests.api.conftest import Visitor, soup, text_of
from tests.tasks.test_lists import few, scored
from tests.world import World

__all__ = ["few"]


def office_of(address: str, world: World) -> Visitor:
    return Visitor(address, world).log_in(world.person("office"))


def test_page_shows_the_figures_as_a_table_and_for_the_chart(address: str, few: World) -> None:
    scored(few, 95, 90, 80, 70)
    office = office_of(address, few)
    [task] = few.assignments("proposed_list")

    page = office.get(f"/tasks/{task.id}")

    table = text_of(page, '[aria-labelledby="ranking-title"] tbody tr')
    assert "列入名单 1" in table
    assert "样例95 95.00 3 95.00 0.00 95.00–95.00" in table
    data = soup(page).select_one("#ranking-data")
    assert data is not None
    chart = json.loads(data.get_text())
    assert (chart["cut"], chart["scores"]) == (3, [95, 90, 80, 70])


def test_scores_of_a_case_one_is_recused_from_are_left_out(address: str, few: World) -> None:
    cases = scored(few, 95, 90)
    clerk = few.person("office")
    with transaction() as session:
        recuse(session, cases[0].id, clerk.id, clerk, "样例理由")
    [task] = few.assignments("proposed_list")

    page = office_of(address, few).get(f"/tasks/{task.id}")

    assert "95.00" not in page.text
    assert "90.00" in page.text
    assert "回避" in text_of(page, '[aria-labelledby="places-title"]')


def test_list_before_any_score_shows_no_figures(address: str, few: World) -> None:
    few.bring_to(few.enter(route="city"), "expert_review")
    few.move_to(few.notice.due("expert_review"))
    few.pump()
    [task] = few.assignments("proposed_list")

    page = office_of(address, few).get(f"/tasks/{task.id}")

    assert page.status_code == 200
    assert soup(page).select_one("#ranking-chart") is None
