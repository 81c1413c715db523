"""How do the papers of a meeting come out of the record: the agenda with a booklet of candidates, and draft minutes?

No ID number, telephone or address stands on them; numbers that somebody typed into a text are masked.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from documents.grid import Sheet
from documents.layouts.meeting_booklet import Agenda, Candidate, meeting_booklet
from documents.layouts.meeting_minutes import Decided, ListRow, Written, meeting_minutes
from models.anchor import newest_anchor
from models.case import Case
from models.composition import age_on
from models.filenames import without_numbers
from models.form import filled_indicators
from models.labels import label
from models.meeting_checks import Sitting
from models.minutes import Line, Minutes, read_minutes
from models.notice import Notice, Step
from models.people import Person
from models.priorities import places
from models.season import notice_by_digest
from models.share import read_share
from models.values import read_day
from models.verdict import Reason, Refused
from models.words import Attendance, Place, Turn
from tasks.printing import Format, Printed, portrait, rendered

BOOKLET, MINUTES = "booklet", "minutes"
TITLES = {BOOKLET: "议程与人选手册", MINUTES: "会议纪要（草稿）"}
HONOURS = ("highest_honours", "honours", "trade_honours")
PRACTICE = "（演练，样例）"


def print_meeting(session: Session, sitting: Sitting, what: str, form: Format) -> Printed:
    """The agenda with the booklet of candidates, or the draft of the minutes."""
    made: dict[str, Callable[[Session, Minutes], Sheet]] = {BOOKLET: _booklet, MINUTES: _minutes}
    if what not in made:
        raise Refused(Reason("unknown_paper", "会议没有这份材料。", kind="missing"))
    sheet = made[what](session, read_minutes(sitting))
    return Printed(f"{sitting.step.label}{TITLES[what]}.{form}", rendered([sheet], form))


# --- the booklet -------------------------------------------------------------------------------------------------


def _booklet(session: Session, minutes: Minutes) -> Sheet:
    """Whoever is on the draft or in its reserve, in the draft's order."""
    sitting = minutes.sitting
    lines = [n for n in minutes.drafted if n.entry.place != Place.OFF and n.case.live]
    ranked = places(session, sitting.season.id, [n.case.id for n in lines])
    candidates = [_candidate(session, sitting.notice, n, ranked) for n in lines]
    on = sum(n.entry.place == Place.ON for n in lines)
    meeting, step = sitting.meeting, sitting.step
    agenda = Agenda(
        season=sitting.season.title,
        meeting=step.label,
        clause=step.clause,
        places=sitting.notice.list_size(step),
        listed=on,
        reserve=len(lines) - on,
        rules=rules_of(step),
        remark=PRACTICE if sitting.season.practice else "",
        held_on=meeting.held_on if meeting else None,
        place=meeting.place if meeting else "",
        items=_agenda_items(step),
    )
    return meeting_booklet(agenda, candidates)


def _agenda_items(step: Step) -> list[str]:
    order = "排定后备次序" if step.orders_reserve else "核对后备次序"
    return [
        "宣布到会情况，提出回避",
        "听取人选情况和名单草案说明",
        "逐名审议：保留、移出、增补（只从后备中增补，写明理由）",
        f"表决，{order}",
        "宣读名单，核对会议纪要",
    ]


def rules_of(step: Step) -> str:
    """Quorum and majority in a sentence."""
    rules = step.meeting
    quorum = f"到会人数须{read_share(rules.quorum).label}" if rules.quorum else "法定人数未作规定"
    majority = (
        f"列入名单须到会且不回避者{read_share(rules.majority).label}赞成"
        if rules.majority
        else "表决比例未作规定"
    )
    return f"{quorum}；{majority}；回避者不计入应到和表决人数。"


