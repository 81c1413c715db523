"""What does the mail server's answer mean for the mail, and for the queue?"""

from dataclasses import dataclass
from enum import StrEnum

from notifications.plaintext import one_line


class Fate(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    LATER = "later"  # the server asks to try this mail again later
    REFUSED = "refused"  # the server will not take this mail
    SUSPENDED = "suspended"  # an account is suspended: ours, or the recipient's
    HELD = "held"  # the server will take nothing from us for now
    STOPPED = "stopped"  # the server has closed our account to us: to try again would only lock it
    UNREACHABLE = "unreachable"  # there is no server, or it left before the mail's end
    UNKNOWN = "unknown"  # the server left after the mail's end, without a word
    ABANDONED = "abandoned"  # somebody else has the mail; not sent by us


class Stage(StrEnum):
    """How far the conversation had come."""

    CONNECT = "connect"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    END = "end"


@dataclass(frozen=True)
class Answer:
    """The fate of one attempt, with the server's own words."""

    fate: Fate
    words: str = ""


# Said about us and not about one mail, at whatever stage.
ABOUT_US = {421, 454}
# Our name or password is not accepted.
NOT_LET_IN = {530, 534, 535, 538}


def judge(stage: Stage, code: int, text: str) -> Answer:
    """Read the server's reply; before the recipient is named, every refusal is about us."""
    words = one_line(f"{code} {text}")
    if stage is Stage.END and 200 <= code < 300:
        return Answer(Fate.SENT, words)
    suspended = code >= 500 and "suspend" in text.lower()
    about_us = stage in {Stage.CONNECT, Stage.SENDER}
    if code in NOT_LET_IN or (about_us and suspended):
        return Answer(Fate.STOPPED, words)
    if about_us or code in ABOUT_US:
        return Answer(Fate.HELD, words)
    if code >= 500:
        return Answer(Fate.SUSPENDED if suspended else Fate.REFUSED, words)
    return Answer(Fate.LATER, words)
