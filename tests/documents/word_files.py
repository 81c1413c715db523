"""With what is the reading of Word forms tested? With files made here, row by row, so that every row can be spoilt.

A cell is its text; `Xml` is put into the file as it is. A cell with `across` spans columns, one with `down` begins a
merged column, and `BELOW` goes on with it.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from documents.application_form import read
from documents.form_shape import shape_of
from models.notice import Notice
from notices.reader import read_notice
from simulation.papers import picture
from tests.world import NOTICE

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpg" ContentType="image/jpeg"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
PHOTO_LINK = f'<Relationship Id="rId9" Type="{OFFICE}/image" Target="media/image1.jpg"/>'


class Xml(str):
    """Paragraphs of a cell as they stand in the file."""


@dataclass(frozen=True)
class C:
    text: str = ""
    across: int = 1
    down: bool = False


BELOW = C("\x00")
Given = C | str
Rows = list[list[Given]]
PHOTO = Xml(
    '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="918000" cy="1285200"/><a:graphic><a:graphicData>'
    '<a:blip r:embed="rId9"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
)
SKILL = (
    "技术水平：\n□国际领先  □国内先进\n☑国内领先  □国内先进\n是否获得专利：☑是  □否\n"
    "发明专利数量： 0项 \n实用新型专利数量： 3项 \n外观设计专利数量：________"
)
HEAD = ("附件1", "2025年度“柳州工匠”认定申请表", "推荐单位：样例精工有限公司工会\t填表日期：2026年3月6日")
HANDLER = "经办人：样例丁\t联系电话：199-0000-0090"
ID_NUMBER = "450203198406179910"


def form_rows() -> Rows:
    """附件1 as the example person 样例甲 filled it in, in the official order."""
    return [
        ["姓 名", "样例甲", "性 别", "男", "民 族", "壮族", C(PHOTO, down=True)],
        ["政治面貌", "中共党员", "学 历", "大专", "职 务", "班长", BELOW],
        ["身份证号", C(ID_NUMBER, 3), "手机号码", "199-0000-0001", BELOW],
        ["户籍属性", C("□农业户口\n☑非农业户口", 2), C("□外来务工人员  ☑否", 3), BELOW],
        ["家庭住址", C("柳州市样例路0号", 6)],
        ["工作单位", C("样例精工有限公司", 3), "单位性质", C("民营企业", 2)],
        ["所属行业", "制造业", "工 种", "数控车工", "工作年限", C("21年", 2)],
        ["单位地址", C("柳州市样例路1号", 3), "邮 编", C("545005", 2)],
        ["身 份", C("□干部  □专业技术人员  ☑普通工人  □职员  □其他", 6)],
        ["技能等级", C("☑高级技师  □技师  □高级工  □中级工  □初级工  □无", 6)],
        ["职 称", C("□高级职称  ☑中级职称  □初级职称  □无", 6)],
        ["曾获主要荣誉\n(市级以上)", C("1. 2023年5月，样例奖章\n2. 2019年12月，样例称号", 6)],
        ["专业方面获得荣誉\n(县区级以上)", C("1-2个主要荣誉", 6)],
        ["推荐人选对“工匠精神”的理解(100字以内)", C("把零件车准。", 6)],
        [C("具有工艺专长、掌握高超技能、体现领军作用、做出突出贡献四项指标至少选填一项", 7)],
        [
            "是否具有工艺专长",
            C("☑一技之长： 薄壁件精密车削 \n□绝技高招：_______\n□技术专长：_______\n□其他：_______", 2),
            "是否掌握高超技能",
            C(SKILL, 3),
        ],
        [
            "是否体现领军作用",
            C("技能、技艺传授途径：\n☑带徒\n☑培训\n□其他：____________", 2),
            "是否做出突出贡献",
            C("□全国  □自治区  □本市\n☑本行业  ☑本单位\n做出卓越贡献，取得重要成果。", 3),
        ],
        ["工作简历", C("2005年7月—2011年3月  样例机械厂  车工\n2011年4月至今  样例精工有限公司  班长", 6)],
        ["个人自述\n(300字左右，包括技术特长、创新创新效、社会贡献等)", C("我做了二十一年车工。", 6)],
        ["专利、创新成果获奖情况", C("", 6)],
        [
            "所在单位意见\n(个人自荐)",
            C("\n\n\n(盖章)\n(自荐签名)", 2),
            "举荐单位\n(县区工会、行业协会)意见",
            C("(盖章)", 3),
        ],
        ["组委会意见", C("", 6)],
    ]


READ: dict[str, Any] = {
    "姓名": "样例甲",
    "性别": "男",
    "民族": "壮族",
    "政治面貌": "中共党员",
    "学历": "大专",
    "职务": "班长",
    "身份证号": ID_NUMBER,
    "手机号码": "199-0000-0001",
    "户籍属性": {"户籍属性": "非农业户口", "外来务工人员": "否"},
    "家庭住址": "柳州市样例路0号",
    "工作单位": "样例精工有限公司",
    "单位性质": "民营企业",
    "所属行业": "制造业",
    "工种": "数控车工",
    "工作年限": "21年",
    "单位地址": "柳州市样例路1号",
    "邮编": "545005",
    "身份": "普通工人",
    "技能等级": "高级技师",
    "职称": "中级职称",
    "曾获主要荣誉(市级以上)": "1. 2023年5月，样例奖章\n2. 2019年12月，样例称号",
    "专业方面获得荣誉(县区级以上)": "",
    "推荐人选对“工匠精神”的理解(100字以内)": "把零件车准。",
    "是否具有工艺专长": {"一技之长": "薄壁件精密车削"},
    "是否掌握高超技能": {
        "技术水平": "国内领先",
        "是否获得专利": "是",
        "发明专利数量": "0项",
        "实用新型专利数量": "3项",
        "外观设计专利数量": "",
    },
    "是否体现领军作用": {"带徒": "", "培训": ""},
    "是否做出突出贡献": ["本行业", "本单位"],
    "工作简历": "2005年7月—2011年3月  样例机械厂  车工\n2011年4月至今  样例精工有限公司  班长",
    "个人自述(300字左右，包括技术特长、创新创新效、社会贡献等)": "我做了二十一年车工。",
    "专利、创新成果获奖情况": "",
    "推荐单位": "样例精工有限公司工会",
    "填表日期": "2026年3月6日",
    "经办人": "样例丁",
    "联系电话": "199-0000-0090",
    "所在单位意见(个人自荐)": "",
    "举荐单位(县区工会、行业协会)意见": "",
    "组委会意见": "",
}


@lru_cache(maxsize=1)
def liuzhou() -> Notice:
    return read_notice(NOTICE)


def read_file(content: bytes, name: str = "样例甲-附件1.docx") -> dict[str, Any]:
    return read(content, name, shape_of(liuzhou()))


def read_rows(rows: Rows, head: Sequence[str] = (*HEAD, HANDLER)) -> dict[str, Any]:
    """What is read from a form of these rows."""
    return read_file(document(rows, head))


def codes(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(p["field"], p["code"]) for p in found["problems"]]


def with_cell(start: str, change: Callable[[list[Given]], list[Given]]) -> Rows:
    """The form with the row whose first cell begins so changed."""
    return [change(list(row)) if text_of(row[0]).startswith(start) else row for row in form_rows()]


def with_value(start: str, value: str, at: int = 1) -> Rows:
    """The form with another value in the row whose first cell begins so."""

    def change(row: list[Given]) -> list[Given]:
        old = row[at]
        row[at] = C(value, old.across) if isinstance(old, C) else value
        return row

    return with_cell(start, change)


def text_of(given: Given) -> str:
    return given.text if isinstance(given, C) else given


# --- the file ----------------------------------------------------------------------------------------------------


def document(rows: Rows, head: Sequence[str] = (*HEAD, HANDLER), after: Sequence[str] = ()) -> bytes:
    return package("".join(map(paragraphs, head)) + table(rows) + "".join(map(paragraphs, after)))


def package(body: str, **more: str) -> bytes:
    """A .docx of this body, with a photo that may be shown in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", TYPES)
        main = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        file.writestr("_rels/.rels", f"{LINKS}{main}</Relationships>")
        file.writestr("word/_rels/document.xml.rels", f"{LINKS}{PHOTO_LINK}</Relationships>")
        file.writestr("word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
        file.writestr("word/media/image1.jpg", picture())
        for name, content in more.items():
            file.writestr(name, content)
    return out.getvalue()


def table(rows: Rows) -> str:
    return f"<w:tbl><w:tblGrid/>{''.join(map(_row, rows))}</w:tbl>"


def _row(row: Sequence[Given]) -> str:
    return f"<w:tr>{''.join(_cell(c if isinstance(c, C) else C(c)) for c in row)}</w:tr>"


def _cell(cell: C) -> str:
    merge = '<w:vMerge w:val="restart"/>' if cell.down else "<w:vMerge/>" if cell is BELOW else ""
    properties = f'<w:tcPr><w:gridSpan w:val="{cell.across}"/>{merge}</w:tcPr>'
    content = "<w:p/>" if cell is BELOW else paragraphs(cell.text)
    return f"<w:tc>{properties}{content}</w:tc>"


def paragraphs(text: str) -> str:
    """A paragraph a line; `Xml` as it is."""
    if isinstance(text, Xml):
        return text
    return "".join(f"<w:p>{run(line)}</w:p>" for line in text.split("\n"))


def run(text: str, properties: str = "") -> str:
    inside = escape(text, quote=False).replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{inside}</w:t></w:r>'


def replaced(content: bytes, old: str, new: str) -> bytes:
    """The file with a part of its text changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            held = before.read(name)
            after.writestr(name, held.replace(old.encode(), new.encode()) if name.endswith("t.xml") else held)
    assert out.getvalue() != content
    return out.getvalue()
