"""Is a printed mark found again on a scan, whoever scanned it how, and is no other code taken for one of ours?"""

import io
from uuid import UUID

import pypdfium2
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from documents.grid import Sheet, line
from documents.marks import COVER, Mark, parse_mark, stamp
from documents.scanning import codes_of, cut, read_marks
from documents.to_typst import print_pdf
from tasks.scans import Part, gathered, parted

MARK = Mark(UUID(int=0x1234567890ABCDEF1234567890ABCDEF), "department_opinions")
OTHER = Mark(UUID(int=7), "application_form")


def printed(*marks: Mark | None) -> bytes:
    """A sheet for each mark, with some text on it; without a mark, a page of text alone."""
    body = tuple(line("样例材料，请盖章。" * 8) for _ in range(12))
    return print_pdf([Sheet(body, stamp=stamp(mark, "样例") if mark else None) for mark in marks])


@pytest.fixture(scope="module")
def page() -> Image.Image:
    with pypdfium2.PdfDocument(printed(MARK)) as pdf:
        drawn: Image.Image = pdf[0].render(scale=300 / 72).to_pil()
        return drawn.convert("L")


def scanned(
    page: Image.Image, *, turned: float = 0, dpi: int = 150, noise: int = 0, blur: float = 0
) -> Image.Image:
    """As a scanner gives the page back."""
    image = page.rotate(turned, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    image = image.filter(ImageFilter.GaussianBlur(blur)) if blur else image
    image = image.resize((image.width * dpi // 300, image.height * dpi // 300), Image.Resampling.LANCZOS)
    return Image.blend(image, Image.effect_noise(image.size, noise), 0.25) if noise else image


def saved(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **({"quality": 60} if kind == "JPEG" else {}))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"turned": 1.5, "noise": 40},
        {"turned": -3, "noise": 60},
        {"turned": 90},
        {"turned": 180, "noise": 40},
        {"turned": 272},
        {"dpi": 100, "noise": 30},
        {"dpi": 200, "noise": 80, "blur": 1.5},
    ],
)
def test_a_mark_is_found_however_the_sheet_was_scanned(
    page: Image.Image, kind: str, how: dict[str, float]
) -> None:
    [(code, blank)] = codes_of(saved(scanned(page, **how), kind))  # type: ignore[arg-type]

    assert (parse_mark(code), blank) == (MARK, False)


def test_every_page_of_a_pdf_tells_its_own_mark() -> None:
    pile = printed(Mark(OTHER.case_id, COVER), OTHER, None, MARK)

    assert [parse_mark(code) for code, _ in read_marks(pile)] == [
        Mark(OTHER.case_id, COVER),
        OTHER,
        None,
        MARK,
    ]


def test_pages_are_cut_out_of_a_pdf() -> None:
    assert [parse_mark(code) for code, _ in read_marks(cut(printed(OTHER, None, MARK), [1, 3]))] == [
        OTHER,
        MARK,
    ]


def test_an_empty_page_is_known_as_blank_and_a_printed_one_is_not() -> None:
    paper = Image.effect_noise((1240, 1754), 8).point(lambda v: 250 if v > 110 else 240)

    assert [blank for _, blank in codes_of(saved(paper, "PNG"))] == [True]
    assert [blank for _, blank in codes_of(printed(None))] == [False]


def test_codes_of_other_making_are_passed_over() -> None:
    out = io.BytesIO()
    segno.make("HTTPS://EXAMPLE.ORG").save(out, kind="png", scale=8)

    assert codes_of(out.getvalue()) == [("", False)]


# --- the code ----------------------------------------------------------------------------------------------------


@given(st.uuids(), st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True))
def test_a_code_leads_back_to_its_mark(case_id: UUID, document: str) -> None:
    assert parse_mark(Mark(case_id, document).code) == Mark(case_id, document)


@given(st.text(max_size=80))
def test_nothing_else_is_taken_for_a_mark(code: str) -> None:
    assert parse_mark(code) is None


def test_a_mark_with_another_case_or_document_is_no_mark() -> None:
    seal = MARK.code.rpartition(":")[2]

    assert parse_mark(f"{OTHER.code.rpartition(':')[0]}:{seal}") is None
    assert parse_mark(MARK.code.replace("OPINIONS", "OPINION")) is None


# --- a pile ------------------------------------------------------------------------------------------------------

A, B = UUID(int=1), UUID(int=2)
COVER_A, COVER_B = Mark(A, COVER), Mark(B, COVER)
FORM_A, LETTER_A, FORM_B = Mark(A, "form"), Mark(A, "letter"), Mark(B, "form")


@pytest.mark.parametrize(
    ("pages", "parts"),
    [
        ([FORM_A, FORM_A], [Part((1, 2), A, "form")]),
        ([COVER_A, FORM_A, FORM_A, COVER_B, FORM_B], [Part((2, 3), A, "form"), Part((5,), B, "form")]),
        ([COVER_A, None, None, COVER_B, None], [Part((2, 3), A), Part((5,), B)]),
        ([FORM_A, None, LETTER_A], [Part((1,), A, "form"), Part((2,), A), Part((3,), A, "letter")]),
        ([FORM_A, LETTER_A, FORM_A], [Part((1, 3), A, "form"), Part((2,), A, "letter")]),
        ([None, None], [Part((1, 2))]),
        ([None, FORM_A], [Part((1,)), Part((2,), A, "form")]),
        ([COVER_A], []),
    ],
)
def test_a_pile_is_parted_where_the_marks_change(pages: list[Mark | None], parts: list[Part]) -> None:
    assert gathered([(mark, False) for mark in pages]) == parts


def test_a_blank_page_goes_with_what_it_is_the_back_of() -> None:
    pages = [(COVER_A, False), (None, True), (FORM_A, False), (None, True), (None, False), (None, True)]

    assert gathered(pages) == [Part((3, 4), A, "form"), Part((5, 6), A)]
    assert gathered([(None, True)]) == []


def test_a_file_that_is_one_part_stays_as_it_was_scanned() -> None:
    assert parted([(FORM_A, False), (FORM_A, False)]) == [Part((), A, "form")]
    assert parted([(COVER_A, False), (FORM_A, False)]) == [Part((2,), A, "form")]
