"""What will happen to a case if this answer is given now? Said before it is given, in whole sentences."""

from datetime import date

from sqlmodel import Session, func, select

from models.actions import Given, Task
from models.case import Case
from models.gates import Assignment
from models.labels import label
from models.notice import Answer, Notice, Step, last_day
from models.people import Person
from models.progress import Progress
from models.returns import default_day, read_due
from models.words import AssignmentState, Effect, GateState, Need, Scope


def consequence(session: Session, task: Task, given: Given) -> str:
    """For a task of a case."""
    answer = task.step.answer(given.answer)
    if answer is None or task.case is None:
        return ""
    if answer.effect is Effect.RETURN:
        return _returned(session, task, answer, given, task.case)
    if answer.effect is Effect.END and answer.outcome is not None:
        return (
            f"案件终结，结果为“{label(answer.outcome)}”，不能恢复；填报人、推荐单位和县（区）总工会收到邮件。"
        )
    if others := _others_asked(session, task):
        return f"意见记入“{task.step.label}”；还有{others}个机构没有答复，各机构都答复后继续。"
    return _passed(session, task, answer, task.case)


def _others_asked(session: Session, task: Task) -> int:
    """How many others still owe an answer without which the gate stays open."""
    if task.step.need is not Need.ALL:
        return 0
    others = select(func.count()).where(
        Assignment.gate_id == task.gate.id,
        Assignment.id != task.assignment.id,
        Assignment.state == AssignmentState.OPEN,
    )
    return session.exec(others).one()


def _returned(session: Session, task: Task, answer: Answer, given: Given, case: Case) -> str:
    filler = session.get_one(Person, case.entered_by).name
    day = read_due(str(given.facts.get("due") or "")) or default_day(task.notice, task.season)
    target = task.notice.step(answer.to).label if answer.to else ""
    return f"退回“{target}”，由{filler}在{_day(day)}24时前补正，邮件随即发出；补正后回到“{task.step.label}”。"


def _passed(session: Session, task: Task, answer: Answer, case: Case) -> str:
    step = _next(session, task, answer, case)
    if step is None:
        return "本案的各步骤全部完成。"
    if step.scope is Scope.SEASON:
        return f"转入“{step.label}”，等候年度统一办理。"
    due = f"，{last_day(task.notice.due(step.due))}前"
    return f"转入“{step.label}”（{_whom(task.notice, step)}）{due}。"


def _next(session: Session, task: Task, answer: Answer, case: Case) -> Step | None:
    """The first step of the case, other than this one, that will apply and does not stand yet."""
    progress = Progress(session, task.season, task.notice, case)
    for step in task.notice.case_steps(case.channel, case.route):
        gate = progress.gates.get(step.key)
        if step.key == task.step.key or (gate is not None and gate.state == GateState.CLEARED):
            continue
        if step.when is None or step.when == answer.sets or progress.holds(step.when):
            return step
    return None


def _whom(notice: Notice, step: Step) -> str:
    return "、".join(
        f"指派{d.assign}名{notice.body(d.body).label}" if d.assign else notice.body(d.body).label
        for d in step.deciders
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
