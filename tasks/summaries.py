"""Who stands on the 附件2 of a unit, a county or the season, in which order, and with whose telephone numbers?

Only whom the asking person may see; numbers in full only where this person may read them, masked otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select as rows_of
from sqlmodel import col, select

from documents.summary_checks import ColumnKind
from documents.summary_columns import Layout
from documents.summary_sheet import write_summary
from models.case import Case
from models.importing import SheetImport
from models.notice import day_of
from models.people import Organisation
from models.personal import masked_form, whole_form
from models.priorities import Place, places, still_in
from models.reading import may_read_numbers
from models.verdict import Reason, Refused
from models.viewer import Viewer
from models.words import EventKind, FieldKind, ImportState, OrganisationKind
from tasks.directory import county_labels
from tasks.import_rows import headings_of
from tasks.imports import checked_of
from tasks.record import lock_season, record


@dataclass(frozen=True)
class Wanted:
    """Whose list: a county's by its key, a unit's by its name; everybody's when neither is given."""

    county: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Summary:
    """A written list, of so many people; of `others` the reader has taken away the full numbers, typed by others."""

    filename: str
    content: bytes
    people: int
    others: int


def write_list(viewer: Viewer, wanted: Wanted, *, paper: str = "A4") -> Summary:
    """附件2 of those in view, named as the notice asks for files to be named (七（三）)."""
    notice = viewer.notice
    if notice.summary is None:
        raise Refused(Reason("no_summary", "本年度的通知没有汇总表，不能导出。"))
    organisation = _organisation(viewer, wanted)
    found = _cases(viewer, wanted, organisation)
    rows = summary_rows(viewer, found, organisation)
    whose = organisation.name if organisation else notice.authority
    filename = f"{whose}申报{notice.year}年度{notice.award_name}材料.xlsx"
    others = sum(may_read_numbers(viewer, c) and c.entered_by != viewer.person.id for c, _ in found)
    return Summary(filename, write_summary(notice, rows, paper=paper), len(rows), others)


def take_list(viewer: Viewer, wanted: Wanted, *, paper: str = "A4") -> Summary:
    """The same for somebody who takes it away: that full numbers of others went with it is put on record."""
    made = write_list(viewer, wanted, paper=paper)
    if made.others:
        record(
            viewer.session,
            EventKind.NUMBERS_SEEN,
            season=lock_season(viewer.session, viewer.season.id),
            actor=viewer.person,
            reason=f"导出汇总表，含{made.others}名他人填报的人选",
        )
    return made


def _organisation(viewer: Viewer, wanted: Wanted) -> Organisation | None:
    """The organisation whose list it is: its order counts."""
    if wanted.unit:
        found = viewer.session.exec(select(Organisation).where(Organisation.name == wanted.unit)).first()
        if found is None:
            text = f"单位名录里没有“{wanted.unit}”，请核对全称。"
            raise Refused(Reason("unknown_unit", text, "附件2", "invalid", "unit"))
        return found
    if wanted.county and wanted.county not in county_labels():
        text = f"没有代码为“{wanted.county}”的县（区），请核对。"
        raise Refused(Reason("unknown_county", text, "附件2", "invalid", "county"))
    union = select(Organisation).where(
        Organisation.kind == OrganisationKind.COUNTY_UNION, Organisation.county == wanted.county
    )
    return viewer.session.exec(union).first() if wanted.county else None


def summary_rows(
    viewer: Viewer, found: Sequence[tuple[Case, str | None]], organisation: Organisation | None
) -> list[dict[str, str]]:
    """One row a person, those first whom the organisation has put first."""
    placed = places(viewer.session, viewer.season.id, [c.id for c, _ in found])
    ages = _ages_told(viewer, [c for c, _ in found])
    heading = headings_of(viewer.notice)
    layout = Layout(viewer.notice)
    age = layout.heading(ColumnKind.AGE)
    labels = {c.key: c.label for c in viewer.notice.channels}
    today = day_of(viewer.moment)
    rows: list[tuple[tuple[str, int, str], dict[str, str]]] = []
    for case, unit in found:
        readable = may_read_numbers(viewer, case)
        form = whole_form(case) if readable else masked_form(viewer.notice, case)
        values = layout.values_of(form, today)
        if age and not values[age]:
            values[age] = ages.get(case.id, "")
        place = _place(placed.get(case.id, []), organisation)
        values[heading.recommender] = unit or labels.get(case.channel, "")
        values[heading.priority] = str(place.position) if place else ""
        group = "" if organisation else (place.organisation if place else "~")
        rows.append(((group, place.position if place else 1_000_000, case.number), values))
    return [values for _, values in sorted(rows, key=lambda r: r[0])]


def _cases(
    viewer: Viewer, wanted: Wanted, organisation: Organisation | None
) -> Sequence[tuple[Case, str | None]]:
    shown = viewer.cases().where(still_in())
    if wanted.county:
        shown = shown.where(Case.county == wanted.county)
    if wanted.unit and organisation:
        shown = shown.where(Case.unit_id == organisation.id)
    joined = shown.outerjoin(Organisation, col(Organisation.id) == col(Case.unit_id))
    return [(c, u) for c, u in viewer.session.execute(joined.add_columns(col(Organisation.name)))]


def _place(given: Sequence[Place], organisation: Organisation | None) -> Place | None:
    """The place that the organisation gave; in the list of all, the county's before the unit's."""
    if organisation is not None:
        return next((p for p in given if p.organisation == organisation.name), None)
    return given[-1] if given else None


def _ages_told(viewer: Viewer, cases: Sequence[Case]) -> dict[UUID, str]:
    """The age that an imported sheet told of those whose birth date is not known yet."""
    born = [f.key for f in viewer.notice.fields if f.column and f.kind is FieldKind.DATE]
    lacking = {c.id for c in cases if not any(c.form.get(k) for k in born)}
    heading = Layout(viewer.notice).heading(ColumnKind.AGE)
    if not lacking or not heading:
        return {}
    confirmed = select(SheetImport).where(
        SheetImport.season_id == viewer.season.id, SheetImport.state == ImportState.CONFIRMED
    )
    found: dict[UUID, str] = {}
    for sheet in viewer.session.exec(confirmed):
        checked = checked_of(sheet)
        for row in checked.result["rows"]:
            case_id = UUID(checked.cases[str(row["row"])])
            if case_id in lacking:
                found[case_id] = str(row["values"].get(heading, ""))
    return found


def counties_in_view(viewer: Viewer) -> list[str]:
    """The counties of which this person sees somebody, in the directory's order."""
    held = rows_of(viewer.cases().subquery().c.county).distinct()
    seen = set(viewer.session.execute(held).scalars())
    return [key for key in county_labels() if key in seen]


def units_in_view(viewer: Viewer) -> list[str]:
    """The recommending units of which this person sees somebody, by name."""
    held = viewer.cases().subquery().c.unit_id
    wanted = select(Organisation.name).where(col(Organisation.id).in_(rows_of(held)))
    return sorted(viewer.session.exec(wanted))
