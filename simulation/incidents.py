"""What else happens in a made-up season, besides the answers that are asked for?

Somebody stays away, the office corrects, looks up, reminds, arranges a visit; at the end a title is taken back and an
appeal is heard. What happens once in a season happens at the first occasion.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from models.actions import Given, Task
from models.attachment import Attachment
from models.attention import check_remind
from models.case import Case
from models.checklist import documents_of
from models.database import reading, transaction
from models.gates import Assignment
from models.inspection import visit_of
from models.notice import day_of
from models.panels import assigned_bodies
from models.people import Organisation, Person, Seat
from models.priorities import ranked_cases
from models.season import Season, notice_of, now
from models.seats import people_for
from models.verdict import Refused
from models.viewer import read_viewer
from models.words import AssignmentState, Relation, StepKind
from simulation.candidates import corrected
from simulation.dice import Dice
from simulation.papers import paper_for
from tasks.assigning import candidates
from tasks.attachments import attach, remove_attachment
from tasks.attention import remind
from tasks.correcting import check_correct, correct_entry, correctable
from tasks.decide import decide
from tasks.experts import set_trades
from tasks.inspections import set_visit
from tasks.leaving import disqualify
from tasks.originals import receive_paper
from tasks.panels import replace_member
from tasks.personal import see_numbers
from tasks.priorities import check_priorities, set_priorities
from tasks.recusals import apply_for_recusal, note_attempt

# How often somebody who is asked by name stays away from a case.
AWAY = 0.1
REASON = "样例理由：按规定办理。"


def seated(session: Session, season_id: UUID, body: str) -> Person:
    """The first who holds a seat in this body."""
    wanted = select(Person).join(Seat, col(Seat.person_id) == col(Person.id)).order_by(col(Person.email))
    return session.exec(wanted.where(Seat.season_id == season_id, Seat.body == body)).all()[0]


def office_of(session: Session, season_id: UUID) -> Person:
    return seated(session, season_id, notice_of(session, session.get_one(Season, season_id)).office)


@dataclass(frozen=True)
class Once:
    """Something that happens once in a season: at a task of which `fits` says so."""

    name: str
    fits: Callable[[Session, Task], bool]
    happens: Callable[[Session, Task, Person], None]


class Incidents:
    """What happens on the way in one season; `surprises` collects what was let pass and should not have been."""

    def __init__(self, season_id: UUID, dice: Dice, surprises: list[str]) -> None:
        self.season_id, self.dice, self.surprises = season_id, dice, surprises
        self.happened: set[str] = set()

    def begin(self) -> None:
        """Before anybody is asked: a unit puts its people in order, the office learns what an expert knows."""
        with transaction() as session:
            self._priorities(session)
            self._trades(session)

    def _priorities(self, session: Session) -> None:
        entered = select(Case).where(Case.season_id == self.season_id, col(Case.unit_id).is_not(None))
        case = session.exec(entered.order_by(col(Case.number))).first()
        unit = session.get(Organisation, case.unit_id) if case else None
        if case is None or unit is None:
            return
        season = session.get_one(Season, self.season_id)
        person = session.get_one(Person, case.entered_by)
        if not check_priorities(session, season, unit, person):
            ids = [r.case.id for r in ranked_cases(session, season, unit)]
            set_priorities(session, season.id, unit.id, ids, person)

    def _trades(self, session: Session) -> None:
        """The same whatever earlier seasons in this database have left behind."""
        notice = notice_of(session, session.get_one(Season, self.season_id))
        bodies, wanted = sorted(assigned_bodies(notice)), [c.key for c in notice.categories[:2]]
        if not (wanted and bodies):
            return
        person, office = seated(session, self.season_id, bodies[0]), self._office(session)
        if {t for t in person.trades.split(",") if t in {c.key for c in notice.categories}} == set(wanted):
            set_trades(session, self.season_id, person.id, office, wanted[:1])
        set_trades(session, self.season_id, person.id, office, wanted)

    def before(self, task: Task) -> None:
        """What happens at a task of a case before it is answered."""
        left = [one for one in ON_THE_WAY if one.name not in self.happened]
        if not (left or task.step.points):
            return
        with transaction() as session:
            office = self._office(session)
            for one in left:
                if one.fits(session, task):
                    self.happened.add(one.name)
                    one.happens(session, task, office)
            if task.step.points and visit_of(session, task.gate.id) is None:
                day = day_of(now(task.season))
                set_visit(session, task.assignment.id, day, "样例车间", office)

    def stays_away(self, task: Task) -> bool:
        """Now and then one who is asked by name stays away; the office assigns the first who could step in."""
        named = task.notice.body(task.assignment.body).relation is Relation.ASSIGNED
        throw = self.dice.of("away", task.case.number if task.case else "", task.gate.step, task.gate.round)
        if not named or task.case is None or throw.random() > AWAY:
            return False
        with reading() as session:
            panel = session.exec(select(Assignment).where(Assignment.gate_id == task.gate.id)).all()
            on = {a.person_id for a in panel}
            could = candidates(session, task.season, task.case, task.assignment.body)
            free = [p for p, _ in could if p.id not in on]
            person = session.get_one(Person, task.assignment.person_id)
        if not free or any(a.state == AssignmentState.RELEASED for a in panel):
            return False
        with transaction() as session:
            apply_for_recusal(session, task.assignment.id, person, "样例理由：与人选是师徒。")
        if "attempt" not in self.happened:
            self.happened.add("attempt")
            self._tries_nevertheless(task, person)
        with transaction() as session:
            replace_member(session, task.assignment.id, free[0].id, self._office(session))
        return True

    def _tries_nevertheless(self, task: Task, person: Person) -> None:
        """Who is recused answers all the same: that is refused, and the attempt put on record."""
        answer = next(a for a in task.step.answers if not a.reason)
        try:
            with transaction() as session:
                decide(session, task.assignment.id, person, Given(answer.key))
        except Refused as refusal:
            if "recused" in {r.code for r in refusal.reasons}:
                with transaction() as session:
                    note_attempt(session, task.assignment.id, person)
                return
        self.surprises.append("应回避的人答复，没有以此为由拒绝。")

    def disqualified(self, case: Case) -> None:
        with transaction() as session:
            disqualify(session, case.id, self._office(session), "样例理由：发现不符合条件。")

    def _office(self, session: Session) -> Person:
        return office_of(session, self.season_id)


# --- once in a season --------------------------------------------------------------------------------------------


def _at_a_form(session: Session, task: Task) -> bool:
    return task.step.kind is StepKind.FORM and task.gate.round == 1 and now(task.season) < task.gate.due_at


def _wrong_file(session: Session, task: Task, office: Person) -> None:
    """A file is uploaded by mistake and taken out again."""
    assert task.case is not None
    person = session.get_one(Person, task.case.entered_by)
    wanted = documents_of(task.notice, task.case)[0]
    filename, content = paper_for(wanted)
    kept: Attachment = attach(session, task.case.id, wanted.key, filename, content, person)
    remove_attachment(session, kept.id, person)


def _at_the_office(session: Session, task: Task) -> bool:
    """The office reviews a case whose form may be corrected."""
    if task.case is None or task.assignment.body != task.notice.office:
        return False
    viewer = read_viewer(session, office_of(session, task.season.id), task.season, task.notice)
    return not check_correct(viewer, task.notice, task.case)


def _papers_and_numbers(session: Session, task: Task, office: Person) -> None:
    """The paper originals have come; the ID number is compared with the card."""
    assert task.case is not None
    if paper := next((d for d in documents_of(task.notice, task.case) if d.paper), None):
        receive_paper(session, task.case.id, paper.key, office)
    see_numbers(session, task.case.id, office, "样例理由：核对身份证。")


def _wrong_entry(session: Session, task: Task, office: Person) -> None:
    """Something on the form is wrong and put right; who approved it before is not asked again."""
    assert task.case is not None
    keys = {f.key for f in correctable(task.notice, task.case)}
    changes = {k: v for k, v in corrected(task.case.form, Dice(0).of("correction")).items() if k in keys}
    if changes:
        correct_entry(session, task.case.id, office, changes, "样例理由：笔误。")


def _is_owed(session: Session, task: Task) -> bool:
    if task.case is None or not any(p.email for p in people_for(session, task.assignment, now(task.season))):
        return False
    viewer = read_viewer(session, office_of(session, task.season.id), task.season, task.notice)
    return not check_remind(viewer, task.step, task.case, task.gate, task.assignment, None)


def _asks_again(session: Session, task: Task, office: Person) -> None:
    remind(session, task.assignment.id, office)


ON_THE_WAY = (
    Once("file", _at_a_form, _wrong_file),
    Once("papers", _at_the_office, _papers_and_numbers),
    Once("entry", _at_the_office, _wrong_entry),
    Once("reminder", _is_owed, _asks_again),
)
