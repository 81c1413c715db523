"""Is what must not become public found, however it is written, and is what is harmless let through (七（二）)?"""

import pytest

from models.leaks import leaks
from models.strokes import stroke_key


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("身份证450203198803129917", "身份证号"),
        ("４５０２０３１９８８０３１２９９１７", "身份证号"),
        ("45020319880312991x", "身份证号"),
        ("450203 1988 0312 9917", "身份证号"),
        ("旧证450203880312991", "身份证号"),
        ("电话13800000000", "手机号码"),
        ("138-0000-0000", "手机号码"),
        ("１３８００００００００", "手机号码"),
        ("13\u200b800000000", "手机号码"),
        ("座机0772-2827587", "固定电话"),
        ("2827587", "固定电话"),
        ("xx@example.org", "电子邮箱"),
        ("样例小区3栋2单元", "家庭住址"),
        ("样例路1号401室", "家庭住址"),
    ],
)
def test_personal_things_are_found(text: str, what: str) -> None:
    assert [leak.what for leak in leaks(text)] == [what]


@pytest.mark.parametrize(
    "text",
    [
        "样例机械制造有限公司第2车间",
        "高级技师（2019年）",
        "20260401",
        "5G 通信技术",
        "样例研究一室",
        "柳工字〔2026〕1号",
    ],
)
def test_what_is_harmless_is_let_through(text: str) -> None:
    assert leaks(text) == []


def test_the_candidates_own_address_is_known_though_it_has_no_door() -> None:
    found = leaks("样例公司（样例路1号）", [("家庭住址", "样例路1号")])

    assert [leak.what for leak in found] == ["家庭住址"]


def test_what_is_found_is_not_repeated_whole() -> None:
    assert [leak.shown for leak in leaks("13800000000")] == ["138****00"]


def test_surnames_stand_in_the_order_of_their_strokes() -> None:
    names = ["覃样例", "曾样例", "罗样例", "韦样例", "王样例", "丁样例", "乙样例"]

    assert sorted(names, key=stroke_key) == names[::-1]
