"""How is a season opened from a notice, and how does a practice season's clock move?"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import ceil

from sqlmodel import Session, col, select

from models.account_words import AccountEventKind
from models.database import reading, real_now, transaction
from models.notice import Notice, canonical, day_end, day_start
from models.people import Person
from models.season import NoticeVersion, Season, notice_of, now
from models.verdict import Reason, Refused
from models.words import EventKind
from tasks.account_log import named, note
from tasks.consent_text import begin_text
from tasks.record import lock_season, record, wake


def open_season(
    session: Session, notice: Notice, *, key: str | None = None, practice: bool = False
) -> Season:
    """Open a season: pin the notice by its digest, and wake the season's run now and at every date of the notice."""
    key = key or notice.key
    if session.exec(select(Season).where(Season.key == key)).first():
        raise Refused(Reason("season_exists", f"年度“{key}”已经开启，不能重复开启。"))
    if session.get(NoticeVersion, notice.digest) is None:
        session.add(NoticeVersion(digest=notice.digest, body=canonical(notice)))
        session.flush()
    title = f"{notice.title}（演练）" if practice else notice.title
    season = Season(
        key=key, title=title, notice_digest=notice.digest, practice=practice, opened_at=real_now()
    )
    session.add(season)
    session.flush()
    record(
        session,
        EventKind.SEASON_OPENED,
        season=season,
        notice=notice.digest,
        number=notice.number,
        consent=begin_text(session, season, notice).digest,
    )
    for moment in turning_points(notice):
        wake(session, season, at=moment)
    wake(session, season)
    if not practice:
        _end_practice_administrators(session)
    return season


def _end_practice_administrators(session: Session) -> None:
    """Their password is known to many: with the first real season they are none any longer."""
    of_practice = select(Person).where(col(Person.practice), col(Person.admin_role).is_not(None))
    for person in session.exec(of_practice).all():
        person.admin_role, person.active = None, False
        session.add(person)
        note(session, AccountEventKind.ROLE_ENDED, None, about=named(person), reason="开启正式年度")


def turning_points(notice: Notice) -> list[datetime]:
    """Every moment at which a day of the notice begins or ends, in order."""
    days = [d.day for d in notice.dates.values()]
    return sorted({day_start(d) for d in days} | {day_end(d) for d in days})


def next_turning_point(session: Session, season: Season) -> datetime | None:
    """The next moment after the season's now at which one of the notice's days begins or ends."""
    return next((m for m in turning_points(notice_of(session, season)) if m > now(season)), None)


def move_clock(session: Session, season: Season, to: datetime, actor: Person | None) -> None:
    """Move a practice season's clock forward; recorded, never back, never for a real season."""
    season = lock_season(session, season.id)
    if not season.practice:
        raise Refused(Reason("not_practice", "正式年度的时间不能调整。", kind="forbidden"))
    if to <= now(season):
        raise Refused(Reason("clock_back", "演练时钟只能向后调整。", kind="invalid", field="to"))
    before = now(season)
    season.offset_seconds += ceil((to - before) / timedelta(seconds=1))
    record(
        session,
        EventKind.CLOCK_MOVED,
        season=season,
        actor=actor,
        before=before.isoformat(),
        after=to.isoformat(),
    )
    wake(session, season)


def in_each_season(
    chosen: Callable[[Session], Sequence[Season]], verb: Callable[[Session, Season], object]
) -> None:
    """Do something in each of these seasons, in a transaction each: one that fails is tried again by the next round."""
    with reading() as session:
        ids = [season.id for season in chosen(session)]
    for season_id in ids:
        with transaction() as session:
            verb(session, session.get_one(Season, season_id))


def latest_season(session: Session) -> Season | None:
    """The season that pages and the API show when none is named: the one opened last that is not closed."""
    seasons = session.exec(select(Season)).all()
    return max(seasons, key=lambda s: (s.closed_at is None, s.opened_at), default=None)


def find_season(session: Session, key: str | None) -> Season:
    """The season of this key; without one the latest. Refused when there is none."""
    found = session.exec(select(Season).where(Season.key == key)).first() if key else latest_season(session)
    if found is None:
        text = f"没有年度“{key}”。" if key else "还没有开启年度。"
        raise Refused(Reason("unknown_season", text, kind="missing"))
    return found


def chosen_seasons(session: Session, key: str) -> Sequence[Season]:
    """The season of this key, or all of them, the first opened first."""
    if key:
        return [find_season(session, key)]
    return session.exec(select(Season).order_by(col(Season.opened_at))).all()
