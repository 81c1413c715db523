"""Does a list keep to its size and its reasons, whatever a meeting does with it, and does the database say so too?"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from models.actions import Given
from models.case import Case
from models.database import engine, reading, transaction
from models.lists import Entry, Shortlist, arrange
from models.meeting import decided_places, items_of, meeting_of
from models.verdict import Refused
from models.words import Place
from tasks.decide import decide
from tasks.intake import Application, enter_case
from tasks.meetings import Conclusion, Noted, keep_minutes
from tasks.shortlists import draft_entries
from tests.tasks.test_meetings import STEP
from tests.tasks.test_meetings import meeting as meeting
from tests.world import World, complete_form

REFUSALS = {"change_unexplained", "over_quota", "order_beyond", "order_clash"}
CONCLUSIONS = st.builds(
    Conclusion,
    place=st.sampled_from([None, *Place]),
    position=st.sampled_from([None, None, 1, 2, 4]),
    reason=st.sampled_from(["样例理由", "样例理由", ""]),
)
SAID = st.dictionaries(st.sampled_from("甲乙丙丁"), CONCLUSIONS, max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=SAID)
def test_confirmed_list_is_the_one_that_was_shown_and_keeps_to_the_rules(
    meeting: World, said: Mapping[str, Conclusion]
) -> None:
    with Session(engine(), expire_on_commit=False) as session:
        prepared(session, meeting, said)
        shortlist = session.exec(select(Shortlist).where(Shortlist.gate_id == meeting.gate(STEP).id)).one()
        drafted = draft_entries(session, shortlist)
        before = {e.case_id for e in drafted if e.place == Place.ON}
        shown = shown_digest(session, meeting, drafted)
        [assignment] = meeting.assignments(STEP)
        refused: set[str] = set()
        try:
            decide(session, assignment.id, meeting.person("meeting"), Given("confirm"))
        except Refused as refusal:
            refused = {r.code for r in refusal.reasons}
        assert refused <= REFUSALS
        if not refused:
            session.flush()
            on = [e for e in draft_entries(session, shortlist) if e.place == Place.ON]
            assert len(on) <= shortlist.size
            assert [e.position for e in on] == list(range(1, len(on) + 1))
            assert all(e.reason for e in on if e.case_id not in before)
            assert shortlist.digest == shown
        session.rollback()


def prepared(session: Session, world: World, said: Mapping[str, Conclusion]) -> None:
    """The meeting's record with these conclusions, in a transaction that is not kept."""
    if meeting_of(session, world.gate(STEP).id) is None:
        world.hold(STEP)
    cases = {c.name[-1]: c.id for c in session.exec(select(Case).where(Case.season_id == world.season_id))}
    conclusions = {cases[name]: Conclusion() for name in cases} | {cases[n]: c for n, c in said.items()}
    keep_minutes(session, world.gate(STEP).id, world.person("office"), Noted(conclusions=conclusions))


def shown_digest(session: Session, world: World, drafted: list[Entry]) -> str:
    """What the page of the meeting shows, as the list's own digest is made."""
    places = decided_places(items_of(session, meeting_of(session, world.gate(STEP).id)))
    numbers = dict(session.exec(select(Case.id, Case.number).where(Case.season_id == world.season_id)).all())
    rows = [[place, n, numbers[e.case_id]] for e, place, n in arrange(drafted, places)]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


@pytest.mark.parametrize("size", [39, 30])
def test_database_refuses_one_name_more_than_the_list_holds(world: World, size: int) -> None:
    *full, extra = entered(world, size + 1)
    list_id = a_list(world, size)
    put(list_id, size, [(case_id, n) for n, case_id in enumerate(full, 1)])

    for wrong in (
        {"position": size + 1, "size": size},
        {"position": size + 1, "size": size + 1},
        {"position": size, "size": size},
    ):
        with pytest.raises(IntegrityError):
            put(list_id, wrong["size"], [(extra, wrong["position"])])
    with reading() as session:
        assert len(session.exec(select(Entry.id).where(Entry.shortlist_id == list_id)).all()) == size


def entered(world: World, count: int) -> list[UUID]:
    by = world.applicant()
    with transaction() as session:
        form: Any = complete_form(world.notice, "self", {})
        made = [
            enter_case(session, world.season_id, Application(f"样例{n}", "self", "city", form=form), by)
            for n in range(count)
        ]
        return [case.id for case in made]


def a_list(world: World, size: int) -> UUID:
    with transaction() as session:
        found = Shortlist(season_id=world.season_id, step="proposed_list", size=size, drafted_at=world.now())
        session.add(found)
        return found.id


def put(list_id: UUID, size: int, rows: list[tuple[UUID, int]]) -> None:
    """Straight into the table, past every verb."""
    statement = text(
        "INSERT INTO shortlist_entry (id, shortlist_id, size, case_id, place, position, tied, reason)"
        " VALUES (:id, :list, :size, :case, 'on', :position, false, '')"
    )
    with transaction() as session:
        for case_id, position in rows:
            session.execute(
                statement,
                {"id": uuid4(), "list": list_id, "size": size, "case": case_id, "position": position},
            )
