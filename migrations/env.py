"""How are the migrations run? In one transaction, under a lock that lets only one process migrate at a time."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from models.tables import metadata

MIGRATION_LOCK = 20260303


def run() -> None:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, compare_type=True)
        with context.begin_transaction():
            connection.execute(text("SET lock_timeout = '30s'"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            context.run_migrations()


run()
