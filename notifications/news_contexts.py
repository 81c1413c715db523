"""What must be known to write the mails about lists, public notices and their corrections?"""

from datetime import datetime, timedelta

from models.notice import SHANGHAI
from notifications.contexts import NO_CLAUSE, Context, Line
from notifications.plaintext import lines
from settings import settings


class ListConfirmed(Context):
    """A list has been confirmed as a whole; its names are not repeated."""

    step: Line
    clause: Line
    names: int
    round: int = 1

    @property
    def url(self) -> str:
        return f"{settings().base_url}/lists"

    def _rows(self) -> list[tuple[str, str]]:
        clause = "" if self.clause == NO_CLAUSE else f"通知{self.clause}"
        return [*super()._rows(), ("名单", self.step), ("人数", f"{self.names}名"), ("依据", clause)]


class NoticeOpen(Context):
    """The public notice has begun."""

    step: Line
    due: datetime
    names: int

    @property
    def url(self) -> str:
        return f"{settings().base_url}/public"

    @property
    def last_day(self) -> str:
        day = self.due.astimezone(SHANGHAI) - timedelta(microseconds=1)
        return f"{day.year}年{day.month}月{day.day}日"

    def _rows(self) -> list[tuple[str, str]]:
        about = [("公示事项", self.step), ("公示人数", f"{self.names}名"), ("公示到", self.last_day)]
        return [*super()._rows(), *about]


class AnchorMade(Context):
    """The day's anchor of the record, to be kept outside; `whole`: with all heads that have moved."""

    day: Line
    anchor: int
    short: Line
    text: str
    whole: bool = True

    @property
    def url(self) -> str:
        return f"{settings().base_url}/dossiers"

    @property
    def text_lines(self) -> list[str]:
        return lines(self.text)

    def _rows(self) -> list[tuple[str, str]]:
        return [*super()._rows(), ("日期", self.day), ("序号", str(self.anchor)), ("散列前16位", self.short)]


class CorrectionWaits(Context):
    """A text that is published is to be put right: a second person releases it or not."""

    column: Line

    @property
    def url(self) -> str:
        return f"{settings().base_url}/publication"

    def _rows(self) -> list[tuple[str, str]]:
        return [*super()._rows(), ("更正栏目", self.column)]


class ErasureDue(Context):
    """Personal data whose time is over waits for two people (个人信息保护法第47条); nobody is named."""

    items: int
    classes: list[Line]

    @property
    def url(self) -> str:
        return f"{settings().base_url}/retention"
