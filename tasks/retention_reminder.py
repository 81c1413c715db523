"""How does the office hear that personal data is due to be erased? By one mail a month; nothing is erased by itself."""

from sqlmodel import Session

from models.labels import label
from models.season import Season, notice_of, now
from tasks.mail import tell_office_once
from tasks.retention_plan import Plan, plan


def remind_due(session: Session, season: Season) -> int:
    """Mail the office what is due, by class, without any name; once a month for each person. How many mails."""
    found = plan(session, season)
    if not found.due:
        return 0
    notice = notice_of(session, season)
    month = f"{now(season):%Y%m}"
    key = f"erasure:{season.id}:{month}"
    told = {"items": len(found.due), "classes": summary(found)}
    return tell_office_once(session, season, notice, "erasure_due", key, **told)


def summary(found: Plan) -> list[str]:
    """One line for each class of which something is due, in figures."""
    return [
        f"{c.period.label}：" + "、".join(f"{label(p)} {n}" for p, n in c.parts.items())
        for c in found.classes
        if c.due
    ]
