"""How is an appeal against a refusal heard (C18)?"""

from sqlmodel import select

from models.appeal import Appeal
from models.database import reading
from tests.api.conftest import Visitor, errors_of, text_of
from tests.world import World

SAID = {"appellant": "样例申诉人", "contact": "appeal@example.org", "text": "样例申诉内容"}


def test_an_appeal_is_registered_sealed_and_answered_once(address: str, world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    office = Visitor(address, world).log_in(world.person("office"))
    assert "还没有申诉" in text_of(office.get("/appeals"))
    assert office.get(f"/cases/{case.id}/appeal").status_code == 409
    world.answer("office_review", case, "reject", reason="样例理由")
    assert "登记申诉" in text_of(office.get(f"/cases/{case.id}"))
    office.get(f"/cases/{case.id}/appeal")
    bad = office.post(f"/cases/{case.id}/appeal", SAID | {"text": " "})
    assert (bad.status_code, set(errors_of(bad))) == (422, {"#text"})

    page = office.follow(office.post(f"/cases/{case.id}/appeal", SAID))

    assert "样例申诉内容" in text_of(page)
    with reading() as session:
        kept = session.exec(select(Appeal).where(Appeal.case_id == case.id)).one()
    assert "样例".encode() not in kept.content
    assert (kept.due_at - kept.registered_at).days == 15
    path = f"/appeals/{kept.id}/answer"
    assert set(errors_of(office.post(path, {"answer": "样例答复"}))) == {"#upheld"}
    assert set(errors_of(office.post(path, {"upheld": "no", "answer": ""}))) == {"#answer"}
    assert "申诉已答复" in text_of(office.follow(office.post(path, {"upheld": "no", "answer": "样例答复"})))
    assert office.post(path, {"upheld": "yes", "answer": "样例答复"}).status_code == 409
    assert "申诉不成立" in text_of(office.get(f"/cases/{case.id}"))

    filler = Visitor(address, world).log_in(world.enterer(case))
    filler.get("/")
    assert filler.get("/appeals").status_code == 404
    assert filler.post(path, {"upheld": "yes", "answer": "样例"}).status_code == 404
    assert filler.post(f"/cases/{case.id}/appeal", SAID).status_code == 404
