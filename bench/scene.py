"""On what is the engine measured? Candidates of a practice season whose applications are submitted."""

import secrets
from collections.abc import Sequence
from datetime import date
from random import Random
from uuid import UUID

from sqlmodel import col, func, select

from models.case import Case
from models.database import reading, real_now, transaction
from models.gates import Gate
from models.people import Person
from models.wakeup import Wakeup
from models.words import GateState
from notices.reader import read_notice
from simulation.filled import filled_form
from simulation.papers import supply
from tasks.intake import Application, enter_case, submit_case
from tasks.practice import NOTICE, open_practice

FIRST, NEXT = "application", "office_review"


class Scene:
    """A season of its own; each submitted application is one decision, and opens one gate, with its mail."""

    def __init__(self) -> None:
        self.notice = read_notice(NOTICE)
        with transaction() as session:
            self.season_id = open_practice(session, self.notice, date.today()).id
            self.applicant = session.exec(select(Person).where(Person.login == "applicant")).one().id

    def enter(self, count: int) -> list[UUID]:
        """Drafts of made-up candidates, with every document that is asked for."""
        with transaction() as session:
            person = session.get_one(Person, self.applicant)
            cases = [enter_case(session, self.season_id, self._application(), person) for _ in range(count)]
            for case in cases:
                supply(session, case, person)
            return [case.id for case in cases]

    def _application(self) -> Application:
        form = filled_form(self.notice, "self", Random(secrets.randbits(32)))
        return Application(name=f"样例{secrets.token_hex(4)}", channel="self", route="city", form=form)

    def submit(self, case_id: UUID) -> None:
        with transaction() as session:
            submit_case(session, case_id, session.get_one(Person, self.applicant))

    def opened(self, case_ids: Sequence[UUID]) -> int:
        """For how many of the cases the next gate is open."""
        with reading() as session:
            counted = select(func.count()).select_from(Gate).where(Gate.step == NEXT)
            return session.exec(
                counted.where(col(Gate.case_id).in_(case_ids), Gate.state == GateState.OPEN)
            ).one()

    def is_quiet(self) -> bool:
        """Whether no wake-up is left that could be served now."""
        with reading() as session:
            now = select(Wakeup.id).where(Wakeup.season_id == self.season_id, Wakeup.due_at <= real_now())
            return session.exec(now.where(col(Wakeup.done_at).is_(None)).limit(1)).first() is None

    def runs(self, case_ids: Sequence[UUID]) -> list[UUID]:
        """The runs that the cases have."""
        with reading() as session:
            rows = session.exec(
                select(Case.flow_run_id).where(col(Case.id).in_(case_ids), col(Case.flow_run_id).is_not(None))
            )
            return [run_id for run_id in rows if run_id]
