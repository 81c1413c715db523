"""Which words does the system know, and how are they said in Chinese?

Every enumeration is a `StrEnum`; `WORDS` gives the one Chinese label of each member.
"""

from enum import StrEnum


class StepKind(StrEnum):
    """The few kinds of step from which a season's file composes its 工作安排."""

    FORM = "form"
    GATE = "gate"
    RANKING = "ranking"
    MEETING = "meeting"
    WINDOW = "window"
    RECORD = "record"


class FieldKind(StrEnum):
    """How a field of the application is asked for, and what its value looks like in the record.

    `ticks` keeps `{choice: what stands in its blank}`, `rows` a list of `{column: text}`, `yes_no` true or false,
    `indicators` a list of keys; all others keep text.
    """

    TEXT = "text"
    AREA = "area"
    DATE = "date"
    NUMBER = "number"
    EMAIL = "email"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    SELECT = "select"
    TICKS = "ticks"
    YES_NO = "yes_no"
    ROWS = "rows"
    INDICATORS = "indicators"
    CONDITION = "condition"
    CATEGORY = "category"
    OCCUPATION = "occupation"


class Scope(StrEnum):
    """Whether a step is taken once for each case or once for the whole season."""

    CASE = "case"
    SEASON = "season"


class Relation(StrEnum):
    """How a body's seats are matched with the case that waits for it."""

    FILLER = "filler"
    OWN_UNIT = "own_unit"
    OWN_COUNTY = "own_county"
    ASSIGNED = "assigned"
    SEASON = "season"


class Need(StrEnum):
    """How many of the bodies named by a gate have to answer."""

    ONE = "one"
    ALL = "all"


class Effect(StrEnum):
    """What an answer does to the gate at which it is given."""

    PASS = "pass"  # noqa: S105 -- to pass a gate
    NOTE = "note"
    SCORE = "score"
    RETURN = "return"
    END = "end"
    BACK = "back"
    HOLD = "hold"


class GateState(StrEnum):
    """`open` waits; `cleared` stands; all others no longer stand."""

    OPEN = "open"
    CLEARED = "cleared"
    RETURNED = "returned"
    ENDED = "ended"
    VOID = "void"


class AssignmentState(StrEnum):
    """`recused` waits for a substitute and still counts; `released` left the panel and counts no longer."""

    OPEN = "open"
    ANSWERED = "answered"
    CANCELLED = "cancelled"
    RECUSED = "recused"
    RELEASED = "released"


class RecusalGround(StrEnum):
    """Why somebody stays away from a case: said so by himself or the office, or found by the system."""

    DECLARED = "declared"
    RELATIVE = "relative"
    SAME_EMPLOYER = "same_employer"
    RECOMMENDER = "recommender"
    ENTERED = "entered"


class Reached(StrEnum):
    """How far a task has come with the one who has to answer it (会签)."""

    UNSENT = "unsent"
    SENT = "delivered"
    OPENED = "opened"
    ANSWERED = "answered"
    LATE = "late"
    NOT_NEEDED = "not_needed"
    NOT_CONCERNED = "not_concerned"


class Outcome(StrEnum):
    """How a case ended."""

    RECOGNISED = "recognised"
    NOT_SELECTED = "not_selected"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"
    LAPSED = "lapsed"


class Place(StrEnum):
    """Where a case stands on a list."""

    ON = "on"
    RESERVE = "reserve"
    OFF = "off"


class ListState(StrEnum):
    DRAFT = "draft"
    CONFIRMED = "confirmed"


class Attendance(StrEnum):
    """Whether a member was at a meeting; who is excused was away with leave."""

    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"


class Turn(StrEnum):
    """What a meeting did with a name: left it where it was, on the list or off it, or changed its place."""

    KEPT = "kept"
    DROPPED = "dropped"
    ADDED = "added"
    MOVED = "moved"
    LEFT = "left"


