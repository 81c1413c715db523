"""Does each invariant see what breaks it? Every test breaks one thing behind the verbs' backs, and takes it back."""

import os
from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session

from models.case import Case
from models.database import engine, reading
from models.invariants import INVARIANTS, Run, check
from models.season import Season
from settings import settings
from tests.world import World

APPEND_ONLY = ("event", "decision", "notice_version", "publication")


def broken(world: World, *statements: str, runs: "Dashboard | None" = None) -> list[tuple[int, str]]:
    """What is broken after these statements; they are rolled back."""
    with Session(engine(settings().database_url)) as session:
        connection = session.connection()
        for table in APPEND_ONLY:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            changed = connection.execute(text(statement), {"season": world.season_id})
            assert changed.rowcount > 0, statement
        report = check(session, session.get_one(Season, world.season_id), runs)
        session.rollback()
    return [(b.number, b.text) for b in report.broken]


def numbers(world: World, *statements: str) -> set[int]:
    return {number for number, _ in broken(world, *statements)}


class Dashboard:
    """A dashboard that shows one run."""

    def __init__(self, case: Case, state: str, *texts: str) -> None:
        self.run = Run(case.flow_run_id or case.id, state, texts)

    def of_season(self, season_id: UUID) -> Sequence[Run]:
        return [self.run]


@pytest.fixture
def engine_alive() -> Iterator[None]:
    """The engine's ready file names a process that lives: this one."""
    path = settings().ready_file("engine")
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(os.getpid()))
    yield
    path.unlink() if before is None else path.write_text(before)


def test_all_hold_along_the_way(world: World) -> None:
    world.bring_to(world.enter(), "county_review")

    with reading() as session:
        report = check(session, world.season)
    assert (report.checked, report.broken) == (len(INVARIANTS), ())


@pytest.mark.parametrize(
    ("number", "statement"),
    [
        (1, "UPDATE \"case\" SET stage = 'review' WHERE season_id = :season"),
        (1, "UPDATE \"case\" SET outcome = 'withdrawn', closed_at = now() WHERE season_id = :season"),
        (2, "UPDATE assignment SET state = 'answered' WHERE season_id = :season AND state = 'open'"),
        (2, "UPDATE assignment SET state = 'cancelled' WHERE season_id = :season AND state = 'answered'"),
        (4, "DELETE FROM seat WHERE season_id = :season AND body = 'county_union'"),
        (4, "DELETE FROM message WHERE season_id = :season"),
        (4, "UPDATE assignment SET state = 'cancelled' WHERE season_id = :season AND state = 'open'"),
        (7, "UPDATE event SET facts = '{}' WHERE season_id = :season AND kind = 'gate_cleared'"),
        (7, "DELETE FROM event WHERE season_id = :season AND kind = 'gate_cleared'"),
        (7, "UPDATE decision SET reason = 'x' FROM gate WHERE gate.id = gate_id AND season_id = :season"),
        (7, "UPDATE season SET event_seq = event_seq + 1 WHERE id = :season"),
        (8, "DELETE FROM seat WHERE season_id = :season AND body = 'police'"),
        (11, "UPDATE message SET state = 'failed', error = '' WHERE season_id = :season"),
        (11, "UPDATE message SET state = 'sent', sent_at = NULL WHERE season_id = :season"),
    ],
)
def test_what_is_broken_is_seen(world: World, number: int, statement: str) -> None:
    world.bring_to(world.enter(), "county_review")

    assert number in numbers(world, statement)


