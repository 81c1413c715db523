"""What stands in the way of signing the joint document, or of saying that the award is done (五)?"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from models.coverage import without_coverage
from models.honours import amount_in_force, honoured
from models.joint import latest_text, number_in_force
from models.notice import Answer, Notice, Step
from models.season import Season
from models.verdict import OPEN, Reason, Verdict
from models.words import Effect

MOST_NAMED = 5


def check_recognition(
    session: Session, season: Season, notice: Notice, step: Step, answer: Answer, facts: Mapping[str, Any]
) -> Verdict:
    document, award = notice.joint_document, notice.award
    if document and step.key == document.sign:
        return _text_is_the_one_read(session, season, step, facts)
    if award and step.key == award.step and answer.effect is Effect.PASS:
        return tuple(r for r in award_gaps(session, season, notice) if r.field in award.needs)
    return OPEN


def _text_is_the_one_read(session: Session, season: Season, step: Step, facts: Mapping[str, Any]) -> Verdict:
    """Who says which version was read may only sign that one."""
    latest, read = latest_text(session, season), facts.get("document")
    if read is None or (latest is not None and latest.digest == read):
        return OPEN
    text = "您打开页面之后，文稿有了新的版本。下面是最新的文稿，请核对后重新答复。"
    return (Reason("document_changed", text, step.clause),)


def award_gaps(session: Session, season: Season, notice: Notice) -> Verdict:
    """Everything that the award still lacks; each reason's field is the need of the notice file that it leaves open."""
    clause = notice.award.clause if notice.award else ""
    found: list[Reason] = []
    if notice.joint_document and number_in_force(session, season) is None:
        text = "联合发文的文号和日期还没有登记，请在“认定发证”的“联合发文”中登记。"
        found.append(Reason("document_number_missing", text, clause, field="document"))
    if amount_in_force(session, season) is None:
        text = "一次性激励金的金额还没有登记，请在“认定发证”的“激励金”中登记。"
        found.append(Reason("amount_missing", text, clause, field="amount"))
    waiting = [h.case for h in honoured(session, season, notice) if not h.settled]
    if waiting:
        named = "、".join(f"{c.number}{c.name}" for c in waiting[:MOST_NAMED])
        more = "等" if len(waiting) > MOST_NAMED else ""
        text = f"还有{len(waiting)}人没有登记发放（{named}{more}），请在“认定发证”的“激励金”中登记。"
        found.append(Reason("payments_missing", text, clause, field="paid"))
    return tuple(found)


def facts_on_record(session: Session, season: Season, notice: Notice, step: Step) -> dict[str, Any]:
    """What the record adds to an answer: the digest of the text it was given to, or who is left without a report."""
    document, publicity = notice.joint_document, notice.publicity
    if document and step.key == document.sign:
        latest = latest_text(session, season)
        return {"document": latest.digest} if latest else {}
    if publicity and step.key == publicity.step:
        return {"uncovered": [c.number for c in without_coverage(session, season, notice)]}
    return {}
