"""What of a case is public (三（七）、七（二）)? A fixed list of fields, and only of those whom the notice names."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.gates import Gate
from models.notice import Notice, Step
from models.people import Organisation
from models.progress import latest_list, listed
from models.season import Season
from models.words import GateState


@dataclass(frozen=True)
class PublicName:
    """Everything that is published of one candidate."""

    name: str
    sex: str
    employer: str
    post: str
    occupation: str
    recommended_by: str


def published(session: Session, season: Season, notice: Notice, step: Step) -> list[PublicName]:
    """The names of the public notice `step`: those on the list in force there, or all who wait at it."""
    before = latest_list(session, season, notice, before=step.key)
    cases = [c for _, c in listed(session, before)] if before else _waiting(session, season, step)
    wanted = {c.unit_id for c in cases if c.unit_id}
    rows = session.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(wanted)))
    units: dict[UUID | None, str] = dict(rows.all())
    ordered = sorted(cases, key=lambda c: c.number)
    return [_public(notice, c, units.get(c.unit_id, "")) for c in ordered]


def _waiting(session: Session, season: Season, step: Step) -> Sequence[Case]:
    return session.exec(
        select(Case)
        .join(Gate, col(Gate.case_id) == col(Case.id))
        .where(Gate.season_id == season.id, Gate.step == step.key, Gate.state == GateState.OPEN)
        .where(col(Case.outcome).is_(None))
    ).all()


def _public(notice: Notice, case: Case, unit: str) -> PublicName:
    def text(key: str) -> str:
        return str(case.form.get(key) or "")

    return PublicName(
        name=case.name,
        sex=text("sex"),
        employer=text("employer"),
        post=text("post"),
        occupation=text("occupation"),
        recommended_by=unit or notice.channel(case.channel).label,
    )
