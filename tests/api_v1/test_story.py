"""Can a season be led from screening to recognition, and beyond, by programs alone?

The candidates have been handed in; from there on every hand is a call of the API, each by a token of its own. Only
the clock is moved, and the runs are pumped, by the test.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from models.case import Case
from models.database import reading
from models.people import Person
from models.words import AttachmentKind
from simulation.papers import pdf, picture
from tests.api_v1.conftest import Client, Login
from tests.world import World

Body = dict[str, Any]


class Programs:
    """Every seat's own program: what waits is asked for, and answered, over the API."""

    def __init__(self, world: World, login: Login, http: TestClient) -> None:
        self.world, self.login, self.http = world, login, http
        self.clients: dict[UUID, Client] = {}

    def of(self, body: str) -> Client:
        return self.client(self.world.person(body))

    def client(self, person: Person) -> Client:
        return self.clients.setdefault(person.id, self.login(person))

    @property
    def office(self) -> Client:
        return self.of("office")

    def waiting(self, client: Client, step: str) -> list[Body]:
        return [g for g in client.get("/gates", mine=True).items if g["step"] == step]

    def answer(self, step: str, seats: Iterable[str | Person], answer: str, **given: Any) -> None:
        """Whatever waits at the step for these people is answered in the same way; then the runs go on."""
        for seat in seats:
            client = self.of(seat) if isinstance(seat, str) else self.client(seat)
            for gate in self.waiting(client, step):
                client.post(f"/gates/{gate['id']}/decisions", {"answer": answer, **given})
        self.world.pump()

    def upload(self, client: Client, path: str, content: bytes, expected: int, **said: str) -> Body:
        answer = self.http.post(
            client.base + path, files={"file": ("样例", content)}, data=said, headers=client.headers
        )
        assert answer.status_code == expected, answer.text
        told: Body = answer.json()
        return told

    def fetch(self, path: str) -> bytes:
        client = self.office
        answer = self.http.get(f"{client.base}/exports/{path}", headers=client.headers)
        assert answer.status_code == 200, answer.text
        content: bytes = answer.content
        return content

    def hold(self, step: str, body: str, conclusions: Body | None = None) -> Body:
        """The office records a meeting that everybody attends; one of those who met confirms it as it was read."""
        [called] = [m for m in self.office.get("/meetings").items if m["step"] == step]
        gate = called["gate"]
        board = self.office.get(f"/gates/{gate}/meeting")
        members: Any = board["members"]
        record = {
            "gate": gate,
            "number": "样例1号",
            "held_on": f"{self.world.now():%Y-%m-%d}",
            "attendance": {m["person"]: "present" for m in members},
            "conclusions": conclusions or {},
        }
        kept = self.office.post("/meetings", record)
        self.upload(self.office, f"/meetings/{kept['id']}/scan", pdf("minutes"), 200)
        closed = self.of(body).post(f"/meetings/{kept['id']}/close", {"draft": kept["draft"]}, 200)
        assert (closed["state"], closed["scanned"]) == ("closed", True)
        self.world.pump()
        whole = self.office.get(f"/gates/{gate}/meeting").body
        assert isinstance(whole, dict)
        return whole


@pytest.fixture
def programs(world: World, login: Login, http: TestClient) -> Programs:
    return Programs(world, login, http)


def people(world: World, gate: Body) -> list[Person]:
    """Those who are asked by name at a panel."""
    with reading() as session:
        return [session.get_one(Person, UUID(str(m["person"]))) for m in gate["members"]]


