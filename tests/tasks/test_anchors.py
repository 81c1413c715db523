"""Is found what a chain alone can't show: a cut tail, a case removed, a record rewritten with its anchors?

The forger here is the database's superuser, with every trigger off; what he did is rolled back.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select
from typer.testing import CliRunner

from cli import app
from models.anchor import Anchor, anchor_hash, anchors_of, heads_digest, heads_of, lines_of, newest_anchor
from models.anchor_text import anchor_text, read_kept
from models.case import Case
from models.database import reading, transaction
from models.event import GENESIS, Event, event_hash
from models.mail import Message
from models.season import Season
from models.verdict import Refused
from notifications.letters import Writer
from tasks.anchoring import PRACTICE_AUDITOR, anchor_day
from tasks.audit import verify
from tests.forger import forger
from tests.world import World


def anchored(world: World) -> Anchor | None:
    with transaction() as session:
        return anchor_day(session, session.get_one(Season, world.season_id))


def mailed(world: World) -> str:
    """The newest anchor as it was mailed."""
    with reading() as session:
        wanted = select(Message).where(Message.season_id == world.season_id, Message.template == "anchor")
        return str(session.exec(wanted.order_by(col(Message.queued_at).desc())).first().context["text"])  # type: ignore[union-attr]


def found(session: Session, world: World, kept: str = "") -> str:
    session.flush()
    session.expire_all()
    return str(verify(session, [session.get_one(Season, world.season_id)], read_kept(kept) if kept else None))


def cut_tail(session: Session, case: Case, left: int) -> None:
    """Take away the last events of a case, and let its row say that there never were more."""
    events = session.exec(select(Event).where(Event.chain == case.id).order_by(col(Event.seq))).all()
    for event in events[left:]:
        session.delete(event)
    head = session.get_one(Case, case.id)
    head.event_seq, head.event_head = left, events[left - 1].hash
    session.add(head)


def rewrite(session: Session, case: Case) -> None:
    """Change one event and compute everything after it anew, the head of the case included."""
    events = session.exec(select(Event).where(Event.chain == case.id).order_by(col(Event.seq))).all()
    events[1].at -= timedelta(days=1)
    previous = GENESIS
    for event in events:
        event.previous, event.hash = previous, ""
        event.hash = previous = event_hash(event)
        session.add(event)
    head = session.get_one(Case, case.id)
    head.event_head = previous
    session.add(head)


def forge_anchors(session: Session, world: World) -> None:
    """Make every anchor anew from the record as it is now."""
    previous = GENESIS
    for anchor in anchors_of(session, world.season_id):
        heads = heads_of(session, anchor)
        for head in heads:
            wanted = select(Event.hash).where(Event.chain == head.chain, Event.seq == head.seq)
            head.hash = session.exec(wanted).one()
            session.add(head)
        anchor.digest, anchor.previous = heads_digest(heads), previous
        anchor.hash = previous = anchor_hash(anchor, world.season.key)
        session.add(anchor)


def test_one_anchor_a_day_each_chained_to_the_one_before(world: World) -> None:
    world.enter()
    first, again = anchored(world), anchored(world)
    world.enter()
    world.move_to(world.now() + timedelta(days=3))
    third = anchored(world)

    assert again is None
    assert first is not None
    assert third is not None
    assert (first.number, first.previous, third.number, third.previous) == (1, GENESIS, 2, first.hash)
    assert (third.day - first.day).days == 3
    assert (first.chains, first.moved, third.chains, third.moved) == (2, 2, 3, 2)
    with reading() as session:
        assert verify(session, [world.season]) is None
        assert len(anchors_of(session, world.season_id)) == 2


def test_it_is_mailed_to_the_auditor_and_can_be_read_again(world: World) -> None:
    world.enter()
    anchor = anchored(world)

    assert anchor is not None
    with reading() as session:
        wanted = select(Message.address).where(
            Message.unique_key == f"anchor:{world.season_id}:1:{PRACTICE_AUDITOR}"
        )
        assert session.exec(wanted).one() == PRACTICE_AUDITOR
        whole = anchor_text(anchor, world.season.key, lines_of(heads_of(session, anchor)))
    assert mailed(world) == whole
    quoted = "\n".join(f"> {line}" for line in ["您好：", *whole.splitlines(), "此致"])
    assert read_kept(quoted) == read_kept(whole)
    assert read_kept(anchor.short).hash == anchor.short


def test_a_kept_anchor_that_was_altered_is_refused(world: World) -> None:
    world.enter()
    anchored(world)

    for spoilt in (
        mailed(world).replace("记录链：2", "记录链：3"),
        "abc",
        mailed(world).replace("本锚", "锚"),
    ):
        with pytest.raises(Refused):
            read_kept(spoilt)


def test_a_changed_byte_is_found(world: World) -> None:
    case = world.bring_to(world.enter(), "unit_review")
    anchored(world)

    with forger() as session:
        session.connection().execute(
            text('UPDATE event SET facts = facts || \'{"step": "x"}\' WHERE chain = :c AND seq = 2'),
            {"c": case.id},
        )
        assert found(session, world) == f"案件{case.number}的第2条流转记录与其散列不符，已被改动。"


def test_a_tail_cut_after_an_anchor_is_found(world: World) -> None:
    case = world.bring_to(world.enter(), "unit_review")
    day = anchored(world).day  # type: ignore[union-attr]

    with forger() as session:
        session.connection().execute(text("DELETE FROM decision"))
        cut_tail(session, case, 2)
        said = found(session, world)

    told = f"案件{case.number}的末尾被截去：{day}的记录锚记有{case.event_seq}条流转记录，现在只有2条。"
    assert said == told


def test_a_whole_case_removed_is_found(world: World) -> None:
    kept, gone = world.enter(), world.bring_to(world.enter(), "unit_review")
    day = anchored(world).day  # type: ignore[union-attr]

    with forger() as session:
        for statement in (
            "DELETE FROM decision USING gate WHERE gate.id = gate_id AND case_id = :c",
            "DELETE FROM event WHERE chain = :c",
            'DELETE FROM "case" WHERE id = :c',
        ):
            session.connection().execute(text(statement), {"c": gone.id})
        said = found(session, world)

    events = gone.event_seq
    told = f"案件{gone.number}已整件被删除：{day}的记录锚记有它的{events}条流转记录，现在一条也没有。"
    assert (said, kept.number == gone.number) == (told, False)


def test_a_record_rewritten_with_its_anchors_is_found_by_the_anchor_that_was_kept(world: World) -> None:
    case = world.bring_to(world.enter(), "unit_review")
    anchor = anchored(world)
    assert anchor is not None

    with forger() as session:
        rewrite(session, case)
        rewritten = found(session, world)
        forge_anchors(session, world)
        unseen, by_text = found(session, world), found(session, world, mailed(world))
        by_hash = found(session, world, anchor.short)

    changed = f"案件{case.number}的第{case.event_seq}条流转记录与{{}}不符，它或它之前的记录被改写过。"
    assert rewritten == changed.format(f"{anchor.day}的记录锚")
    assert unseen == "None"
    assert by_text == changed.format(f"您保存的{anchor.day}记录锚")
    assert by_hash.startswith(f"系统里没有您保存的记录锚 {anchor.short}")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE anchor_head SET seq = seq + 1 WHERE season_id = :s AND number = 1",
            "所列的记录与其摘要不符",
        ),
        ("UPDATE anchor SET day = day - 1 WHERE season_id = :s AND number = 1", "与其散列不符"),
        ("DELETE FROM anchor WHERE season_id = :s AND number = 1", "与前一号不相接"),
    ],
)
def test_a_changed_anchor_is_found(world: World, statement: str, said: str) -> None:
    anchored(world)
    world.move_to(world.now() + timedelta(days=1))
    anchored(world)

    with forger() as session:
        session.connection().execute(text(statement), {"s": world.season_id})
        assert said in found(session, world)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("acted_for = decided_by", "录入人、被代理人、时间或所依据的材料"),
        ("decided_at = decided_at - interval '1 day'", "录入人、被代理人、时间或所依据的材料"),
        ("seen = '{}'", "录入人、被代理人、时间或所依据的材料"),
        ("effect = 'end'", "录入人、被代理人、时间或所依据的材料"),
        ("decided_by = (SELECT id FROM person WHERE id <> decided_by LIMIT 1)", "办理人"),
        ("body = 'office'", "答复或办理机构"),
        ("answer = 'x'", "答复或办理机构"),
    ],
)
def test_whatever_is_changed_in_a_decision_is_found(world: World, change: str, what: str) -> None:
    case = world.bring_to(world.enter(), "unit_review")

    with forger() as session:
        session.connection().execute(text(f"UPDATE decision SET {change}"))
        said = found(session, world)

    assert said.startswith(f"案件{case.number}的第")
    assert f"所记决定的{what}与流转记录中的摘要不符" in said


def test_the_command_compares_with_a_file_or_a_hash(world: World, tmp_path: Path) -> None:
    world.enter()
    anchored(world)
    file, mail, text_of_mail = (tmp_path / name for name in ("anchor.txt", "anchor.eml", "mail.txt"))
    file.write_text(mailed(world), encoding="utf-8")
    with reading() as session:
        wanted = select(Message).where(Message.season_id == world.season_id, Message.template == "anchor")
        message = session.exec(wanted).one()
        mail.write_bytes(Writer(session).write(message).content)
        text_of_mail.write_text(Writer(session).said(message).text, encoding="utf-8")

    def asked(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["audit", *words, "--season", world.season.key])
        return result.exit_code, result.stdout + result.stderr

    with reading() as session:
        newest = newest_anchor(session, world.season_id)
    assert newest is not None
    for kept in (str(file), str(mail), str(text_of_mail), newest.short, newest.hash):
        code, said = asked("verify", "--anchor", kept)
        assert (code, "与您保存的记录锚一致" in said, "末尾被截去" in said) == (0, True, True)
    assert asked("verify", "--anchor", "0" * 64)[0] == 1
    assert asked("verify", "--anchor", "no such file")[0] == 2
    assert asked("anchor")[1].strip() == mailed(world).strip()
