"""Where does each row of an uploaded 附件2 go, and does the record already know its person?

To what the sheet itself says (`documents.summary_table`) this adds what only the record can tell. A double is
suspected by name, employer and telephone and never stops an import: certain it is only with the ID number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from documents.problems import Problem, Severity
from documents.summary_checks import ColumnKind, number_of
from documents.summary_columns import Layout
from documents.summary_rows import told
from models.case import Case
from models.channels import county_routes, fitting_routes, unit_channels
from models.crypto import blind
from models.doubles import folded, stands
from models.form import OTHER_CATEGORY, check_known, check_shape
from models.notice import Channel, Notice
from models.people import Organisation
from models.tidy import tidy_form
from models.viewer import Viewer
from models.words import FieldKind, OrganisationKind
from tasks.intake import Application, check_application

RECOMMENDERS = (OrganisationKind.UNIT, OrganisationKind.COUNTY_UNION, OrganisationKind.CITY_UNION)


@dataclass(frozen=True)
class Destination:
    """By which channel and route a person enters, and who recommends; a channel named by another is doubted."""

    channel: str
    route: str
    unit_id: str | None = None
    county: str | None = None
    doubted: bool = False

    def application(self, form: Mapping[str, Any]) -> Application:
        return Application(
            name=str(form.get("name", "")),
            channel=self.channel,
            route=self.route,
            county=self.county,
            unit_id=UUID(self.unit_id) if self.unit_id else None,
            form=form,
            channel_doubted=self.doubted,
        )


@dataclass(frozen=True)
class Heading:
    """The headings by which the columns that matter here are called in this season."""

    name: str
    employer: str
    phone: str
    recommender: str
    priority: str


def headings_of(notice: Notice) -> Heading:
    layout = Layout(notice)
    return Heading(
        name=notice.field("name").column or "",
        employer=notice.field("employer").column or "",
        phone=layout.heading(ColumnKind.PHONE),
        recommender=layout.heading(ColumnKind.RECOMMENDER),
        priority=layout.heading(ColumnKind.PRIORITY),
    )


def row_form(layout: Layout, values: Mapping[str, Any]) -> dict[str, Any]:
    """The application that a row makes, as it is kept."""
    notice = layout.notice
    form = tidy_form(notice, layout.form_of({k: str(v) for k, v in values.items()}))
    category = next((f for f in notice.fields if f.kind is FieldKind.CATEGORY), None)
    if category is not None and form.get(category.key) == "其他":
        form[category.key] = OTHER_CATEGORY
    return form


class RowChecks:
    """Looks at the rows of one file for one importing organisation (None: the office, for whoever is named)."""

    def __init__(self, viewer: Viewer, organisation: Organisation | None) -> None:
        self.session, self.season, self.notice = viewer.session, viewer.season, viewer.notice
        self.viewer, self.organisation = viewer, organisation
        self.heading, self.layout = headings_of(viewer.notice), Layout(viewer.notice)
        found = self.session.exec(select(Organisation).where(col(Organisation.kind).in_(RECOMMENDERS)))
        self.organisations = {folded(o.name): o for o in found}
        self._verdicts: dict[Destination, list[str]] = {}

    def check(self, result: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Add what is wrong to the rows of `result`; the destinations by row number."""
        rows = result["rows"]
        plan: dict[str, dict[str, Any]] = {}
        for row in rows:
            destination, problems = self._destination(str(row["values"].get(self.heading.recommender, "")))
            if destination is not None:
                plan[str(row["row"])] = asdict(destination)
                problems += self._entering(destination)
            problems += self._form(destination, row)
            _add(row, problems)
        note_same_in_file(self.notice, rows)
        for row, problem in self._same_in_season(rows, plan):
            _add(row, [problem])
        rejected = sum(any(p["severity"] == Severity.ERROR for p in r["problems"]) for r in rows)
        result |= {"rejected": rejected, "accepted": len(rows) - rejected}
        return plan

    # --- where to

    def _destination(self, named: str) -> tuple[Destination | None, list[Problem]]:
        found = self.organisations.get(folded(named))
        own = self.organisation
        if found is not None and own is not None and own.kind == OrganisationKind.UNIT != found.kind:
            text = f"填的“{found.name}”不是推荐人选的单位，将由“{own.name}”推荐。"
            return self._of_unit(own), [
                Problem(self.heading.recommender, "not_a_unit", text, Severity.WARNING)
            ]
        if found is not None:
            return self._of_unit(found), self._elsewhere(found)
        channel = self._channel(named)
        if channel is not None and channel.key not in unit_channels(self.notice):
            routes = [r for r in channel.routes if r not in county_routes(self.notice)]
            return Destination(channel.key, (routes or channel.routes)[0], doubted=True), []
        if self.organisation is not None:
            return self._of_unit(self.organisation), self._unknown(named, channel)
        code, text = "recommender_unknown", f"填的“{named}”不在单位名录里，请写推荐单位的全称。"
        if not named:
            code, text = "recommender_missing", "没有填写，请写推荐单位的全称。"
        return None, [Problem(self.heading.recommender, code, text)]

    def _channel(self, named: str) -> Channel | None:
        """The one channel that this may mean, named instead of a unit (四（二）、（三）)."""
        word = folded(named)
        fitting = [c for c in self.notice.channels if len(word) > 1 and _alike(word, folded(c.label))]
        return fitting[0] if len(fitting) == 1 else None

    def _of_unit(self, unit: Organisation) -> Destination:
        channels = [c for c in self.notice.channels if c.key in unit_channels(self.notice)]
        channel = (channels or self.notice.channels)[0]
        route = (fitting_routes(self.notice, channel, unit) or channel.routes)[0]
        county = unit.county if route in county_routes(self.notice) else None
        return Destination(channel.key, route, str(unit.id), county)

    def _elsewhere(self, unit: Organisation) -> list[Problem]:
        own = self.organisation
        if own is not None and own.kind == OrganisationKind.UNIT and unit.id != own.id:
            text = f"填的“{unit.name}”不是本单位。请改成“{own.name}”，或由“{unit.name}”自己申报。"
            return [Problem(self.heading.recommender, "foreign_unit", text)]
        if own is None or own.kind != OrganisationKind.COUNTY_UNION or unit.county == own.county:
            return []
        text = f"填的“{unit.name}”不属于{own.name}所在的县（区），请核对。"
        return [Problem(self.heading.recommender, "other_county", text, Severity.WARNING)]

    def _unknown(self, named: str, channel: Channel | None) -> list[Problem]:
        assert self.organisation is not None
        if channel is not None:
            return []
        what = f"填的“{named}”不在单位名录里" if named else "没有填写"
        text = f"{what}，将由“{self.organisation.name}”推荐。"
        return [Problem(self.heading.recommender, "recommender_unknown", text, Severity.WARNING)]

    def _entering(self, destination: Destination) -> list[Problem]:
        """What keeps anybody from entering this way: asked once for each way."""
        if destination not in self._verdicts:
            anybody = replace(destination.application({}), name="样例")
            verdict = check_application(self.session, self.season, self.notice, anybody)
            self._verdicts[destination] = [r.text for r in verdict]
        return [
            Problem(self.heading.recommender, "cannot_enter", f"：{text}")
            for text in self._verdicts[destination]
        ]

    def _form(self, destination: Destination | None, row: dict[str, Any]) -> list[Problem]:
        """What the application can't hold, where the sheet's own check has found nothing."""
        channel = destination.channel if destination else self.notice.channels[0].key
        form = row_form(self.layout, row["values"])
        faulty = {p["column"] for p in row["problems"] if p["severity"] == Severity.ERROR}
        columns = {f.key: f.column or "" for f in self.notice.fields}
        verdict = check_known(self.notice, channel, form) + check_shape(self.notice, channel, form)
        return [
            Problem(columns[r.field], r.code, f"：{r.text}")
            for r in verdict
            if columns.get(r.field) and columns[r.field] not in faulty
        ]

    # --- who is known already

    def _same_in_season(
        self, rows: list[dict[str, Any]], plan: Mapping[str, Mapping[str, Any]]
    ) -> Iterable[tuple[dict[str, Any], Problem]]:
        known = Known(self.session, self.season.id)
        for row in rows:
            unit = plan.get(str(row["row"]), {}).get("unit_id")
            values = row["values"]
            others = known.like(
                str(values.get(self.heading.name, "")),
                str(values.get(self.heading.employer, "")),
                number_of(str(values.get(self.heading.phone, ""))),
                unit,
            )
            if others:
                yield (
                    row,
                    Problem(
                        self.heading.name, "same_person_in_season", self._others(others), Severity.WARNING
                    ),
                )

    def _others(self, others: list[UUID]) -> str:
        """Which cases they are is told to those who may see them."""
        seen = self.viewer.cases().where(col(Case.id).in_(others)).order_by(col(Case.number))
        numbers = [c.number for c in self.session.exec(seen)]
        which = f"（{'、'.join(numbers)}）" if numbers else ""
        return f"在本年度可能已有申报{which}：姓名、单位或电话相同，请核对是否同一人；由办公室核定。"