def screened(programs: Programs) -> list[Case]:
    """Four candidates before the office; two go on, one through an inspection, two leave."""
    world, office = programs.world, programs.office
    cases = [world.bring_to(world.enter(route="city"), "office_review") for _ in range(4)]
    first, second, leaving, barred = cases
    told = office.post(
        f"/cases/{first.number}/corrections", {"fields": {"post": "样例班长"}, "reason": "样例理由"}, 200
    )
    assert (told["form_version"], told["asked_again"]) == (first.form_version + 1, [])
    strange = {"fields": {"shoe_size": "1"}, "reason": "样例理由"}
    assert office.post(f"/cases/{first.number}/corrections", strange, 422).codes == ["unknown_field"]
    looked: Any = office.get(f"/cases/{first.number}/corrections", field="post")["approvals"]
    assert [(a["step"], a["always"]) for a in looked] == [("unit_review", False)]
    losses: Any = office.get(f"/cases/{leaving.number}/losses")["losses"]
    assert losses[0].startswith("正在办理的“")
    filler = programs.client(world.enterer(leaving))
    assert filler.post(f"/cases/{leaving.number}/withdraw", {"reason": " "}, 422).codes == ["reason_missing"]
    gone = filler.post(f"/cases/{leaving.number}/withdraw", {"reason": "样例理由"}, 200)
    assert (gone["outcome"], gone["open_steps"]) == ("withdrawn", [])
    reason = {"reason": "样例理由"}
    assert filler.post(f"/cases/{barred.number}/disqualify", reason, 403).codes == ["office_only"]
    assert office.post(f"/cases/{barred.number}/disqualify", reason, 200)["outcome"] == "disqualified"
    assert office.post(f"/cases/{second.number}/channel", {}, 409).codes == ["already_confirmed"]
    assert office.get("/channels").items == []
    return [first, second, barred]


def inspected(programs: Programs, case: Case) -> None:
    """The visit is arranged, each inspector writes what was found, with a photo."""
    world, office = programs.world, programs.office
    gate = world.gate("inspection", case).id
    day = {"day": f"{world.now():%Y-%m-%d}", "place": "样例车间"}
    assert office.post(f"/gates/{gate}/visit", day, 200)["place"] == "样例车间"
    panel: Any = office.get(f"/gates/{gate}/panel").body
    points = {p.key: "样例所见" for p in world.notice.step("inspection").points}
    answer = world.notice.step("inspection").answers[0].key
    for person in people(world, panel):
        inspector = programs.client(person)
        programs.upload(inspector, f"/gates/{gate}/photos", picture(AttachmentKind.JPG), 201)
        inspector.post(f"/gates/{gate}/decisions", {"answer": answer, "facts": {"findings": points}})
    world.pump()
    reports: Any = office.get(f"/cases/{case.number}/inspections").items
    assert [(len(r["photos"]), len(r["findings"]), r["visit"]["place"]) for r in reports] == [
        (1, len(points), "样例车间")
    ] * len(reports)
    assert len(reports) == 2


def judged(programs: Programs, cases: list[Case]) -> None:
    """An expert's trades are put on record, one steps in for another, one is added and leaves; all others score."""
    world, office = programs.world, programs.office
    assert {p["case"] for p in office.get("/panels").items} == {c.number for c in cases}
    for case in cases:
        gate = world.gate("expert_review", case).id
        panel: Any = office.get(f"/gates/{gate}/panel").body
        assert (panel["asked"], panel["answered"], len(panel["members"])) == (3, 0, 3)
    substitute, *_ = panel["proposed"]
    before = next(e["trades"] for e in office.get("/experts").items if e["person"] == substitute["person"])
    keys = [c.key for c in world.notice.categories]
    known = {"trades": next([k] for k in keys if [k] != before)}
    [expert] = office.post(f"/experts/{substitute['person']}/trades", known, 200).items
    assert expert["trades"] == known["trades"]
    assert office.post(f"/experts/{substitute['person']}/trades", known, 422).codes == ["nothing_changed"]
    assert expert in office.get("/experts").items
    joining = {"person": substitute["person"], "replaces": panel["members"][0]["task"]}
    changed: Any = office.post(f"/gates/{gate}/panel", joining).body
    assert sorted(m["state"] for m in changed["members"]) == ["open", "open", "open", "released"]
    assert office.post(f"/gates/{gate}/panel", joining, 409).codes == ["already_answered"]
    another = {"person": changed["proposed"][0]["person"]}
    more: Any = office.post(f"/gates/{gate}/panel", another).body
    [added] = [m["task"] for m in more["members"] if m["person"] == another["person"]]
    office.post(f"/gates/{gate}/panel/leave", {"task": added}, 200)
    for number, case in enumerate(cases):
        panel = office.get(f"/gates/{world.gate('expert_review', case).id}/panel").body
        scores = {c.key: 90 - number for c in world.notice.step("expert_review").criteria}
        seated = [m for m in panel["members"] if m["state"] == "open"]
        experts = people(world, {"members": seated})
        programs.answer("expert_review", experts, "score", facts={"scores": scores})


