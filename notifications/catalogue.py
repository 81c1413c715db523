"""Which mails are there, and how does each look with made-up facts?

A mail is a folder `templates/<key>/` with `subject.txt`, `body.txt` and `body.html`, and one typed context
(`contexts`): what `tasks.mail` queued, joined by what the record says when the mail is written (`letters`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from models.labels import label
from models.notice import SHANGHAI
from models.words import Handing, Outcome
from notifications.account_contexts import AccountLink
from notifications.contexts import (
    Context,
    Decided,
    Handed,
    Invitation,
    ObjectionReceived,
    PaperEntered,
    Returned,
    SubstituteWanted,
    TaskArrived,
    Tasks,
    TasksHanded,
    Uncovered,
)
from notifications.deadline_contexts import DateMoved, Waiting
from notifications.news_contexts import AnchorMade, CorrectionWaits, ErasureDue, ListConfirmed, NoticeOpen


@dataclass(frozen=True)
class Mail:
    """One kind of mail; `many` is the kind that takes its place when several wait for one person."""

    key: str
    label: str
    context: type[Context]
    sample: Callable[[], Context]
    many: str = ""


def _common() -> dict[str, object]:
    return {
        "person": "样例经办人",
        "season": "2025年度“柳州工匠”（演练）",
        "practice": True,
        "award": "2025年度“柳州工匠”",
        "award_name": "柳州工匠",
        "authority": "柳州市“柳州工匠”认定工作领导小组办公室",
        "contact": "样例联系人",
        "contact_phone": "0772-0000000",
        "number": "2026-0012",
        "candidate": "样例人选",
        "employer": "样例机械有限公司",
    }


def _task() -> dict[str, object]:
    due = datetime(2026, 3, 14, tzinfo=SHANGHAI)
    step = {"step": "办公室资格初审", "clause": "三（二）", "due": due}
    return {**_common(), **step, "link": UUID("00000000-0000-4000-8000-000000000012")}


def _opinion() -> TaskArrived:
    """An opinion of weight: its link will ask for a code."""
    asked = {"step": "县（区）部门意见", "clause": "四（一）、附件3", "code_by": "县（区）总工会或办公室"}
    return TaskArrived.model_validate({**_task(), **asked})


def _tasks() -> Tasks:
    rows = [
        _task() | {"step": "专家评审", "clause": "三（四）", "number": number, "candidate": name}
        for number, name in (
            ("2026-0012", "样例人选"),
            ("2026-0017", "样例人选乙"),
            ("2026-0023", "样例人选丙"),
        )
    ]
    tasks = [
        TaskArrived.model_validate(row | {"link": UUID(int=0x40008000_000000000000 + n)})
        for n, row in enumerate(rows)
    ]
    return Tasks.model_validate({**_nobody(), "tasks": tasks})


def _nobody() -> dict[str, object]:
    return {**_common(), "number": "", "candidate": "", "employer": ""}


def _handed() -> Handed:
    said = {"by": "样例同事", "how": Handing.HANDED_OVER, "reason": "外出学习"}
    return Handed.model_validate({**_task(), **said})


def _tasks_handed() -> TasksHanded:
    return TasksHanded.model_validate({**_nobody(), "tasks": [_handed()]})


def _paper_entered() -> PaperEntered:
    said = {"by": "样例办公室人员", "answer": "同意", "step": "部门意见"}
    return PaperEntered.model_validate({**_common(), **said, "link": _task()["link"]})


def _returned() -> dict[str, object]:
    items = ["身份证复印件正反面须在同一张纸上", "个人自述超过字数"]
    said = {"items": items, "reason": "材料不全，请补齐后再次提交。", "returned_by": "办公室资格初审"}
    return {**_task(), "step": "基层申报", "clause": "三（一）", **said}


def _uncovered() -> dict[str, object]:
    end = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    about = {"number": "", "candidate": "", "employer": "", "names": ["2026-0012 样例人选"]}
    return {**_common(), **about, "count": 1, "last_day": end}


def _erasure_due() -> ErasureDue:
    said = {"items": 24, "classes": ["未认定人选的号码和证件：个人号码 4、材料文件 20"]}
    return ErasureDue.model_validate({**_nobody(), **said})


def _waiting(own: bool) -> dict[str, object]:
    day = datetime(2026, 3, 14, tzinfo=SHANGHAI)
    line = {"step": "办公室资格初审", "number": "2026-0012", "due": day}
    link = UUID("00000000-0000-4000-8000-000000000012")
    tasks = [
        {**line, "candidate": "样例人选", "left": "今天到期", "link": link},
        {
            **line,
            "step": "公示期满，确认结论",
            "number": "",
            "due": day + timedelta(days=5),
            "left": "还剩3个工作日",
        },
    ]
    lying = {
        "step": "县（区）部门意见",
        "due": day,
        "left": "已超期2个工作日",
        "late": True,
        "holder": "县（区）公安部门",
        "numbers": ["2026-0012", "2026-0015"],
        "count": 2,
    }
    told = {"tasks": tasks, "count": 2, "today": 1} if own else {}
    return {**_nobody(), **told, "watched": [lying], "watched_count": 2}


def _date_moved() -> dict[str, object]:
    change = {"label": "基层申报截止", "before": date(2026, 3, 9), "after": date(2026, 3, 16)}
    said = {"paper": "柳工字〔2026〕8号", "reason": "多家单位反映材料准备时间不足。"}
    return {**_nobody(), **said, "number_of": 1, "changes": [change], "waiting": 2}


def _invitation() -> dict[str, object]:
    about = {"number": "", "candidate": "", "employer": "", "step": "基层申报", "clause": "三（一）"}
    return {**_task(), **about}


def _objection() -> ObjectionReceived:
    about = {
        "number": "",
        "candidate": "",
        "employer": "",
        "receipt": "2025-K7Q4M2XH",
    }
    due = datetime(2026, 4, 8, tzinfo=SHANGHAI)
    return ObjectionReceived.model_validate({**_common(), **about, "due": due})


def _account_link() -> AccountLink:
    until = datetime(2026, 3, 12, 9, 30, tzinfo=SHANGHAI)
    about = {"link": _task()["link"], "login": "yangli", "until": until}
    return AccountLink.model_validate({**_nobody(), **about})


def _confirmed() -> ListConfirmed:
    about = {"step": "建议名单", "clause": "三（四）", "names": 39}
    return ListConfirmed.model_validate({**_nobody(), **about})


def _open() -> NoticeOpen:
    about = {"step": "社会公示", "names": 30, "due": datetime(2026, 4, 11, tzinfo=SHANGHAI)}
    return NoticeOpen.model_validate({**_nobody(), **about})


def _outcome(**more: object) -> Decided:
    return Decided.model_validate({**_common(), "outcome": label(Outcome.RECOGNISED), **more})


def _own_outcome() -> Decided:
    return _outcome(person="样例人选", own=True)


def _anchor() -> AnchorMade:
    body = "\n".join(("年度：liuzhou-2025", "序号：12", "日期：2026-03-20", f"本锚：{'ab' * 32}"))
    about = {"day": "2026-03-20", "anchor": 12, "short": "ab" * 8, "text": body}
    return AnchorMade.model_validate({**_nobody(), **about})


MAILS: dict[str, Mail] = {
    mail.key: mail
    for mail in (
        Mail(
            "task_arrived",
            "任务到达",
            TaskArrived,
            _opinion,
            many="tasks_arrived",
        ),
        Mail("tasks_arrived", "多项任务到达", Tasks, _tasks),
        Mail(
            "reminded",
            "催办",
            TaskArrived,
            lambda: TaskArrived.model_validate(_task()),
            many="tasks_reminded",
        ),
        Mail("tasks_reminded", "多项催办", Tasks, _tasks),
        Mail("handed", "任务转交", Handed, _handed, many="tasks_handed"),
        Mail("tasks_handed", "多项任务转交", TasksHanded, _tasks_handed),
        Mail("paper_entered", "代录纸质意见", PaperEntered, _paper_entered),
        Mail("returned", "退回补正", Returned, lambda: Returned.model_validate(_returned())),
        Mail("uncovered", "宣传展示提醒", Uncovered, lambda: Uncovered.model_validate(_uncovered())),
        Mail("erasure_due", "个人信息到期提醒", ErasureDue, _erasure_due),
        Mail("objection_received", "异议回执", ObjectionReceived, _objection),
        Mail("invitation", "自荐链接", Invitation, lambda: Invitation.model_validate(_invitation())),
        Mail("account_link", "设置密码的链接", AccountLink, _account_link),
        Mail("digest", "每日待办", Waiting, lambda: Waiting.model_validate(_waiting(own=True))),
        Mail("deadlines", "时限提醒", Waiting, lambda: Waiting.model_validate(_waiting(own=True))),
        Mail("escalated", "逾期报告", Waiting, lambda: Waiting.model_validate(_waiting(own=False))),
        Mail("date_moved", "日期调整", DateMoved, lambda: DateMoved.model_validate(_date_moved())),
        Mail(
            "substitute_wanted",
            "补派办理人员",
            SubstituteWanted,
            lambda: SubstituteWanted.model_validate({**_common(), "step": "专家评审"}),
        ),
        Mail("decided", "办理结果（单位）", Decided, _outcome),
        Mail("decided_own", "办理结果（本人）", Decided, _own_outcome),
        Mail("list_confirmed", "名单已确认", ListConfirmed, _confirmed),
        Mail("notice_open", "公示开始", NoticeOpen, _open),
        Mail("anchor", "记录锚", AnchorMade, _anchor),
        Mail(
            "correction_waits",
            "公示更正待审核",
            CorrectionWaits,
            lambda: CorrectionWaits.model_validate({**_common(), "column": "工作单位"}),
        ),
    )
}
# Kinds of which several to one person go into one mail.
FOLDING = frozenset(mail.key for mail in MAILS.values() if mail.many)


def sample_context(key: str) -> Context:
    """Made-up facts for looking at a mail; its link opens nothing."""
    return MAILS[key].sample()