class MessageState(StrEnum):
    """`held` waits for the office to release it; `bounced` was sent and came back."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    BOUNCED = "bounced"


class CallResult(StrEnum):
    """What came of a telephone call to somebody whom no mail reaches."""

    REACHED = "reached"
    PASSED_ON = "passed_on"
    NO_ANSWER = "no_answer"


class ObjectionState(StrEnum):
    """`declined`: it came after the public notice, and the office decided not to hear it."""

    REGISTERED = "registered"
    VERIFIED = "verified"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    DECLINED = "declined"


class ObjectionSource(StrEnum):
    """How an objection reached the office."""

    PAGE = "page"
    LETTER = "letter"
    CALL = "call"
    VISIT = "visit"
    MAIL = "mail"


class ObjectorKind(StrEnum):
    """Who objects: a person by his real name, or a unit with its seal."""

    PERSON = "person"
    UNIT = "unit"


class CorrectionState(StrEnum):
    """A correction of a published text: asked for, then released or refused by a second person."""

    ASKED = "asked"
    RELEASED = "released"
    REFUSED = "refused"


class OrganisationKind(StrEnum):
    CITY_UNION = "city_union"
    COUNTY_UNION = "county_union"
    COUNTY_DEPARTMENT = "county_department"
    CITY_DEPARTMENT = "city_department"
    UNIT = "unit"


class AttachmentKind(StrEnum):
    """Which kinds of file are taken in."""

    PDF = "pdf"
    JPG = "jpg"
    PNG = "png"
    DOCX = "docx"
    XLSX = "xlsx"


class Countersigning(StrEnum):
    """How far a host is with the joint document."""

    NOT_SENT = "not_sent"
    SENT = "sent"
    SIGNED = "signed"
    RETURNED = "returned"
    NOT_NEEDED = "not_needed"


class FilePurpose(StrEnum):
    """What a file of the season is: a sealed joint document, a host's own copy, a clipping, a revocation's paper."""

    JOINT_SCAN = "joint_scan"
    HOST_COPY = "host_copy"
    CLIPPING = "clipping"
    REVOCATION = "revocation"


class Condition(StrEnum):
    """How a part of the system is: well, in need of attention, or broken; or there is nothing to say."""

    WELL = "well"
    ATTENTION = "attention"
    BROKEN = "broken"
    NONE = "none"


class ImportState(StrEnum):
    """An uploaded 附件2: checked and shown, then confirmed or put aside."""

    CHECKED = "checked"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


class IncomingState(StrEnum):
    """A mail that came in: it waits for someone of the office to claim it."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    IGNORED = "ignored"


