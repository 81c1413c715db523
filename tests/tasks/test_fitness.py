"""Does an installation with a real season refuse to start as long as it is set up like a practice?"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import Session, select

from models.crypto import keys_file
from models.database import reading
from models.people import Person, Seat
from models.season import Season, now
from notices.reader import read_notice
from processes.errors import CannotStart
from settings import settings
from tasks.fitness import refuse_unfit, unfit, warnings
from tasks.practice import NOTICE
from tasks.seasons import open_season
from tests.elsewhere import set_to
from tests.world import World

SOUND = {"BASE_URL": "https://gongjiang.example.org"}


@contextmanager
def real_season() -> Iterator[tuple[Session, Season]]:
    """A real season that is there only here."""
    with reading() as session:
        yield session, open_season(session, read_notice(NOTICE), key="real-for-a-moment")


def test_a_sound_installation_starts(world: World) -> None:
    with set_to(**SOUND), real_season() as (session, _):
        assert unfit(session) == []
        refuse_unfit(session)


def test_an_address_without_tls_is_refused(world: World) -> None:
    with real_season() as (session, _), pytest.raises(CannotStart, match="不是 https"):
        refuse_unfit(session)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("DATABASE_URL", "postgresql+psycopg://gongjiang:gongjiang@db/gongjiang", "GONGJIANG_DATABASE_URL"),
        ("DATABASE_URL", "postgresql+psycopg://lz:Postgres@db/gongjiang", "GONGJIANG_DATABASE_URL"),
        ("SMTP_URL", "smtps://office%40example.org:请改@smtp.example.org:465", "GONGJIANG_SMTP_URL"),
        ("METRICS_TOKEN", "short", "GONGJIANG_METRICS_TOKEN"),
    ],
)
def test_passwords_that_anybody_can_guess_are_refused(
    world: World, setting: str, value: str, said: str
) -> None:
    with real_season() as (session, _), set_to(**SOUND, **{setting: value}):
        [found] = unfit(session)
    assert found.startswith(said)
    assert "gongjiang:gongjiang" not in found


def test_a_guessable_password_of_the_role_that_owns_no_table_is_refused(world: World) -> None:
    with (
        real_season() as (session, _),
        set_to(
            **SOUND,
            DATABASE_URL="postgresql+psycopg://gongjiang:Hai-Shui@db/gongjiang",
            APPLICATION_DATABASE_URL="postgresql+psycopg://gongjiang_app:gongjiang_app@db/gongjiang",
        ),
    ):
        [found] = unfit(session)
    assert found.startswith("GONGJIANG_APPLICATION_DATABASE_URL")


def test_keys_among_the_data_missing_or_open_to_all_are_refused(world: World) -> None:
    with real_season() as (session, _):
        with set_to(**SOUND, KEYS=str(settings().home / "keys")):
            assert ["在数据目录里面" in t for t in unfit(session)] == [True]
        with set_to(**SOUND, KEYS=str(settings().home.with_name("nowhere"))):
            assert ["找不到密钥文件" in t for t in unfit(session)] == [True]
        keys_file().chmod(0o644)
        with set_to(**SOUND):
            assert ["别的系统用户也能读" in t for t in unfit(session)] == [True]
        keys_file().chmod(0o600)


def test_practice_accounts_do_no_real_work(world: World) -> None:
    with set_to(**SOUND), real_season() as (session, season):
        person = session.exec(select(Person).where(Person.login == "office")).one()
        session.add(Seat(season_id=season.id, body="office", person_id=person.id, since=now(season)))
        session.flush()
        [found] = unfit(session)
    assert "演练密码：office。" in found


def test_what_may_wait_is_only_said(world: World) -> None:
    with real_season() as (session, _):
        mail, backup = warnings(session)
    assert ("GONGJIANG_SMTP_URL" in mail, "GONGJIANG_BACKUP_FOLDER" in backup) == (True, True)


def test_a_practice_starts_as_it_is(world: World) -> None:
    with reading() as session:
        for season in session.exec(select(Season)):
            season.practice = True
        refuse_unfit(session)
        assert warnings(session) == []
