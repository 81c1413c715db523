"""Who reminds the office that personal data is kept long enough? This flow, every night; it erases nothing."""

from prefect import flow
from sqlmodel import Session, select

from models.season import Season
from tasks.retention_reminder import remind_due
from tasks.seasons import in_each_season


@flow(name="retention", persist_result=False)
def remind() -> None:
    """保留期限：每晚查看有没有保留期满的个人信息，有的话每月提醒办公室一次；从不自动清除。"""
    in_each_season(_every_season, remind_due)


def _every_season(session: Session) -> list[Season]:
    return list(session.exec(select(Season)).all())
