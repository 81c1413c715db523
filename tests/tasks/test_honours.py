"""Who gets which certificate and how much, and what waits for what (五)?"""

import io
from typing import Any

import openpyxl
import pytest
from sqlmodel import Session, select

from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.honours import AwardAmount, Certificate, Payment, Revocation, find_certificate, honoured
from models.mail import Message
from models.notice import day_of
from models.season import Season, notice_of
from models.verdict import Refused
from models.viewer import Viewer, read_viewer
from models.words import EventKind
from simulation.papers import pdf
from tasks.award import payment_list, reserve_list, set_amount, settle_payments, totals
from tasks.certificates import number_certificates, print_certificates
from tasks.joint import record_number
from tasks.printing import Format
from tasks.revoking import revoke_title
from tests.refusals import codes
from tests.season_after import to_award
from tests.world import World


def today(world: World) -> str:
    return day_of(world.now()).isoformat()


def issued(world: World) -> None:
    with transaction() as session:
        office = world.person("office")
        record_number(session, world.season_id, office, number="柳工字〔2026〕12号", dated=today(world))


def certified(world: World) -> list[Certificate]:
    with transaction() as session:
        return number_certificates(session, world.season_id, world.person("office"))


def amount(world: World, **changes: str) -> AwardAmount:
    said = {"amount": "5,000", "paper": "样例纪要第1号"} | changes
    with transaction() as session:
        return set_amount(session, world.season_id, world.person("office"), **said)


def paid(world: World, *cases: Case, **said: str) -> list[Payment]:
    with transaction() as session:
        office = world.person("office")
        return settle_payments(session, world.season_id, office, [c.id for c in cases], **said)


def sheet(content: bytes) -> list[list[object]]:
    found = openpyxl.load_workbook(io.BytesIO(content)).active
    assert found is not None
    return [list(row) for row in found.iter_rows(min_row=3, values_only=True)]


def test_everybody_gets_one_number_that_stays(world: World) -> None:
    first, second = to_award(world)
    with pytest.raises(Refused) as refusal:
        certified(world)
    assert codes(refusal) == ["document_number_missing"]

    issued(world)
    made = certified(world)

    assert [(c.case_id, c.number) for c in made] == [
        (first.id, "柳工匠证〔2025〕001号"),
        (second.id, "柳工匠证〔2025〕002号"),
    ]
    assert certified(world) == []
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        kept = find_certificate(session, made[0].number, made[0].code)
        assert kept is not None
        assert kept.case_id == first.id
        assert find_certificate(session, made[0].number, made[1].code) is None
        assert print_certificates(session, season, Format.DOCX).content.startswith(b"PK")
        one = print_certificates(session, season, Format.PDF, first.id)
        assert first.name in one.filename


def test_award_is_recorded_person_by_person_until_nobody_waits(world: World) -> None:
    first, second = to_award(world)
    with pytest.raises(Refused) as refusal:
        paid(world, first, paid_on=today(world))
    assert codes(refusal) == ["amount_missing"]
    for changes, code in (({"amount": "五千"}, "amount_wrong"), ({"paper": " "}, "paper_missing")):
        with pytest.raises(Refused) as refusal:
            amount(world, **changes)
        assert codes(refusal) == [code]

    amount(world)
    days: list[tuple[dict[str, str], str]] = [
        ({}, "date_missing"),
        ({"paid_on": "2999-01-01"}, "date_to_come"),
    ]
    for said, expected in days:
        with pytest.raises(Refused) as refusal:
            paid(world, first, **said)
        assert codes(refusal) == [expected]
    with pytest.raises(Refused) as refusal:
        paid(world, paid_on=today(world))
    assert codes(refusal) == ["nobody_chosen"]

    paid(world, first, paid_on=today(world))
    paid(world, second, note="本人放弃")
    with pytest.raises(Refused) as refusal:
        paid(world, second, paid_on=today(world))
    assert codes(refusal) == ["note_missing"]
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        found = totals(honoured(session, season, notice_of(session, season)))
        assert (found.paid, found.yuan, found.waived, found.waiting) == (1, 5000, 1, 0)
    with pytest.raises(Refused) as refusal:
        amount(world, amount="6000")
    assert codes(refusal) == ["reason_missing"]


def test_payment_list_holds_no_numbers_but_on_demand(world: World) -> None:
    to_award(world)
    amount(world)
    with transaction() as session:
        plain = sheet(payment_list(viewer(session, world)).content)
        assert [row[3] for row in plain] == ["金额（元）", 5000, 5000, 10_000, None]
        assert {row[4] for row in plain[1:3]} == {None}
        assert len(sheet(reserve_list(viewer(session, world)).content)) == 4
    with transaction() as session:
        full = sheet(payment_list(viewer(session, world), with_numbers=True).content)
        assert {len(str(row[4])) for row in full[1:3]} == {18}
    with reading() as session:
        seen = select(Event.facts).where(Event.chain == world.season_id, Event.kind == EventKind.NUMBERS_SEEN)
        assert session.exec(seen).one() == {"reason": "导出激励金发放表，含2名人选的身份证号"}


def viewer(session: Session, world: World) -> Viewer:
    season = session.get_one(Season, world.season_id)
    return read_viewer(session, world.person("office"), season, notice_of(session, season))


def test_title_that_was_taken_back_shows_everywhere(world: World) -> None:
    first, second = to_award(world)
    issued(world)
    certified(world)
    with pytest.raises(Refused) as refusal:
        revoked(world, first, paper="", reason=" ", content=b"")
    assert codes(refusal) == ["field_missing"] * 3

    revoked(world, first)

    with pytest.raises(Refused) as refusal:
        revoked(world, first)
    assert codes(refusal) == ["already_revoked"]
    amount(world)
    with pytest.raises(Refused) as refusal:
        paid(world, first, paid_on=today(world))
    assert codes(refusal) == ["title_revoked"]
    with transaction() as session:
        looking = viewer(session, world)
        assert [row[1] for row in sheet(reserve_list(looking).content)[1:-1]] == [second.name]
        assert [row[9] for row in sheet(payment_list(looking).content)[1:3]] == ["称号已撤销", None]
        with pytest.raises(Refused) as refusal:
            print_certificates(session, looking.season, Format.PDF, first.id)
        assert codes(refusal) == ["no_certificate"]
        told = select(Message.context).where(Message.case_id == first.id, Message.template == "decided")
        assert "称号已撤销" in {c["outcome"] for c in session.exec(told)}


def revoked(world: World, case: Case, **changes: Any) -> Revocation:
    said: dict[str, Any] = {
        "paper": "样例决定第1号",
        "decided_on": today(world),
        "reason": "样例理由",
        "filename": "决定.pdf",
        "content": pdf(),
    }
    with transaction() as session:
        return revoke_title(session, case.id, world.person("office"), **said | changes)
