"""How does a season take the steps that concern all its candidates: lists, meetings, the public notice?"""

from uuid import UUID

from prefect import flow

from flows.walking import pass_step, steps_ahead
from tasks.walk import Subject


@flow(name="season", persist_result=False)
def season_flow(season_id: UUID) -> None:
    """一个年度：评审名单、会议、公示、联合发文、宣传展示，按通知的次序逐步办理。"""
    for step in steps_ahead(Subject("season", season_id)):
        pass_step(step)
