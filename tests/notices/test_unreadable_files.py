"""What is said of a file that isn't a season's file at all?"""

from pathlib import Path

import pytest

from notices.problems import NoticeError, Problem
from notices.reader import MAX_BYTES, read_notice
from tests.notices.files import LIUZHOU, SECOND, problems_of

GOOD = SECOND.read_text(encoding="utf-8")
NOT_A_NOTICE = (
    "这不是通知文件：最外层应是 key、title、quota、steps 等“字段: 值”，可参照 notices/liuzhou-2025.yaml"
)
NOT_UTF8 = "不是 UTF-8 编码的文本，请用编辑器另存为 UTF-8 编码的 .yaml 文件"
EMPTY = "文件是空的，请写入通知的内容，可参照 notices/liuzhou-2025.yaml"


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        pytest.param(b"", 1, EMPTY, id="empty"),
        pytest.param(b"\n  \n", 1, EMPTY, id="blank"),
        pytest.param(b"# nothing but a remark\n", 1, NOT_A_NOTICE, id="remarks_only"),
        pytest.param("关于开展认定工作的通知".encode(), 1, NOT_A_NOTICE, id="prose"),
        pytest.param(b"- a\n- b\n", 1, NOT_A_NOTICE, id="a_list"),
        pytest.param(b"name: gongjiang\nversion: 1\n", 1, NOT_A_NOTICE, id="some_other_yaml"),
        pytest.param(b"PK\x03\x04\x14\x00\x08\xf5\xff", 1, NOT_UTF8, id="a_docx"),
        pytest.param("key: a\ntitle: 工匠\n".encode("gbk"), 2, NOT_UTF8, id="gbk"),
        pytest.param("key: a\n".encode("utf-16"), 1, NOT_UTF8, id="utf_16"),
    ],
)
def test_not_a_notice(content: bytes, line: int, message: str) -> None:
    assert problems_of(content) == [Problem(line, "", message)]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        pytest.param(
            "key: a\n\ttitle: b\n",
            2,
            "第 1 个字符处：这里不能用制表符（Tab）或 @、` 等符号开头，请改用空格缩进，或给文字加引号",
            id="tab",
        ),
        pytest.param(
            "key: a\ntitle: b: c\n",
            2,
            "第 9 个字符处：这里多了一个冒号，或上一行缩进不对：文字里有“: ”的要加引号",
            id="two_colons",
        ),
        pytest.param(
            "key: a\ntitle\nyear: 1\n",
            2,
            "第 1 个字符处：这一行缺少冒号：应写成“字段: 值”，冒号后空一格",
            id="no_colon",
        ),
        pytest.param(
            "key: a\nquota: {places: 3\nyear: 1\n",
            3,
            "第 5 个字符处：花括号 { } 里缺逗号或没有闭合：各项用英文逗号隔开，最后写 }",
            id="open_brace",
        ),
        pytest.param(
            "key: a\nhosts: [a, b\nyear: 1\n",
            3,
            "第 5 个字符处：方括号 [ ] 里缺逗号或没有闭合：各项用英文逗号隔开，最后写 ]",
            id="open_bracket",
        ),
        pytest.param(
            'key: a\ntitle: "b\n', 3, "第 1 个字符处：引号没有闭合，请补上另一半英文引号", id="open_quote"
        ),
        pytest.param(
            "key: a\nsteps:\n  - key: a\n    label: b\n   kind: form\n",
            5,
            "第 4 个字符处：缩进不齐：同一层的各行须左边对齐，请检查这一行和上一行",
            id="indentation",
        ),
        pytest.param(
            "key: a\n---\nkey: b\n",
            2,
            "第 1 个字符处：一个文件只写一个通知，请删去“---”及其后的内容",
            id="two_documents",
        ),
        pytest.param(
            "key: &a b\ntitle: *a\n",
            2,
            "第 8 个字符处：不使用 YAML 的别名（*名字），请把内容直接写出来",
            id="alias",
        ),
        pytest.param(
            "key: a\ntitle: b\x07\n", 2, "有不能显示的字符（U+0007），请删去", id="control_character"
        ),
        pytest.param("key: " + "[" * 5000, 1, "层层嵌套太深，请检查是否多写了括号或缩进", id="nesting"),
    ],
)
def test_not_yaml(content: str, line: int, message: str) -> None:
    assert problems_of(content) == [Problem(line, "", message)]


def test_a_foreign_tag_is_refused() -> None:
    bad = GOOD.replace("places: 12", "places: !!python/object:os.system 12")
    told = "不认识的标记“tag:yaml.org,2002:python/object:os.system”，请删去，直接写值"
    assert problems_of(bad) == [Problem(11, "", told)]


def test_a_byte_order_mark_does_no_harm() -> None:
    assert problems_of(b"\xef\xbb\xbf" + GOOD.encode()) == []


def test_windows_line_ends_do_no_harm() -> None:
    assert problems_of(GOOD.replace("\n", "\r\n")) == []
    bad = GOOD.replace("\n", "\r\n").replace("places: 12", "places: 0")
    assert [(p.line, p.field) for p in problems_of(bad)] == [(11, "quota.places")]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.yaml", "没有这个文件，请核对路径"),
        (".", "这是文件夹，请写到其中的 .yaml 文件"),
        ("nul\0.yaml", "文件读不出来（embedded null byte），请核对路径和磁盘"),
    ],
)
def test_a_file_that_cannot_be_opened(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(NoticeError) as caught:
        read_notice(tmp_path / name)
    assert caught.value.problems == [Problem(0, "", message)]


def test_a_file_far_too_big(tmp_path: Path) -> None:
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(NoticeError) as caught:
        read_notice(big)
    assert str(caught.value) == (
        f"通知文件“{big}”有 1 处须改正：\n  文件：文件超过 1000 KB，不像通知文件，请核对"
    )


def test_the_whole_message_for_a_clerk(tmp_path: Path) -> None:
    bad = tmp_path / "样例.yaml"
    bad.write_text(LIUZHOU.read_text(encoding="utf-8").replace("places: 30", "places: 0"), encoding="utf-8")
    with pytest.raises(NoticeError) as caught:
        read_notice(str(bad))
    assert str(caught.value) == (
        f"通知文件“{bad}”有 1 处须改正：\n  第 13 行 quota.places：不得小于 1，现在是 0，请改成 1 或更大的数"
    )
