"""What does a made-up office put on record after the lists, so that the next answer can be given?"""

from sqlmodel import Session

from models.actions import Task
from models.honours import amount_in_force, honoured
from models.joint import number_in_force
from models.notice import SHANGHAI
from models.people import Person
from models.season import now
from tasks.award import set_amount, settle_payments
from tasks.certificates import check_certificates, number_certificates
from tasks.joint import record_number


def put_on_record(session: Session, task: Task, person: Person) -> None:
    """Before the award is said to be done: the document's number, the certificates, the amount, every payment."""
    award = task.notice.award
    if task.case is not None or award is None or task.step.key != award.step:
        return
    season, today = task.season, now(task.season).astimezone(SHANGHAI).date().isoformat()
    if task.notice.joint_document and number_in_force(session, season) is None:
        record_number(session, season.id, person, number="样例文号〔2026〕12号", dated=today)
    if not check_certificates(session, season, person):
        number_certificates(session, season.id, person)
    if amount_in_force(session, season) is None:
        set_amount(session, season.id, person, amount="5000", paper="样例会议纪要第1号")
    waiting = [h.case.id for h in honoured(session, season, task.notice) if not h.settled]
    if waiting:
        settle_payments(session, season.id, person, waiting, paid_on=today)
