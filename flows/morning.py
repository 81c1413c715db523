"""Who is told each working morning of what waits? Everybody, in every open season; see `tasks.deadlines`."""

from prefect import flow

from tasks.deadlines import hold_morning
from tasks.overview import open_seasons
from tasks.seasons import in_each_season


@flow(name="morning", persist_result=False)
def tell_everybody() -> None:
    """晨间：给每个有待办的人发一封当日待办，到期和逾期的提醒都在其中。"""
    in_each_season(open_seasons, hold_morning)
