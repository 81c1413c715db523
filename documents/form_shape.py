"""Which labels does 附件1 print, and what may stand beside each? As the season's notice lists its fields.

A row of the form may hold several fields: 户籍属性 holds two, 是否掌握高超技能 five. The shape is plain JSON, to be
handed to the process that reads a stranger's file.
"""

from typing import Any

from models.form_field import FormField
from models.notice import Notice

OPINIONS = (
    "所在单位意见(个人自荐)",
    "举荐单位(县区工会、行业协会)意见",
    "组委会意见",
)
HEADER = ("推荐单位", "填表日期")
FULL_NAMES = {"个人自述": "个人自述(300字左右，包括技术特长、创新创新效、社会贡献等)"}
OTHER_NAMES = {
    "身份证号": ("身份证号码", "公民身份号码", "身份证"),
    "手机号码": ("手机号", "手机"),
    "学历": ("文化程度",),
    "邮编": ("邮政编码",),
    "工种": ("职业(工种)", "从事工种"),
}
PRINTED = (
    "四项指标至少选填一项",
    "四项指标需提交证明材料",
    "按字数要求撰写相关内容",
    "认定申请表",
    "附件1",
)


def shape_of(notice: Notice) -> dict[str, Any]:
    """The rows of 附件1 in the notice's order, with the fields of each."""
    rows: dict[str, dict[str, Any]] = {}
    for field in notice.fields:
        if field.paper is None:
            continue
        name = FULL_NAMES.get(field.paper, field.paper)
        row = rows.setdefault(field.paper, {"label": name, "required": False, "parts": []})
        row["required"] = row["required"] or field.required
        row["parts"].append(_part(field))
    return {"award": notice.award_name, "year": notice.year, "rows": list(rows.values())}


def _part(field: FormField) -> dict[str, Any]:
    return {
        "key": field.key,
        "label": field.label,
        "kind": str(field.kind),
        "choices": [{"key": c.key, "label": c.label, "blank": c.blank} for c in field.choices],
    }
