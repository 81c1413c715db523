"""Which text of the notice and consent (告知同意书) does a season use, and how does it get a newer one?"""

import hashlib
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from models.consent import ConsentText, text_body, text_in_force
from models.notice import Notice
from models.people import Person
from models.season import Season, notice_of, now
from models.verdict import Reason, Refused
from models.words import EventKind
from notices.consent import Version, filled_in, read_versions
from tasks.record import lock_season, record


def begin_text(session: Session, season: Season, notice: Notice) -> ConsentText:
    """The newest version, with which a season begins."""
    return _set(session, season, notice, read_versions()[-1], None)


def set_text(session: Session, season_id: UUID, file: Path, by: Person | None) -> list[ConsentText]:
    """Let the season use what the file has beyond the version in force, in order; on record, older consents stay."""
    season = lock_season(session, season_id)
    notice, before = notice_of(session, season), text_in_force(session, season.id)
    newer = [v for v in read_versions(file) if before is None or v.version > before.version]
    if not newer:
        using = before.version if before else 0
        said = f"年度“{season.title}”已经在用第{using}版，文件里没有更新的版本。"
        raise Refused(Reason("nothing_newer", said))
    found = [_set(session, season, notice, version, by) for version in newer]
    for text in found:
        record(
            session,
            EventKind.CONSENT_TEXT_SET,
            season=season,
            actor=by,
            version=text.version,
            digest=text.digest,
            grows=text.grows,
        )
    return found


def _set(
    session: Session, season: Season, notice: Notice, version: Version, by: Person | None
) -> ConsentText:
    body = filled_in(version, notice)
    text = ConsentText(
        season_id=season.id,
        version=version.version,
        digest=hashlib.sha256(text_body(body).encode()).hexdigest(),
        body=body,
        set_by=by.id if by else None,
        set_at=now(season),
    )
    session.add(text)
    session.flush()
    return text