def _alike(word: str, label: str) -> bool:
    return word in label or label in word


def _add(row: dict[str, Any], problems: Iterable[Problem]) -> None:
    for p in problems:
        text = f"第{row['row']}行“{p.field}”{p.message}"
        row["problems"].append(told(replace(p, message=text)))


def note_same_in_file(notice: Notice, rows: list[dict[str, Any]]) -> None:
    """Add to the later of two rows that may be the same person's that they may be."""
    by_number = {r["row"]: r for r in rows}
    for number, problem in _same_in_file(headings_of(notice), rows):
        _add(by_number[number], [problem])


def _same_in_file(heading: Heading, rows: list[dict[str, Any]]) -> Iterable[tuple[int, Problem]]:
    """The later row of two that name the same person: by name and employer, or name and telephone."""
    seen: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in rows:
        values = {k: str(v) for k, v in row["values"].items()}
        name = folded(values.get(heading.name, ""))
        keys = [
            ("employer", name, folded(values.get(heading.employer, ""))),
            ("phone", name, number_of(values.get(heading.phone, ""))),
        ]
        earlier = [seen[k] for k in keys if name and k[2] and k in seen]
        for key in keys:
            seen.setdefault(key, row)
        if earlier:
            yield (
                row["row"],
                Problem(
                    heading.name, "same_person_in_file", _twice(heading, earlier[0], row), Severity.WARNING
                ),
            )


