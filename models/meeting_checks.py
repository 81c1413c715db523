"""May this meeting's record be written in, and may the list that it holds be confirmed?

Recorder and confirmer are two people. What the notice does not set (quorum, majority) is not checked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.gates import Gate
from models.lists import Entry, Shortlist
from models.meeting import Meeting, MeetingItem, items_of, meeting_of, members, recorder_body, recusals
from models.notice import Notice, Step, day_of
from models.people import Person
from models.season import Season, now
from models.seats import bodies_of
from models.share import read_share
from models.verdict import OPEN, Reason, Verdict
from models.words import Attendance, GateState, Place, StepKind


@dataclass(frozen=True)
class Sitting:
    """A meeting step's gate with what has been recorded there; read once for a page or a check."""

    session: Session
    season: Season
    notice: Notice
    gate: Gate

    @property
    def step(self) -> Step:
        return self.notice.step(self.gate.step)

    @cached_property
    def meeting(self) -> Meeting | None:
        return meeting_of(self.session, self.gate.id)

    @cached_property
    def members(self) -> Sequence[Person]:
        """Who is to come; of a meeting that is over, who held the seats when its list was confirmed."""
        return members(self.session, self.season, self.step, self.gate.closed_at or now(self.season))

    @cached_property
    def items(self) -> dict[UUID, MeetingItem]:
        return items_of(self.session, self.meeting)

    @cached_property
    def rows(self) -> Sequence[tuple[Entry, Case]]:
        """The list that the meeting decides about."""
        rows = self.session.exec(
            select(Entry, Case)
            .join(Case, col(Case.id) == col(Entry.case_id))
            .join(Shortlist, col(Shortlist.id) == col(Entry.shortlist_id))
            .where(Shortlist.gate_id == self.gate.id)
        )
        return rows.all()

    @cached_property
    def recused(self) -> dict[UUID, set[str]]:
        """Members who do not count for a case, by case; see `models.meeting.recusals`."""
        return recusals(self.session, self.members, [c.id for _, c in self.rows], self.items)

    @cached_property
    def present(self) -> set[str]:
        seated = {str(p.id) for p in self.members}
        return self.meeting.who_was(Attendance.PRESENT) & seated if self.meeting else set()

    def voters(self, case_id: UUID) -> set[str]:
        """Who may vote on a case: those present who are not recused from it."""
        return self.present - self.recused.get(case_id, set())

    @property
    def today(self) -> date:
        return day_of(now(self.season))


def check_recording(sitting: Sitting, person: Person) -> Verdict:
    """Reasons against this person writing in the record of this meeting now."""
    step = sitting.step
    if step.kind is not StepKind.MEETING:
        return (Reason("not_a_meeting", f"“{step.label}”不是会议，没有会议记录。", step.clause, "missing"),)
    body = recorder_body(sitting.notice, step)
    if body not in bodies_of(sitting.session, sitting.season.id, person, now(sitting.season)):
        text = f"“{step.label}”由{sitting.notice.body(body).label}记录，您不在其列。"
        return (Reason("not_recorder", text, step.clause, "forbidden"),)
    if sitting.gate.state != GateState.OPEN:
        return (Reason("gate_closed", f"“{step.label}”已经办结，会议记录不能再改。", step.clause),)
    return OPEN


def check_confirming(sitting: Sitting, person: Person) -> Verdict:
    """Reasons against this person confirming what the meeting decided, whatever the list itself says."""
    if sitting.meeting is None:
        body = sitting.notice.body(recorder_body(sitting.notice, sitting.step)).label
        text = f"还没有会议记录。请{body}先在“会议”中记录到会情况和名单结论，再由与会者确认。"
        return (Reason("meeting_unrecorded", text, sitting.step.clause),)
    found = (
        *_by_another_person(sitting, sitting.meeting, person),
        *_minutes_are_named(sitting, sitting.meeting),
        *_attendance_is_taken(sitting, sitting.meeting),
        *_chair_is_present(sitting, sitting.meeting),
    )
    return (*found, *_quorum_is_met(sitting), *_votes_add_up(sitting))


