"""Is every file that comes in looked at by the virus scanner, and one that could not be looked at opened by nobody?"""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from documents.virus import look, scanner_version
from models.account_words import AccountEventKind
from models.accounts import AccountEvent
from models.asking import ask_from, asked_by_person
from models.attachment import Attachment
from models.case import Case
from models.checklist import missing_documents
from models.database import reading, transaction
from models.file_scan import scan_states
from models.filestore import stored
from models.objection import Account
from models.people import Person
from models.season import Season
from models.verdict import Refused
from models.viewer import read_viewer
from models.words import FilePurpose, ScanState
from processes.probes import free_port
from settings import LOOPBACK
from simulation.papers import docx, pdf, picture
from tasks.attachments import attach, read_attachment, remove_attachment
from tasks.imports import read_sheet
from tasks.inspections import add_photo
from tasks.meetings import keep_scan
from tasks.objecting import object_by_page
from tasks.reading import take_in as read_forms
from tasks.scans import file_scan
from tasks.season_files import file_paper
from tasks.taking import scan_waiting
from tests.clamd import NAME, TEST_STRING, Scanner, infected, scanning
from tests.documents.sheets import people, sheet
from tests.elsewhere import set_to
from tests.mails import Letter
from tests.publishing import published
from tests.tasks.inboxes import parts, received
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent.parent
FOUND = f"查出病毒（{NAME}.UNOFFICIAL）"


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with scanning() as running:
        yield running


@contextmanager
def away(scanner: Scanner) -> Iterator[None]:
    """Meanwhile the scanner does not run."""
    scanner.stop()
    try:
        yield
    finally:
        scanner.start()


def put(case: Case, person: Person, content: bytes, name: str = "证书.pdf") -> Attachment:
    with transaction() as session:
        return attach(session, case.id, "certificates", name, content, person)


def state(file: Attachment) -> ScanState:
    with reading() as session:
        return scan_states(session, [file.id])[file.id]


def opened(world: World, file: Attachment, person: Person) -> bytes:
    with reading() as session:
        viewer = read_viewer(session, person, world.season, world.notice)
        return read_attachment(session, file.id, viewer)[1]


def why_closed(world: World, file: Attachment, person: Person) -> str:
    with pytest.raises(Refused) as refusal:
        opened(world, file, person)
    [reason] = refusal.value.reasons
    return reason.text if reason.code == "file_held" else reason.code


def finds() -> list[AccountEvent]:
    """What the log of the accounts tells of viruses, the latest first."""
    with reading() as session:
        wanted = select(AccountEvent).where(AccountEvent.kind == AccountEventKind.VIRUS_FOUND)
        return list(session.exec(wanted.order_by(col(AccountEvent.seq).desc())))


# --- every way in ------------------------------------------------------------------------------------------------


def _attach(world: World, session: Session) -> None:
    case = world.enter()
    attach(session, case.id, "certificates", "证书.pdf", infected(), world.filler())


def _word_file(world: World, session: Session) -> None:
    """The scanner looks into the package."""
    case = world.enter()
    attach(session, case.id, "deeds", "事迹.docx", docx(TEST_STRING.decode()), world.filler())


def _scanned_pile(world: World, session: Session) -> None:
    [filed] = file_scan(session, "扫描.pdf", infected(), world.filler())
    raise Refused(*filed.reasons)


def _photo(world: World, session: Session) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    world.answer("office_review", case, "pass_inspect")
    world.pump()
    task = world.assignments("inspection", case)[0]
    add_photo(session, task.id, "现场.jpg", infected(picture()), session.get_one(Person, task.person_id))


def _minutes(world: World, session: Session) -> None:
    world.bring_to(world.enter(route="city"), "proposed_list")
    world.move_to(world.notice.due("application"))
    world.pump()
    world.pass_step("proposed_list")
    keep_scan(session, world.gate("party_meeting").id, world.person("office"), "纪要.pdf", infected())


def _season_paper(world: World, session: Session) -> None:
    season = session.get_one(Season, world.season_id)
    file_paper(session, season, FilePurpose.CLIPPING, "x", "报道.pdf", infected(), world.person("office"))


def _evidence(world: World, session: Session) -> None:
    [case] = published(world, "样例公示人")
    said = Account("样例群众", "0772-0000000", "样例异议")
    evidence = [("材料.pdf", infected())]
    object_by_page(
        session, world.season_id, case.id, said, agreed=True, asked_from="192.0.2.1", evidence=evidence
    )


def _word_form(world: World, session: Session) -> None:
    sent = [("附件1.docx", docx(TEST_STRING.decode()))]
    read_forms(session, world.filler(), world.notice, "case:new", sent)


def _summary_table(world: World, session: Session) -> None:
    read_sheet(world.notice, "汇总表.xlsx", sheet(people(1, 姓名=TEST_STRING.decode())))


WAYS_IN = [
    _attach,
    _word_file,
    _scanned_pile,
    _photo,
    _minutes,
    _season_paper,
    _evidence,
    _word_form,
    _summary_table,
]


@pytest.mark.parametrize("way_in", WAYS_IN)
def test_every_way_in_refuses_a_virus(
    scanner: Scanner, world: World, way_in: Callable[[World, Session], None]
) -> None:
    with reading() as session, pytest.raises(Refused) as refusal:
        way_in(world, session)

    [reason] = refusal.value.reasons
    assert (reason.code, FOUND in reason.text) == ("virus", True)


