"""Who hears of a list, a public notice, a correction and the end of a case, and when?"""

import pytest
from sqlmodel import col, select

from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.hosts import signing_step
from models.mail import Message
from models.people import Person
from models.verdict import Refused
from models.words import EventKind, MessageState
from tasks.leaving import withdraw
from tasks.outcomes import release_results, withhold_results
from tasks.publicity import ask_correction
from tests.publishing import published
from tests.refusals import codes
from tests.world import World


def told(world: World, template: str) -> dict[str, Message]:
    """The mails of this kind by the address of their recipient."""
    with reading() as session:
        wanted = select(Message).where(Message.season_id == world.season_id, Message.template == template)
        return {str(m.address): m for m in session.exec(wanted)}


def about(world: World, case: Case) -> list[Message]:
    with reading() as session:
        wanted = select(Message).where(
            Message.case_id == case.id, col(Message.template).startswith("decided")
        )
        return list(session.exec(wanted.order_by(col(Message.template), col(Message.address))))


def addresses(*people: Person) -> set[str]:
    return {str(p.email) for p in people}


def test_list_and_notice_and_correction_are_told_to_those_concerned(world: World) -> None:
    [case] = published(world, "样例甲")

    lists = told(world, "list_confirmed")
    office = addresses(world.person("office"))
    assert office <= lists.keys()
    assert {m.context["names"] for m in lists.values()} == {1}
    notice = told(world, "notice_open")
    signing = signing_step(world.notice)
    assert signing is not None
    hosts = [d.body for d in signing.deciders]
    assert addresses(world.enterer(case), *(world.person(h) for h in hosts)) <= notice.keys()
    assert told(world, "correction_waits") == {}

    with transaction() as session:
        ask_correction(
            session,
            world.season_id,
            world.person("office"),
            window="public_notice",
            case_id=case.id,
            column="employer",
            text="样例更名后的单位",
            reason="单位更名",
        )

    releasers = told(world, "correction_waits")
    assert {m.case_id for m in releasers.values()} == {case.id}
    assert office.isdisjoint(releasers.keys())
    assert len(releasers) > 0


def test_how_a_case_ended_waits_for_the_office(world: World) -> None:
    first, second, third = (
        world.bring_to(world.enter(email=f"own{n}@example.org"), "unit_review") for n in range(3)
    )
    office, clerk = world.person("office"), world.filler()
    for case in (first, second, third):
        with transaction() as session:
            withdraw(session, case.id, world.enterer(case), "样例理由")

    held = about(world, first)
    assert {m.state for m in held} == {MessageState.HELD}
    assert {(m.template, m.address) for m in held} == {
        ("decided", str(clerk.email)),
        ("decided_own", "own0@example.org"),
    }
    with pytest.raises(Refused) as refusal, transaction() as session:
        release_results(session, world.season_id, clerk, [first.id])
    assert codes(refusal) == ["office_only"]
    with pytest.raises(Refused) as refusal, transaction() as session:
        withhold_results(session, world.season_id, office, [second.id], " ")
    assert codes(refusal) == ["reason_missing"]

    with transaction() as session:
        assert release_results(session, world.season_id, office, [first.id]) == (1, 2)
    with transaction() as session:
        assert withhold_results(session, world.season_id, office, [second.id], "已当面告知") == (1, 2)
    with transaction() as session:
        assert release_results(session, world.season_id, office) == (1, 2)

    assert {m.state for m in about(world, first) + about(world, third)} == {MessageState.QUEUED}
    assert {(m.state, m.error) for m in about(world, second)} == {
        (MessageState.SKIPPED, "办公室决定不发送：已当面告知")
    }
    with pytest.raises(Refused) as refusal, transaction() as session:
        release_results(session, world.season_id, office)
    assert codes(refusal) == ["nothing_held"]
    with reading() as session:
        kinds = {
            c.id: set(session.exec(select(Event.kind).where(Event.chain == c.id))) for c in (first, second)
        }
    assert EventKind.RESULT_RELEASED in kinds[first.id]
    assert EventKind.RESULT_WITHHELD in kinds[second.id]
