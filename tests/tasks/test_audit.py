"""Does the audit name the first row that is no longer what was written?"""

from sqlalchemy import text
from sqlmodel import Session

from models.database import engine, reading
from models.season import Season
from settings import settings
from tasks.audit import verify
from tests.world import World


def fault_after(world: World, statement: str) -> str:
    """What the audit says after this statement, which is rolled back."""
    with Session(engine(settings().database_url)) as session:
        connection = session.connection()
        for table in ("event", "decision", "notice_version"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text(statement), {"season": world.season_id})
        fault = verify(session, [session.get_one(Season, world.season_id)])
        session.rollback()
    return str(fault)


def test_untouched_record_verifies(world: World) -> None:
    world.bring_to(world.enter(), "county_review")

    with reading() as session:
        assert verify(session, [world.season]) is None


def test_changed_event_is_named(world: World) -> None:
    case = world.bring_to(world.enter(), "unit_review")

    said = fault_after(
        world, "UPDATE event SET actor_id = NULL WHERE season_id = :season AND seq = 3 AND chain <> :season"
    )

    assert said == f"案件{case.number}的第3条流转记录与其散列不符，已被改动。"


def test_removed_event_is_named(world: World) -> None:
    case = world.bring_to(world.enter(), "unit_review")

    said = fault_after(world, "DELETE FROM event WHERE season_id = :season AND seq = 2 AND chain <> :season")

    assert said == f"案件{case.number}缺少第2条流转记录，已被删除。"


def test_removed_end_of_the_chain_is_named(world: World) -> None:
    case = world.bring_to(world.enter(), "unit_review")

    last = case.event_seq
    said = fault_after(
        world, f"DELETE FROM event WHERE season_id = :season AND seq = {last} AND chain <> :season"
    )

    assert said == f"案件{case.number}应有{last}条流转记录，现有{last - 1}条。"


def test_changed_decision_is_named(world: World) -> None:
    world.bring_to(world.enter(), "unit_review")

    said = fault_after(
        world,
        "UPDATE decision SET opinion = 'x' FROM gate WHERE gate.id = gate_id AND season_id = :season",
    )

    assert said.endswith("与流转记录中的摘要不符，已被改动。")


def test_changed_notice_is_named(world: World) -> None:
    digest = world.season.notice_digest

    said = fault_after(world, f"UPDATE notice_version SET body = body || ' ' WHERE digest = '{digest}'")

    assert said == f"通知版本{digest[:12]}的内容与其散列不符，已被改动。"