def test_an_attachment_of_a_mail_with_a_virus_is_not_kept(scanner: Scanner, world: World) -> None:
    mail = received(world, Letter().attach_as("证书.pdf", infected()).attach_as("好的.pdf", pdf("good")))

    bad, good = parts(mail)
    assert (bad.usable, FOUND in bad.part.problem) == (False, True)
    assert (good.usable, good.scan) == (True, ScanState.CLEAN)


def test_files_of_strangers_are_kept_and_looked_into_nowhere_else() -> None:
    """What puts bytes without asking the scanner would be a way in past it."""
    putting = re.compile(r"\bput_with\b|from documents.sniff import (?!Inspected\n)|\bread_plain\b")
    found = {
        str(path.relative_to(ROOT))
        for folder in ("api", "cli", "flows", "simulation", "tasks")
        for path in (ROOT / folder).rglob("*.py")
        if putting.search(path.read_text())
    }
    # Our own dossiers are put there; a file that was taken in is counted and described there.
    assert found == {"tasks/taking.py", "tasks/dossiers.py", "tasks/attachment_checks.py", "api/inbox.py"}


def test_a_find_is_on_record_with_who_sent_it_and_nothing_is_stored(scanner: Scanner, world: World) -> None:
    case, clerk = world.enter(), world.filler()
    before = set(stored())
    ask_from("192.0.2.7", "样例浏览器")
    asked_by_person(clerk.id)

    with pytest.raises(Refused):
        put(case, clerk, infected(), "450203198406179910身份证.pdf")

    assert set(stored()) == before
    event = finds()[0]
    assert (event.person_id, event.address, event.result) == (clerk.id, "192.0.2.7", "refused")
    assert "450203198406179910" not in event.about
    assert event.facts["virus"] == f"{NAME}.UNOFFICIAL"


def test_a_clean_file_is_opened_and_said_to_be_scanned(scanner: Scanner, world: World) -> None:
    file = put(world.enter(), world.filler(), pdf("clean"))

    assert (state(file), opened(world, file, world.filler())) == (ScanState.CLEAN, pdf("clean"))


def test_the_scanner_is_reached_by_a_socket_as_well() -> None:
    with scanning(by_socket=True):
        assert look(infected()).state is ScanState.FOUND
        assert (scanner_version() or "").startswith("ClamAV ")


# --- without an answer -------------------------------------------------------------------------------------------


def test_without_a_scanner_files_are_taken_and_marked_so(world: World) -> None:
    with set_to(CLAMD_ADDRESS=""):
        file = put(world.enter(), world.filler(), infected())

    assert (state(file), opened(world, file, world.filler())) == (ScanState.UNSCANNED, infected())


def test_while_the_scanner_is_away_files_are_held_and_looked_at_when_it_is_back(
    scanner: Scanner, world: World
) -> None:
    case, clerk, office = world.enter(), world.filler(), world.person("office")
    with away(scanner):
        file = put(case, clerk, pdf("later"))

        assert state(file) is ScanState.WAITING
        assert "还没有查毒" in why_closed(world, file, clerk)
        assert "还没有查毒" in why_closed(world, file, office)
        assert scan_waiting() == 0

    assert scan_waiting() == 1
    assert (state(file), opened(world, file, office)) == (ScanState.CLEAN, pdf("later"))


def test_a_virus_found_later_stays_shut_away_and_is_on_record(scanner: Scanner, world: World) -> None:
    case, clerk = world.enter(), world.filler()
    with away(scanner):
        file = put(case, clerk, infected())

    scan_waiting()

    assert state(file) is ScanState.FOUND
    assert "查出病毒，已经隔离" in why_closed(world, file, clerk)
    assert finds()[0].about == str(file.id)
    with transaction() as session:
        remove_attachment(session, file.id, clerk)
    assert state(file) is ScanState.UNSCANNED


def test_a_file_shut_away_does_not_stand_for_a_document(scanner: Scanner, world: World) -> None:
    case, clerk = world.enter(), world.filler()
    with away(scanner), transaction() as session:
        attach(session, case.id, "no_crime", "证明.pdf", infected(), clerk)
    assert "no_crime" not in missing(world, case)

    scan_waiting()

    assert "no_crime" in missing(world, case)


def missing(world: World, case: Case) -> list[str]:
    with reading() as session:
        return [d.key for d in missing_documents(session, world.notice, case)]


def test_a_file_that_was_removed_waits_no_longer(scanner: Scanner, world: World) -> None:
    with away(scanner):
        file = put(world.enter(), world.filler(), pdf("gone"))
        with transaction() as session:
            remove_attachment(session, file.id, world.filler())

    assert state(file) is ScanState.UNSCANNED


def test_a_scanner_that_accepts_and_says_nothing_holds_nobody_up(world: World) -> None:
    with socket.create_server((LOOPBACK, free_port())) as silent:
        address = f"{LOOPBACK}:{silent.getsockname()[1]}"
        with set_to(CLAMD_ADDRESS=address, CLAMD_SECONDS="0.3"):
            file = put(world.enter(), world.filler(), pdf("slow"))
            assert (state(file), scanner_version()) == (ScanState.WAITING, None)
