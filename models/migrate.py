"""How does the record's database get its tables? By the numbered migrations in `migrations/versions`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool
from sqlmodel import Session

from models.keys import ensure_keys
from settings import settings

SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"


def configuration(url: str | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("sqlalchemy.url", (url or settings().database_url).replace("%", "%%"))
    return config


def upgrade(url: str | None = None, to: str = "head") -> None:
    """Bring the database to this version, with the keys its data is sealed with; refuses other keys.

    An interrupted step is rolled back as a whole.
    """
    command.upgrade(configuration(url), to)
    if to == "head":
        _check_keys(url or settings().database_url)


def _check_keys(url: str) -> None:
    with Session(create_engine(url, poolclass=pool.NullPool)) as session:
        ensure_keys(session)
        session.commit()


def downgrade(url: str | None = None, to: str = "base") -> None:
    command.downgrade(configuration(url), to)


def known_versions() -> set[str]:
    """The versions of the tables that this program knows."""
    return {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}


def check(url: str | None = None) -> None:
    """Raises when the tables of the models and those of the migrations differ."""
    command.check(configuration(url))
