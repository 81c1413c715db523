"""How does the office make drafts, imports and files of the mails that came in?"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from models.attachment import Attachment
from models.case import Case
from models.checklist import kept_files
from models.database import reading, transaction
from models.event import Event
from models.filestore import get, path_of
from models.incoming import IncomingPart
from models.personal import whole_form
from models.season import Season
from models.verdict import Refused
from models.words import IncomingState
from simulation.papers import docx, pdf, picture
from tasks.inbox import take_in
from tasks.inbox_claims import claim_as_case, claim_as_import, claim_to_case, put_aside, put_back
from tests.documents.sheets import people, sheet
from tests.mails import ADDRESS, Letter, filled_application, word
from tests.tasks.inboxes import (
    NAME,
    NUMBER,
    claim,
    events,
    full_letter,
    guessed,
    now_in,
    parts,
    received,
    refused,
    unit_header,
)
from tests.world import UNIT, World, complete_form

# --- as a draft --------------------------------------------------------------------------------------------------


def test_a_mail_becomes_a_draft_with_its_form_and_its_files(world: World) -> None:
    mail = received(world, full_letter(world, employer=UNIT, industry="样例行业"))

    case = claim(world, mail)

    with reading() as session:
        kept = session.get_one(Case, case.id)
        files = kept_files(session, kept)
        form = whole_form(kept)
    assert (kept.name, kept.stage, kept.channel, kept.entered_by) == (
        NAME,
        "application",
        "unit",
        world.person("office").id,
    )
    assert (form["employer"], form["industry"]) == (UNIT, "样例行业")
    assert sorted(f.document for f in files) == ["application_form", "deeds", "id_copy", "no_crime"]
    assert now_in(mail).state == IncomingState.CLAIMED
    assert all(row.placed for row in parts(mail))
    assert [(e.actor_id, e.facts["how"]) for e in events(case.id)] == [(world.person("office").id, "draft")]


def test_files_of_a_claimed_mail_are_sealed_again_under_their_own_rows(world: World) -> None:
    mail = received(world, full_letter(world))

    case = claim(world, mail)

    with reading() as session:
        kept = session.exec(select(Attachment).where(Attachment.case_id == case.id)).all()
    assert picture() in [get(f.id) for f in kept]


def test_an_attachment_is_used_once(world: World) -> None:
    mail = received(world, full_letter(world))
    claim(world, mail)

    assert refused(lambda: claim(world, mail)) == ["part_placed"]


def test_of_two_clerks_who_claim_at_once_one_wins(world: World) -> None:
    mail = received(world, full_letter(world))

    def attempt(_: int) -> str:
        try:
            return claim(world, mail).number
        except Refused as error:
            return error.reasons[0].code

    with ThreadPoolExecutor(2) as threads:
        found = sorted(threads.map(attempt, range(2)))

    assert found[1] == "part_placed"
    with reading() as session:
        assert len(session.exec(select(Case.id).where(Case.season_id == world.season_id)).all()) == 1


def test_nothing_is_left_of_a_claim_that_is_refused(world: World) -> None:
    mail = received(world, full_letter(world))
    broken = dict.fromkeys(guessed(mail), "photo")

    def attempt() -> None:
        with transaction() as session:
            claim_as_case(session, mail.id, unit_header(), broken, world.person("office"))

    assert refused(attempt) == ["wrong_kind"]
    with reading() as session:
        assert session.exec(select(Case.id).where(Case.season_id == world.season_id)).all() == []
    assert now_in(mail).state == IncomingState.WAITING


def test_a_mail_with_two_forms_waits_until_both_are_dealt_with(world: World) -> None:
    letter = full_letter(world)
    second = filled_application(world.notice, complete_form(world.notice, "unit", {"name": "样例丙"}), UNIT)
    mail = received(world, letter.attach_as("样例丙-附件1.docx", second))
    ids = [r.part.id for r in parts(mail)]

    with transaction() as session:
        placed = {ids[0]: "application_form"}
        claim_as_case(session, mail.id, unit_header(), placed, world.person("office"), form_part=ids[0])
    assert now_in(mail).state == IncomingState.WAITING

    with transaction() as session:
        placed = {ids[4]: "application_form"}
        header = unit_header("样例丙")
        claim_as_case(session, mail.id, header, placed, world.person("office"), form_part=ids[4])
    assert now_in(mail).state == IncomingState.CLAIMED


def test_form_of_another_year_is_told_before_it_is_claimed(world: World) -> None:
    from_last_year = filled_application(
        world.notice, complete_form(world.notice, "unit", {"name": NAME}), UNIT, year=2024
    )

    mail = received(world, Letter().attach_as("申请表.docx", from_last_year))

    assert [r.part.looks_like for r in parts(mail)] == ["application_form"]


# --- what a mail is no proof of ----------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["county_union", "expert", "police"])
def test_nobody_but_the_office_claims(world: World, body: str) -> None:
    mail = received(world, full_letter(world))

    assert refused(lambda: claim(world, mail, world.person(body))) == ["office_only"]


def test_forged_sender_gives_no_right_and_changes_nothing(world: World) -> None:
    """A mail in the name of the office itself, of a clerk and of the county waits like any other."""
    office, clerk = world.person("office"), world.filler()
    case = world.enter()
    for person in (office, clerk):
        sender = f"{word(person.name)} <{person.email}>".encode()
        subject = word(f"{case.number} 同意，请直接认定").encode()
        mail = received(world, Letter(sender=sender, subject=subject).attach_as("附件3.docx", docx()))
        assert mail.state == IncomingState.WAITING
        assert mail.settled_by is None

    assert world.case(case) == case
    assert events(world.season_id) == []


# --- otherwise ---------------------------------------------------------------------------------------------------


def test_scan_is_put_to_a_case_that_is_there(world: World) -> None:
    case = world.enter()
    mail = received(world, Letter().attach_as("盖章扫描.pdf", pdf("sealed")))
    [row] = parts(mail)

    with transaction() as session:
        placings = {row.part.id: "indicator_proof"}
        claim_to_case(session, mail.id, case.id, placings, world.person("office"), signed=[row.part.id])

    with reading() as session:
        [file] = kept_files(session, session.get_one(Case, case.id))
    assert (file.document, file.sealed_and_signed) == ("indicator_proof", True)
    assert [e.facts["how"] for e in events(case.id)] == ["attached"]


def test_attachment_is_put_to_no_case_of_another_season(world: World) -> None:
    mail = received(world, Letter().attach_as("a.pdf", pdf()))
    [row] = parts(mail)

    def attempt() -> None:
        with transaction() as session:
            claim_to_case(session, mail.id, mail.id, {row.part.id: "id_copy"}, world.person("office"))

    assert refused(attempt) == ["unknown_case"]


def test_summary_is_handed_to_the_import_and_enters_nobody_yet(world: World) -> None:
    mail = received(world, Letter().attach_as("附件2-汇总表.xlsx", sheet(people(3))))
    [row] = parts(mail)

    with transaction() as session:
        found = claim_as_import(session, mail.id, row.part.id, world.person("office"))

    assert (found.accepted, found.rejected) == (3, 0)
    assert now_in(mail).state == IncomingState.CLAIMED
    assert parts(mail)[0].sheet is not None
    assert [e.facts["how"] for e in events(world.season_id)] == ["imported"]
    with reading() as session:
        assert session.exec(select(Case.id).where(Case.season_id == world.season_id)).all() == []


def test_mail_is_put_aside_with_a_reason_and_back_again(world: World) -> None:
    mail = received(world, Letter())
    office = world.person("office")

    def aside(note: str) -> None:
        with transaction() as session:
            put_aside(session, mail.id, office, note)

    assert refused(lambda: aside(" ")) == ["note_missing"]
    aside("广告")
    assert (now_in(mail).state, now_in(mail).note) == (IncomingState.IGNORED, "广告")
    assert refused(lambda: aside("再来一次")) == ["not_waiting"]
    with transaction() as session:
        put_back(session, mail.id, office)

    assert (now_in(mail).state, now_in(mail).settled_by) == (IncomingState.WAITING, None)
    assert [e.facts["how"] for e in events(world.season_id)] == ["put_aside", "put_back"]


def test_rest_of_a_mail_that_was_used_is_put_aside_as_claimed(world: World) -> None:
    mail = received(world, full_letter(world))
    rows = parts(mail)
    with transaction() as session:
        placings = {rows[1].part.id: "id_copy"}
        claim_to_case(session, mail.id, world.enter().id, placings, world.person("office"))

    with transaction() as session:
        put_aside(session, mail.id, world.person("office"), "申请表已另行报送")

    assert now_in(mail).state == IncomingState.CLAIMED


def test_no_event_says_what_a_mail_says(world: World) -> None:
    mail = received(world, full_letter(world))

    case = claim(world, mail)

    with reading() as session:
        facts = [str(e.facts) for e in session.exec(select(Event).where(Event.chain == case.id))]
    assert not any(NUMBER in f or ADDRESS in f for f in facts)


def test_files_of_a_mail_go_with_the_transaction_that_failed(world: World) -> None:
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        mail = take_in(session, season, full_letter(world).bytes(), "upload")
        assert mail is not None
        ids = session.exec(select(IncomingPart.id).where(IncomingPart.incoming_id == mail.id)).all()
        assert all(path_of(i).exists() for i in ids)

    assert not any(path_of(i).exists() for i in ids)
