"""What of the season may this person see on the board? One filter for every figure."""

from sqlalchemy import ColumnElement, Date, and_, cast, func, or_
from sqlmodel import col

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
    seen = col(Gate.case_id).in_(viewer.cases().with_only_columns(col(Case.id)))
    return and_(own, or_(seen, whole) if of_season else seen)


def knows_names(viewer: Viewer) -> bool:
    """Whether this person may read who judges whom: the names of experts are not for units and counties."""
    return viewer.reads_opinions


def knows_reached(viewer: Viewer) -> bool:
    """Whether this person is told who has opened a task: whoever may read the opinions on all that he sees."""
    return viewer.reads_opinions or (bool(viewer.bodies) and viewer.bodies <= viewer.county_reviewers)


def day_in(column: object) -> ColumnElement[object]:
    """The day in Shanghai on which a moment falls."""
    return cast(func.timezone(ZONE, column), Date)
