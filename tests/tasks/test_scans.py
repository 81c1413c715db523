"""Do sealed papers find their cases again, and only for those who may put them there?"""

import io
from collections.abc import Iterator
from uuid import UUID

import pypdfium2
import pytest
from PIL import Image
from sqlmodel import select

from documents.limits import Unreadable
from documents.marks import Mark
from documents.scanning import MOST_PAGES, read_marks
from models.attachment import Attachment
from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.filestore import get
from models.people import Person
from models.verdict import Refused
from models.viewer import read_viewer
from models.words import EventKind
from simulation.papers import docx, pdf, picture
from tasks.printing import ALL, Format, print_form
from tasks.scans import Filed, file_by_hand, file_scan, find_by_hand
from tests.refusals import codes
from tests.world import World


def printed(world: World, case: Case, what: str, person: Person | None = None) -> bytes:
    """A paper of the case as PDF, printed by who entered it unless told otherwise."""
    with transaction() as session:
        viewer = read_viewer(session, person or world.enterer(case), world.season, world.notice)
        return print_form(session, viewer, session.get_one(Case, case.id), what, Format.PDF).content


def pictures(content: bytes, dpi: int = 150) -> Iterator[bytes]:
    """Every page as a scanner that only knows JPG gives it back, a little askew."""
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            out = io.BytesIO()
            drawn: Image.Image = page.render(scale=dpi / 72).to_pil().convert("L")
            drawn.rotate(1.2, expand=True, fillcolor=255).save(out, "JPEG", quality=60)
            yield out.getvalue()


