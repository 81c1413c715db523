"""Does the to-do list hold exactly what each person may answer?"""

from sqlmodel import col, select

from models.database import reading
from models.gates import Assignment
from models.narrowing import Filters
from models.people import Person, Seat
from models.season import Season, notice_of, now
from models.seats import may_answer
from models.viewer import read_viewer
from models.waiting import counts, waiting
from models.words import AssignmentState
from tests.world import World


def test_each_person_finds_what_they_may_answer_and_nothing_else(world: World) -> None:
    """The list's rule is that of `models.seats`, for every seat of the season and every kind of body."""
    for step in ("unit_review", "department_opinions", "county_review", "office_review", "expert_review"):
        world.bring_to(world.enter(public_power=True), step)
    world.enter()
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        notice = notice_of(session, season)
        tasks = session.exec(
            select(Assignment).where(
                Assignment.season_id == season.id, Assignment.state == AssignmentState.OPEN
            )
        ).all()
        seated = select(Seat.person_id).where(Seat.season_id == season.id)
        people = session.exec(select(Person).where(col(Person.id).in_(seated))).all()
        busy = 0
        for person in people:
            viewer = read_viewer(session, person, season, notice)
            found = {w.assignment.id for w in waiting(viewer, Filters()).rows}
            assert found == {t.id for t in tasks if may_answer(session, t, person, now(season))}
            assert counts(viewer).waiting == len(found)
            busy += bool(found)
    assert len(tasks) == 1 + 6 + 1 + 1 + 3 + 1
    assert busy == 1 + 6 + 1 + 1 + 3
