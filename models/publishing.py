"""What does a public notice show, in which order, and how is an objection to it heard (三（七）、七（二）)?"""

from typing import Literal

from pydantic import Field

from models.notice_part import Key, Part

RECOMMENDED_BY = "recommended_by"
HOW = (
    "公示期间，如对公示人选有异议，请以来信、来电、来访等方式向{authority}反映。反映情况应实事求是："
    "以单位名义反映的，须加盖公章；以个人名义反映的，须签署真实姓名并提供联系方式。"
)


class PublicColumn(Part):
    """One column of the published list. A field that no column names is never published."""

    key: Key
    label: str
    fields: list[Key] = Field(
        min_length=1, description="取自申请表的哪些字段；recommended_by 为推荐单位，没有单位的写申报渠道"
    )


STANDARD = (
    PublicColumn(key="name", label="姓名", fields=["name"]),
    PublicColumn(key="sex", label="性别", fields=["sex"]),
    PublicColumn(key="employer", label="工作单位", fields=["employer"]),
    PublicColumn(key="work", label="职务／工种", fields=["post", "occupation"]),
    PublicColumn(key=RECOMMENDED_BY, label="推荐单位", fields=[RECOMMENDED_BY]),
)


class Publishing(Part):
    """How one public notice is made. Its columns are the whole of what becomes public."""

    columns: list[PublicColumn] = Field(
        list(STANDARD), min_length=1, description="公示的各栏；没有列出的一律不公开"
    )
    order: Literal["strokes", "number"] = Field(
        "strokes", description="strokes＝按姓氏笔画为序，number＝按编号"
    )
    stays: bool = Field(False, description="公示结束后，公示页是否仍列名单")
    address: str | None = Field(None, description="公示的网址，印成二维码；不写为本系统的公示页")
    how: str = Field(HOW, description="怎样提出异议；{authority} 处写落款单位")
    objection_days: int = Field(5, ge=1, le=365, description="异议登记后几日内作出结论")
