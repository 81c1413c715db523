"""How does the office hear that personal data is due to be erased? By one mail a month; nothing is erased by itself."""

from sqlmodel import Session, col, select

from models.labels import label
from models.mail import Message
from models.season import Season, notice_of, now
from models.seats import mailed_of
from tasks.mail import queue
from tasks.retention_plan import Plan, plan


def remind_due(session: Session, season: Season) -> int:
    """Mail the office what is due, by class, without any name; once a month for each person. How many mails."""
    found = plan(session, season)
    if not found.due:
        return 0
    notice = notice_of(session, season)
    month = f"{now(season):%Y%m}"
    keyed = [(p, f"erasure:{season.id}:{month}:{p.id}") for p in mailed_of(session, season, [notice.office])]
    sent = select(Message.unique_key).where(col(Message.unique_key).in_([key for _, key in keyed]))
    known = set(session.exec(sent))
    new = [(p, key) for p, key in keyed if key not in known]
    for person, key in new:
        queue(
            session,
            "erasure_due",
            person,
            unique_key=key,
            season=season,
            award=notice.title,
            contact=notice.contact.name,
            contact_phone=notice.contact.phone,
            items=len(found.due),
            classes=summary(found),
        )
    return len(new)


def summary(found: Plan) -> list[str]:
    """One line for each class of which something is due, in figures."""
    return [
        f"{c.period.label}：" + "、".join(f"{label(p)} {n}" for p, n in c.parts.items())
        for c in found.classes
        if c.due
    ]