def chosen(programs: Programs, first: Case, second: Case) -> None:
    """From the scores to the selected list: three meetings, one with votes that turn the order round."""
    world, office = programs.world, programs.office
    world.move_to(world.notice.due("application"))
    world.pump()
    programs.answer("proposed_list", ["office"], "confirm")
    programs.hold("party_meeting", "party_group")
    voters = len(world.people("chair_meeting"))
    said = {"position": 1, "reason": "样例理由", "votes": [voters, 0, 0]}
    told: Any = programs.hold("chair_meeting", "chair_meeting", {second.number: said})
    assert [(n["case"], n["place"], n["position"], n["votes"]) for n in told["lines"]] == [
        (second.number, "on", 1, [voters, 0, 0]),
        (first.number, "on", 2, None),
    ]
    programs.hold("leading_meeting", "leading_group")
    assert [(m["step"], m["state"]) for m in office.get("/meetings").items] == [
        (step, "cleared") for step in ("party_meeting", "chair_meeting", "leading_meeting")
    ]


def made_public(programs: Programs, first: Case) -> None:
    """A text is put right by two, released as it was seen, and put right once more when it is public."""
    world, office, releaser = programs.world, programs.office, programs.of("releaser")
    wrong = {"window": "public_notice", "case": first.number, "column": "employer", "reason": "样例理由"}
    office.post("/publication/corrections", wrong | {"text": "样例单位"})
    draft: Any = releaser.get("/publication")["draft"]
    assert [r["cells"]["employer"] for r in draft["rows"] if r["case"] == first.number] == ["样例单位"]
    programs.answer("release", ["releaser"], "release", facts={"draft": draft["digest"]})
    world.move_to(world.notice.starts("notice_opens"))
    world.pump()
    asked = office.post("/publication/corrections", wrong | {"text": "样例公司"})
    settle = f"/publication/corrections/{asked['id']}/settle"
    assert office.post(settle, {"released": True}, 403).codes == ["not_releaser"]
    assert releaser.post(settle, {"released": True}, 200)["state"] == "released"
    shown: Any = office.get("/publication")["released"]
    assert [r["corrected"] for r in shown["rows"] if r["case"] == first.number] == [["employer"]]
    assert programs.fetch("public/notice/site.zip")[:2] == b"PK"
    world.move_to(world.notice.due("notice_closes"))
    world.pump()
    programs.answer("public_notice", ["office"], "confirm")


