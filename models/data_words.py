"""Which words belong to personal data: to what does somebody consent, in which way, and whose data is it?"""

from enum import StrEnum


class ConsentScope(StrEnum):
    """What is consented to, each by itself: to work with the data, to pass it on to departments, to publish."""

    HANDLING = "handling"
    SHARING = "sharing"
    PUBLICITY = "publicity"


class ConsentWay(StrEnum):
    """How a consent was given: by the person on the page, as declared by whoever fills in, on a scanned paper."""

    PAGE = "page"
    DECLARED = "declared"
    PAPER = "paper"


class Subject(StrEnum):
    """Whose data it is."""

    CANDIDATE = "candidate"
    RECOMMENDER = "recommender"
    EXPERT = "expert"


class DataClass(StrEnum):
    """The classes of personal data that are erased when their time is over."""

    DRAFTS = "drafts"
    UNSUCCESSFUL = "unsuccessful"
    RECOGNISED = "recognised"
    SHEETS = "sheets"
    MAILS = "mails"
    HEARINGS = "hearings"
    TYPED = "typed"


class Part(StrEnum):
    """What is erased by one stroke."""

    NUMBERS = "numbers"
    FORM = "form"
    FILE = "file"
    SHEET = "sheet"
    MAIL = "mail"
    OBJECTION = "objection"
    APPEAL = "appeal"
    TYPED = "typed"


class ErasureState(StrEnum):
    """`open` waits for the second person, `confirmed` is being carried out."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DONE = "done"
    DECLINED = "declined"


SCOPES = {
    ConsentScope.HANDLING: "处理个人信息",
    ConsentScope.SHARING: "向有关部门提供",
    ConsentScope.PUBLICITY: "公示和宣传",
}
WAYS = {
    ConsentWay.PAGE: "本人在网页上勾选",
    ConsentWay.DECLARED: "填报人代为勾选，签名原件由其留存",
    ConsentWay.PAPER: "本人签名件",
}
SUBJECTS = {Subject.CANDIDATE: "人选", Subject.RECOMMENDER: "推荐专家", Subject.EXPERT: "评审专家和查验人员"}
PARTS = {
    Part.NUMBERS: "个人号码",
    Part.FORM: "申请表内容",
    Part.FILE: "材料文件",
    Part.SHEET: "汇总表内容",
    Part.MAIL: "来信及附件",
    Part.OBJECTION: "异议人信息及附件",
    Part.APPEAL: "申诉人信息",
    Part.TYPED: "自动保存的内容",
}
ERASURES = {
    ErasureState.OPEN: "待确认",
    ErasureState.CONFIRMED: "清除中",
    ErasureState.DONE: "已清除",
    ErasureState.DECLINED: "不予清除",
}
