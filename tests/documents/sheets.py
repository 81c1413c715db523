"""How do the tests make a filled 附件2? By code, with made-up people."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from documents.summary_columns import columns_of
from documents.summary_table import read_summary
from notices.reader import read_notice

NOTICE = read_notice(Path(__file__).resolve().parent.parent.parent / "notices" / "liuzhou-2025.yaml")
COLUMNS = columns_of(NOTICE)
HEADINGS = [c.heading for c in COLUMNS]
HONOURS, SUMMARY = HEADINGS[-2:]
NOTE = "注：请使用电子表格统计。工作单位要填写全称。"
# 样例：人物、单位、号码均为虚构
PERSON: dict[str, Any] = {
    "推荐优先顺序": 1,
    "类别": "制造业",
    "姓名": "样例甲",
    "性别": "男",
    "年龄": "41岁",
    "政治面貌": "中共党员",
    "民族": "壮族",
    "籍贯": "广西柳州",
    "是否农民工": "否",
    "文化程度": "大专",
    "工作单位": "样例精工机械有限公司",
    "职务": "班长",
    "职称": "工程师",
    "技术等级": "高级技师",
    "联系电话": "199-0000-0001",
    "推荐单位": "鱼峰区总工会",
    "技术专长": "数控车工",
    "经办人及联系电话": "样例经办\n199-0000-0090",
    HONOURS: "1.2023年5月获样例奖章；\n2.2021年11月获样例竞赛第一名。",
    SUMMARY: "该同志从事数控加工21年，擅长薄壁类零件高精度车削。",
}
OTHERS = "乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


def people(number: int, **changes: Any) -> list[dict[str, Any]]:
    """So many different people, in order; `changes` hold for all of them."""
    names = ["样例甲", *(f"样例{c}" for c in OTHERS)]
    return [
        {**PERSON, "推荐优先顺序": n, "姓名": names[n - 1], "联系电话": f"199-0000-{n:04d}", **changes}
        for n in range(1, number + 1)
    ]


def sheet(
    rows: Iterable[Mapping[str, Any]],
    headings: Sequence[str] = HEADINGS,
    *,
    titled: bool = True,
    change: Callable[[Worksheet], object] | None = None,
) -> bytes:
    """A filled 附件2 as the official form has it: title, headings in row 3, people from row 4 on, the note."""
    workbook = Workbook()
    found = workbook.active
    assert isinstance(found, Worksheet)
    found.title = "汇总表"
    if titled:
        found.append(["附件2"])
        found.append(["2025年度“柳州工匠”认定申请汇总表"])
        found.merge_cells("A1:B1")
        found.merge_cells("A2:T2")
    found.append(list(headings))
    for row in rows:
        found.append([row.get(h) for h in headings])
    found.append([NOTE])
    found.merge_cells(f"A{found.max_row}:T{found.max_row}")
    if change is not None:
        change(found)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def column(heading: str) -> int:
    """The column of a heading, counted from 1."""
    return HEADINGS.index(heading) + 1


def read(content: bytes) -> dict[str, Any]:
    return read_summary(content, COLUMNS)


def faults(result: Mapping[str, Any]) -> list[tuple[int, str, str, str]]:
    """Row, column, code and severity of every fault of a row."""
    return [
        (row["row"], p["column"], p["code"], p["severity"]) for row in result["rows"] for p in row["problems"]
    ]


def of_file(result: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(p["column"], p["code"], p["severity"]) for p in result["problems"]]