def _by_another_person(sitting: Sitting, meeting: Meeting, person: Person) -> Iterator[Reason]:
    if str(person.id) in meeting.recorders:
        text = "会议记录由您填写，须由另一名与会者核对后确认。"
        yield Reason("recorder_confirms", text, sitting.step.clause, "forbidden")


def _minutes_are_named(sitting: Sitting, meeting: Meeting) -> Iterator[Reason]:
    clause = sitting.step.clause
    if not meeting.number:
        yield Reason("number_missing", "会议记录没有填纪要编号，请记录人补填。", clause)
    if meeting.held_on is None:
        yield Reason("date_missing", "会议记录没有填会议日期，请记录人补填。", clause)
    elif meeting.held_on > sitting.today:
        text = f"会议日期{meeting.held_on}还没有到，会后才能确认名单。"
        yield Reason("held_in_future", text, clause)


def _attendance_is_taken(sitting: Sitting, meeting: Meeting) -> Iterator[Reason]:
    left = [p.name for p in sitting.members if str(p.id) not in meeting.attendance]
    if left:
        text = f"{'、'.join(left)}的到会情况还没有记录，请记录人补填。"
        yield Reason("attendance_missing", text, sitting.step.clause)


def _chair_is_present(sitting: Sitting, meeting: Meeting) -> Iterator[Reason]:
    if meeting.chair_id is not None and str(meeting.chair_id) not in sitting.present:
        yield Reason("chair_absent", "主持人须是到会者，请记录人核对。", sitting.step.clause)


def _quorum_is_met(sitting: Sitting) -> Iterator[Reason]:
    """The meeting as a whole, then every case from which somebody is recused: they count on neither side."""
    if sitting.step.meeting.quorum is None:
        return
    quorum, clause = read_share(sitting.step.meeting.quorum), sitting.step.clause
    seated = {str(p.id) for p in sitting.members}
    if not quorum.reached(len(sitting.present), len(seated)):
        text = f"应到{len(seated)}人，到会{len(sitting.present)}人，到会者须{quorum.label}，会议无效。"
        yield Reason("no_quorum", text, clause)
        return
    for number, case_id in _numbers(sitting):
        away = sitting.recused.get(case_id)
        if away and not quorum.reached(len(sitting.present - away), len(seated - away)):
            text = f"{number}：{len(away)}人回避后到会不足（须{quorum.label}），本次会议不能对其作出决定。"
            yield Reason("no_quorum", text, clause, field=f"place_{case_id}")


def _votes_add_up(sitting: Sitting) -> Iterator[Reason]:
    """Where votes were taken they are those of the voters, and whoever is on the list has the majority."""
    drafted = {e.case_id: e.place for e, _ in sitting.rows}
    for number, case_id in _numbers(sitting):
        item = sitting.items.get(case_id)
        if item is not None and item.votes is not None:
            place = item.place or drafted[case_id]
            yield from _vote_is_sound(sitting, number, case_id, item.votes, place)


def _vote_is_sound(
    sitting: Sitting, number: str, case_id: UUID, votes: tuple[int, int, int], place: str
) -> Iterator[Reason]:
    clause, voters = sitting.step.clause, len(sitting.voters(case_id))
    if sum(votes) != voters:
        text = f"{number}的赞成、反对、弃权共{sum(votes)}票，到会且不回避的有{voters}人，票数不符。"
        yield Reason("votes_differ", text, clause, field=f"for_{case_id}")
    elif place == Place.ON and sitting.step.meeting.majority is not None:
        majority = read_share(sitting.step.meeting.majority)
        if not majority.reached(votes[0], voters):
            text = f"{number}得{votes[0]}票赞成（共{voters}票），须{majority.label}，不能列入名单。"
            yield Reason("vote_fails", text, clause, field=f"place_{case_id}")


def _numbers(sitting: Sitting) -> list[tuple[str, UUID]]:
    return sorted((c.number, c.id) for _, c in sitting.rows)
