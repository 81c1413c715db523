"""How do the made-up people answer what they are asked? By chance from a seed, but every kind of answer comes
up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.actions import Given, Task
from models.case import Case
from models.gates import Assignment, Decision, Gate
from models.lists import Entry, Shortlist
from models.meeting import recusals
from models.notice import Answer, day_of
from models.people import Person
from models.progress import laggards, place_free
from models.season import now
from models.seats import people_for
from models.verdict import Refused
from models.words import AssignmentState, Attendance, Effect, GateState, ListState, Place, StepKind
from simulation.dice import Dice
from simulation.meetings import hold_meeting, recorder
from simulation.papers import pdf
from simulation.plans import Fate, Plan
from simulation.scores import scores
from tasks.meetings import find_sitting, keep_scan

REASON = "样例理由：按规定办理。"
ITEMS = ("请补充事迹材料", "请核对岗位信息")
FEW_MEMBERS = 3
ORDINARY = (Effect.PASS, Effect.NOTE, Effect.SCORE)


class People:
    """Everyone in a season; remembers which rare answers have been given once."""

    def __init__(self, dice: Dice, plans: Mapping[UUID, Plan]) -> None:
        self.dice, self.plans = dice, plans
        self.rng = dice.of("people")
        self.given_once: set[str] = set()

    def who(self, session: Session, task: Task) -> Person:
        """One of those who may answer."""
        people = people_for(session, task.assignment, now(task.season))
        return self.dice.of_task(session, task).choice(list(people))

    def choose(self, session: Session, task: Task) -> Given | None:
        """The answer to be given now; None: not yet, or never."""
        self.rng = self.dice.of_task(session, task)
        if task.case is None:
            return self._of_the_season(session, task)
        answer = self._of_a_case(session, task, self.plans[task.case.id])
        return None if answer is None else self._said(session, task, answer)

    # --- at a case's gates

    def _of_a_case(self, session: Session, task: Task, plan: Plan) -> Answer | None:
        if plan.is_to_be(Fate.UNSCORED_BY_ONE) and self._is_the_last_expert(session, task):
            return None
        for fate, effect in ((Fate.REJECTED, Effect.END), (Fate.RETURNED, Effect.RETURN)):
            if plan.is_to_be(fate) and (chosen := self._turning(task, effect)):
                plan.met()
                return chosen
        return self._ordinary(session, task)

    def _turning(self, task: Task, effect: Effect) -> Answer | None:
        """The answer that turns the case away or back; at one of the gates that may give it."""
        answers = [a for a in task.step.answers if a.effect is effect]
        if not answers or task.case is None:
            return None
        later = task.notice.case_steps(task.case.channel, task.case.route)
        later = later[[s.key for s in later].index(task.gate.step) + 1 :]
        is_last = not any(a.effect is effect for s in later for a in s.answers)
        return self.rng.choice(answers) if is_last or self.rng.random() < 0.4 else None

    def _ordinary(self, session: Session, task: Task) -> Answer:
        """The first answer mostly; now and then another that lets the case go on."""
        usual, *others = [a for a in task.step.answers if a.effect in ORDINARY]
        if usual.effect is Effect.SCORE and not self._scored(session, task):
            return usual
        chance = 0.3 if any(a.sets for a in others) else 0.06
        return self.rng.choice(others) if others and self.rng.random() < chance else usual

    def _scored(self, session: Session, task: Task) -> bool:
        given = select(Decision.id).where(Decision.gate_id == task.gate.id, Decision.effect == Effect.SCORE)
        return session.exec(given.limit(1)).first() is not None

    def _is_the_last_expert(self, session: Session, task: Task) -> bool:
        """Whether this is the one score that never comes: another expert has given theirs."""
        waiting = session.exec(
            select(Assignment.id).where(
                Assignment.gate_id == task.gate.id, Assignment.state == AssignmentState.OPEN
            )
        ).all()
        return bool(task.step.criteria) and len(waiting) == 1 and self._scored(session, task)

    def _said(self, session: Session, task: Task, answer: Answer) -> Given:
        facts: dict[str, Any] = {}
        if answer.effect is Effect.SCORE:
            facts["scores"] = self._scores(session, task)
            facts["comments"] = {task.step.criteria[0].key: "样例评语"}
        if task.step.points:
            facts["findings"] = {p.key: f"样例所见：{p.label}属实。" for p in task.step.points}
        items = ITEMS if answer.effect is Effect.RETURN else ()
        if answer.effect is Effect.RETURN:
            facts["due"] = str(day_of(now(task.season)) + timedelta(days=self.rng.randint(1, 4)))
        return Given(answer.key, "样例意见", REASON if answer.reason else "", items, facts)

    def _scores(self, session: Session, task: Task) -> dict[str, int]:
        person_id = task.assignment.person_id
        expert = session.get_one(Person, person_id) if person_id else None
        known_as = (expert.email or expert.name) if expert else task.assignment.body
        keys = [c.key for c in task.step.criteria]
        return scores(self.dice, task.case.number if task.case else "", known_as, keys)

    # --- at the season's gates

    def _of_the_season(self, session: Session, task: Task) -> Given | None:
        if task.step.kind is StepKind.WINDOW and now(task.season) < task.gate.due_at:
            return None
        answer = self._season_answer(session, task)
        facts = self._list_facts(session, task) if task.step.is_list and answer.effect is Effect.PASS else {}
        reason = REASON if answer.reason or answer.early_reason else ""
        return Given(answer.key, "样例意见", reason, facts=facts)

    def _season_answer(self, session: Session, task: Task) -> Answer:
        """What holds a step up or sends it back is said once; a free place is filled as long as someone is
        left.
        """
        for answer in task.step.answers:
            if answer.promotes and place_free(session, task.season, task.notice):
                return answer
            if answer.effect in (Effect.HOLD, Effect.BACK) and not answer.promotes and self._once(task):
                return answer
        return next(a for a in task.step.answers if a.effect in ORDINARY)

    def _once(self, task: Task) -> bool:
        """Whether this step, which makes no list, is held up now: once in a season."""
        if task.step.is_list or task.gate.step in self.given_once:
            return False
        self.given_once.add(task.gate.step)
        return True

    def _list_facts(self, session: Session, task: Task) -> dict[str, Any]:
        late = laggards(session, task.season, task.notice, task.step) if task.step.gathers else []
        fates = {str(c.id): "proceed" if self._has_a_score(session, c) else "lapse" for c in late}
        if task.step.kind is StepKind.MEETING:
            return {"laggards": fates}
        return {"laggards": fates, "places": self._places(session, task, swap=not late)}

    def hold(self, session: Session, task: Task) -> None:
        """A meeting is recorded: one member is away, another is recused from the first case, which is voted on.

        The signed minutes of the first one follow at once.
        """
        gathers = task.step.gathers and laggards(session, task.season, task.notice, task.step)
        places = self._places(session, task, swap=not gathers)
        sitting = find_sitting(session, task.gate.id)
        people = [str(p.id) for p in sitting.members]
        away = people[-1:] if len(people) > FEW_MEMBERS else []
        there = {p: Attendance.EXCUSED if p in away else Attendance.PRESENT for p in people}
        staying = [c for e, c in sitting.rows if e.place == Place.ON and c.live and str(c.id) not in places]
        votes: dict[UUID, tuple[int, int, int]] = {}
        recused: dict[UUID, frozenset[str]] = {}
        if staying and away:
            case = min(staying, key=lambda c: c.number)
            recused[case.id] = frozenset(people[:1])
            own = recusals(session, sitting.members, [case.id], {}).get(case.id, set())
            votes[case.id] = (len(set(people[:-1]) - recused[case.id] - own), 0, 0)
        hold_meeting(session, task, places, attendance=there, votes=votes, recused=recused)
        if "scan" not in self.given_once:
            self.given_once.add("scan")
            keep_scan(session, task.gate.id, recorder(sitting), "样例纪要.pdf", pdf("minutes"))

    def _has_a_score(self, session: Session, case: Case) -> bool:
        scored = (
            select(Decision.id)
            .join(Gate, col(Gate.id) == col(Decision.gate_id))
            .where(Gate.case_id == case.id, Gate.state == GateState.OPEN, Decision.effect == Effect.SCORE)
        )
        return session.exec(scored.limit(1)).first() is not None

    def _places(self, session: Session, task: Task, *, swap: bool) -> dict[str, tuple[str, str]]:
        """The changes to a draft: whoever has ended leaves it; once in a season a meeting swaps two names."""
        shortlist = session.exec(
            select(Shortlist).where(Shortlist.gate_id == task.gate.id, Shortlist.state == ListState.DRAFT)
        ).one()
        rows = session.exec(
            select(Entry, Case)
            .join(Case, col(Case.id) == col(Entry.case_id))
            .where(Entry.shortlist_id == shortlist.id)
            .order_by(col(Entry.position))
        ).all()
        on = [(e, c) for e, c in rows if e.place == Place.ON]
        leaving = [(e, c) for e, c in on if not c.live]
        ranks = task.step.kind is StepKind.RANKING
        settled = {str(c.id): (e.place, REASON) for e, c in rows if ranks and e.tied and c.live}
        waiting = [(e, c) for e, c in rows if e.place == Place.RESERVE and c.live]
        if not leaving and swap and waiting and self._swaps(task):
            leaving = on[-1:]
        return settled | _exchanged(leaving, waiting)

    def _swaps(self, task: Task) -> bool:
        if task.step.kind is not StepKind.MEETING or "swap" in self.given_once:
            return False
        self.given_once.add("swap")
        return True


def _exchanged(
    leaving: Sequence[tuple[Entry, Case]], waiting: Sequence[tuple[Entry, Case]]
) -> dict[str, tuple[str, str]]:
    """Who has ended is off the list, who is swapped goes to the reserve; as many move up."""
    down = {str(c.id): (Place.RESERVE.value if c.live else Place.OFF.value, REASON) for _, c in leaving}
    up = {str(c.id): (Place.ON.value, REASON) for _, c in waiting[: len(leaving)]}
    return down | up


def tied_at_cut(given: Given, refused: Refused) -> list[str]:
    """The ids of those who tie at the cut, settled or not yet; a refusal for anything else goes on."""
    told = [r.field.removeprefix("place_") for r in refused.reasons if r.code == "tie_unsettled"]
    if not told or {r.code for r in refused.reasons} - {"tie_unsettled", "over_quota"}:
        raise refused
    return [*given.facts["places"], *told]


def with_ties_settled(given: Given, tied: Sequence[str], room: int) -> Given:
    """The same answer with the first `room` of the tied on the list and the others in reserve."""
    places = {key: (Place.ON if n < room else Place.RESERVE, REASON) for n, key in enumerate(tied)}
    return replace(given, facts={**given.facts, "places": {**given.facts["places"], **places}})
