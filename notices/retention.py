"""How long is which class of personal data kept, from when, and by what law? Read from `retention.yaml`."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from models.data_words import DataClass
from models.notice import SHANGHAI
from models.notice_part import Key, Part
from notices.data_files import read_data, unusable

FILE = Path(__file__).resolve().parent / "retention.yaml"
MONTHS = 12


class Period(Part):
    """One class: what of it goes, how long after what."""

    key: DataClass
    label: str
    what: str
    documents: list[Key] = Field([])
    after: Literal["season_closed", "saved"]
    months: int | None = Field(None, ge=1, le=1200)
    days: int | None = Field(None, ge=1, le=36500)
    law: str

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.months is None) == (self.days is None):
            raise ValueError("months 和 days 须写一个，且只写一个")
        return self

    def until(self, since: datetime) -> datetime:
        """When the period that began then is over; the last day of a shorter month stands for a missing one."""
        if self.days is not None:
            return since + timedelta(days=self.days)
        local = since.astimezone(SHANGHAI)
        count = local.year * MONTHS + local.month - 1 + (self.months or 0)
        year, month = divmod(count, MONTHS)
        for day in range(local.day, 0, -1):
            try:
                return local.replace(year=year, month=month + 1, day=day)
            except ValueError:
                continue
        return local

    @property
    def length(self) -> str:
        return f"{self.months}个月" if self.months else f"{self.days}天"


class Exempt(Part):
    """What is not erased here, and why."""

    label: str
    why: str


class Schedule(Part):
    classes: list[Period]
    kept: list[Exempt] = Field([])


@cache
def read_schedule(path: Path = FILE) -> Schedule:
    """Raises `NoticeError` when the file can't be used; every class stands in it once."""
    read = read_data(path, Schedule)
    if sorted(c.key for c in read.classes) != sorted(DataClass):
        raise unusable(path, f"须写齐各类，每类一次：{'、'.join(DataClass)}")
    return read
