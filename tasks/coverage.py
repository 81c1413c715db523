"""How is it recorded what media bring about the recognised people (三（八）), and who is reminded of those without?"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from models.case import Case
from models.coverage import (
    Coverage,
    CoverageOf,
    Draft,
    check_draft,
    read_day,
    records_coverage,
    without_coverage,
)
from models.honours import recognised_cases
from models.notice import Notice
from models.people import Person
from models.progress import Progress
from models.season import Season, notice_of, now
from models.text import tidy_line
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import Viewer, read_viewer
from models.words import EventKind, FilePurpose, GateState
from tasks.mail import tell_office_once
from tasks.record import lock_cases, lock_season, record
from tasks.season_files import file_paper

MOST_NAMED = 40


def check_coverage(viewer: Viewer) -> Verdict:
    """The office and the named media record reports, from the opening of the season to its closing."""
    publicity = viewer.notice.publicity
    if publicity is None:
        return (Reason("no_publicity", "本年度的通知没有宣传展示的登记。"),)
    if not records_coverage(viewer):
        text = "报道由办公室和通知列名的媒体登记。"
        return (Reason("not_yours_to_record", text, publicity.clause, "forbidden"),)
    if viewer.season.closed_at is not None:
        return (Reason("season_closed", "本年度已经办结，不能再登记报道。", publicity.clause),)
    return OPEN


def add_coverage(
    session: Session,
    season_id: UUID,
    person: Person,
    draft: Draft,
    *,
    filename: str = "",
    content: bytes = b"",
) -> Coverage:
    """Record one report about these people, or about the season as a whole, with a clipping if there is one."""
    season = lock_season(session, season_id)
    notice = notice_of(session, season)
    require(check_coverage(read_viewer(session, person, season, notice)))
    people = {c.id: c for c in recognised_cases(session, season, notice)}
    require(check_draft(season, notice, draft) + _known(people, draft))
    day = read_day(draft.published_on)
    assert day is not None
    kept = Coverage(
        season_id=season.id,
        kind=draft.kind,
        medium=draft.medium,
        title=draft.title,
        published_on=day,
        link=draft.link,
        entered_by=person.id,
        entered_at=now(season),
    )
    session.add(kept)
    session.flush()
    chosen = lock_cases(session, dict.fromkeys(draft.case_ids))
    session.add_all([CoverageOf(coverage_id=kept.id, case_id=c.id) for c in chosen])
    _record(session, EventKind.COVERAGE_ADDED, season, chosen, person, kept)
    if content:
        file_paper(session, season, FilePurpose.CLIPPING, str(kept.id), filename, content, person)
    session.flush()
    return kept


def _known(people: dict[UUID, Case], draft: Draft) -> Verdict:
    if all(i in people for i in draft.case_ids):
        return OPEN
    text = "所选的人里有人没有获得认定，请重新选择。"
    return (Reason("not_recognised", text, "三（八）", "invalid", "people"),)


def tidy_draft(draft: Draft) -> Draft:
    """The same without stray blanks."""
    return Draft(
        kind=draft.kind,
        medium=tidy_line(draft.medium),
        title=tidy_line(draft.title),
        published_on=draft.published_on.strip(),
        link=draft.link.strip(),
        case_ids=draft.case_ids,
    )


def remove_coverage(session: Session, coverage_id: UUID, person: Person, reason: str) -> Coverage:
    """Take a report out of the list, with a reason; the office any, the media their own. Its row stays."""
    kept = session.get(Coverage, coverage_id)
    if kept is None or kept.removed_at is not None:
        raise Refused(Reason("unknown_coverage", "没有找到这条报道。", "三（八）", "missing"))
    season = lock_season(session, kept.season_id)
    viewer = read_viewer(session, person, season, notice_of(session, season))
    require(check_coverage(viewer))
    if not viewer.is_office and kept.entered_by != person.id:
        text = "只能移除自己登记的报道，其他请联系办公室。"
        raise Refused(Reason("not_your_report", text, "三（八）", "forbidden"))
    if not tidy_line(reason):
        raise Refused(Reason("reason_missing", "请写明移除的理由。", "三（八）", "invalid", "reason"))
    kept.removed_by, kept.removed_at = person.id, now(season)
    kept.removal_reason = tidy_line(reason)[:500]
    session.add(kept)
    ids = session.exec(select(CoverageOf.case_id).where(CoverageOf.coverage_id == kept.id)).all()
    _record(
        session,
        EventKind.COVERAGE_REMOVED,
        season,
        lock_cases(session, ids),
        person,
        kept,
        reason=kept.removal_reason,
    )
    return kept


def _record(
    session: Session,
    kind: EventKind,
    season: Season,
    cases: Sequence[Case],
    person: Person,
    kept: Coverage,
    **more: str,
) -> None:
    """On the record of everybody whom the report concerns; of the season where it is nobody in particular."""
    chains: list[Case | None] = [*cases] or [None]
    for case in chains:
        record(
            session,
            kind,
            season=season,
            case=case,
            actor=person,
            medium=kept.medium,
            title=kept.title,
            published_on=kept.published_on.isoformat(),
            **more,
        )


# --- those of whom nothing was brought yet -----------------------------------------------------------------------


def remind_uncovered(session: Session, season: Season) -> int:
    """Mail the office, on each date that the notice names, who has no report yet; how many mails that were.

    Only while the step is open, only for the latest date that has come, and once for each date and person.
    """
    notice = notice_of(session, season)
    moment = _reminder_due(session, season, notice)
    if notice.publicity is None or moment is None:
        return 0
    waiting = without_coverage(session, season, notice)
    if not waiting:
        return 0
    key = f"uncovered:{season.id}:{moment.date()}"
    told = {
        "names": [f"{c.number} {c.name}" for c in waiting[:MOST_NAMED]],
        "count": len(waiting),
        "last_day": notice.due(notice.step(notice.publicity.step).due).isoformat(),
    }
    return tell_office_once(session, season, notice, "uncovered", key, **told)


def _reminder_due(session: Session, season: Season, notice: Notice) -> datetime | None:
    """The latest of the notice's reminder days that has begun, while the publicity is open."""
    publicity = notice.publicity
    gate = Progress(session, season, notice, None).gates.get(publicity.step) if publicity else None
    if publicity is None or gate is None or gate.state != GateState.OPEN:
        return None
    begun = [m for m in map(notice.starts, publicity.remind) if m <= now(season)]
    return max((m for m in begun if m >= gate.opened_at), default=None)
