"""How does one candidate go from 基层申报 to 认定?"""

from uuid import UUID

from prefect import flow

from flows.walking import pass_step, steps_ahead
from tasks.walk import Subject


@flow(name="case", persist_result=False)
def case_flow(case_id: UUID) -> None:
    """一名人选：按本年度通知的工作安排，一步一步办理；每个关口由人决定。"""
    for step in steps_ahead(Subject("case", case_id)):
        pass_step(step)
