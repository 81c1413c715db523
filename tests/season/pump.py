"""How does a season move without Prefect? Every open subject's next step is opened by hand, as its run would."""

from uuid import UUID

from sqlmodel import col, select

from models.case import Case
from models.database import reading, transaction
from models.gates import Gate
from tasks.opening import open_next


class Pump:
    """Stands in for the flows where a test is about the record alone."""

    def follow(self, season_id: UUID, case_id: UUID | None) -> None:
        with transaction() as session:
            open_next(session, season_id, case_id)

    def settle(self, season_id: UUID) -> None:
        before = -1
        while (opened := _gates(season_id)) != before:
            before = opened
            for case_id in [*_open_cases(season_id), None]:
                self.follow(season_id, case_id)

    def finish(self, season_id: UUID) -> None:
        """Nothing runs on its own here."""


def _gates(season_id: UUID) -> int:
    with reading() as session:
        return len(session.exec(select(Gate.id).where(Gate.season_id == season_id)).all())


def _open_cases(season_id: UUID) -> list[UUID]:
    with reading() as session:
        wanted = select(Case.id).where(Case.season_id == season_id, col(Case.closed_at).is_(None))
        return list(session.exec(wanted.order_by(col(Case.number))))
