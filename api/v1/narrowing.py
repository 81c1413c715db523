"""To what may a program narrow a list? The filters of the pages, by the same names."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.v1.caller import Text
from models.narrowing import Filters

Filter = Annotated[Text, Query(max_length=80)]


def filters(
    q: Annotated[Text, Query(max_length=80, description="姓名、拼音（首字母）、单位、编号")] = "",
    step: Annotated[Text, Query(max_length=80, description="环节；列案件时指开着的环节")] = "",
    stage: Filter = "",
    channel: Filter = "",
    county: Annotated[Text, Query(max_length=80, description="县（区）代码，city 为市直")] = "",
    unit: Annotated[Text, Query(max_length=80, description="工作单位或推荐单位的名称含")] = "",
    category: Filter = "",
    outcome: Annotated[Text, Query(max_length=80, description="结果，live 为在办")] = "",
    late: Annotated[
        Literal["", "late", "today", "soon"], Query(description="已超期、今日、两个工作日内")
    ] = "",
    returned: Annotated[Literal["", "once"], Query(description="once 为曾退回补正")] = "",
) -> Filters:
    return Filters(
        q=q,
        step=step,
        stage=stage,
        channel=channel,
        county=county,
        unit=unit,
        category=category,
        outcome=outcome,
        late=late,
        returned=returned,
    )


Narrowed = Annotated[Filters, Depends(filters)]
