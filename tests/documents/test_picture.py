"""Does the picture of a Word file show what stands in it, also of a file that is put together badly?"""

import io

from PIL import Image

from documents.grid import Table
from documents.picture import as_sheet, picture_pages
from documents.word_reading import open_word
from tests.documents.word_files import BELOW, C, Rows, document, form_rows, package, paragraphs, table


def test_pages_are_pictures_of_upright_paper() -> None:
    [first, *_] = picture_pages(document(form_rows()))

    with Image.open(io.BytesIO(first)) as image:
        assert image.format == "PNG"
        assert image.height > image.width > 700


def test_words_pictures_and_merged_cells_are_kept() -> None:
    sheet = as_sheet(open_word(document(form_rows())))

    [made] = [b for b in sheet.blocks if isinstance(b, Table)]
    photo = made.rows[0].cells[-1]
    assert (photo.rows, photo.blocks[0].kind) == (4, "picture")
    assert [c.columns for c in made.rows[3].cells] == [1, 2, 3]
    assert sum(c.columns for c in made.rows[4].cells) == 7


def test_crooked_table_is_drawn_straight() -> None:
    rows: Rows = [["甲", C("乙", down=True)], ["丙", BELOW, "丁"], [C("戊", 9)], []]

    [page] = picture_pages(package(table(rows)))

    assert page.startswith(b"\x89PNG")


def test_markup_is_only_text() -> None:
    text = '#eval("1") *样例* $x$ {{7*7}} \\ <b>'

    assert len(picture_pages(package(paragraphs(text) + table([[text]])))) == 1


def test_long_file_shows_its_first_pages() -> None:
    assert len(picture_pages(package("".join(paragraphs(f"第{n}行") for n in range(2000))))) == 12


def test_damaged_file_has_no_picture() -> None:
    assert picture_pages(b"PK nothing") == []
