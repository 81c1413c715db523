"""What becomes of a mail of ours that came back? It is marked 退信 with the reason, and nothing is sent again."""

from uuid import UUID

from sqlmodel import Session, col, select

from models.mail import Message
from models.words import MessageState
from notifications.incoming import Mail
from notifications.plaintext import without_personal_numbers


def mark_bounced(session: Session, mail: Mail) -> int:
    """Mark all that went in the letters which this mail sends back; how many messages that were.

    Only what was handed over can come back; a second report of the same letter changes nothing.
    """
    ids = [UUID(i) for i in mail.bounced]
    if not ids:
        return 0
    back = session.exec(
        select(Message)
        .where(col(Message.letter_id).in_(ids))
        .where(col(Message.state).in_((MessageState.SENT, MessageState.UNKNOWN)))
        .with_for_update()
    ).all()
    words = without_personal_numbers(mail.bounce_words)
    for message in back:
        message.state = MessageState.BOUNCED
        message.error = f"对方邮件系统退回：{words}。请核对收件地址，更正后重发，或电话通知。"
        session.add(message)
    return len(back)
