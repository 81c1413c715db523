"""What of a case is public (三（七）、七（二）)? The columns that the notice file names, as they were released.

Before the check a list is drafted from the applications; the check keeps it as a `Publication`, and that is what is
shown. A public notice that the file lets open without a check shows the draft.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.consent import without_scope
from models.data_words import ConsentScope
from models.gates import Gate
from models.notice import Notice, Step
from models.people import Organisation
from models.progress import latest_list, listed
from models.published import Correction, Publication, rows_digest
from models.publishing import RECOMMENDED_BY, PublicColumn
from models.season import Season
from models.strokes import stroke_key
from models.words import CorrectionState, GateState, Outcome

STILL_IN = (None, Outcome.RECOGNISED)


@dataclass(frozen=True)
class PublicRow:
    """Everything that is published of one candidate: a text for each column."""

    case_id: UUID
    number: str
    cells: dict[str, str]

    @property
    def name(self) -> str:
        return self.cells.get("name", "")

    def kept(self) -> dict[str, Any]:
        """The row as a publication keeps it."""
        return {"case": self.number, "case_id": str(self.case_id), "cells": self.cells}


@dataclass(frozen=True)
class ShownRow:
    """A row as it is shown: with what was corrected since, and whether an earlier notice had it already."""

    row: PublicRow
    corrected: dict[str, datetime] = field(default_factory=dict)
    is_new: bool = False


@dataclass(frozen=True)
class Shown:
    """A published list as it is shown; `gone` counts those who have left it since the release."""

    rows: list[ShownRow]
    corrections: list[Correction]
    gone: int
    publication: Publication | None


# --- before the check --------------------------------------------------------------------------------------------


def drafted(session: Session, season: Season, notice: Notice, window: Step) -> list[PublicRow]:
    """What would be published now: the list in force at `window`, or all who wait there, in the order of the file."""
    before = latest_list(session, season, notice, before=window.key)
    cases = [c for _, c in listed(session, before)] if before else _waiting(session, season, window)
    units = _units(session, cases)
    mended = _mended(session, cases)
    rows = [
        _row(notice, window.publishing.columns, c, units.get(c.unit_id, ""), mended.get(c.id, {}))
        for c in cases
    ]
    if window.publishing.order == "strokes":
        return sorted(rows, key=lambda r: (stroke_key(r.name), r.number))
    return sorted(rows, key=lambda r: r.number)


def draft_rows_digest(rows: Sequence[PublicRow]) -> str:
    return rows_digest([r.kept() for r in rows])


def _waiting(session: Session, season: Season, window: Step) -> Sequence[Case]:
    return session.exec(
        select(Case)
        .join(Gate, col(Gate.case_id) == col(Case.id))
        .where(Gate.season_id == season.id, Gate.step == window.key, Gate.state == GateState.OPEN)
        .where(col(Case.outcome).is_(None))
    ).all()


def _units(session: Session, cases: Sequence[Case]) -> dict[UUID | None, str]:
    wanted = {c.unit_id for c in cases if c.unit_id}
    rows = session.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(wanted)))
    return dict(rows.all())


def _mended(session: Session, cases: Sequence[Case]) -> dict[UUID, dict[str, str]]:
    """What was put right for the public, by case and column; refused corrections count for nothing."""
    found: dict[UUID, dict[str, str]] = {}
    rows = session.exec(
        select(Correction)
        .where(col(Correction.case_id).in_([c.id for c in cases]))
        .where(Correction.state != CorrectionState.REFUSED)
        .order_by(col(Correction.asked_at))
    )
    for correction in rows:
        found.setdefault(correction.case_id, {})[correction.column] = correction.new
    return found


def _row(
    notice: Notice, columns: Sequence[PublicColumn], case: Case, unit: str, mended: dict[str, str]
) -> PublicRow:
    special = {"name": case.name, RECOMMENDED_BY: unit or notice.channel(case.channel).label}

    def text(key: str) -> str:
        return special.get(key) or _said(notice, case, key)

    cells = {c.key: "／".join(filter(None, map(text, c.fields))) for c in columns}
    return PublicRow(case.id, case.number, cells | {k: v for k, v in mended.items() if k in cells})


def _said(notice: Notice, case: Case, key: str) -> str:
    value = str(case.form.get(key) or "").strip()
    if key == "category":
        return next((c.label for c in notice.categories if c.key == value), value)
    return value


# --- since the check ---------------------------------------------------------------------------------------------


def publications(session: Session, season: Season, window: Step) -> Sequence[Publication]:
    """The releases of a public notice, the latest first."""
    return session.exec(
        select(Publication)
        .where(Publication.season_id == season.id, Publication.step == window.key)
        .order_by(col(Publication.released_at).desc())
    ).all()


def published_at(session: Session, season: Season, window: Step, gate: Gate) -> Publication | None:
    """The release with which this public notice was opened."""
    released = publications(session, season, window)
    return next((p for p in released if p.released_at <= gate.opened_at), None)


def read_rows(publication: Publication) -> list[PublicRow]:
    return [PublicRow(UUID(r["case_id"]), r["case"], r["cells"]) for r in publication.rows]


def on_show(
    session: Session, season: Season, notice: Notice, window: Step, publication: Publication | None
) -> Shown:
    """What is shown of a release: without those who have left since, and with its corrections made visible.

    Without a release, the draft of those who consent to it; but nothing where the file asks for a check.
    """
    if publication is None:
        rows = drafted(session, season, notice, window) if notice.check_of(window) is None else []
        silent = without_scope(session, season.id, [r.case_id for r in rows], ConsentScope.PUBLICITY)
        return Shown([ShownRow(r) for r in rows if r.case_id not in silent], [], 0, None)
    rows = read_rows(publication)
    here = _still_in(session, rows)
    before = _shown_before(session, season, window, publication)
    corrections = corrections_of(session, publication, CorrectionState.RELEASED)
    shown = [
        ShownRow(*_corrected(row, corrections), is_new=bool(before) and row.case_id not in before)
        for row in rows
        if row.case_id in here
    ]
    told = [c for c in corrections if c.case_id in here]
    return Shown(shown, told, len(rows) - len(shown), publication)


def _shown_before(session: Session, season: Season, window: Step, publication: Publication) -> set[UUID]:
    """Whoever stood in an earlier public notice; a release that was taken back before it opened was none."""
    opened = session.exec(
        select(Gate).where(Gate.season_id == season.id, Gate.step == window.key, col(Gate.case_id).is_(None))
    ).all()
    earlier = [p for g in opened if (p := published_at(session, season, window, g))]
    return {r.case_id for p in earlier if p.released_at < publication.released_at for r in read_rows(p)}


def corrections_of(session: Session, publication: Publication, *states: CorrectionState) -> list[Correction]:
    """The corrections of what was published, in the order in which they were asked for."""
    return list(
        session.exec(
            select(Correction)
            .where(Correction.published_id == publication.id, col(Correction.state).in_(states))
            .order_by(col(Correction.asked_at))
        )
    )


def _corrected(row: PublicRow, corrections: Sequence[Correction]) -> tuple[PublicRow, dict[str, datetime]]:
    cells, when = dict(row.cells), {}
    for one in corrections:
        if one.case_id == row.case_id and one.settled_at is not None:
            cells[one.column], when[one.column] = one.new, one.settled_at
    return PublicRow(row.case_id, row.number, cells), when


def _still_in(session: Session, rows: Sequence[PublicRow]) -> set[UUID]:
    found = session.exec(
        select(Case.id, Case.outcome).where(col(Case.id).in_([r.case_id for r in rows]))
    ).all()
    return {case_id for case_id, outcome in found if outcome in STILL_IN}
