"""Which applications of a season may speak of the same person, and has the office ruled on them?

Certain is an equal ID number; a name with the same employer or birth date, or the same telephone, only makes one ask.
Nothing is merged: the office says which application stands.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, literal_column, or_, true, union_all
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from models.case import Case
from models.crypto import blind
from models.notice import Notice
from models.personal import clean_number, whole_form
from models.sameness import Sameness
from models.verdict import OPEN, Reason, Verdict
from models.words import FieldKind, Ground, Outcome

# What people write between the parts of a name, or leave out.
BETWEEN = r"[\s·•・‧.]"
PairIds = tuple[UUID, UUID]


@dataclass(frozen=True)
class Pair:
    """Two applications, `first` with the smaller id, and why they are taken for one person's."""

    first: Case
    second: Case
    grounds: tuple[Ground, ...]

    @property
    def certain(self) -> bool:
        return Ground.ID_NUMBER in self.grounds

    def other(self, case: Case) -> Case:
        return self.second if case.id == self.first.id else self.first


def folded(text: str) -> str:
    """A name or employer as it is compared: half-width, without spaces and dots."""
    return re.sub(BETWEEN, "", unicodedata.normalize("NFKC", text)).upper()


def _folded(column: Any) -> ColumnElement[str]:
    plain = func.normalize(column, literal_column("NFKC"))
    return func.upper(func.regexp_replace(plain, BETWEEN, "", "g"))


def stands() -> ColumnElement[bool]:
    """The case may still be recognised, or has been."""
    return or_(col(Case.outcome).is_(None), col(Case.outcome) == Outcome.RECOGNISED)


def settling_count(session: Session, season_id: UUID) -> int:
    """What the office has to settle before cases can pass its review: the figure of the menu, in one statement."""
    doubted = (
        rows_of(func.count())
        .select_from(Case)
        .where(col(Case.season_id) == season_id, col(Case.channel_doubted), col(Case.outcome).is_(None))
    )
    both = rows_of(_certain(season_id).scalar_subquery() + doubted.scalar_subquery())
    return int(session.execute(both).scalar_one())


def certain_count(session: Session, season_id: UUID) -> int:
    """How many applications too many there are, by their ID numbers alone."""
    return int(session.execute(_certain(season_id)).scalar_one())


def _certain(season_id: UUID) -> Select[Any]:
    repeated = (
        rows_of((func.count() - 1).label("more"))
        .where(col(Case.season_id) == season_id, col(Case.id_index).is_not(None), stands())
        .group_by(col(Case.id_index))
        .having(func.count() > 1)
        .subquery()
    )
    return rows_of(func.coalesce(func.sum(repeated.c.more), 0))


def unsettled(
    session: Session, season_id: UUID, case: Case | None = None
) -> dict[PairIds, tuple[Ground, ...]]:
    """The pairs of the season, or of one case, on which the office still has to rule, the certain ones first."""
    found = _grounds(session, season_id, case)
    for pair in _ruled_different(session, season_id) if found else ():
        if Ground.ID_NUMBER not in found.get(pair, ()):
            found.pop(pair, None)
    return dict(sorted(found.items(), key=lambda row: (Ground.ID_NUMBER not in row[1], row[0])))


def _ruled_different(session: Session, season_id: UUID) -> set[PairIds]:
    ruled = select(Sameness.first, Sameness.second).where(
        Sameness.season_id == season_id, ~col(Sameness.same)
    )
    return {(first, second) for first, second in session.exec(ruled)}


