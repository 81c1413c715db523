"""Can the record be changed quietly? Its chain and the database say no."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from models.case import Case
from models.database import reading, transaction
from models.event import GENESIS, Event, event_hash
from models.words import EventKind
from tests.world import World


def chain(case: Case) -> list[Event]:
    with reading() as session:
        return list(session.exec(select(Event).where(Event.chain == case.id).order_by(col(Event.seq))))


def test_every_event_is_chained_to_the_one_before(world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")

    events = chain(case)
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    assert [e.previous for e in events] == [GENESIS, *(e.hash for e in events[:-1])]
    assert [e.hash for e in events] == [event_hash(e) for e in events]
    assert world.case(case).event_head == events[-1].hash


def test_events_tell_the_way_in_order(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "unit_review")

    documents = [d for d in world.notice.channel("unit").documents if world.notice.document(d).required]
    assert [e.kind for e in chain(case)] == [
        EventKind.CASE_ENTERED,
        EventKind.GATE_OPENED,
        *[EventKind.ATTACHMENT_ADDED] * len(documents),
        EventKind.ANSWER_GIVEN,
        EventKind.GATE_CLEARED,
        EventKind.GATE_OPENED,
    ]


@pytest.mark.parametrize("table", ["event", "decision", "notice_version"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_database_refuses_to_remove_what_is_on_record(world: World, table: str, statement: str) -> None:
    world.bring_to(world.enter(), "unit_review")

    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.connection().execute(text(statement.format(table)))


def test_database_refuses_to_change_an_event(world: World) -> None:
    case = world.enter()

    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.connection().execute(text("UPDATE event SET kind = 'x' WHERE chain = :id"), {"id": case.id})