def _twice(heading: Heading, earlier: dict[str, Any], row: dict[str, Any]) -> str:
    units = [str(r["values"].get(heading.recommender, "")) for r in (earlier, row)]
    apart = f"，推荐单位分别是“{units[0]}”和“{units[1]}”" if units[0] != units[1] else ""
    return f"与第{earlier['row']}行可能是同一人{apart}，请核对。"


class Known:
    """The people of a season as far as name, employer and telephone tell them apart."""

    def __init__(self, session: Session, season_id: UUID) -> None:
        wanted = rows_of(
            col(Case.id),
            col(Case.name),
            col(Case.form)["employer"].astext,
            col(Case.phone_index),
            col(Case.unit_id),
        )
        rows = session.execute(wanted.where(col(Case.season_id) == season_id, stands())).all()
        self._named: dict[tuple[str, str], list[UUID]] = {}
        self._phones: dict[str, list[tuple[UUID, str, UUID | None]]] = {}
        for case_id, name, employer, phone, unit_id in rows:
            self._named.setdefault((folded(name), folded(employer or "")), []).append(case_id)
            if phone:
                self._phones.setdefault(phone, []).append((case_id, folded(name), unit_id))

    def like(self, name: str, employer: str, phone: str, unit_id: str | None) -> list[UUID]:
        """Cases with the same name and employer, or the same telephone: one unit may give it for all of its people."""
        found = list(self._named.get((folded(name), folded(employer)), []))
        digest = blind("phone", phone)
        for case_id, other, unit in self._phones.get(digest or "", []):
            if case_id not in found and (other == folded(name) or str(unit) != str(unit_id)):
                found.append(case_id)
        return found