class Ground(StrEnum):
    """Why two applications are taken for one person's: the ID number is certain, the bare name says too little."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    NAME = "name"
    NAME_EMPLOYER = "name_employer"
    NAME_BIRTH = "name_birth"


class Handing(StrEnum):
    """How a task comes to somebody else: for good, on behalf of who gave it, back to its body, as a substitute."""

    HANDED_OVER = "handed_over"
    DELEGATED = "delegated"
    TAKEN_BACK = "taken_back"
    STOOD_IN = "stood_in"


class EventKind(StrEnum):
    """What has happened, in the past tense; the record page has one partial for each."""

    SEASON_OPENED = "season_opened"
    CLOCK_MOVED = "clock_moved"
    DATES_AMENDED = "dates_amended"
    CALENDAR_CHANGED = "calendar_changed"
    CASE_ENTERED = "case_entered"
    CASE_EDITED = "case_edited"
    ENTRY_CORRECTED = "entry_corrected"
    LATE_ADMITTED = "late_admitted"
    ATTACHMENT_ADDED = "attachment_added"
    ATTACHMENT_REMOVED = "attachment_removed"
    PAPER_RECEIVED = "paper_received"
    NUMBERS_SEEN = "numbers_seen"
    CHANNEL_CONFIRMED = "channel_confirmed"
    SAMENESS_SETTLED = "sameness_settled"
    SHEET_IMPORTED = "sheet_imported"
    PRIORITIES_SET = "priorities_set"
    MAIL_SETTLED = "mail_settled"
    RESULT_RELEASED = "result_released"
    RESULT_WITHHELD = "result_withheld"
    MAIL_RESENT = "mail_resent"
    ADDRESS_CHANGED = "address_changed"
    SENDING_STOPPED = "sending_stopped"
    SENDING_RESUMED = "sending_resumed"
    CALL_RECORDED = "call_recorded"
    GATE_OPENED = "gate_opened"
    ANSWER_GIVEN = "answer_given"
    GATE_CLEARED = "gate_cleared"
    GATE_RETURNED = "gate_returned"
    GATE_VOIDED = "gate_voided"
    TASK_REMINDED = "task_reminded"
    CODE_ISSUED = "code_issued"
    CODE_ACCEPTED = "code_accepted"
    CODE_REFUSED = "code_refused"
    TASK_HANDED = "task_handed"
    SUBSTITUTE_NAMED = "substitute_named"
    SUBSTITUTE_ENDED = "substitute_ended"
    LIST_CONFIRMED = "list_confirmed"
    MINUTES_SCANNED = "minutes_scanned"
    RECUSAL_DECLARED = "recusal_declared"
    RECUSED_REFUSED = "recused_refused"
    PANEL_CHANGED = "panel_changed"
    VISIT_SET = "visit_set"
    TRADES_SET = "trades_set"
    PLACE_GIVEN = "place_given"
    PLACE_FREED = "place_freed"
    LIST_RELEASED = "list_released"
    CORRECTION_ASKED = "correction_asked"
    CORRECTION_SETTLED = "correction_settled"
    OBJECTION_REGISTERED = "objection_registered"
    OBJECTION_ADMITTED = "objection_admitted"
    OBJECTION_VERIFIED = "objection_verified"
    OBJECTION_CONCLUDED = "objection_concluded"
    DOCUMENT_DRAFTED = "document_drafted"
    DOCUMENT_NUMBERED = "document_numbered"
    PAPER_FILED = "paper_filed"
    CERTIFICATE_NUMBERED = "certificate_numbered"
    AMOUNT_SET = "amount_set"
    AWARD_SETTLED = "award_settled"
    COVERAGE_ADDED = "coverage_added"
    COVERAGE_REMOVED = "coverage_removed"
    TITLE_REVOKED = "title_revoked"
    APPEAL_REGISTERED = "appeal_registered"
    APPEAL_ANSWERED = "appeal_answered"
    CASE_ENDED = "case_ended"
    CASE_CLOSED = "case_closed"
    SEASON_CLOSED = "season_closed"


WORDS: tuple[tuple[StrEnum, str], ...] = (
    (GateState.OPEN, "待办理"),
    (GateState.CLEARED, "已通过"),
    (GateState.RETURNED, "已退回"),
    (GateState.ENDED, "已终止"),
    (GateState.VOID, "已失效"),
    (AssignmentState.OPEN, "待答复"),
    (AssignmentState.ANSWERED, "已答复"),
    (AssignmentState.CANCELLED, "无需答复"),
    (Reached.UNSENT, "未送达"),
    (Reached.SENT, "已送达"),
    (Reached.OPENED, "已打开"),
    (Reached.ANSWERED, "已答复"),
    (Reached.LATE, "已超期"),
    (Reached.NOT_NEEDED, "无需答复"),
    (Reached.NOT_CONCERNED, "不涉及"),
    (Outcome.RECOGNISED, "已认定"),
    (Outcome.NOT_SELECTED, "未入选"),
    (Outcome.REJECTED, "审核不通过"),
    (Outcome.WITHDRAWN, "已撤回申报"),
    (Outcome.DISQUALIFIED, "取消参评资格"),
    (Outcome.LAPSED, "逾期失效"),
    (Place.ON, "列入名单"),
    (Place.RESERVE, "后备"),
    (Place.OFF, "未列入"),
    (Attendance.PRESENT, "出席"),
    (Attendance.ABSENT, "缺席"),
    (Attendance.EXCUSED, "请假"),
    (Turn.KEPT, "保留"),
    (Turn.DROPPED, "移出"),
    (Turn.ADDED, "增补"),
    (Turn.MOVED, "调整次序"),
    (Turn.LEFT, "未列入"),
    (ListState.DRAFT, "草案"),
    (ListState.CONFIRMED, "已确认"),
    (MessageState.HELD, "待放行"),
    (MessageState.QUEUED, "待发送"),
    (MessageState.SENDING, "发送中"),
    (MessageState.SENT, "已发送"),
    (MessageState.FAILED, "发送失败"),
    (MessageState.UNKNOWN, "结果不明"),
    (MessageState.SKIPPED, "未发送"),
    (MessageState.BOUNCED, "退信"),
    (CallResult.REACHED, "已告知本人"),
    (CallResult.PASSED_ON, "请人转告"),
    (CallResult.NO_ANSWER, "没有接通"),
    (EventKind.RESULT_RELEASED, "放行结果通知"),
    (EventKind.RESULT_WITHHELD, "结果通知不再发送"),
    (EventKind.MAIL_RESENT, "重发邮件"),
    (EventKind.ADDRESS_CHANGED, "更改收件地址"),
    (EventKind.SENDING_STOPPED, "暂停发送邮件"),
    (EventKind.SENDING_RESUMED, "恢复发送邮件"),
    (EventKind.CALL_RECORDED, "电话通知"),
    (ObjectionState.REGISTERED, "已登记"),
    (ObjectionState.VERIFIED, "已核实"),
    (ObjectionState.UPHELD, "异议成立"),
    (ObjectionState.DISMISSED, "异议不成立"),
    (OrganisationKind.CITY_UNION, "市总工会"),
    (OrganisationKind.COUNTY_UNION, "县（区）总工会"),
    (OrganisationKind.COUNTY_DEPARTMENT, "县（区）部门"),
    (OrganisationKind.CITY_DEPARTMENT, "市级部门"),
    (OrganisationKind.UNIT, "单位"),
    (EventKind.SEASON_OPENED, "开启年度"),
    (EventKind.CLOCK_MOVED, "调整演练时钟"),
    (EventKind.DATES_AMENDED, "调整日期"),
    (EventKind.CALENDAR_CHANGED, "修改年历"),
    (EventKind.CASE_ENTERED, "录入人选"),
    (EventKind.CASE_EDITED, "修改材料"),
    (EventKind.LATE_ADMITTED, "准予逾期申报"),
    (EventKind.ATTACHMENT_ADDED, "上传材料"),
    (EventKind.ATTACHMENT_REMOVED, "移除材料"),
    (EventKind.PAPER_RECEIVED, "登记纸质原件"),
    (EventKind.NUMBERS_SEEN, "查看个人号码"),
    (EventKind.CHANNEL_CONFIRMED, "确认申报渠道"),
    (EventKind.SAMENESS_SETTLED, "核定重复申报"),
    (EventKind.SHEET_IMPORTED, "导入汇总表"),
    (EventKind.PRIORITIES_SET, "推荐排序"),
    (EventKind.MAIL_SETTLED, "处理来信"),
    (AttachmentKind.PDF, "PDF"),
    (AttachmentKind.JPG, "JPG图片"),
    (AttachmentKind.PNG, "PNG图片"),
    (AttachmentKind.DOCX, "Word文档"),
    (AttachmentKind.XLSX, "Excel表格"),
    (Ground.ID_NUMBER, "身份证号相同"),
    (Ground.PHONE, "手机号码相同"),
    (Ground.NAME, "姓名相同"),
    (Ground.NAME_EMPLOYER, "姓名、单位相同"),
    (Ground.NAME_BIRTH, "姓名、出生日期相同"),
    (IncomingState.WAITING, "待认领"),
    (IncomingState.CLAIMED, "已认领"),
    (IncomingState.IGNORED, "已忽略"),
    (EventKind.GATE_OPENED, "到达关口"),
    (EventKind.ANSWER_GIVEN, "作出答复"),
    (EventKind.GATE_CLEARED, "通过关口"),
    (EventKind.GATE_RETURNED, "退回补正"),
    (EventKind.GATE_VOIDED, "此前结论失效"),
    (EventKind.TASK_REMINDED, "催办"),
    (EventKind.CODE_ISSUED, "生成验证码"),
    (EventKind.CODE_ACCEPTED, "验证码通过"),
    (EventKind.CODE_REFUSED, "验证码输错"),
    (EventKind.TASK_HANDED, "转交任务"),
    (EventKind.SUBSTITUTE_NAMED, "指定代理人"),
    (EventKind.SUBSTITUTE_ENDED, "代理结束"),
    (Handing.HANDED_OVER, "转办"),
    (Handing.DELEGATED, "委派"),
    (Handing.TAKEN_BACK, "收回"),
    (Handing.STOOD_IN, "代理"),
    (EventKind.LIST_CONFIRMED, "确认名单"),
    (EventKind.MINUTES_SCANNED, "上传会议纪要扫描件"),
    (EventKind.PLACE_GIVEN, "名单结论"),
    (EventKind.PLACE_FREED, "名额空出"),
    (EventKind.OBJECTION_REGISTERED, "登记异议"),
    (EventKind.OBJECTION_VERIFIED, "核实异议"),
    (EventKind.OBJECTION_CONCLUDED, "异议结论"),
    (EventKind.DOCUMENT_DRAFTED, "拟定联合发文"),
    (EventKind.DOCUMENT_NUMBERED, "登记发文文号"),
    (EventKind.PAPER_FILED, "存入扫描件"),
    (EventKind.CERTIFICATE_NUMBERED, "证书编号"),
    (EventKind.AMOUNT_SET, "登记激励金额"),
    (EventKind.AWARD_SETTLED, "登记激励金发放"),
    (EventKind.COVERAGE_ADDED, "登记报道"),
    (EventKind.COVERAGE_REMOVED, "移除报道"),
    (EventKind.TITLE_REVOKED, "撤销称号"),
    (Countersigning.NOT_SENT, "未送达"),
    (Countersigning.SENT, "已送达"),
    (Countersigning.SIGNED, "已会签"),
    (Countersigning.RETURNED, "退回"),
    (Countersigning.NOT_NEEDED, "无需会签"),
    (FilePurpose.JOINT_SCAN, "联合发文盖章件"),
    (FilePurpose.HOST_COPY, "主办单位会签件"),
    (FilePurpose.CLIPPING, "报道剪报"),
    (FilePurpose.REVOCATION, "撤销称号的文件"),
    (EventKind.CASE_ENDED, "案件终结"),
    (EventKind.CASE_CLOSED, "办结归档"),
    (EventKind.SEASON_CLOSED, "年度办结"),
    (AssignmentState.RECUSED, "已回避，待补派"),
    (AssignmentState.RELEASED, "已退出"),
    (RecusalGround.DECLARED, "已申请或登记回避"),
    (RecusalGround.RELATIVE, "与本人申报的亲属同名"),
    (RecusalGround.SAME_EMPLOYER, "同一工作单位"),
    (RecusalGround.RECOMMENDER, "是该人选的推荐人"),
    (RecusalGround.ENTERED, "录入了该人选的材料"),
    (EventKind.RECUSAL_DECLARED, "回避"),
    (EventKind.RECUSED_REFUSED, "应回避者办理被拒"),
    (EventKind.PANEL_CHANGED, "调整办理人员"),
    (EventKind.VISIT_SET, "安排查验日期"),
    (EventKind.TRADES_SET, "登记专家类别"),
    (EventKind.ENTRY_CORRECTED, "更正材料"),
    (EventKind.APPEAL_REGISTERED, "登记申诉"),
    (EventKind.APPEAL_ANSWERED, "答复申诉"),
    (ObjectionState.DECLINED, "逾期，不予受理"),
    (ObjectionSource.PAGE, "公示页"),
    (ObjectionSource.LETTER, "来信"),
    (ObjectionSource.CALL, "来电"),
    (ObjectionSource.VISIT, "来访"),
    (ObjectionSource.MAIL, "电子邮件"),
    (ObjectorKind.PERSON, "个人"),
    (ObjectorKind.UNIT, "单位"),
    (CorrectionState.ASKED, "待审核"),
    (CorrectionState.RELEASED, "已更正"),
    (CorrectionState.REFUSED, "未予更正"),
    (EventKind.LIST_RELEASED, "准予公示"),
    (EventKind.CORRECTION_ASKED, "提出公示更正"),
    (EventKind.CORRECTION_SETTLED, "审核公示更正"),
    (EventKind.OBJECTION_ADMITTED, "逾期异议受理决定"),
    (ImportState.CHECKED, "待确认"),
    (ImportState.CONFIRMED, "已导入"),
    (ImportState.DISCARDED, "已放弃"),
    (Condition.WELL, "正常"),
    (Condition.ATTENTION, "注意"),
    (Condition.BROKEN, "故障"),
    (Condition.NONE, "暂无"),
)

# Members of two enumerations with the same value are equal, so their labels are told apart by the enumeration.
LABELS = {(type(word), word): text for word, text in WORDS}


def label(word: StrEnum) -> str:
    """The Chinese label of `word`; a word without a label is a fault found by the tests."""
    return LABELS[type(word), word]
