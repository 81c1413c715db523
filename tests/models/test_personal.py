"""Do personal numbers stay sealed, come back whole, and show themselves only in part?"""

from random import Random
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from models.database import reading
from models.notice import Notice
from models.personal import clean_number, joined, masked, split, whole_form
from models.words import FieldKind
from simulation.filled import made_up_id
from tests.world import World

NUMBER, PHONE, ADDRESS = "450203198803129917", "19900000001", "样例路1号2栋3单元401"


@pytest.mark.parametrize(
    ("given_", "cleaned"),
    [
        ("45020319880312991x", "45020319880312991X"),
        ("４５０２０３１９８８０３１２９９１７", NUMBER),
        (" 450203 19880312 9917 ", NUMBER),
        ("199-0000-0001", PHONE),
        ("199 0000—0001", PHONE),
        ("　199 0000 0001　", PHONE),
    ],
)
def test_numbers_are_compared_however_they_are_typed(given_: str, cleaned: str) -> None:
    assert clean_number(given_) == cleaned


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing_more(value: str) -> None:
    assert clean_number(clean_number(value)) == clean_number(value)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (FieldKind.ID_NUMBER, NUMBER, "450203********9917"),
        (FieldKind.ID_NUMBER, "4502", "****"),
        (FieldKind.PHONE, "199-0000-0001", "199****0001"),
        (FieldKind.PHONE, "2827587", "*******"),
        (FieldKind.TEXT, ADDRESS, "样例路1号2****"),
        (FieldKind.TEXT, "", ""),
    ],
)
def test_a_number_is_shown_in_part(kind: FieldKind, value: str, shown: str) -> None:
    assert masked(kind, value) == shown


def test_an_application_comes_apart_and_together(world: World) -> None:
    notice: Notice = world.notice
    form = {
        "name": "样例甲",
        "id_number": NUMBER,
        "recommenders": [{"name": "样例技师一", "id_number": NUMBER}, {"name": "样例技师二", "phone": PHONE}],
    }
    plain, sealed = split(notice, form)
    assert NUMBER not in str(plain)
    assert PHONE not in str(plain)
    assert joined(plain, sealed) == form


def test_neither_the_record_nor_its_events_hold_a_number_in_plain(world: World) -> None:
    number, address = made_up_id(Random(), "男"), f"样例路{uuid4()}号"
    draft = world.enter(id_number=number, sex="男", home_address=address)
    case = world.bring_to(draft, "unit_review")
    assert whole_form(world.case(case))["id_number"] == number

    with reading() as session:
        tables = session.connection().execute(
            text("select table_name from information_schema.tables where table_schema = 'public'")
        )
        for (table,) in tables.all():
            rows = session.connection().execute(text(f'select t::text from "{table}" t')).all()
            held = "\n".join(row for (row,) in rows)
            assert (table, number in held, address in held) == (table, False, False)