def test_case_without_gate_or_wakeup_is_stranded(world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")

    found = broken(
        world,
        "UPDATE gate SET state = 'void', closed_at = now() WHERE season_id = :season AND state = 'open'",
        "UPDATE wakeup SET done_at = now() WHERE season_id = :season",
    )

    assert [n for n, _ in found] == [3, 3]
    assert found[1][1].startswith(case.number)


def test_wakeup_that_nobody_answers_is_late(world: World, engine_alive: None) -> None:
    case = world.enter()
    assert numbers(world) == set()

    late = "created_at = now() - interval '2 minutes'"
    earlier = "UPDATE season SET opened_at = now() - interval '2 minutes' WHERE id = :season"
    found = broken(
        world, earlier, f"UPDATE wakeup SET {late} WHERE season_id = :season AND case_id IS NOT NULL"
    )

    assert [n for n, _ in found] == [5]
    assert found[0][1].startswith(case.number)


def test_assigned_expert_who_is_a_colleague_is_seen(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "expert_review")
    world.answer("expert_review", case)

    employer = "UPDATE person SET employer = '样例机械制造有限公司' WHERE email LIKE 'expert%'"
    assert numbers(world, employer) == {8}


def test_decision_by_one_who_had_declared_himself_recused_is_seen(world: World) -> None:
    case = world.bring_to(world.enter(route="city"), "expert_review")
    world.answer("expert_review", case)
    declared = (
        "INSERT INTO recusal (id, season_id, case_id, person_id, declared_by, reason, declared_at) "
        "SELECT gen_random_uuid(), gate.season_id, gate.case_id, decided_by, decided_by, 'x', decided_at {} "
        "FROM decision JOIN gate ON gate.id = gate_id WHERE season_id = :season AND step = 'expert_review'"
    )

    assert numbers(world, declared.format("- interval '1 second'")) == {8}
    assert numbers(world, declared.format("+ interval '1 second'")) == set()


def test_name_that_comes_from_nowhere_and_list_that_changes_are_seen(world: World) -> None:
    first, second = (world.bring_to(world.enter(route="city"), "proposed_list") for _ in range(2))
    world.move_to(world.notice.starts("expert_review"))
    world.pump()
    world.answer("proposed_list", facts={"places": {str(second.id): ["reserve", "样例理由"]}})
    world.pump()
    world.answer("party_meeting", facts={"places": {str(second.id): ["on", "样例理由"]}})
    world.pump()
    of_party = (
        "WHERE shortlist_id = (SELECT id FROM shortlist WHERE season_id = :season AND step = 'party_meeting')"
    )

    of_season = "gate_id IN (SELECT id FROM gate WHERE season_id = :season)"

    assert numbers(world) == set()
    assert numbers(world, f"UPDATE shortlist_entry SET reason = '' {of_party}") == {6}
    assert numbers(
        world, f"UPDATE shortlist_entry SET case_id = case_id, position = 9 {of_party} AND position = 1"
    ) == {6}
    assert first.number != second.number
    recorder = "jsonb_set(facts, '{minutes,recorders}', jsonb_build_array(decided_by::text))"
    assert numbers(
        world, f"UPDATE decision SET facts = {recorder} WHERE facts ? 'minutes' AND {of_season}"
    ) == {7, 8}


def test_list_that_came_after_its_check_is_seen(world: World) -> None:
    _, second = (world.bring_to(world.enter(route="city"), "proposed_list") for _ in range(2))
    world.move_to(world.notice.starts("expert_review"))
    world.pump()
    for step in ("proposed_list", "party_meeting", "chair_meeting"):
        world.pass_step(step)
    world.answer("leading_meeting", facts={"places": {str(second.id): ["reserve", "样例理由"]}})
    world.pump()
    world.pass_step("release")
    world.move_to(world.notice.starts("notice_opens"))
    world.pump()

    assert world.open_steps() == ["public_notice"]
    assert numbers(world) == set()
    opened = (
        "SELECT opened_at FROM gate WHERE season_id = :season AND case_id IS NULL AND step = 'public_notice'"
    )
    later = f"UPDATE shortlist SET confirmed_at = ({opened}) WHERE season_id = :season AND step = 'leading_meeting'"
    assert numbers(world, later) == {9}
    assert numbers(world, "UPDATE publication SET rows = '[]' WHERE season_id = :season") == {9}
    assert numbers(world, "DELETE FROM publication WHERE season_id = :season") == {9}


def test_names_and_numbers_outside_are_seen(world: World) -> None:
    case = world.enter(name="样例隐姓人")
    harmless = f"{case.number}·基层申报"

    assert broken(world, runs=Dashboard(case, "PAUSED", harmless)) == []
    assert [n for n, _ in broken(world, runs=Dashboard(case, "PAUSED", "样例隐姓人"))] == [10]
    assert [n for n, _ in broken(world, runs=Dashboard(case, "PAUSED", "13800000000"))] == [10]


def test_number_in_a_log_is_seen(world: World) -> None:
    path = settings().log_folder / "test-invariants.log"
    path.write_text("call 13800000000\n")
    try:
        assert numbers(world) == {10}
    finally:
        path.unlink()


def test_open_case_whose_run_is_dead_is_seen(world: World) -> None:
    case = world.enter()
    done = "UPDATE wakeup SET done_at = now() WHERE season_id = :season AND case_id IS NOT NULL"
    given = f"UPDATE \"case\" SET flow_run_id = '{case.id}' WHERE season_id = :season"

    assert broken(world, done, given, runs=Dashboard(case, "PAUSED")) == []
    assert [n for n, _ in broken(world, done, given, runs=Dashboard(case, "CRASHED"))] == [3]