def signed(programs: Programs, first: Case, second: Case) -> None:
    """The office writes, every host signs, the number and the sealed copies go on record."""
    world, office = programs.world, programs.office
    wanted = world.notice.joint_document
    assert wanted is not None
    words = {"title": wanted.title, "addressee": wanted.addressee, "body": wanted.text}
    assert office.post("/document/versions", words | {"body": "样例"}, 422).codes == ["list_missing"]
    written: Any = office.post("/document/versions", words).body
    assert (written["version"], written["names"]) == (1, [second.number, first.number])
    number = {"number": "样例文号〔2026〕12号", "dated": f"{world.now():%Y-%m-%d}"}
    assert office.post("/document/numbers", number, 409).codes == ["not_signed"]
    programs.answer("joint_draft", ["office"], "drafted")
    hosts = [d.body for d in world.notice.step("joint_document").deciders]
    programs.answer("joint_document", hosts, world.notice.step("joint_document").answers[0].key)
    told: Any = office.get("/document").body
    assert [(h["body"], h["state"]) for h in told["hosts"]] == [(b, "signed") for b in hosts]
    office.post("/document/numbers", number)
    programs.upload(office, "/document/files", pdf("sealed"), 201)
    programs.upload(programs.of(hosts[0]), f"/document/files?host={hosts[0]}", pdf("copy"), 201)
    told = office.get("/document").body
    assert (told["number"]["number"], [f["host"] for f in told["files"]]) == (
        number["number"],
        ["", hosts[0]],
    )
    assert programs.fetch("document/1.docx")[:2] == b"PK"


def honoured(programs: Programs, first: Case, second: Case) -> None:
    """Certificates, amount, payments; one title is taken back."""
    world, office = programs.world, programs.office
    people: Any = office.post("/certificates", None)["people"]
    assert [(p["case"], p["certificate"] is None) for p in people] == [
        (second.number, False),
        (first.number, False),
    ]
    day, paper = f"{world.now():%Y-%m-%d}", {"paper": "样例会议纪要第1号"}
    paid = {"cases": [first.number], "paid_on": day}
    assert office.post("/award/payments", paid, 409).codes == ["amount_missing"]
    office.post("/award/amounts", {"yuan": 5000} | paper)
    assert office.post("/award/amounts", {"yuan": 6000} | paper, 422).codes == ["reason_missing"]
    assert office.post("/award/payments", paid | {"cases": ["x"]}, 422).codes == ["not_recognised"]
    office.post("/award/payments", paid)
    office.post("/award/payments", {"cases": [second.number], "note": "样例理由：本人放弃"})
    told: Any = office.get("/award").body
    assert [(p["yuan"], p["settled"]) for p in told["people"]] == [(0, True), (5000, True)]
    revoked = {"paper": "样例决定1号", "decided_on": day, "reason": "样例理由"}
    gone = programs.upload(office, f"/cases/{second.number}/revocation", pdf("decision"), 201, **revoked)
    assert gone == {"case": second.number} | revoked
    assert programs.fetch("certificates.pdf")[:4] == b"%PDF"
    assert programs.fetch("reserve.xlsx")[:2] == b"PK"


def appealed(programs: Programs, case: Case) -> None:
    """Who was disqualified appeals, and is answered once; the others neither see nor register any."""
    office, said = (
        programs.office,
        {"appellant": "样例甲", "contact": "a@example.org", "text": "样例申诉内容"},
    )
    made = office.post("/appeals", {"case": case.number} | said)
    answer = {"upheld": False, "answer": "样例答复"}
    assert office.post(f"/appeals/{made['id']}/answer", answer, 200)["upheld"] is False
    assert office.post(f"/appeals/{made['id']}/answer", answer, 409).codes == ["already_answered"]
    assert "样例申诉内容" not in str(office.get("/appeals").items)


def test_programs_lead_a_season_to_recognition_and_beyond(programs: Programs) -> None:
    first, second, barred = screened(programs)
    programs.answer("office_review", ["office"], "pass_inspect")
    inspected(programs, first)
    inspected(programs, second)
    judged(programs, [first, second])
    chosen(programs, first, second)
    made_public(programs, first)
    signed(programs, first, second)
    honoured(programs, first, second)
    appealed(programs, barred)

    told = [programs.office.get(f"/cases/{c.number}") for c in (first, second, barred)]
    assert [t["outcome"] for t in told] == ["recognised", "recognised", "disqualified"]
    stranger = programs.of("county_union")
    for path in ("/document", "/award", "/appeals", "/publication", "/experts", "/panels", "/meetings"):
        stranger.get(path, 404)
