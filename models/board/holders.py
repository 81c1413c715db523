"""With whom do the open tasks lie: by county, unit, department, expert or person?

One row a holder: how many tasks, how long the oldest has waited, how many are late, opened without an answer or not
even opened, and when they were asked for again last.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from models.board.days import Days
from models.board.lying import Group, Lying, grouped, groups, opened_by, read_names, seats
from models.board.sight import knows_names
from models.board.wanted import NONE, Wanted
from models.case import Case
from models.notice import day_of
from models.viewer import Viewer
from models.words import Relation


class By(StrEnum):
    """What the tasks are grouped by."""

    COUNTY = "county"
    UNIT = "unit"
    DEPARTMENT = "department"
    EXPERT = "expert"
    PERSON = "person"


BY_LABELS = {
    By.DEPARTMENT: "部门",
    By.COUNTY: "县（区）",
    By.UNIT: "推荐单位",
    By.EXPERT: "专家",
    By.PERSON: "人员",
}


class Sort(StrEnum):
    """How the rows are ordered; all but the name from the greatest down."""

    LATE = "late"
    DAYS = "days"
    OPEN = "open"
    UNOPENED = "unopened"
    NAME = "name"


@dataclass(frozen=True)
class Holder:
    """One row; `wanted` names the tasks behind it; `nobody`: no seat is held there, so nobody could answer."""

    label: str
    about: str
    wanted: Wanted
    lying: Lying
    days: int
    nobody: bool = False


def groupings(viewer: Viewer) -> list[By]:
    """What this person may group by: the names of experts are for those who read opinions."""
    return [by for by in BY_LABELS if knows_names(viewer) or by not in (By.EXPERT, By.PERSON)]


def read_holders(
    viewer: Viewer, by: By, days: Days, labels: Callable[[str | None], str], sort: Sort = Sort.LATE
) -> list[Holder]:
    """The rows of one grouping in a constant number of statements; `labels` names the counties."""
    match by:
        case By.COUNTY:
            rows = _by_county(viewer, labels)
        case By.UNIT:
            rows = _by_unit(viewer)
        case By.DEPARTMENT:
            rows = _by_department(viewer)
        case By.EXPERT:
            rows = _by_expert(viewer)
        case By.PERSON:
            rows = _by_person(viewer)
    found = [
        Holder(label, about, wanted, lying, _days(days, lying), nobody)
        for label, about, wanted, lying, nobody in rows
    ]
    return sorted(found, key=_order(sort))


_Row = tuple[str, str, Wanted, Lying, bool]


def _days(days: Days, lying: Lying) -> int:
    return days.waited(day_of(lying.oldest)) if lying.oldest else 0


def _order(sort: Sort) -> Callable[[Holder], Any]:
    """The order asked for first; then the late ones, the oldest, the name."""

    def key(row: Holder) -> Any:
        usual = (-row.lying.late, -row.days, -row.lying.open, row.label, row.about)
        first = {
            Sort.LATE: -row.lying.late,
            Sort.DAYS: -row.days,
            Sort.OPEN: -row.lying.open,
            Sort.UNOPENED: -row.lying.unopened,
            Sort.NAME: 0,
        }[sort]
        return (row.label, row.about) if sort is Sort.NAME else (first, *usual)

    return key


# --- the groupings -----------------------------------------------------------------------------------------------


def _by_county(viewer: Viewer, labels: Callable[[str | None], str]) -> list[_Row]:
    return [
        (labels(county) or "市直", "", Wanted(county=county or NONE), lying, False)
        for (county,), lying in grouped(viewer, Case.county, cases_only=True)
    ]


def _by_unit(viewer: Viewer) -> list[_Row]:
    rows = grouped(viewer, Case.unit_id, cases_only=True)
    names = read_names(viewer, [unit for (unit,), _ in rows], [])
    return [
        (names.organisations.get(unit, "没有推荐单位"), "", Wanted(unit=str(unit or NONE)), lying, False)
        for (unit,), lying in rows
    ]


def _by_department(viewer: Viewer) -> list[_Row]:
    merged: dict[tuple[str, UUID | None], Lying] = {}
    named: set[tuple[str, UUID | None]] = set()
    for group in groups(viewer):
        key = (group.body, group.organisation_id)
        merged.setdefault(key, Lying()).add(group.lying)
        if group.person_id is not None:
            named.add(key)
    names = read_names(viewer, [organisation for _, organisation in merged], [])
    seated = {
        (seat.body, organisation)
        for seat, _ in seats(viewer)
        for organisation in (seat.organisation_id, None)
    }
    rows: list[_Row] = []
    for (body, organisation), lying in merged.items():
        wanted = Wanted(body=body, organisation=str(organisation or ""))
        title = viewer.notice.body(body).label
        label = names.organisations.get(organisation, title) if organisation else title
        nobody = (body, organisation) not in seated and (body, organisation) not in named
        rows.append((label, title if label != title else "", wanted, lying, nobody))
    return rows


def _by_expert(viewer: Viewer) -> list[_Row]:
    judging = {b.key for b in viewer.notice.bodies if b.relation is Relation.ASSIGNED}
    found = [g for g in groups(viewer) if g.body in judging and g.person_id]
    names = read_names(viewer, [], [g.person_id for g in found])
    return [
        (
            names.people[g.person_id],
            viewer.notice.body(g.body).label,
            Wanted(body=g.body, person=str(g.person_id)),
            g.lying,
            False,
        )
        for g in found
        if g.person_id
    ]


def _by_person(viewer: Viewer) -> list[_Row]:
    """Whoever may answer: the one who is named, or everyone who sits in the body asked; each opened for himself."""
    by_body: dict[tuple[str, UUID | None], list[Group]] = {}
    merged: dict[UUID, Lying] = {}
    places: dict[UUID, set[str]] = {}
    for group in groups(viewer):
        if group.person_id is None:
            by_body.setdefault((group.body, group.organisation_id), []).append(group)
        else:
            _give(merged, places, group.person_id, group, viewer)
    for seat, _ in seats(viewer):
        for organisation in {seat.organisation_id, None}:
            for group in by_body.get((seat.body, organisation), []):
                _give(merged, places, seat.person_id, group, viewer)
    opened = opened_by(viewer)
    names = read_names(viewer, [], merged)
    for person, lying in merged.items():
        lying.opened = min(lying.told, opened.get(person, 0))
    return [
        (names.people[p], "、".join(sorted(places[p])), Wanted(person=str(p)), lying, False)
        for p, lying in merged.items()
    ]


def _give(
    merged: dict[UUID, Lying], places: dict[UUID, set[str]], person: UUID, group: Group, viewer: Viewer
) -> None:
    merged.setdefault(person, Lying()).add(group.lying)
    places.setdefault(person, set()).add(viewer.notice.body(group.body).label)
