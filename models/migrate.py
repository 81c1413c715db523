"""How does the record's database get its tables? By the numbered migrations in `migrations/versions`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url, pool, text
from sqlmodel import Session

from models.keys import ensure_keys
from settings import settings

APPEND_ONLY = text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'")
GRANT_LOCK = 20260304
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
        _let_application_in(url or settings().database_url)
        _check_keys(url or settings().database_url)


def _let_application_in(url: str) -> None:
    """The application's role may read and write the tables, and only add to those of the record.

    Nothing is done where the application connects as the owner, or where its role is not known.
    """
    role = make_url(settings().application_database_url).username or ""
    with create_engine(url, poolclass=pool.NullPool).begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": GRANT_LOCK})
        wanted = "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = :role AND rolname <> current_user"
        name = connection.execute(text(wanted), {"role": role}).scalar()
        if name is None:
            return
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {name}"))
        connection.execute(
            text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        )
        connection.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"))
        for table in (*connection.execute(APPEND_ONLY).scalars(), "alembic_version"):
            kept = "INSERT, UPDATE, DELETE" if table == "alembic_version" else "UPDATE, DELETE, TRUNCATE"
            connection.execute(text(f"REVOKE {kept} ON {table} FROM {name}"))


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
