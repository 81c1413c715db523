"""Does an inspector report from the spot, and who reads and prints what he found?"""

from models.case import Case
from models.database import reading
from models.gates import Assignment
from models.people import Person
from simulation.papers import picture
from tests.api.conftest import Visitor, errors_of, soup, text_of, value_of
from tests.world import World

SAID = {"finding_skill": "现场演示焊接，无缺陷", "answer": "report_support", "opinion": "情况属实"}


def to_be_seen(world: World) -> tuple[Case, Assignment]:
    case = world.bring_to(world.enter(route="city"), "office_review")
    world.answer("office_review", case, "pass_inspect")
    world.pump()
    return case, world.assignments("inspection", case)[0]


def asked(address: str, world: World, task: Assignment) -> Visitor:
    with reading() as session:
        return Visitor(address, world).log_in(session.get_one(Person, task.person_id))


def upload(visitor: Visitor, task: Assignment, *files: bytes, **typed: str) -> object:
    return visitor.client.post(
        f"/tasks/{task.id}/photos",
        data={"csrf": visitor.csrf, **typed},
        files=[("photo", (f"{n}.jpg", f, "image/jpeg")) for n, f in enumerate(files)],
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def test_report_with_photos_is_written_read_and_printed(address: str, office: Visitor, world: World) -> None:
    case, task = to_be_seen(world)
    gate = world.gate("inspection", case)
    office.get(f"/panels/{gate.id}")
    day = {"assignment": str(task.id), "action": "visit", "day": "2026-03-13", "place": "样例车间"}
    assert errors_of(office.post(f"/panels/{gate.id}", day | {"day": "x"})) != {}
    office.follow(office.post(f"/panels/{gate.id}", day))
    inspector = asked(address, world, task)
    assert "2026年3月13日 ，样例车间" in text_of(inspector.get(f"/tasks/{task.id}"))

    sent = upload(inspector, task, picture(size=(640, 480)), finding_skill=SAID["finding_skill"])
    assert getattr(sent, "status_code", 0) == 303
    back = inspector.get(f"/tasks/{task.id}")
    assert value_of(back, "finding_skill") == SAID["finding_skill"]
    [shown] = soup(back).select(".photos img")
    assert inspector.get(str(shown["src"])).headers["content-type"] == "image/jpeg"
    assert office.get(str(shown["src"])).status_code == 404
    assert inspector.post(f"/tasks/{task.id}", SAID).status_code == 303

    page = office.get(f"/cases/{case.id}")
    assert SAID["finding_skill"] in text_of(page, '[aria-labelledby="inspection-title"]')
    assert office.get(str(shown["src"])).status_code == 200
    printed = office.get(f"/cases/{case.id}/inspection.pdf")
    assert printed.content.startswith(b"%PDF")
    assert office.get(f"/cases/{case.id}/inspection.docx").status_code == 200


def test_experts_read_the_report_and_the_unit_does_not(address: str, unit: Visitor, world: World) -> None:
    case, task = to_be_seen(world)
    inspector = asked(address, world, task)
    inspector.get(f"/tasks/{task.id}")
    inspector.post(f"/tasks/{task.id}", SAID)
    world.pass_step("inspection", case)
    expert = asked(address, world, world.assignments("expert_review", case)[0])

    assert SAID["finding_skill"] in expert.get(f"/cases/{case.id}").text
    assert expert.get(f"/cases/{case.id}/inspection.pdf").status_code == 200
    city = Visitor(address, world).log_in(world.filler("样例钢铁集团有限公司"))
    assert SAID["finding_skill"] not in city.get(f"/cases/{case.id}").text
    assert city.get(f"/cases/{case.id}/inspection.pdf").status_code == 404
    assert unit.get(f"/cases/{case.id}/inspection.pdf").status_code == 404


def test_photo_that_is_none_keeps_what_was_typed(address: str, world: World) -> None:
    _, task = to_be_seen(world)
    inspector = asked(address, world, task)
    inspector.get(f"/tasks/{task.id}")

    for files in ((b"not a picture",), ()):
        refused = upload(inspector, task, *files, finding_post="在岗十五年")
        assert getattr(refused, "status_code", 0) == 422
        assert value_of(refused, "finding_post") == "在岗十五年"  # type: ignore[arg-type]
