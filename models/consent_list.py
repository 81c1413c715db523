"""Whose consent does the office have to look after: candidates who went on without one that still holds, experts?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.case import Case
from models.consent import Consent, expert_standings, without_scope
from models.data_words import ConsentScope
from models.panels import members
from models.people import Person
from models.publication import STILL_IN
from models.season import Season
from models.submission import Submission
from models.viewer import Viewer


@dataclass(frozen=True)
class Lacking:
    """A candidate who was handed in and the scopes for which no consent stands."""

    case: Case
    scopes: Sequence[ConsentScope]


@dataclass(frozen=True)
class ExpertRow:
    person: Person
    consent: Consent | None


def lacking(session: Session, season: Season) -> list[Lacking]:
    """Those who are still in and were handed in; empty where the season asks for no consent."""
    handed_in = select(Submission.case_id)
    wanted = select(Case).where(Case.season_id == season.id, col(Case.id).in_(handed_in))
    still_in = col(Case.outcome).is_(None) | col(Case.outcome).in_([o for o in STILL_IN if o])
    cases = session.exec(wanted.where(still_in).order_by(col(Case.number))).all()
    silent = {s: without_scope(session, season.id, [c.id for c in cases], s) for s in ConsentScope}
    rows = [Lacking(c, [s for s in ConsentScope if c.id in silent[s]]) for c in cases]
    return [row for row in rows if row.scopes]


def experts(viewer: Viewer) -> list[ExpertRow]:
    """Everybody who may be asked by name, each once, with the consent that stands."""
    held = expert_standings(viewer.session, viewer.season.id)
    people = {m.person.id: m.person for m in members(viewer)}
    return [ExpertRow(p, held.get(i)) for i, p in people.items()]
