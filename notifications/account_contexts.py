"""What must be known to write the mail by which somebody sets a password?"""

from datetime import datetime
from uuid import UUID

from models.notice import SHANGHAI
from notifications.contexts import Context, Line
from notifications.links import account_url


class AccountLink(Context):
    """An account was made for this person, or the password is to be set anew."""

    link: UUID
    login: Line
    until: datetime

    @property
    def url(self) -> str:
        return account_url(self.link)

    @property
    def until_text(self) -> str:
        until = self.until.astimezone(SHANGHAI)
        return f"{until.month}月{until.day}日{until:%H:%M}"

    def _rows(self) -> list[tuple[str, str]]:
        return [("登录名", self.login), ("链接有效期", f"{self.until_text}前，只能用一次")]
