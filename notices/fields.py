"""How is each field of a season's file explained in Chinese?

The words stand here where `models.notice` gives none. Errors, JSON Schema and the manual's tables use them.
"""

from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from models.form_field import FieldChoice, FieldColumn, FieldGroup, FormField, SummarySheet
from models.notice import (
    Answer,
    Body,
    Category,
    Channel,
    Choice,
    Contact,
    Correction,
    Criterion,
    Decider,
    Document,
    Emphasis,
    ExclusivePair,
    MeetingRules,
    Member,
    Notice,
    NoticeDate,
    Quota,
    Reminder,
    Route,
    Stage,
    Step,
)
from models.notice_recognition import Appeals, Award, CertificateForm, CoverageKind, JointDocument, Publicity
from models.publishing import PublicColumn, Publishing
from models.words import AttachmentKind, Effect, FieldKind, Need, Outcome, Relation, Scope, StepKind
from notices.tree import Loc

PARTS: dict[type[BaseModel], str] = {
    Notice: "一个年度的通知",
    Quota: "名额与比例",
    Stage: "阶段：步骤条上的一格",
    NoticeDate: "日期；作为截止日时含当日，到当日24时（北京时间）",
    Document: "申报材料或形成的文书",
    Route: "报送路径",
    Channel: "申报渠道",
    FormField: "申请表的一个字段（附件1、附件2）",
    FieldChoice: "字段的一个选项；只写文字时，键与名称相同",
    FieldColumn: "逐行填写的字段的一列",
    FieldGroup: "关口审看的字段组",
    SummarySheet: "汇总表（附件2）：推荐单位的人选每人一行",
    Choice: "指标、推荐条件或查验要点",
    Category: "指导目录的一个类别",
    Emphasis: "突出培养的一类人选：名单构成中列出，只供参考",
    Body: "办理机构：由在该机构有席位的人代表",
    Member: "通知列名的人员",
    Step: "工作安排中的一步",
    Decider: "在这一步作出答复的机构",
    Answer: "可以作出的一种答复",
    Criterion: "评分项，各项按百分制打分",
    Reminder: "提醒安排",
    Correction: "退回补正的期限",
    MeetingRules: "会议的规则：到会多少有效，多少票通过，谁记录",
    Publishing: "公示的内容与办法",
    PublicColumn: "公示的一栏",
    ExclusivePair: "同一人在同一案件中不得兼办的两步",
    JointDocument: "联合发文：【年度】【称号】【人数】【通知文号】自动填入，独占一行的【名单】换成名单",
    CertificateForm: "证书：【年度】【称号】【姓名】【文号】自动填入",
    Award: "激励",
    Publicity: "宣传展示的登记",
    CoverageKind: "报道种类",
    Appeals: "对不通过、未入选等结果的申诉",
    Contact: "联系人",
}

COMMON = {
    "key": "键：小写字母开头，只含小写字母、数字、下划线，文件内用它互相引用",
    "label": "名称，照通知原文",
    "clause": "通知条款，如“三（二）”；通知未写明的写“—”并标 basis: office",
    "basis": "notice＝通知写明；office＝办公室自定，可改",
    "body": "机构的键（bodies）",
}

OWN: dict[type[BaseModel], dict[str, str]] = {
    Notice: {
        "key": "年度的键：小写字母、数字、连字符，如 liuzhou-2025",
        "year": "认定年度",
        "issued": "印发日期，如 2026-03-03",
        "case_number": "案件编号格式，含 {n}，如 2026-{n:04d}",
        "quota": "名额与比例（一、推荐名额）",
        "stages": "阶段，按先后排列",
        "dates": "全部日期，以键引用（三、工作安排）",
        "documents": "通知要求的全部材料（四、申报渠道）",
        "routes": "报送路径",
        "channels": "申报渠道",
        "fields": "申请表的字段",
        "groups": "字段组，供关口的 watches 引用",
        "summary": "汇总表的列；没有汇总表的不写",
        "indicators": "附件1的指标",
        "indicators_min": "至少选填几项指标",
        "conditions": "推荐条件，符合其一即可",
        "categories": "附件5的类别与职业（工种）",
        "emphases": "名单构成中要列出的几类人选",
        "bodies": "办理机构",
        "members": "通知列名的人员",
        "hosts": "主办单位全称",
        "co_hosts": "协办单位",
        "steps": "全部步骤，按通知的次序",
        "exclusive": "不得由同一人兼办的步骤",
        "joint_document": "联合发文的初稿；不联合发文的不写",
        "certificate": "证书；不发证书的不写",
        "correction": "退回补正的期限",
        "award": "激励；没有激励的不写",
        "publicity": "宣传展示的登记；不登记的不写",
        "appeals": "申诉；不受理的不写",
        "contact": "联系人",
        "remarks": "通知的疑点与处理，照录不改",
    },
    Quota: {"places": "认定名额"},
    NoticeDate: {"day": "日期，如 2026-03-09"},
    Document: {"remark": "要求，如“3000字以内”"},
    Channel: {"documents": "须提交的材料的键（documents）", "routes": "可走的报送路径的键（routes）"},
    Choice: {"text": "全文"},
    Category: {"count": "附件5“备注”栏所印的数，只照录，不用于校验", "occupations": "职业（工种），照印"},
    FormField: {
        "key": "字段名：小写字母开头，只含小写字母、数字、下划线",
        "kind": "怎样填写",
        "required": "提交申报时是否必填",
        "hint": "填写提示",
    },
    FieldColumn: {"kind": "怎样填写", "choices": "select 的选项", "required": "每行是否必填"},
    FieldGroup: {"fields": "字段的键（fields）"},
    Body: {"relation": "席位与案件的关系"},
    Member: {"name": "姓名", "title": "单位职务，照通知原文", "position": "在该机构中的职务，如主任、成员"},
    Step: {
        "kind": "种类",
        "scope": "每案办理还是全年度办理一次",
        "stage": "所属阶段的键（stages）",
        "deciders": "由谁答复",
        "answers": "可以作出的答复",
        "needs_documents": "审看时必须齐备的材料的键（documents）",
        "list_size": "ranking、meeting 形成的名单人数：ratio＝名额×比例（向上取整），places＝名额",
        "method": "计分方法：mean＝平均，trimmed_mean＝去掉最高最低后平均，standardised＝组内标准化",
        "makes_documents": "这一步形成的文书的键（documents）",
        "meeting": "会议的规则，只有 meeting 才写",
        "remind": "提醒安排，不写按默认；遇休息日，截止日不变，提醒改在工作日",
    },
    Decider: {"when": "仅在此条件成立时须答复"},
    Answer: {"effect": "作用"},
    Criterion: {"weight": "权重，一步之内合计为1"},
    Reminder: {
        "days": "办理人在截止日的前后几天收到提醒：负数为提前，0为当天，正数为逾期后；不写为提前2天、当天、逾期1天",
        "superior": "逾期几天告诉上级机构（superior）；不写为2天，null 为不告诉",
        "office": "逾期几天告诉办公室；不写为4天，null 为不告诉",
    },
    ExclusivePair: {"first": "步骤的键（steps）", "second": "另一步骤的键（steps）"},
    Contact: {
        "name": "姓名",
        "phone": "电话，加引号",
        "address": "地址",
        "postcode": "邮编，加引号",
        "email": "电子邮箱",
    },
}

