"""How does the public notice run, and how is an objection to it heard (三（七）)?"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from models.case import Case
from models.casefile import read_casefile
from models.database import reading, transaction
from models.mail import Message
from models.notice import SHANGHAI, day_end
from models.objection import Account, Objection, read_account
from models.people import Person
from models.season import Season
from models.verdict import Refused
from models.viewer import read_viewer
from models.words import ObjectionSource, ObjectionState, Outcome
from notifications.letters import Writer
from tasks.objecting import FROM_ONE, object_by_page
from tasks.objection_checks import evidence_of
from tasks.objections import (
    Objecting,
    admit_objection,
    conclude_objection,
    read_evidence,
    register_objection,
    verify_objection,
)
from tests.documents.made_files import word
from tests.publishing import published as publish
from tests.refusals import codes
from tests.world import World


@pytest.fixture
def published(world: World) -> Case:
    """One candidate whose name is out for objections."""
    [case] = publish(world, "样例公示人")
    return case


SAID = Account("样例群众", "0772-0000000", "样例异议")


def objection(world: World, case: Case, **changes: str) -> Objection:
    given = {"objector": "样例群众", "contact": "objector@example.org", "text": "样例异议"} | changes
    with transaction() as session:
        return register_objection(session, case.id, world.person("office"), Account(**given))


def verified(world: World, case: Case) -> Objection:
    made = objection(world, case)
    with transaction() as session:
        return verify_objection(session, made.id, world.person("office"), "经核实")


def concluded(world: World, made: Objection, *, upheld: bool) -> Objection:
    with transaction() as session:
        return conclude_objection(
            session, made.id, world.person("office"), upheld=upheld, conclusion="样例结论"
        )


def test_notice_opens_on_its_day_and_not_before(world: World) -> None:
    world.bring_to(world.enter(route="city"), "proposed_list")
    world.move_to(world.notice.due("application"))
    world.pump()
    for step in ("proposed_list", "party_meeting", "chair_meeting", "leading_meeting", "release"):
        world.pass_step(step)

    assert world.open_steps() == []
    world.move_to(world.notice.starts("notice_opens"))
    world.pump()
    assert world.open_steps() == ["public_notice"]


def test_nothing_is_confirmed_before_the_last_day_is_over(world: World, published: Case) -> None:
    with pytest.raises(Refused) as refusal:
        world.answer("public_notice")

    assert codes(refusal) == ["window_open"]


def test_open_objection_keeps_the_list_from_being_final(world: World, published: Case) -> None:
    objection(world, published)
    world.move_to(world.notice.due("notice_closes"))

    with pytest.raises(Refused) as refusal:
        world.answer("public_notice")

    assert codes(refusal) == ["objections_open"]


def test_dismissed_objection_changes_nothing(world: World, published: Case) -> None:
    made = concluded(world, verified(world, published), upheld=False)
    world.move_to(world.notice.due("notice_closes"))
    world.pass_step("public_notice")

    assert made.state == ObjectionState.DISMISSED
    assert world.open_steps(published) == ["joint_document"]


def test_upheld_objection_costs_the_place(world: World, published: Case) -> None:
    concluded(world, verified(world, published), upheld=True)

    assert world.case(published).outcome == Outcome.DISQUALIFIED


def test_objection_is_verified_before_it_is_concluded(world: World, published: Case) -> None:
    with pytest.raises(Refused) as refusal:
        concluded(world, objection(world, published), upheld=True)

    assert codes(refusal) == ["not_verified"]


def test_objection_is_concluded_once(world: World, published: Case) -> None:
    made = concluded(world, verified(world, published), upheld=False)

    with pytest.raises(Refused) as refusal:
        concluded(world, made, upheld=True)

    assert codes(refusal) == ["not_verified"]


def test_anonymous_objection_is_refused(world: World, published: Case) -> None:
    with pytest.raises(Refused) as refusal:
        objection(world, published, objector="", contact=" ")

    assert codes(refusal) == ["field_missing", "field_missing"]


def test_objection_outside_the_notice_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        objection(world, world.enter())

    assert codes(refusal) == ["no_window"]


def test_releaser_may_hold_the_notice_and_is_asked_again(world: World) -> None:
    world.bring_to(world.enter(route="city"), "proposed_list")
    world.move_to(world.notice.due("application"))
    world.pump()
    for step in ("proposed_list", "party_meeting", "chair_meeting", "leading_meeting"):
        world.pass_step(step)

    world.answer("release", answer="hold", reason="简介含住址，须删除")
    world.pump()

    assert world.open_steps() == ["release"]
    assert world.gate("release").round == 2


# --- what is said by whom ----------------------------------------------------------------------------------------


def test_what_an_objector_says_lies_sealed_and_is_not_in_the_candidates_record(
    world: World, published: Case
) -> None:
    made = concluded(world, verified(world, published), upheld=True)

    with reading() as session:
        assert read_account(session.get_one(Objection, made.id)).objector == "样例群众"
        for table in ("objection", "event", "message", "gate", "decision"):
            rows = session.connection().execute(text(f'select t::text from "{table}" t')).scalars()
            held = "\n".join(rows)
            assert [w for w in ("样例群众", "objector@example.org", "样例结论") if w in held] == []


def test_only_the_office_reads_in_the_record_that_there_is_an_objection(
    world: World, published: Case
) -> None:
    objection(world, published)

    assert "objection_registered" in kinds_seen(world, published, world.person("office"))
    assert "objection_registered" not in kinds_seen(world, published, world.enterer(published))


def kinds_seen(world: World, case: Case, person: Person) -> set[str]:
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        viewer = read_viewer(session, person, season, world.notice)
        return {h.kind.value for h in read_casefile(viewer, case).record}


def test_objection_has_days_of_its_own(world: World, published: Case) -> None:
    made = objection(world, published)

    assert made.due_at == day_end(world.now().astimezone(SHANGHAI).date() + timedelta(days=5))
    assert made.receipt.startswith("2025-")


# --- late ones ---------------------------------------------------------------------------------------------------


def late_one(world: World, case: Case) -> Objection:
    world.move_to(world.notice.due("notice_closes"))
    world.pass_step("public_notice")
    return objection(world, case)


def admitted(world: World, made: Objection, *, heard: bool, reason: str = "样例理由") -> Objection:
    with transaction() as session:
        return admit_objection(session, made.id, world.person("office"), heard=heard, reason=reason)


def test_late_objection_is_heard_only_if_the_office_says_so(world: World, published: Case) -> None:
    made = late_one(world, published)
    with pytest.raises(Refused) as refusal, transaction() as session:
        verify_objection(session, made.id, world.person("office"), "样例核实")

    assert made.late
    assert codes(refusal) == ["not_admitted"]
    admitted(world, made, heard=True)
    with transaction() as session:
        verify_objection(session, made.id, world.person("office"), "样例核实")
    assert concluded(world, made, upheld=True).state == ObjectionState.UPHELD
    assert world.case(published).outcome == Outcome.DISQUALIFIED


def test_declined_objection_is_closed_with_its_reason(world: World, published: Case) -> None:
    made = late_one(world, published)
    with pytest.raises(Refused) as refusal:
        admitted(world, made, heard=False, reason=" ")

    closed = admitted(world, made, heard=False)

    assert codes(refusal) == ["reason_missing"]
    assert (closed.state, closed.is_open) == (ObjectionState.DECLINED, False)
    assert read_account(closed).admission == "样例理由"


def test_letter_that_came_in_time_is_not_late_because_it_is_entered_later(
    world: World, published: Case
) -> None:
    came = world.now().astimezone(SHANGHAI).date()
    world.move_to(world.notice.due("notice_closes"))
    with transaction() as session:
        made = register_objection(
            session, published.id, world.person("office"), SAID, Objecting(received_on=came)
        )

    assert not made.late


def test_nobody_is_recognised_while_a_late_objection_is_open(world: World, published: Case) -> None:
    made = late_one(world, published)
    world.pass_step("joint_draft")
    with pytest.raises(Refused) as refusal:
        world.answer("joint_document")

    assert codes(refusal) == ["objections_open"]
    admitted(world, made, heard=False)
    world.answer("joint_document")


# --- by the page -------------------------------------------------------------------------------------------------


def by_page(world: World, case: Case | None, asked_from: str = "192.0.2.1", **changes: Any) -> Objection:
    given: dict[str, Any] = {"account": SAID, "agreed": True, **changes}
    with transaction() as session:
        return object_by_page(
            session, world.season_id, case.id if case else None, asked_from=asked_from, **given
        )


def test_objector_is_told_by_mail_and_the_outbox_keeps_no_address(world: World, published: Case) -> None:
    made = by_page(world, published, account=replace(SAID, email="objector@example.org"))

    with reading() as session:
        wanted = select(Message).where(Message.season_id == world.season_id)
        message = session.exec(wanted.where(Message.template == "objection_received")).one()
        letter = Writer(session).write(message)
    assert (message.address, message.person_id) == (None, None)
    assert letter.recipient == "objector@example.org"
    assert made.source == ObjectionSource.PAGE


def test_page_needs_a_choice_a_name_and_a_promise(world: World, published: Case) -> None:
    with pytest.raises(Refused) as refusal:
        by_page(world, None, account=Account("", "", "样例"), agreed=False)

    assert codes(refusal) == ["row_missing", "field_missing", "field_missing", "not_agreed"]


def test_page_takes_in_nothing_once_the_notice_is_over(world: World, published: Case) -> None:
    world.move_to(world.notice.due("notice_closes"))

    with pytest.raises(Refused) as refusal:
        by_page(world, published)

    assert codes(refusal) == ["no_window"]


def test_so_many_an_hour_come_from_one_address(world: World, published: Case) -> None:
    for _ in range(FROM_ONE):
        by_page(world, published)
    with pytest.raises(Refused) as refusal:
        by_page(world, published)

    assert codes(refusal) == ["too_many"]
    by_page(world, published, asked_from="192.0.2.2")


def test_evidence_is_looked_into_and_kept_under_a_name_of_ours(world: World, published: Case) -> None:
    content = word(body="样例")
    made = by_page(world, published, evidence=[("样例群众的证据.docx", content)])
    with pytest.raises(Refused) as refusal:
        by_page(world, published, evidence=[("样例.exe", b"MZ")])

    assert codes(refusal) == ["executable"]
    with reading() as session:
        [kept] = evidence_of(session, made.id)
        assert kept.filename == "佐证材料1.docx"
        assert read_evidence(session, made, kept.id)[1] == content
