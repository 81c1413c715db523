"""Does every notice file lead every season to its end, whoever takes part and whatever happens on the way?

The made-up people of the simulation play; the pump stands in for the flows.
"""

from pathlib import Path

import pytest
from sqlmodel import select

from models.case import Case
from models.casefile import read_casefile
from models.database import reading, transaction
from models.event import Event
from models.record_check import record_faults
from models.season import Season
from models.words import EventKind, Outcome
from notices.reader import read_notice
from simulation.figures import Measured, report
from simulation.pump import Pump
from simulation.report import Report
from simulation.season import Play
from tasks.anchoring import anchor_day
from tasks.audit import record_faults as audit_faults
from tasks.dossiers import operator
from tasks.practice import open_practice, today
from tasks.record_export import record_json
from tasks.record_texts import of_case, of_season
from tasks.season_archive import season_archive

PARTS = ("notice", "data", "minutes", "minutes_scan", "revocation", "record", "record_paper")
NOTICES = Path(__file__).resolve().parent.parent / "notices"
LIUZHOU = Path("notices/liuzhou-2025.yaml")
# What people do with lists, papers and mails; made-up people only fill in, upload and answer.
ON_PAGES_ONLY = {
    EventKind.CHANNEL_CONFIRMED,
    EventKind.SAMENESS_SETTLED,
    EventKind.SHEET_IMPORTED,
    EventKind.MAIL_SETTLED,
    EventKind.RESULT_WITHHELD,
    EventKind.MAIL_RESENT,
    EventKind.ADDRESS_CHANGED,
    EventKind.SENDING_STOPPED,
    EventKind.SENDING_RESUMED,
    EventKind.CALL_RECORDED,
    EventKind.CODE_ISSUED,
    EventKind.CODE_ACCEPTED,
    EventKind.CODE_REFUSED,
    EventKind.TASK_HANDED,
    EventKind.SUBSTITUTE_NAMED,
    EventKind.SUBSTITUTE_ENDED,
    EventKind.DATES_AMENDED,
    EventKind.CALENDAR_CHANGED,
    EventKind.DOSSIER_TAKEN,
    EventKind.CONSENT_TEXT_SET,
    EventKind.CONSENT_WITHDRAWN,
    EventKind.HOLD_SET,
    EventKind.HOLD_LIFTED,
    EventKind.ERASURE_SETTLED,
    EventKind.DATA_ERASED,
}


def played(notice: Path, cases: int, seed: int) -> tuple[Season, Report]:
    with transaction() as session:
        season = open_practice(session, read_notice(notice), today())
    play = Play(season.id, cases, seed, Pump(), lambda line: None)
    play.run()
    with reading() as session:
        measured = Measured(seed, 1.0, 1.0, 0.0, play.surprises)
        return session.get_one(Season, season.id), report(session, season.id, measured, None)


def kinds(season: Season) -> set[str]:
    with reading() as session:
        return set(session.exec(select(Event.kind).where(Event.season_id == season.id)))


def record_troubles(season: Season) -> list[str]:
    """What is wrong with the record when all of it is anchored, put in sentences, exported and verified again."""
    with transaction() as session:
        anchor_day(session, session.get_one(Season, season.id))
    with reading() as session:
        viewer = operator(session, session.get_one(Season, season.id))
        cases = session.exec(select(Case).where(Case.season_id == season.id)).all()
        chains = [of_season(viewer), *(of_case(read_casefile(viewer, case)) for case in cases)]
        found = [str(fault) for fault in audit_faults(session, [viewer.season])]
        for chain in chains:
            for redacted in (False, True):
                record = record_json(viewer, chain, redacted=redacted)
                found += [f"{chain.label}：{fault}" for fault in record_faults(record)]
        parts = [season_archive(viewer, redacted=redacted) for redacted in (False, True)]
        found += [f"没有{name}" for name in PARTS if name not in {e.document for e in parts[0].entries}]
        found += [e.name for e in parts[1].entries if e.document.startswith(("minutes", "revocation"))]
    return found


def test_sixty_candidates_of_liuzhou_end_with_thirty_recognised(pumped: None) -> None:
    season, told = played(LIUZHOU, 60, seed=1)

    assert told.broken == ()
    assert told.outcomes[Outcome.RECOGNISED] == 30
    assert sum(told.outcomes.values()) == 60
    assert told.gates["expert_review"] >= 45
    assert set(told.outcomes) == {o.value for o in Outcome}
    assert kinds(season) == {k.value for k in EventKind if k not in ON_PAGES_ONLY}
    assert record_troubles(season) == []


@pytest.mark.parametrize(
    ("notice", "cases", "recognised"),
    [
        (LIUZHOU, 8, None),
        (NOTICES / "second.yaml", 24, 12),
        (NOTICES / "tiny.yaml", 7, 2),
        (NOTICES / "tiny.yaml", 1, 1),
    ],
)
def test_any_notice_leads_to_its_end(pumped: None, notice: Path, cases: int, recognised: int | None) -> None:
    season, told = played(notice, cases, seed=2)

    assert told.broken == ()
    assert season.closed_at is not None
    if recognised is not None:
        assert told.outcomes[Outcome.RECOGNISED] == recognised


def test_the_same_seed_makes_up_the_same_season(pumped: None) -> None:
    seasons = [played(NOTICES / "tiny.yaml", 7, seed=5) for _ in range(2)]

    first, second = [(told.outcomes, told.gates, told.mails) for _, told in seasons]
    assert first == second
    assert fates(seasons[0][0]) == fates(seasons[1][0])


def fates(season: Season) -> list[tuple[str, str, str | None]]:
    with reading() as session:
        wanted = select(Case.number, Case.name, Case.outcome).where(Case.season_id == season.id)
        return list(session.exec(wanted.order_by(Case.number)))
