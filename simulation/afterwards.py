"""What does a made-up office put on record after the lists, so that the next answer can be given?"""

from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, select

from models.actions import Task
from models.appeal import REFUSALS, Said
from models.case import Case
from models.coverage import Draft, without_coverage
from models.honours import amount_in_force, honoured
from models.joint import number_in_force
from models.notice import day_of
from models.objection import Account
from models.people import Person
from models.season import now
from simulation.papers import pdf
from tasks.appealing import answer_appeal, check_appeal, register_appeal
from tasks.award import set_amount, settle_payments
from tasks.certificates import check_certificates, number_certificates
from tasks.coverage import add_coverage, remove_coverage
from tasks.joint import record_number
from tasks.objections import admit_objection, check_objection, register_objection
from tasks.revoking import revoke_title


def put_on_record(session: Session, task: Task, person: Person) -> None:
    """Before the award is said to be done: number, certificates, amount, payments; before publicity, some reports."""
    award, publicity = task.notice.award, task.notice.publicity
    today = day_of(now(task.season))
    if award and task.step.key == award.step:
        _award(session, task, person, today)
    if publicity and task.step.key == publicity.step:
        _reports(session, task, person, today)


def happen_once(session: Session, task: Task, person: Person, happened: set[str]) -> None:
    """Before the season is closed: an objection comes too late, a title is taken back, and an appeal is answered."""
    if not task.step.closes or "aftermath" in happened:
        return
    happened.add("aftermath")
    season, holders = task.season, honoured(session, task.season, task.notice)
    today = day_of(now(season)).isoformat()
    if holders:
        case = holders[-1].case
        if not check_objection(session, season, case, person):
            _too_late(session, case, person)
        said = {"paper": "样例决定1号", "decided_on": today, "reason": "样例理由：材料不实。"}
        revoke_title(session, case.id, person, **said, filename="样例决定.pdf", content=pdf("revoked"))
    refused = select(Case).where(Case.season_id == season.id, col(Case.outcome).in_(REFUSALS))
    appealing = session.exec(refused.order_by(col(Case.number))).first()
    if appealing is not None and not check_appeal(session, season, appealing, person):
        said_by = Said("样例申诉人", "appeal@example.org", "样例申诉内容。")
        appeal = register_appeal(session, appealing.id, person, said_by)
        answer_appeal(session, appeal.id, person, upheld=False, answer="样例答复：维持原结果。")


def _too_late(session: Session, case: Case, person: Person) -> None:
    """What comes after the public notice is heard for a good reason only."""
    account = Account("样例异议人", "late@example.org", "样例异议内容。")
    objection = register_objection(session, case.id, person, account)
    if objection.waits_for_admission:
        admit_objection(session, objection.id, person, heard=False, reason="样例理由：没有新的事实。")


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
