"""How is the day's anchor made, and to whom does it go (design §11.12)?

Made by the regular round, at most once for each day of a season. After an outage the next round makes that day's: what
the chains were like on the days between nobody can know any more, so no anchor is made for them.
"""

from collections.abc import Sequence

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from models.anchor import (
    Anchor,
    AnchorHead,
    anchor_hash,
    heads_digest,
    lines_of,
    newest_anchor,
)
from models.anchor_text import MOST_LINES, anchor_text
from models.case import Case
from models.database import real_now
from models.event import GENESIS
from models.mail import Message
from models.notice import day_of
from models.season import Season, notice_of, now
from settings import settings
from tasks.mail import about
from tasks.record import lock_season

OF_SEASON = "年度"
# A practice season's mails go to the local catcher only, so one may always look at the mail there.
PRACTICE_AUDITOR = "auditor@example.org"


def seasons_to_anchor(session: Session) -> Sequence[Season]:
    """Seasons under way; closed ones only when something was still added to them."""
    seasons = session.exec(select(Season).order_by(col(Season.opened_at))).all()
    return [s for s in seasons if s.closed_at is None or _has_grown(session, s)]


def anchor_day(session: Session, season: Season) -> Anchor | None:
    """The anchor of the season's today, mailed to the auditors; None when today's is there already."""
    season = lock_season(session, season.id)
    last, today = newest_anchor(session, season.id), day_of(now(season))
    if last is not None and last.day >= today:
        return None
    heads = _heads(session, season)
    moved = _moved(session, season, heads)
    anchor = Anchor(
        season_id=season.id,
        number=last.number + 1 if last else 1,
        day=today,
        made_at=real_now(),
        chains=len(heads),
        events=sum(h.seq for h in heads),
        moved=len(moved),
        digest=heads_digest(moved),
        previous=last.hash if last else GENESIS,
        hash="",
    )
    for head in moved:
        head.number = anchor.number
    anchor.hash = anchor_hash(anchor, season.key)
    session.add(anchor)
    session.flush()
    session.add_all(moved)
    _mail(session, season, anchor, lines_of(moved))
    return anchor


def auditors(season: Season) -> list[str]:
    """The addresses to which the season's anchors go."""
    return settings().auditors or ([PRACTICE_AUDITOR] if season.practice else [])


def _heads(session: Session, season: Season) -> list[AnchorHead]:
    """The heads of all chains; what is not committed yet belongs to the next day."""
    cases = select(Case.id, Case.number, Case.event_seq, Case.event_head).where(Case.season_id == season.id)
    rows = [*session.exec(cases), (season.id, OF_SEASON, season.event_seq, season.event_head)]
    return [
        AnchorHead(season_id=season.id, number=0, chain=chain, label=label, seq=seq, hash=head)
        for chain, label, seq, head in rows
    ]


def _moved(session: Session, season: Season, heads: Sequence[AnchorHead]) -> list[AnchorHead]:
    known = dict(
        session.execute(
            rows_of(col(AnchorHead.chain), col(AnchorHead.hash))
            .where(col(AnchorHead.season_id) == season.id)
            .order_by(col(AnchorHead.chain), col(AnchorHead.number).desc())
            .ext(distinct_on(col(AnchorHead.chain)))
        ).all()
    )
    return [h for h in heads if known.get(h.chain) != h.hash]


def _has_grown(session: Session, season: Season) -> bool:
    last = newest_anchor(session, season.id)
    cases = select(func.coalesce(func.sum(Case.event_seq), 0)).where(Case.season_id == season.id)
    return last is not None and last.events != session.exec(cases).one() + season.event_seq


def _mail(session: Session, season: Season, anchor: Anchor, lines: Sequence[str]) -> None:
    text = anchor_text(anchor, season.key, lines if len(lines) <= MOST_LINES else [])
    notice = notice_of(session, season)
    for address in auditors(season):
        session.add(
            Message(
                season_id=season.id,
                address=address,
                template="anchor",
                context={
                    "person": "审计人员",
                    "season": season.title,
                    "practice": season.practice,
                    "day": anchor.day.isoformat(),
                    "anchor": anchor.number,
                    "short": anchor.short,
                    "text": text,
                    "whole": len(lines) <= MOST_LINES,
                    **about(notice, None),
                },
                unique_key=f"anchor:{season.id}:{anchor.number}:{address}",
                queued_at=real_now(),
            )
        )
