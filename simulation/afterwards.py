"""What does a made-up office put on record after the lists, so that the next answer can be given?"""

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from models.actions import Task
from models.coverage import Draft, without_coverage
from models.honours import amount_in_force, honoured
from models.joint import number_in_force
from models.notice import SHANGHAI
from models.people import Person
from models.season import now
from simulation.papers import pdf
from tasks.award import set_amount, settle_payments
from tasks.certificates import check_certificates, number_certificates
from tasks.coverage import add_coverage, remove_coverage
from tasks.joint import record_number


def put_on_record(session: Session, task: Task, person: Person) -> None:
    """Before the award is said to be done: number, certificates, amount, payments; before publicity, some reports."""
    award, publicity = task.notice.award, task.notice.publicity
    today = now(task.season).astimezone(SHANGHAI).date()
    if award and task.step.key == award.step:
        _award(session, task, person, today)
    if publicity and task.step.key == publicity.step:
        _reports(session, task, person, today)


def _award(session: Session, task: Task, person: Person, today: date) -> None:
    season, day = task.season, today.isoformat()
    if task.notice.joint_document and number_in_force(session, season) is None:
        record_number(session, season.id, person, number="样例文号〔2026〕12号", dated=day)
    if not check_certificates(session, season, person):
        number_certificates(session, season.id, person)
    if amount_in_force(session, season) is None:
        set_amount(session, season.id, person, amount="5000", paper="样例会议纪要第1号")
    waiting = [h.case.id for h in honoured(session, season, task.notice) if not h.settled]
    if waiting:
        settle_payments(session, season.id, person, waiting, paid_on=day)


def _reports(session: Session, task: Task, person: Person, today: date) -> None:
    """Some of the people in the paper, one of them on television too, and a report that was entered by mistake."""
    people = [c.id for c in without_coverage(session, task.season, task.notice)]
    if not people or not task.notice.publicity:
        return
    first, *_ = task.notice.publicity.kinds
    draft = Draft(first.key, "样例日报", "样例：工匠风采", today.isoformat(), "https://news.example.org/1")
    for chosen in (people[:20], people[:1]):
        report = replace(draft, case_ids=tuple(chosen))
        add_coverage(session, task.season.id, person, report, filename="样例剪报.pdf", content=pdf())
    wrong = add_coverage(session, task.season.id, person, replace(draft, title="样例：重复登记"))
    remove_coverage(session, wrong.id, person, "样例理由：重复登记。")