def _grounds(session: Session, season_id: UUID, case: Case | None) -> dict[PairIds, tuple[Ground, ...]]:
    """By the keys that lie in columns; what the applications say is read only where the names are equal."""
    keys = (
        rows_of(
            col(Case.id),
            col(Case.id_index),
            col(Case.phone_index),
            col(Case.unit_id),
            _folded(col(Case.name)).label("name"),
        )
        .where(col(Case.season_id) == season_id, stands())
        .cte("keys")
    )
    a, b = keys.alias("a"), keys.alias("b")
    same_name = a.c.name == b.c.name
    apart = or_(a.c.unit_id.is_(None), a.c.unit_id.is_distinct_from(b.c.unit_id), same_name)
    matches: dict[Ground, ColumnElement[bool]] = {
        Ground.ID_NUMBER: a.c.id_index == b.c.id_index,
        # A unit may give one telephone for all of its people.
        Ground.PHONE: and_(a.c.phone_index == b.c.phone_index, apart),
        Ground.NAME: same_name,
    }
    about = true() if case is None else or_(a.c.id == case.id, b.c.id == case.id)
    every = [
        rows_of(a.c.id, b.c.id, literal(ground.value))
        .select_from(a.join(b, and_(a.c.id < b.c.id, match)))
        .where(about)
        for ground, match in matches.items()
    ]
    rows = [(first, second, Ground(g)) for first, second, g in session.execute(union_all(*every))]
    named = [(first, second) for first, second, ground in rows if ground is Ground.NAME]
    found: dict[PairIds, tuple[Ground, ...]] = {}
    for first, second, ground in rows:
        if ground is not Ground.NAME:
            found[first, second] = (*found.get((first, second), ()), ground)
    for pair, grounds in _alike(session, named).items() if named else ():
        found[pair] = (*found.get(pair, ()), *grounds)
    return found


def _alike(session: Session, named: Sequence[PairIds]) -> dict[PairIds, tuple[Ground, ...]]:
    """Of pairs with equal names those whose employer or birth date is equal too."""
    ids = {case_id for pair in named for case_id in pair}
    form = col(Case.form)
    said = rows_of(col(Case.id), form["employer"].astext, form["birth_date"].astext)
    told = {i: (folded(e or ""), b or "") for i, e, b in session.execute(said.where(col(Case.id).in_(ids)))}
    found: dict[PairIds, tuple[Ground, ...]] = {}
    for first, second in named:
        same = [bool(x) and x == y for x, y in zip(told[first], told[second], strict=True)]
        grounds = (Ground.NAME_EMPLOYER, Ground.NAME_BIRTH)
        if any(same):
            found[first, second] = tuple(g for g, is_same in zip(grounds, same, strict=True) if is_same)
    return found


def read_pairs(session: Session, wanted: Sequence[tuple[PairIds, tuple[Ground, ...]]]) -> list[Pair]:
    """The pairs with their cases, in the order given."""
    ids = {case_id for pair, _ in wanted for case_id in pair}
    cases = {c.id: c for c in session.exec(select(Case).where(col(Case.id).in_(ids)))}
    return [Pair(cases[first], cases[second], grounds) for (first, second), grounds in wanted]


def pairs_of(session: Session, case: Case) -> list[Pair]:
    """The unsettled pairs in which this case is one."""
    found = unsettled(session, case.season_id, case)
    return read_pairs(session, list(found.items())) if found else []


def certain_doubles(session: Session, case: Case) -> list[Case]:
    """Other applications with the same ID number."""
    if case.id_index is None:
        return []
    same = select(Case).where(Case.season_id == case.season_id, Case.id_index == case.id_index)
    return list(session.exec(same.where(Case.id != case.id, stands()).order_by(col(Case.number))))


def check_settled(session: Session, case: Case) -> Verdict:
    """What the office has to settle before it lets a case pass: who applies twice, and by which channel (四)."""
    found: list[Reason] = []
    if case.channel_doubted:
        text = f"{case.number}是从他人的汇总表录入的，申报渠道还没有确认，请先在“待确认渠道”中确认。"
        found.append(Reason("channel_unconfirmed", text, "四"))
    if others := certain_doubles(session, case):
        numbers = "、".join(c.number for c in others)
        text = f"{case.number}与{numbers}的身份证号相同，请先在“重复申报”中核定保留哪一个。"
        found.append(Reason("same_person_unsettled", text, "四"))
    return tuple(found) or OPEN


def recommending_candidates(session: Session, notice: Notice, case: Case) -> list[Case]:
    """Other candidates of the season whose ID number a recommender of this case has."""
    columns = [
        (f.key, c.key)
        for f in notice.fields_of(case.channel)
        for c in f.columns
        if c.kind is FieldKind.ID_NUMBER
    ]
    if not columns:
        return []
    form = whole_form(case)
    numbers = {clean_number(str(row.get(c) or "")) for key, c in columns for row in form.get(key) or []}
    digests = {d for d in (blind("id_number", n) for n in numbers) if d is not None}
    wanted = select(Case).where(Case.season_id == case.season_id, col(Case.id_index).in_(digests))
    return list(session.exec(wanted.where(stands()).order_by(col(Case.number))))
