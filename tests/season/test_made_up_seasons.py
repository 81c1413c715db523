"""Does every notice file lead every season to its end, whoever takes part and whatever happens on the way?

The made-up people of the simulation play; the pump stands in for the flows.
"""

from pathlib import Path

import pytest
from sqlmodel import select

from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.season import Season
from models.words import EventKind, Outcome
from notices.reader import read_notice
from simulation.figures import Measured, report
from simulation.pump import Pump
from simulation.report import Report
from simulation.season import Play
from tasks.practice import open_practice, today

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


def test_sixty_candidates_of_liuzhou_end_with_thirty_recognised(pumped: None) -> None:
    season, told = played(LIUZHOU, 60, seed=1)

    assert told.broken == ()
    assert told.outcomes[Outcome.RECOGNISED] == 30
    assert sum(told.outcomes.values()) == 60
    assert told.gates["expert_review"] >= 45
    assert set(told.outcomes) == {o.value for o in Outcome}
    assert kinds(season) == {k.value for k in EventKind if k not in ON_PAGES_ONLY}


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
