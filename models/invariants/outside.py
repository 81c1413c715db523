"""Does what leaves the record keep to the rules: mails, the dashboard, the logs (design §8, 10 11)?"""

import re
from collections.abc import Iterator
from pathlib import Path

from sqlmodel import col, select

from models.database import real_now
from models.invariants.scene import Scene, engine_lives
from models.mail import Message
from models.words import MessageState
from settings import settings

# An ID number or a mobile number.
PERSONAL_NUMBER = re.compile(r"(?<![0-9A-Fa-f-])(?:\d{17}[\dXx]|1[3-9]\d{9})(?![0-9A-Fa-f-])")
LOG_BYTES = 2_000_000
UNSENT = (MessageState.FAILED, MessageState.SKIPPED, MessageState.UNKNOWN, MessageState.BOUNCED)


def nothing_personal(scene: Scene) -> Iterator[str]:
    """10: no personal number and no candidate's name in Prefect's texts, no personal number in the logs."""
    names = {c.name for c in scene.cases}
    for run in (scene.runs or {}).values():
        for text in run.texts:
            if PERSONAL_NUMBER.search(text) or any(name in text for name in names):
                yield f"流程看板中的运行{run.id}含有人选姓名或号码。"
                break
    for path in sorted(settings().log_folder.glob("*.log")):
        if PERSONAL_NUMBER.search(_end_of(path)):
            yield f"运行日志{path.name}含有身份证号或手机号。"


def _end_of(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LOG_BYTES))
        return file.read().decode("utf-8", "replace")


def mails_end(scene: Scene) -> Iterator[str]:
    """11: what is sent has its time, what failed its reason; nothing stays half sent."""
    for message in scene.session.exec(
        select(Message).where(Message.season_id == scene.season.id).order_by(col(Message.queued_at))
    ):
        if message.state == MessageState.SENT and message.sent_at is None:
            yield f"邮件{message.id}已发送，却没有发送时间。"
        elif message.state in UNSENT and not message.error:
            yield f"邮件{message.id}没有发出，却没有写明原因。"
        elif message.state == MessageState.SENDING and _lease_is_over(message):
            yield f"邮件{message.id}停在发送中。"


def _lease_is_over(message: Message) -> bool:
    return engine_lives() and (message.claimed_until is None or message.claimed_until < real_now())
