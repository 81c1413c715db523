"""Do programs of the office see the mails, release results and record calls by the same rules as the pages?"""

from sqlmodel import col, select

from models.database import transaction
from models.mail import Message
from models.words import MessageState
from tasks.leaving import withdraw
from tests.api_v1.conftest import Login
from tests.world import World


def test_mails_results_and_calls(world: World, login: Login) -> None:
    case = world.bring_to(world.enter(), "department_opinions")
    ended = world.bring_to(world.enter(), "unit_review")
    with transaction() as session:
        withdraw(session, ended.id, world.enterer(ended), "样例理由")
        message = session.exec(
            select(Message)
            .where(Message.case_id == case.id, col(Message.gate_id).is_not(None))
            .where(Message.person_id == world.person("police").id)
        ).one()
        message.state, message.error = MessageState.FAILED, "邮件服务器拒收：550 no"
    office, clerk = login(world.person("office")), login(world.filler())

    clerk.get("/mails", expected=404)
    [failed] = office.get("/mails", state="failed").items
    assert (failed["case"], failed["error"]) == (case.number, "邮件服务器拒收：550 no")
    [callee] = office.get("/calls").items
    body = {"person": callee["person"], "result": "no_answer"}
    assert office.post("/calls", body)["told"] is False
    assert office.post("/calls", {**body, "result": "reached"})["told"] is True
    assert office.post(f"/mails/{message.id}/resend", {}, expected=200)["state"] == "queued"
    again = office.post(f"/mails/{message.id}/resend", {}, expected=409)
    assert again.codes == ["not_resendable"]

    wrong = office.post("/results/release", {"cases": ["nobody"]}, expected=422)
    assert wrong.codes == ["unknown_case"]
    released = office.post("/results/release", {"cases": [ended.number]}, expected=200)
    assert released["cases"] == 1
    clerk.post("/results/release", {}, expected=404)
    assert office.post("/results/release", {}, expected=409).codes == ["nothing_held"]