WORDS: dict[StrEnum, str] = {
    AttachmentKind.PDF: "PDF文件",
    AttachmentKind.JPG: "JPG图片",
    AttachmentKind.PNG: "PNG图片",
    AttachmentKind.DOCX: "Word文档（不含宏）",
    AttachmentKind.XLSX: "Excel表格（不含宏）",
    FieldKind.TEXT: "一行文字",
    FieldKind.AREA: "一段文字",
    FieldKind.DATE: "日期",
    FieldKind.NUMBER: "整数",
    FieldKind.EMAIL: "电子邮箱",
    FieldKind.PHONE: "电话号码",
    FieldKind.ID_NUMBER: "身份证号",
    FieldKind.SELECT: "选一项",
    FieldKind.TICKS: "可勾多项，可带填空",
    FieldKind.YES_NO: "是或否",
    FieldKind.ROWS: "逐行填写",
    FieldKind.INDICATORS: "指标（indicators）",
    FieldKind.CONDITION: "推荐条件（conditions），选一项",
    FieldKind.CATEGORY: "指导目录的类别（categories），选一项或其他",
    FieldKind.OCCUPATION: "职业（工种），可从指导目录中选",
    StepKind.FORM: "申报表",
    StepKind.GATE: "关口（审核、意见、会签）",
    StepKind.RANKING: "按评分排名，形成名单",
    StepKind.MEETING: "会议，由名单形成名单",
    StepKind.WINDOW: "公示期",
    StepKind.RECORD: "登记",
    Scope.CASE: "每案一次",
    Scope.SEASON: "全年度一次",
    Relation.FILLER: "本案填报人",
    Relation.OWN_UNIT: "本案的推荐单位",
    Relation.OWN_COUNTY: "本案所在县（区）的该机构",
    Relation.ASSIGNED: "为本案指派的人",
    Relation.SEASON: "本年度在该机构有席位的人",
    Need.ONE: "任一机构答复即可",
    Need.ALL: "全部机构都须答复",
    Effect.PASS: "通过，进入下一步",
    Effect.NOTE: "记下意见，答复齐了就通过",
    Effect.SCORE: "记下评分，答复齐了就通过",
    Effect.RETURN: "退回本案较早的一步补正",
    Effect.END: "终止本案",
    Effect.BACK: "全年度步骤退回较早的一步",
    Effect.HOLD: "暂缓，仍留在这一步",
    Outcome.RECOGNISED: "已认定",
    Outcome.NOT_SELECTED: "未入选",
    Outcome.REJECTED: "审核不通过",
    Outcome.WITHDRAWN: "已撤回申报",
    Outcome.DISQUALIFIED: "取消参评资格",
    Outcome.LAPSED: "逾期失效",
}


def explain(part: type[BaseModel], name: str) -> str:
    """The Chinese explanation of one field."""
    said = part.model_fields[name].description
    return OWN.get(part, {}).get(name) or said or COMMON[name]


def part_of(annotation: Any) -> type[BaseModel] | None:
    """The part of the notice that a field's annotation holds, alone or in a list or a table."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, dict, Union, UnionType, Annotated):
        return next((p for p in map(part_of, get_args(annotation)) if p), None)
    return None


def part_at(loc: Loc) -> type[BaseModel] | None:
    """The part of the notice that stands at `loc`; None below a plain value."""
    part: type[BaseModel] | None = Notice
    in_table = False
    for step in loc:
        if isinstance(step, int) or in_table:
            in_table = False
        elif part is None or step not in part.model_fields:
            return None
        else:
            annotation = part.model_fields[step].annotation
            in_table, part = get_origin(annotation) is dict, part_of(annotation)
    return part
