"""What is read from 附件4, the letter of the experts?"""

from typing import Any

from documents.expert_letter import read, shape_of, to_rows
from tests.documents.word_files import BELOW, C, Given, document, liuzhou

TITLE = ("附件4", "2025年度“柳州工匠”专家推荐函(式样)", "填报时间：2026年3月5日")
LABELS = ("姓名", "身份证号", "工作单位", "职务", "从事工种", "手机", "职称或技术级别", "推荐理由")
FIRST = (
    "样例乙",
    "450204197308119975",
    "样例钢构公司",
    "主任",
    "电焊工",
    "199-0000-0061",
    "高级技师",
    "技艺好。",
)
SECOND = (
    "样例丙",
    "450202198110309986",
    "样例学校",
    "教师",
    "电焊工",
    "199-0000-0062",
    "高级技师",
    "特此推荐。",
)
BLANK = ("",) * 8


def expert(mark: str, said: tuple[str, ...], signature: str = "______________") -> list[list[Given]]:
    """The part of one expert, as the official form prints it."""
    name, number, employer, post, trade, phone, grade, reason = said
    return [
        [C(mark, down=True), "姓名", name, "身份证号", number],
        [BELOW, "工作单位", employer, "职务", post],
        [BELOW, "从事工种", trade, "手机", phone],
        [BELOW, "职称或技术级别", C(grade, 3)],
        [BELOW, "推荐理由", C(reason, 3)],
        [BELOW, C(f"专家签名：{signature}", 4)],
    ]


def letter(*parts: list[list[Given]], candidate: str = "样例甲") -> list[list[Given]]:
    first: list[Given] = ["被推荐人", "姓名", candidate, "身份证号", "45020319900308994X"]
    return [first, *(row for part in parts for row in part)]


def read_rows(rows: list[list[Given]], head: tuple[str, ...] = TITLE) -> dict[str, Any]:
    return read(document(rows, head), "附件4.docx", shape_of(liuzhou()))


def test_two_experts_are_read_each_with_all_that_is_asked() -> None:
    found = read_rows(letter(expert("推荐专家\n一", FIRST, " 样例乙 "), expert("推荐专家\n二", SECOND)))

    assert found == {
        "candidate": {"姓名": "样例甲", "身份证号": "45020319900308994X"},
        "experts": [
            {**dict(zip(LABELS, FIRST, strict=True)), "signed": True},
            {**dict(zip(LABELS, SECOND, strict=True)), "signed": False},
        ],
        "problems": [],
    }


def test_rows_of_the_application() -> None:
    found = read_rows(letter(expert("推荐专家一", FIRST)))

    assert to_rows(liuzhou(), found) == [
        {
            "name": "样例乙",
            "id_number": "450204197308119975",
            "employer": "样例钢构公司",
            "post": "主任",
            "occupation": "电焊工",
            "phone": "199-0000-0061",
            "grade": "高级技师",
            "reason": "技艺好。",
        }
    ]


def test_blank_part_is_left_out() -> None:
    found = read_rows(letter(expert("推荐专家\n一", FIRST), expert("推荐专家\n二", BLANK)))

    assert [e["姓名"] for e in found["experts"]] == ["样例乙"]
    assert found["problems"] == []


def test_rows_of_a_part_may_stand_in_another_order() -> None:
    first, second = expert("推荐专家一", FIRST), expert("推荐专家二", SECOND)
    moved = [first[0], *reversed(first[1:])]

    found = read_rows(letter(moved, second))

    assert [e["手机"] for e in found["experts"]] == ["199-0000-0061", "199-0000-0062"]


def test_parts_without_their_marks_begin_with_a_name() -> None:
    rows = letter(expert("推荐专家一", FIRST), expert("推荐专家二", SECOND))

    found = read_rows([row[1:] for row in rows])

    assert found["candidate"]["姓名"] == "样例甲"
    assert [e["姓名"] for e in found["experts"]] == ["样例乙", "样例丙"]


def test_empty_letter_and_letter_for_nobody() -> None:
    found = read_rows(letter(expert("推荐专家一", BLANK), candidate=""))

    assert [p["code"] for p in found["problems"]] == ["no_expert", "candidate_missing"]


def test_missing_row_names_the_expert() -> None:
    part = [row for row in expert("推荐专家一", FIRST) if row[1] != "工作单位"]

    found = read_rows(letter(part))

    assert [(p["field"], p["code"]) for p in found["problems"]] == [
        ("工作单位", "label_missing"),
        ("职务", "label_missing"),
    ]
    assert found["problems"][0]["message"].startswith("推荐专家第1名：")


def test_another_document_is_not_read() -> None:
    found = read_rows(letter(expert("推荐专家一", FIRST)), ("附件1", "2025年度“柳州工匠”认定申请表"))

    assert [p["code"] for p in found["problems"]] == ["not_the_form"]
