"""What does the page of the joint document show (五), and to whom?"""

import pytest

from models.database import transaction
from models.notice import day_of
from tasks.accounts import open_login
from tests.api.conftest import Visitor, errors_of, text_of, value_of
from tests.season_after import to_joint_draft
from tests.world import World


@pytest.fixture
def office(address: str, world: World) -> Visitor:
    return Visitor(address, world).log_in(world.person("office"))


def test_the_document_goes_from_draft_to_number_on_its_page(
    office: Visitor, address: str, world: World
) -> None:
    to_joint_draft(world)
    page = office.get("/document")
    assert "【名单】" in value_of(page, "body")
    bad = office.post("/document/text", {"title": "决定", "addressee": "", "body": "没有名单"})
    assert (bad.status_code, set(errors_of(bad)), value_of(bad, "body")) == (422, {"#body"}, "没有名单")

    saved = office.post("/document/text", {"title": "决定", "addressee": "", "body": "认定：\n【名单】"})
    assert "文稿已保存为第1版" in text_of(office.follow(saved))
    assert office.get("/document/versions/1.pdf").content.startswith(b"%PDF")
    assert office.get("/document/versions/1.docx").content.startswith(b"PK")
    assert office.get("/document/versions/2.pdf").status_code == 404

    world.pass_step("joint_draft")
    page = office.get("/document")
    assert "0/8 家已会签" in text_of(page)
    assert office.post("/document/text", {"title": "决定", "body": "【名单】"}).status_code == 409
    [task] = [a for a in world.assignments("joint_document") if a.body == "host_women"]
    host = Visitor(address, world)
    with transaction() as session:
        token = open_login(session, world.person("host_women"), assignment_id=task.id)
    host.client.cookies.set(f"task-{task.id}", token)
    assert "会签文稿（第 1 版）" in text_of(host.get(f"/tasks/{task.id}"))
    assert host.get(f"/tasks/{task.id}/document.pdf").content.startswith(b"%PDF")
    assert host.get("/document").status_code == 303

    world.pass_step("joint_document")
    office.get("/document")
    day = day_of(world.now()).isoformat()
    kept = office.post("/document/number", {"number": "柳工字〔2026〕12号", "dated": day})
    assert "文号已登记为柳工字〔2026〕12号" in text_of(office.follow(kept))


def test_the_page_is_there_without_anything_and_not_for_strangers(
    office: Visitor, address: str, world: World
) -> None:
    assert "还没有文稿" in text_of(office.get("/document"))
    stranger = Visitor(address, world).log_in(world.person("county_union"))
    assert stranger.get("/document").status_code == 404
    stranger.get("/")
    assert stranger.post("/document/text", {"title": "决定", "body": "【名单】"}).status_code == 404
