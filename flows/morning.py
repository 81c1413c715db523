"""Who is told each working morning of what waits? Everybody, in every open season; see `tasks.deadlines`."""

from prefect import flow

from models.database import reading, transaction
from models.season import Season
from tasks.deadlines import hold_morning
from tasks.overview import open_seasons


@flow(name="morning", persist_result=False)
def tell_everybody() -> None:
    """晨间：给每个有待办的人发一封当日待办，到期和逾期的提醒都在其中。"""
    hold_mornings()


def hold_mornings() -> None:
    """Each season in a transaction of its own: one that fails is tried again by the next round."""
    with reading() as session:
        seasons = [season.id for season in open_seasons(session)]
    for season_id in seasons:
        with transaction() as session:
            hold_morning(session, session.get_one(Season, season_id))
