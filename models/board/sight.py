"""What of the season may this person see on the board? One filter for every figure."""

from sqlalchemy import ARRAY, ColumnElement, Date, Uuid, and_, any_, cast, func, literal, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.case import Case
from models.gates import Gate
from models.viewer import Viewer

ZONE = "Asia/Shanghai"


def gates_in_view(viewer: Viewer, *, of_season: bool = True) -> ColumnElement[bool]:
    """The gates of the cases in view; with `of_season` the season's own too, whose progress everybody reads."""
    own = col(Gate.season_id) == viewer.season.id
    whole = col(Gate.case_id).is_(None)
    if viewer.sees_all:
        return own if of_season else and_(own, ~whole)
    seen = _among(Gate.case_id, viewer)
    return and_(own, or_(seen, whole) if of_season else seen)


def cases_in_view(viewer: Viewer) -> SelectOfScalar[Case]:
    """The cases in view, found once for the whole page."""
    return viewer.cases() if viewer.sees_all else select(Case).where(_among(Case.id, viewer))


def _among(column: object, viewer: Viewer) -> ColumnElement[bool]:
    ids = literal(list(viewer.case_ids), ARRAY(Uuid))
    return col(column) == any_(ids)


def knows_names(viewer: Viewer) -> bool:
    """Whether this person may read who judges whom: the names of experts are not for units and counties."""
    return viewer.reads_opinions


def knows_reached(viewer: Viewer) -> bool:
    """Whether there are cases of which this person is told who has opened a task."""
    return viewer.reads_opinions or bool(_reviewed_counties(viewer))


def told(viewer: Viewer) -> ColumnElement[bool]:
    """The cases of which he is told that: those whose opinions he may read, by the rule of `Viewer.reads`."""
    not_recused = or_(col(Case.id).is_(None), col(Case.id).not_in(viewer.recused_from))
    if viewer.reads_opinions:
        return not_recused
    return and_(col(Case.county).in_(_reviewed_counties(viewer)), not_recused)


def _reviewed_counties(viewer: Viewer) -> set[str]:
    counties = {u.id: u.county for u in viewer.units}
    own = {
        counties.get(s.organisation_id)
        for s in viewer.seats
        if s.organisation_id and s.body in viewer.county_reviewers
    }
    return {county for county in own if county}


def day_in(column: object) -> ColumnElement[object]:
    """The day in Shanghai on which a moment falls."""
    return cast(func.timezone(ZONE, column), Date)
