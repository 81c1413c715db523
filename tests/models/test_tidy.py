"""Does cleaning take away what can't be seen and nothing else, and are characters counted as people count?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tidy import count_characters, tidy_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u3000张三\u3000", "张三"),
        ("张\x00三\x07", "张三"),
        ("张\u202e三\u200b", "张三"),
        ("李𬱖·\u0301e", "李𬱖·\u0301e"),
        ("e\u0301", "é"),
        ("👨\u200d🔧", "👨\u200d🔧"),
        ("张\u200d三", "张三"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("\ud800张三", "张三"),
    ],
)
def test_what_can_not_be_seen_goes_and_the_words_stay(typed: str, kept: str) -> None:
    assert tidy_text(typed) == kept


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert tidy_text(tidy_text(text)) == tidy_text(text)


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), (" 一二 \n", 2), ("一\n\n二", 2), ("一 二", 3), ("𬱖", 1), ("e\u0301", 1)]
)
def test_characters_are_counted_as_people_count_them(text: str, count: int) -> None:
    assert count_characters(text) == count
