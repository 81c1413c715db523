"""What does the office do on the pages of certificates and award (五), and what may anybody look up?"""

from models.database import reading
from models.honours import honoured
from models.notice import day_of
from models.season import Season
from simulation.papers import pdf
from tests.api.conftest import Visitor, errors_of, text_of
from tests.season_after import to_award
from tests.world import World


def test_certificates_and_award_are_settled_on_their_pages(address: str, world: World) -> None:
    office = Visitor(address, world).log_in(world.person("office"))
    assert "还没有获得认定的人" in text_of(office.get("/award"))
    assert "还没有获得认定的人" in text_of(office.get("/certificates/list"))
    first, second = to_award(world)
    assert "文号和日期还没有登记" in text_of(office.get("/certificates/list"))
    assert office.post("/certificates/list").status_code == 409
    office.get("/document")
    day = day_of(world.now()).isoformat()
    office.post("/document/number", {"number": "柳工字〔2026〕12号", "dated": day})
    office.get("/certificates/list")
    assert "已编号2份证书" in text_of(office.follow(office.post("/certificates/list")))
    assert office.get("/certificates/print/all.pdf").content.startswith(b"%PDF")
    assert office.get(f"/cases/{first.id}/certificate.docx").content.startswith(b"PK")

    office.get("/award")
    bad = office.post("/award/amount", {"amount": "", "paper": ""})
    assert (bad.status_code, set(errors_of(bad))) == (422, {"#amount", "#paper"})
    office.post("/award/amount", {"amount": "5000", "paper": "样例纪要"})
    office.get("/award")
    done = office.post("/award/payments", {"people": [str(first.id), str(second.id)], "paid_on": day})
    assert "已登记2人" in text_of(office.follow(done))
    assert office.post("/award/payments.xlsx").content.startswith(b"PK")
    assert office.get("/award/reserve.xlsx").content.startswith(b"PK")
    [task] = world.assignments("award")
    assert "文号、金额和每个人的发放都已登记" in text_of(office.get(f"/tasks/{task.id}"))

    with reading() as session:
        [held, _] = honoured(session, session.get_one(Season, world.season_id), world.notice)
    assert held.certificate is not None
    anybody = Visitor(address)
    told = anybody.get(
        "/certificates", params={"number": held.certificate.number, "code": held.certificate.code}
    )
    assert "有效" in text_of(told)
    assert first.name in text_of(told)
    assert str(first.form["employer"]) not in told.text
    wrong = anybody.get("/certificates", params={"number": held.certificate.number, "code": "AAAAAAAA"})
    assert (wrong.status_code, first.name in wrong.text) == (404, False)

    assert "有效" in text_of(office.get(f"/cases/{first.id}"))
    office.get(f"/cases/{first.id}/revoke")
    bad = office.post(f"/cases/{first.id}/revoke", {"paper": "", "reason": "样例理由"})
    assert (bad.status_code, set(errors_of(bad))) == (422, {"#paper", "#file"})
    fields = {"csrf": office.csrf, "paper": "样例决定第1号", "decided_on": day, "reason": "样例理由"}
    sent = office.client.post(
        f"/cases/{first.id}/revoke",
        data=fields,
        files={"file": ("决定.pdf", pdf(), "application/pdf")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert "已登记撤销" in text_of(office.follow(sent))
    assert office.get(f"/cases/{first.id}/revoke/paper").content.startswith(b"%PDF")
    told = anybody.get(
        "/certificates", params={"number": held.certificate.number, "code": held.certificate.code}
    )
    assert "已撤销" in text_of(told)

    host = Visitor(address, world).log_in(world.person("host_union"))
    own = [f"/cases/{first.id}/{page}" for page in ("certificate.pdf", "revoke")]
    pages = ("/award", "/certificates/list", "/certificates/print/all.pdf", "/award/reserve.xlsx")
    assert {host.get(path).status_code for path in (*pages, *own)} == {404}
