"""Does the command name those whose data was touched, what of it, by whom, and how to tell them, and nobody else?"""

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlmodel import Session, func, select
from typer.testing import CliRunner

from cli import app
from cli.privacy import moment_of
from models.account_words import AccountEventKind
from models.accounts import AccountEvent, account_event_hash
from models.attachment import Attachment
from models.case import Case
from models.database import reading, real_now, transaction
from models.event import Event
from models.incident import Window, touches
from models.mail import Message
from models.people import Person
from models.personal import sealed_form
from models.season import Season
from models.verdict import Refused
from models.words import MessageState
from tasks.account_log import note
from tasks.attention import note_opened
from tasks.dossiers import make_at_once
from tasks.incident import CANNOT_SHOW, Asked, Found, incident
from tasks.personal import see_numbers
from tests.refusals import codes
from tests.world import World

WINDOW = timedelta(hours=1)


def asked(**narrowed: str) -> Found:
    moment = real_now()
    with reading() as session:
        return incident(session, Asked(moment - WINDOW, moment + WINDOW, **narrowed))


def look(case: Case, person: Person) -> None:
    with transaction() as session:
        see_numbers(session, case.id, person, "样例理由")


def names_of(world: World, found: Found) -> list[str]:
    """Of the candidates of this world: other tests have theirs in the same record."""
    with reading() as session:
        own = set(session.exec(select(Case.name).where(Case.season_id == world.season_id)))
    return [c.name for c in found.concerned if c.name in own]


def test_who_was_looked_at_is_named_with_the_kind_of_data_and_a_way_to_tell_them(world: World) -> None:
    seen, _ = world.enter(email="seen@example.org"), world.enter()
    clerk = world.filler()
    look(seen, clerk)

    assert names_of(world, asked(person=str(clerk.login))) == [seen.name]
    [row] = [c for c in asked(case=seen.number, person=str(clerk.login)).concerned if c.name == seen.name]
    assert (list(row.what), list(row.how)) == (["身份证号、手机号、住址"], ["查看个人号码"])
    assert str(clerk.login) in row.who[0]
    assert "seen@example.org" in row.contact
    assert "填报人" in row.contact


def test_no_number_stands_in_any_form_of_the_answer_and_what_the_log_cannot_show_does(world: World) -> None:
    case = world.enter()
    look(case, world.filler())
    with reading() as session:
        numbers = [v for v in sealed_form(session.get_one(Case, case.id)).values() if isinstance(v, str)]

    found = asked(case=case.number)
    told = found.as_text() + found.as_csv() + json.dumps(found.as_json(), ensure_ascii=False)

    assert numbers
    assert not any(number in told for number in numbers)
    assert all(text in found.as_text() for text in CANNOT_SHOW)
    assert next(csv.reader(io.StringIO(found.as_csv())))[0] == "案件"


def test_dossiers_opened_tasks_and_mails_count_too(world: World) -> None:
    case = world.bring_to(
        world.enter(channel="self", route="city", person=world.applicant()), "office_review"
    )
    office = world.person("office")
    [task] = world.assignments("office_review", case)
    with transaction() as session:
        note_opened(session, task.id, office)
        season = session.get_one(Season, world.season_id)
        for part in make_at_once(session, season, session.get_one(Case, case.id), redacted=False).content:
            assert part
        message = session.exec(select(Message).where(Message.case_id == case.id)).first()
        assert message is not None
        message.state, message.sent_at = MessageState.SENT, real_now()
        session.add(message)

    [row] = [c for c in asked(case=case.number).concerned if c.name == case.name]
    assert set(row.how) >= {"打开任务", "取走档案", "收到邮件"}
    assert names_of(world, asked(account=str(office.email), case=case.number)) == [case.name]


def test_a_file_leads_to_the_cases_that_hold_it(world: World) -> None:
    case, other = world.enter(), world.enter()
    world.supply(case)
    for one in (case, other):
        look(one, world.filler())
    with reading() as session:
        wanted = select(Attachment).where(Attachment.case_id == case.id, Attachment.document == "id_copy")
        digest = session.exec(wanted).one().sha256

    rows = [c for c in asked(file=digest[:12]).concerned if c.name in (case.name, other.name)]
    assert [r.name for r in rows] == [case.name]
    assert "身份证复印件" in rows[0].what


def test_kinds_that_the_log_learns_later_are_found_by_their_names(world: World) -> None:
    case = world.enter()
    with transaction() as session:
        note(session, AccountEventKind.LOG_EXPORTED, world.person("office"), about="审计日志")
        _later(session, "file_downloaded", world.person("office"), case.number)
        _later(session, "list_exported", world.person("office"), "申报名单")
    found = asked(case=case.number)
    assert "file_downloaded" in next(c.how for c in found.concerned if c.name == case.name)
    assert any("list_exported 申报名单" in text for text in asked().unnamed)


def _later(session: Session, kind: str, person: Person, about: str) -> None:
    """An entry of a kind that is not known today."""
    last = session.exec(select(func.max(AccountEvent.seq))).one() or 0
    before = session.get_one(AccountEvent, last)
    entry = AccountEvent(
        seq=last + 1,
        kind=kind,
        result="done",
        person_id=person.id,
        about=about,
        previous=before.hash,
        hash="",
    )
    entry.hash = account_event_hash(entry)
    session.add(entry)
    session.flush()


def test_what_lies_outside_the_window_is_left_out(world: World) -> None:
    case = world.enter()
    look(case, world.filler())
    moment = real_now()
    with reading() as session:
        before = Window(moment - 2 * WINDOW, moment - WINDOW)
        assert case.id not in {t.case_id for t in touches(session, before)}


@pytest.mark.parametrize(
    ("narrowed", "code"),
    [
        ({"person": "nobody"}, "unknown_account"),
        ({"case": "1999-0000"}, "unknown_case"),
        ({"file": "zz"}, "no_hash"),
        ({"file": "0" * 20}, "unknown_file"),
    ],
)
def test_what_can_not_be_meant_is_said(world: World, narrowed: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        asked(**narrowed)
    assert codes(refusal) == [code]


def test_the_command_only_reads_and_takes_days_and_hours(world: World) -> None:
    case = world.enter()
    look(case, world.filler())
    day = f"{real_now():%Y-%m-%d}"
    with reading() as session:
        before = session.exec(select(func.count()).select_from(Event)).one()

    words = ["incident", "--since", "2026-01-01", "--until", "2100-01-01", "--case", case.number, "--json"]
    done = CliRunner().invoke(app, words)

    assert done.exit_code == 0, done.output
    assert case.name in [c["name"] for c in json.loads(done.stdout)["concerned"]]
    with reading() as session:
        assert session.exec(select(func.count()).select_from(Event)).one() == before
    assert moment_of(day, end=True) - moment_of(day) == timedelta(days=1)
    wrong = CliRunner().invoke(app, ["incident", "--since", "gestern", "--until", day])
    assert wrong.exit_code == 2
