"""Can the record be changed quietly? Its chain and the database say no."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from models.case import Case
from models.database import engine, reading, transaction
from models.event import GENESIS, Event, event_hash
from models.tables import metadata
from models.words import EventKind
from processes.supervise import Stack
from settings import settings
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
        EventKind.CONSENT_GIVEN,
        EventKind.ANSWER_GIVEN,
        EventKind.GATE_CLEARED,
        EventKind.GATE_OPENED,
    ]


RECORD = [
    *("event", "decision", "notice_version", "anchor", "anchor_head"),
    *("publication", "recusal", "consent", "consent_text"),
]
CHANGES = ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET {} = {}"]


@pytest.mark.parametrize(
    ("url", "said"),
    [(lambda: None, "permission denied"), (lambda: settings().database_url, "append-only")],
    ids=["application", "owner"],
)
@pytest.mark.parametrize("table", RECORD)
@pytest.mark.parametrize("statement", CHANGES)
def test_what_is_on_record_is_changed_neither_by_the_application_nor_by_the_owner_of_the_tables(
    database: Stack, url: Callable[[], str | None], said: str, table: str, statement: str
) -> None:
    column = metadata.tables[table].columns.keys()[0]
    with pytest.raises(DBAPIError, match=said), Session(engine(url())) as session:
        session.connection().execute(text(statement.format(table, column, column)))


def test_the_application_cannot_take_the_triggers_off(database: Stack) -> None:
    for statement in ("ALTER TABLE event DISABLE TRIGGER USER", "SET session_replication_role = replica"):
        with pytest.raises(DBAPIError, match=r"must be owner|permission denied"), transaction() as session:
            session.connection().execute(text(statement))