def joined(*contents: bytes) -> bytes:
    """Several PDFs in one pile."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument.new() as pile:
        for content in contents:
            with pypdfium2.PdfDocument(content) as document:
                pile.import_pages(document)
        pile.save(out)
    return out.getvalue()


def filed(content: bytes, person: Person, name: str = "扫描.pdf", only: Case | None = None) -> list[Filed]:
    with transaction() as session:
        return file_scan(session, name, content, person, only)


def kept(case: Case) -> list[Attachment]:
    with reading() as session:
        return list(
            session.exec(
                select(Attachment).where(Attachment.case_id == case.id, Attachment.sealed_and_signed)
            )
        )


def outcomes(results: list[Filed]) -> list[tuple[str, set[str]]]:
    return [(r.document, r.codes) for r in results]


# --- found by the mark -------------------------------------------------------------------------------------------


def test_a_scanned_form_is_attached_to_its_case_as_it_was_scanned(world: World) -> None:
    case = world.enter()
    scan = printed(world, case, "application_form")

    [result] = filed(scan, world.filler())

    [attachment] = kept(case)
    assert (result.attachment, result.document, result.pages) == (attachment, "application_form", ())
    assert (attachment.filename, attachment.pages, get(attachment.id)) == ("扫描.pdf", 2, scan)


def test_a_picture_of_one_page_finds_its_case(world: World) -> None:
    case = world.enter()
    first, second = pictures(printed(world, case, "application_form"))

    [one] = filed(first, world.filler(), "IMG_0001.jpg")
    [two] = filed(second, world.filler(), "IMG_0002.jpg")

    assert [one.document, two.document] == ["application_form", "application_form"]
    assert {a.kind for a in kept(case)} == {"jpg"}


def test_a_pile_under_cover_sheets_is_cut_by_candidates(world: World) -> None:
    first, second = world.enter(), world.enter()
    pile = joined(printed(world, first, ALL), printed(world, second, ALL))

    results = filed(pile, world.filler(), "全部.pdf")

    assert outcomes(results) == [("application_form", set()), ("department_opinions", set())] * 2
    assert [a.filename for a in kept(first)] == ["全部（第2-3页）.pdf", "全部（第4页）.pdf"]
    marks = {code for a in kept(second) for code, _ in read_marks(get(a.id))}
    assert marks == {Mark(second.id, d).code for d in ("application_form", "department_opinions")}


def test_what_carries_no_mark_is_offered_to_be_chosen_and_never_guessed(world: World) -> None:
    case = world.enter()
    pile = joined(printed(world, case, "cover"), pdf("certificate", pages=2))

    [below] = filed(pile, world.filler())
    [alone] = filed(pdf("nothing"), world.filler())

    assert (below.case, below.pages, below.codes) == (world.case(case), (2, 3), {"which_document"})
    assert (alone.case, alone.pages, alone.codes) == (None, (), {"no_mark"})
    assert kept(case) == []


def test_the_event_names_the_document_and_no_number(world: World) -> None:
    case = world.enter()
    filed(printed(world, case, "application_form"), world.filler(), "450203198406179910.pdf")

    with reading() as session:
        [event] = session.exec(
            select(Event).where(Event.chain == case.id, Event.kind == EventKind.ATTACHMENT_ADDED)
        ).all()
    assert (event.facts["document"], event.facts["sealed_and_signed"]) == ("application_form", True)
    assert "450203198406179910" not in str(event.facts)


def test_a_scan_comes_back_while_the_case_is_being_reviewed(world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    scan = printed(world, case, "department_opinions", world.person("county_union"))

    [result] = filed(scan, world.person("county_union"))

    assert (result.document, result.codes) == ("department_opinions", set())


# --- refused -----------------------------------------------------------------------------------------------------


def test_a_mark_of_a_case_out_of_view_tells_nothing_about_it(world: World) -> None:
    case = world.enter()
    scan = printed(world, case, "application_form")

    [result] = filed(scan, world.person("county_union", "liunan"))

    assert (result.case, result.codes, kept(case)) == (None, {"other_case"}, [])


def test_who_only_decides_may_see_the_case_and_add_nothing(world: World) -> None:
    case = world.bring_to(world.enter(), "department_opinions")
    scan = printed(world, case, "application_form")

    [result] = filed(scan, world.person("science"))

    assert result.codes == {"not_yours"}
    assert kept(case) == []


def test_the_same_scan_twice_is_refused_kindly(world: World) -> None:
    case = world.enter()
    scan = printed(world, case, "application_form")
    filed(scan, world.filler())

    [again] = filed(scan, world.filler())

    assert (again.codes, len(kept(case))) == ({"same_file"}, 1)


def test_another_cases_scan_is_refused_on_the_page_of_ones_own(world: World) -> None:
    mine, other = world.enter(), world.enter()
    scan = printed(world, other, "application_form")

    [result] = filed(scan, world.filler(), only=mine)

    assert (result.codes, kept(mine), kept(other)) == ({"other_case"}, [], [])


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("说明.docx", docx(), "not_a_scan"),
        ("空.pdf", b"", "empty"),
        ("坏.pdf", b"%PDF-1.4\nbroken", "damaged"),
        ("图.jpg", b"\xff\xd8\xff" + b"0" * 50, "damaged"),
    ],
)
def test_what_is_no_scan_is_refused_with_a_reason(world: World, name: str, content: bytes, code: str) -> None:
    [result] = filed(content, world.filler(), name)

    assert (result.codes, result.attachment) == ({code}, None)


def test_a_cover_alone_is_no_paper(world: World) -> None:
    assert filed(printed(world, world.enter(), "cover"), world.filler())[0].codes == {"only_cover"}


# --- by hand -----------------------------------------------------------------------------------------------------


def test_a_scan_is_put_where_a_person_says(world: World) -> None:
    case = world.enter()
    with transaction() as session:
        [found] = find_by_hand(session, world.season, world.filler(), f"{case.number} {case.name}")
        result = file_by_hand(session, "证书.jpg", picture(), world.filler(), found, "certificates")

    assert (result.codes, [a.document for a in kept(case)]) == (set(), ["certificates"])


def test_some_pages_of_a_pile_are_put_by_hand(world: World) -> None:
    case = world.enter()
    with transaction() as session:
        found = session.get_one(Case, case.id)
        file_by_hand(session, "全部.pdf", pdf("pile", pages=5), world.filler(), found, "certificates", (2, 3))

    assert [(a.filename, a.pages) for a in kept(case)] == [("全部（第2-3页）.pdf", 2)]


def test_cases_are_found_by_number_or_name_and_only_those_in_view(world: World) -> None:
    one, two = world.enter(name="样例同名"), world.enter(name="样例同名")

    def found(wanted: str, person: Person) -> list[UUID]:
        with reading() as session:
            return [c.id for c in find_by_hand(session, world.season, person, wanted)]

    assert found(one.number, world.filler()) == [one.id]
    assert found("样例同名", world.filler()) == [one.id, two.id]
    assert found("样例同名", world.person("county_union", "liunan")) == []
    assert found("  ", world.filler()) == []


# --- printing ----------------------------------------------------------------------------------------------------


def test_only_those_who_may_read_the_numbers_may_print_them(world: World) -> None:
    case = world.bring_to(world.enter(), "department_opinions")

    for person in (world.filler(), world.person("county_union"), world.person("office")):
        assert printed(world, case, "application_form", person).startswith(b"%PDF")
    with pytest.raises(Refused) as refused:
        printed(world, case, "application_form", world.person("science"))
    assert codes(refused) == ["not_yours_to_print"]


def test_a_pile_that_comes_again_is_not_attached_twice(world: World) -> None:
    case = world.enter()
    pile = printed(world, case, ALL)
    filed(pile, world.filler(), "全部.pdf")

    again = filed(pile, world.filler(), "再传一次.pdf")

    assert [r.codes for r in again] == [{"same_file"}, {"same_file"}]
    assert len(kept(case)) == 2


@pytest.mark.parametrize("content", [pdf("short", pages=2), b"%PDF-1.7 cut", b"%PDF-1.7 \n%%EOF"])
def test_pages_that_are_not_in_the_file_are_not_made_up(world: World, content: bytes) -> None:
    case = world.enter()
    with transaction() as session:
        result = file_by_hand(session, "扫描.pdf", content, world.filler(), case, "deeds", (7, 9))

    assert (result.attachment, result.codes) == (None, {"unreadable_scan"})
    assert kept(case) == []


def test_more_pages_than_are_looked_at_are_refused_and_none_is_lost() -> None:
    with pytest.raises(Unreadable):
        read_marks(pdf("certificate", pages=MOST_PAGES + 1))
