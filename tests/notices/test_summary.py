"""Do the columns of 附件2 and the fields of the application belong together?"""

import pytest

from tests.notices.files import LIUZHOU, problems_of

GOOD = LIUZHOU.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "field", "told"),
    [
        (
            "联系电话, 推荐单位, 技术专长,",
            "联系电话, 推荐单位,",
            "fields[specialty].column",
            "没有“技术专长”",
        ),
        (
            "推荐单位, 技术专长,",
            "推荐单位, 技术专长, 星座,",
            "summary.headings[18]",
            "没有字段的 column 是“星座”",
        ),
        ("  priority: 推荐优先顺序\n", "  priority: 次序\n", "summary.priority", "没有“次序”"),
        ("    籍贯: 广西柳州\n", "    祖籍: 广西柳州\n", "summary.example", "样例所用的“祖籍”"),
        ("  widths: [5, 9,", "  widths: [5,", "summary.widths", "19个宽度、20列"),
        ("技术等级,\n     联系电话", "技术等级, 姓名,\n     联系电话", "summary.headings[15]", "重复"),
    ],
)
def test_a_column_that_does_not_fit_is_told(old: str, new: str, field: str, told: str) -> None:
    assert GOOD.count(old) == 1
    found = problems_of(GOOD.replace(old, new))
    assert (field, True) in [(p.field, told in p.message) for p in found]


def test_the_notice_as_it_is_has_no_fault() -> None:
    assert problems_of(GOOD) == []