def _candidate(session: Session, notice: Notice, line: Line, ranked: dict[UUID, list[Any]]) -> Candidate:
    case, form, entry = line.case, line.case.form, line.entry
    born = read_day(str(form.get("birth_date") or ""))
    rank = str(entry.position) if entry.place == Place.ON else f"后备{entry.position}"
    own = notice_by_digest(session, case.notice_digest)
    return Candidate(
        rank=rank,
        number=case.number,
        name=case.name,
        score=f"{entry.score:.2f}" if entry.score else "",
        sex=_said(form, "sex"),
        age=f"{age_on(born, notice.issued)}岁" if born else "",
        employer=_said(form, "employer"),
        post=_said(form, "post"),
        trade=_said(form, "occupation"),
        recommended_by=line.unit or notice.channel(case.channel).label,
        priority="；".join(f"{p.organisation}第{p.position}" for p in ranked.get(case.id, ())),
        indicators="；".join(_indicators(own, case)),
        honours=next((said for key in HONOURS if (said := _said(form, key))), ""),
        deeds=_said(form, "summary"),
        photo=portrait(session, own, case),
    )


def _said(form: dict[str, Any], key: str) -> str:
    value = form.get(key)
    return without_numbers(value) if isinstance(value, str) else ""


def _indicators(notice: Notice, case: Case) -> Sequence[str]:
    met = set(filled_indicators(notice, case.form)) | set(case.form.get("indicators") or ())
    return [i.label for i in notice.indicators if i.key in met]


# --- the minutes -------------------------------------------------------------------------------------------------


def _minutes(session: Session, minutes: Minutes) -> Sheet:
    sitting, meeting = minutes.sitting, minutes.sitting.meeting
    turned = (Turn.DROPPED, Turn.ADDED, Turn.MOVED)
    told = [n for n in minutes.lines if n.turn in turned or n.recused or (n.item and n.item.votes)]
    return meeting_minutes(
        Written(
            season=sitting.season.title,
            meeting=sitting.step.label,
            number=meeting.number if meeting else "",
            held_on=meeting.held_on if meeting else None,
            place=meeting.place if meeting else "",
            chair=minutes.chair,
            recorders=minutes.recorders,
            present=_names(minutes.who_was(Attendance.PRESENT)),
            absent=_names(minutes.who_was(Attendance.ABSENT)),
            excused=_names(minutes.who_was(Attendance.EXCUSED)),
            seats=len(sitting.members),
            clause=sitting.step.clause,
            places=sitting.notice.list_size(sitting.step),
            rules=rules_of(sitting.step),
            decided=[_decided(n) for n in told],
            kept=sum(n.turn in (Turn.KEPT, Turn.MOVED) and n.place == Place.ON for n in minutes.lines),
            listed=[_row(sitting.notice, n) for n in minutes.standing(Place.ON)],
            reserve=[_row(sitting.notice, n) for n in minutes.standing(Place.RESERVE)],
            orders_reserve=sitting.step.orders_reserve,
            note=meeting.note if meeting else "",
            anchor=_anchor(session, sitting),
            remark=PRACTICE if sitting.season.practice else "",
        )
    )


def _anchor(session: Session, sitting: Sitting) -> str:
    """The newest anchor of the record: signed paper then bears witness to it."""
    anchor = newest_anchor(session, sitting.season.id)
    return anchor.line if anchor else ""


def _names(people: Sequence[Person]) -> list[str]:
    return [p.name for p in people]


def _decided(line: Line) -> Decided:
    votes = line.item.votes if line.item else None
    voted = f"赞成{votes[0]}票、反对{votes[1]}票、弃权{votes[2]}票" if votes else ""
    turn = label(line.turn)
    if line.turn is Turn.MOVED:
        turn = f"{turn}为第{line.position}位"
    return Decided(line.case.name, line.case.number, turn, voted, line.reason, line.recused)


def _row(notice: Notice, line: Line) -> ListRow:
    unit = line.unit or notice.channel(line.case.channel).label
    return ListRow(line.position, line.case.number, line.case.name, unit, _said(line.case.form, "occupation"))
