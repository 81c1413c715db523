"""How do the hosts recognise together (五): which text do they sign, and under which number does it go out?"""

import pytest
from sqlmodel import col, select

from documents.layouts.joint_document import joint_document
from documents.to_typst import print_pdf
from models.actions import Given
from models.database import reading, real_now, transaction
from models.gates import Decision
from models.hosts import host_rows, returns
from models.joint import JointNumber, JointText, latest_text, number_in_force
from models.mail import Message
from models.notice import day_of
from models.season import Season
from models.season_file import SeasonFile
from models.verdict import Refused
from models.words import Countersigning, MessageState
from simulation.papers import pdf
from tasks.decide import decide
from tasks.joint import file_scan, record_number
from tasks.joint_text import first_text, write_text
from tests.documents.test_official import lines_of
from tests.refusals import codes
from tests.season_after import to_award, to_joint_draft, to_signing
from tests.world import World


def written(world: World, **changes: str) -> JointText:
    assert world.notice.joint_document is not None
    said = first_text(world.notice.joint_document) | changes
    with transaction() as session:
        return write_text(session, world.season_id, world.person("office"), **said)


def latest(world: World) -> JointText:
    with reading() as session:
        found = latest_text(session, session.get_one(Season, world.season_id))
        assert found is not None
        return found


def states(world: World) -> dict[str, Countersigning]:
    with reading() as session:
        rows = host_rows(session, session.get_one(Season, world.season_id), world.notice)
        return {r.body: r.state for r in rows}


def numbered(world: World, number: str = "柳工字〔2026〕12号", reason: str = "") -> JointNumber:
    day = day_of(world.now()).isoformat()
    with transaction() as session:
        office = world.person("office")
        return record_number(session, world.season_id, office, number=number, dated=day, reason=reason)


def test_document_names_those_on_the_list_in_its_order(world: World) -> None:
    cases = to_signing(world)

    text = latest(world)
    assert [n["number"] for n in text.names] == [c.number for c in cases]
    lines = "".join(lines_of(print_pdf([joint_document(world.notice, text, None)]))[0])
    assert "关于认定2025年度“柳州工匠”的决定" in lines
    assert "现决定认定以下2名同志为2025年度“柳州工匠”：" in lines
    assert "会签稿第1版，尚未编号" in lines


def test_every_version_stays(world: World) -> None:
    to_joint_draft(world)
    first, second = written(world), written(world, title="关于认定的通知")

    assert (first.version, second.version) == (1, 2)
    assert first.digest != second.digest
    with pytest.raises(Refused) as refusal, transaction() as session:
        write_text(session, world.season_id, world.person("host_union"), title="a", addressee="", body="b")
    assert codes(refusal) == ["office_only"]

    world.pass_step("joint_draft")
    assert latest(world).id == second.id


def test_text_that_cannot_go_out_is_refused(world: World) -> None:
    to_joint_draft(world, 1)
    faults: list[tuple[dict[str, str], str]] = [
        ({"title": " "}, "text_missing"),
        ({"body": "没有名单。"}, "list_missing"),
        ({"body": "【名单】\n【年份】"}, "mark_unknown"),
        ({"title": "长" * 201}, "text_too_long"),
    ]
    for changes, code in faults:
        with pytest.raises(Refused) as refusal:
            written(world, **changes)
        assert codes(refusal) == [code]


def test_nobody_changes_what_lies_before_the_hosts(world: World) -> None:
    to_signing(world)

    with pytest.raises(Refused) as refusal:
        written(world)
    assert codes(refusal) == ["not_in_draft"]


def test_answer_keeps_the_digest_of_the_version_that_was_read(world: World) -> None:
    to_signing(world)

    with transaction() as session:
        mails = select(Message).where(Message.gate_id == world.gate("joint_document").id)
        for mail in session.exec(mails):
            mail.state, mail.sent_at = MessageState.SENT, real_now()
            session.add(mail)
    assert set(states(world).values()) == {Countersigning.SENT}

    signed = world.answer("joint_document", body="host_union", facts={"document": latest(world).digest})

    assert signed.facts == {"document": latest(world).digest}
    with pytest.raises(Refused) as refusal:
        world.answer("joint_document", body="host_women", facts={"document": "0" * 64})
    assert codes(refusal) == ["document_changed"]


def test_returned_document_becomes_a_new_version_and_all_hosts_are_asked_again(world: World) -> None:
    to_signing(world)
    world.answer("joint_document", body="host_union")
    world.answer("joint_document", answer="return", body="host_science", reason="第二段有误")
    assert states(world)["host_union"] is Countersigning.SIGNED
    assert states(world)["host_science"] is Countersigning.RETURNED
    assert states(world)["host_women"] is Countersigning.NOT_NEEDED

    world.pump()
    world.pass_step("joint_draft")

    assert latest(world).version == 2
    assert set(states(world).values()) == {Countersigning.NOT_SENT}
    with reading() as session:
        [back] = returns(session, session.get_one(Season, world.season_id), world.notice)
        assert (back.label, back.decision.reason) == ("市科技局", "第二段有误")
        first = select(JointText.digest).where(JointText.season_id == world.season_id, JointText.version == 1)
        signed = select(Decision.facts).where(Decision.body == "host_union")
        signed = signed.where(col(Decision.gate_id) == back.decision.gate_id)
        assert session.exec(signed).one() == {"document": session.exec(first).one()}


def test_number_is_recorded_once_all_have_signed(world: World) -> None:
    to_signing(world)
    with pytest.raises(Refused) as refusal:
        numbered(world)
    assert codes(refusal) == ["not_signed"]

    world.pass_step("joint_document")
    kept = numbered(world)

    assert kept.digest == latest(world).digest
    lines = "".join(lines_of(print_pdf([joint_document(world.notice, latest(world), kept)]))[0])
    assert "柳工字〔2026〕12号" in lines
    assert "尚未编号" not in lines


def test_number_is_corrected_with_a_reason_and_both_stay(world: World) -> None:
    to_award(world)
    numbered(world)
    with pytest.raises(Refused) as refusal:
        numbered(world, "柳工字〔2026〕13号")
    assert codes(refusal) == ["reason_missing"]

    numbered(world, "柳工字〔2026〕13号", "登记有误")

    with reading() as session:
        season = session.get_one(Season, world.season_id)
        kept = session.exec(select(JointNumber.number).where(JointNumber.season_id == season.id)).all()
        force = number_in_force(session, season)
        assert (sorted(kept), force.number if force else "") == (
            ["柳工字〔2026〕12号", "柳工字〔2026〕13号"],
            "柳工字〔2026〕13号",
        )


def test_award_waits_for_the_number(world: World) -> None:
    to_award(world)

    [task] = world.assignments("award")
    with pytest.raises(Refused) as refusal, transaction() as session:
        decide(session, task.id, world.person("office"), Given("recorded"))
    assert codes(refusal) == ["document_number_missing", "amount_missing", "payments_missing"]


def filed(world: World, person: str, body: str) -> SeasonFile:
    with transaction() as session:
        season = session.get_one(Season, world.season_id)
        return file_scan(session, season, world.person(person), body=body, filename="会签.pdf", content=pdf())


def test_host_files_its_own_copy_and_no_other(world: World) -> None:
    to_signing(world)
    kept = filed(world, "host_union", "host_union")
    assert (kept.about, kept.kind) == ("host_union", "pdf")

    with pytest.raises(Refused) as refusal:
        filed(world, "host_women", "host_union")
    assert codes(refusal) == ["not_your_copy"]
