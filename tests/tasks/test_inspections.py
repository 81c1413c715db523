"""How is a visit arranged, and which photos does a report take (三（三）)?"""

from datetime import date

import pytest

from models.case import Case
from models.database import reading, transaction
from models.filestore import path_of
from models.gates import Assignment
from models.inspection import photos_of
from models.orphans import orphans
from models.people import Person
from models.verdict import Refused
from models.words import AttachmentKind
from simulation.papers import pdf, picture
from tasks.inspections import add_photo, remove_photo, set_visit
from tests.refusals import codes
from tests.world import World

DAY = date(2026, 3, 13)


@pytest.fixture
def case(world: World) -> Case:
    """A case that inspectors are to go and see."""
    case = world.bring_to(world.enter(route="city"), "office_review")
    world.answer("office_review", case, "pass_inspect")
    world.pump()
    return case


def first(world: World, case: Case) -> tuple[Assignment, Person]:
    task = world.assignments("inspection", case)[0]
    with reading() as session:
        return task, session.get_one(Person, task.person_id)


def kept(task: Assignment) -> int:
    with reading() as session:
        return len(photos_of(session, [task.id]))


def refused(task: Assignment, person: Person, content: bytes, name: str = "a.jpg") -> list[str]:
    with transaction() as session, pytest.raises(Refused) as refusal:
        add_photo(session, task.id, name, content, person)
    return codes(refusal)


def test_photo_is_kept_sealed_and_can_be_taken_out_again(world: World, case: Case) -> None:
    task, inspector = first(world, case)
    content = picture(size=(640, 480))
    with transaction() as session:
        photo = add_photo(session, task.id, "现场.jpg", content, inspector)

    assert kept(task) == 1
    assert content not in path_of(photo.id).read_bytes()
    with reading() as session:
        assert path_of(photo.id) not in orphans(session, seconds=0)
    with transaction() as session:
        remove_photo(session, task.id, photo.id, inspector)
    assert (kept(task), path_of(photo.id).exists()) == (0, False)


def test_what_is_no_photo_or_there_already_or_somebody_elses_is_refused(world: World, case: Case) -> None:
    task, inspector = first(world, case)
    content = picture(AttachmentKind.PNG, size=(640, 480))
    with transaction() as session:
        add_photo(session, task.id, "a.png", content, inspector)

    assert refused(task, inspector, content, "b.png") == ["same_file"]
    assert refused(task, inspector, pdf(), "c.pdf") == ["wrong_kind"]
    assert refused(task, inspector, b"x", "d.jpg") != []
    assert refused(task, world.person("expert"), picture(size=(320, 480))) == ["not_your_task"]
    world.answer_as(inspector, task, "report_support")
    assert refused(task, inspector, picture(size=(320, 480))) == ["already_answered"]


def test_office_arranges_the_day_and_may_move_it(world: World, case: Case) -> None:
    task, inspector = first(world, case)

    def set_by(person: Person, day: date | None) -> list[str]:
        with transaction() as session, pytest.raises(Refused) as refusal:
            set_visit(session, task.id, day, "", person)
        return codes(refusal)

    assert set_by(inspector, DAY) == ["office_only"]
    assert set_by(world.person("office"), None) == ["day_missing"]
    for day in (DAY, DAY.replace(day=14)):
        with transaction() as session:
            visit = set_visit(session, task.id, day, "样例车间", world.person("office"))
    assert (visit.day, visit.place) == (date(2026, 3, 14), "样例车间")
