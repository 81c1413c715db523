"""Does a claim keep others out for exactly as long as its holder lives?"""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest

from flows.claims import Claims, connection_string, lock_number
from processes.supervise import Stack
from settings import settings


@pytest.fixture
def claims(database: Stack) -> Iterator[Claims]:
    mine = Claims(settings().database_url)
    yield mine
    mine.close()


@pytest.fixture
def others(database: Stack) -> Iterator[Claims]:
    theirs = Claims(settings().database_url)
    yield theirs
    theirs.close()


@pytest.mark.parametrize(
    "subject", [UUID(int=0), UUID(int=2**128 - 1), UUID("80000000-0000-0000-0000-000000000000")]
)
def test_lock_is_seen_under_its_number_whatever_the_id(claims: Claims, subject: UUID) -> None:
    with claims.held(subject) as mine:
        seen = lock_number(subject) in claims.all_held()

    assert (mine, seen, lock_number(subject) in claims.all_held()) == (True, True, False)


def test_nobody_else_gets_a_claimed_subject(claims: Claims, others: Claims) -> None:
    subject = uuid4()

    with claims.held(subject) as mine, others.held(subject) as theirs, claims.held(subject) as again:
        held = (mine, theirs, again)
    with others.held(subject) as after:
        pass

    assert (held, after) == ((True, False, False), True)


def test_lost_connection_frees_and_a_new_one_takes_the_claims_over(claims: Claims, others: Claims) -> None:
    subject = uuid4()
    number = lock_number(subject)

    with claims.held(subject):
        end_connection_holding(number)
        free_meanwhile = number not in others.all_held()
        with pytest.raises(psycopg.OperationalError):
            claims.all_held()
        held_again = number in claims.all_held()

    assert (free_meanwhile, held_again, number in others.all_held()) == (True, True, False)


def test_engine_knows_whether_others_are_about(claims: Claims, others: Claims) -> None:
    others.all_held()
    together = claims.others_about()
    others.close()

    assert together


def end_connection_holding(number: int) -> None:
    """As a restart of the database does."""
    with psycopg.connect(connection_string(settings().database_url)) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objsubid = 1"
            " and ((classid::bigint << 32) | objid::bigint) = %s",
            (number,),
        )
