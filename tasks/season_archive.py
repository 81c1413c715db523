"""What of a season goes into its dossier beside its cases? Notice, lists, minutes, sealed papers, its own record."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.filestore import get
from models.gates import Gate
from models.labels import label
from models.lists import Entry as Listed
from models.lists import Shortlist
from models.meeting_checks import Sitting
from models.season import NoticeVersion
from models.season_file import SeasonFile
from models.viewer import Viewer
from models.words import FilePurpose, ListState, Outcome, Place, StepKind
from tasks.archive import DATA, Archive, Entry, about, as_json, data_entry, record_entries
from tasks.dossier_data import mails_data
from tasks.meeting_papers import MINUTES, print_meeting
from tasks.printing import Format
from tasks.record_texts import of_season
from tasks.redaction import redacted_chain

MEETINGS, PAPERS = "会议纪要", "盖章文件"
Json = dict[str, Any]


def season_archive(viewer: Viewer, *, redacted: bool) -> Archive:
    """The season's own part of its dossier; its cases have each their own."""
    chain = of_season(viewer)
    archive = Archive("", about=about(viewer, "season_part", chain, redacted=redacted))
    archive.entries += [
        Entry(f"{DATA}/通知.json", "notice", partial(as_json, _notice(viewer))),
        data_entry("人选", _cases(viewer)),
        data_entry("名单", _lists(viewer, redacted=redacted)),
    ]
    if redacted:
        redacted_chain(viewer, chain, archive)
        return archive
    archive.entries.append(data_entry("邮件", mails_data(viewer, None, redacted=False)))
    archive.entries += [*_minutes(viewer), *_papers(viewer)]
    archive.entries += record_entries(viewer, chain, redacted=False)
    return archive


def season_cases(session: Session, season_id: UUID) -> Sequence[Case]:
    """The cases that have a part of their own, in the order of their numbers."""
    return session.exec(select(Case).where(Case.season_id == season_id).order_by(col(Case.number))).all()


def _notice(viewer: Viewer) -> Json:
    """The notice as it was pinned; its digest is the SHA-256 of `body`."""
    version = viewer.session.get_one(NoticeVersion, viewer.season.notice_digest)
    return {"digest": version.digest, "body": version.body, "notice": json.loads(version.body)}


def _cases(viewer: Viewer) -> list[Json]:
    return [
        {
            "number": c.number,
            "name": c.name,
            "outcome": label(Outcome(c.outcome)) if c.outcome else "",
            "head": {"seq": c.event_seq, "hash": c.event_head},
        }
        for c in season_cases(viewer.session, viewer.season.id)
    ]


def _lists(viewer: Viewer, *, redacted: bool) -> list[Json]:
    """Every confirmed list with its names in their order; people outside get no scores and nobody who was left off."""
    rows = viewer.session.exec(
        select(Shortlist, Listed, Case.number, Case.name)
        .join(Listed, col(Listed.shortlist_id) == col(Shortlist.id))
        .join(Case, col(Case.id) == col(Listed.case_id))
        .where(Shortlist.season_id == viewer.season.id, Shortlist.state == ListState.CONFIRMED)
        .order_by(col(Shortlist.confirmed_at), col(Listed.place), col(Listed.position))
    ).all()
    found: dict[Any, Json] = {}
    for shortlist, entry, number, name in rows:
        told = found.setdefault(
            shortlist.id,
            {
                "list": viewer.notice.step(shortlist.step).label,
                "round": shortlist.round,
                "size": shortlist.size,
                "digest": shortlist.digest,
                "names": [],
            },
        )
        if redacted and entry.place == Place.OFF:
            continue
        row: Json = {
            "number": number,
            "name": name,
            "place": label(Place(entry.place)),
            "position": entry.position,
        }
        if not redacted:
            row |= {"score": str(entry.score) if entry.score is not None else None, "reason": entry.reason}
        told["names"].append(row)
    return list(found.values())


def _minutes(viewer: Viewer) -> Iterator[Entry]:
    """The minutes of every meeting as drafts, and the scan of the signed ones."""
    steps = [s.key for s in viewer.notice.season_steps if s.kind is StepKind.MEETING]
    gates = viewer.session.exec(
        select(Gate)
        .where(Gate.season_id == viewer.season.id, col(Gate.case_id).is_(None), col(Gate.step).in_(steps))
        .order_by(col(Gate.opened_at), col(Gate.round))
    ).all()
    for gate in gates:
        sitting = Sitting(viewer.session, viewer.season, viewer.notice, gate)
        folder = f"{MEETINGS}/{sitting.step.label}第{gate.round}轮"
        for form in Format:
            made = print_meeting(viewer.session, sitting, MINUTES, form)
            yield Entry(f"{folder}/{made.filename}", "minutes", partial(bytes, made.content))
        if sitting.meeting and sitting.meeting.scan_id:
            name = f"{folder}/签字扫描件.{sitting.meeting.scan_name.rpartition('.')[2]}"
            yield Entry(name, "minutes_scan", partial(get, sitting.meeting.scan_id))


def _papers(viewer: Viewer) -> Iterator[Entry]:
    rows = viewer.session.exec(
        select(SeasonFile)
        .where(SeasonFile.season_id == viewer.season.id)
        .order_by(col(SeasonFile.uploaded_at), col(SeasonFile.id))
    ).all()
    for n, file in enumerate(rows, 1):
        name = f"{PAPERS}/{n:03}{label(FilePurpose(file.purpose))}.{file.kind}"
        yield Entry(name, file.purpose, partial(get, file.id))
