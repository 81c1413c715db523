"""How is it recorded that somebody whom no mail reaches was told of their tasks by telephone?"""

from uuid import UUID

from sqlmodel import Session

from models.call_list import to_call
from models.calls import Call, CallAbout
from models.people import Person
from models.season import now
from models.text import tidy_line
from models.verdict import Reason, Refused, require
from models.words import CallResult, EventKind
from tasks.outbox import check_outbox
from tasks.record import lock_season, record

LONGEST_NOTE = 300


def record_call(
    session: Session, season_id: UUID, person: Person, callee_id: UUID, result: str, note: str = ""
) -> Call:
    """One call to one person, about every task on the list for them; what was said is the office's own note.

    Refused when there is nothing on the list for them any longer, and without a note when nobody was reached himself.
    """
    season = lock_season(session, season_id)
    require(check_outbox(session, season, person))
    waiting = to_call(session, season_id, callee_id)
    if not waiting:
        text = "这个人已经没有需要电话通知的任务，请刷新页面。"
        raise Refused(Reason("nobody_to_call", text))
    if result not in {r.value for r in CallResult}:
        text = "请选择通话的结果。"
        raise Refused(Reason("result_missing", text, "", "invalid", "result"))
    note = tidy_line(note)
    if result == CallResult.PASSED_ON and not note:
        text = "请人转告的，请写明由谁转告。"
        raise Refused(Reason("note_missing", text, "", "invalid", "note"))
    if len(note) > LONGEST_NOTE:
        text = f"备注最多{LONGEST_NOTE}字，请删减。"
        raise Refused(Reason("too_long", text, "", "invalid", "note"))
    call = Call(
        season_id=season.id,
        person_id=callee_id,
        result=result,
        note=note,
        called_by=person.id,
        called_at=now(season),
    )
    session.add(call)
    session.flush()
    session.add_all([CallAbout(call_id=call.id, assignment_id=t.assignment.id) for t in waiting[0].tasks])
    record(
        session,
        EventKind.CALL_RECORDED,
        season=season,
        actor=person,
        name=waiting[0].person.name,
        result=result,
        tasks=len(waiting[0].tasks),
        note=note,
    )
    return call
