"""With which environment does each process run?"""

import os
import sys
from collections.abc import Mapping

from settings import DASHBOARD, LOOPBACK, Settings, settings


def environment(chosen: Settings, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process of this installation, free of anybody else's settings."""
    outside = os.environ if base is None else base
    kept = {name: value for name, value in outside.items() if not name.startswith(("PREFECT_", "GONGJIANG_"))}
    own = {"PYTHONUNBUFFERED": "1", "TMPDIR": str(chosen.temporary_folder)}
    return kept | chosen.environment() | prefect_environment(chosen) | own


def ensure_environment() -> None:
    """Start this very command again with Prefect's settings in its environment, unless they are there.

    Prefect reads them when it is imported, which is before any command can set them.
    """
    wanted = prefect_environment(settings())
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        again = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, again, dict(os.environ) | wanted)  # noqa: S606 -- our own command


def prefect_environment(settings: Settings) -> dict[str, str]:
    """Everything Prefect's server, worker and client must be told."""
    return _alone(settings) | (_together(settings.redis_url) if settings.redis_url else {})


def _together(redis: str) -> dict[str, str]:
    """What several API servers and the services beside them share: events, their order, leases, and who does what."""
    return {
        "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
        "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
        "PREFECT_SERVER_WORKER_CHANNEL_CLEANUP_QUEUE_STORAGE": "prefect_redis.cleanup_queue",
        "PREFECT_REDIS_MESSAGING_URL": f"{redis}/0",
        "PREFECT_REDIS_WORKER_CLEANUP_QUEUE_URL": f"{redis}/0",
        "PREFECT_SERVER_DOCKET_URL": f"{redis}/1",
    }


def _alone(settings: Settings) -> dict[str, str]:
    return {
        "PREFECT_HOME": str(settings.prefect_folder),
        "PREFECT_API_URL": settings.prefect_api_url,
        "PREFECT_API_AUTH_STRING": settings.prefect_auth,
        "PREFECT_SERVER_API_AUTH_STRING": settings.prefect_auth,
        "PREFECT_SERVER_API_HOST": LOOPBACK,
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": settings.base_url,
        # Longer than the clients keep a connection, so that none is closed under a request.
        "PREFECT_SERVER_API_KEEPALIVE_TIMEOUT": "60",
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "false",
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
        "PREFECT_API_DATABASE_CONNECTION_URL": settings.prefect_database_url,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        # The dashboard is opened through our pages, which add what the server asks for.
        "PREFECT_SERVER_UI_SERVE_BASE": DASHBOARD,
        "PREFECT_SERVER_UI_API_URL": f"{DASHBOARD}/api",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(settings.prefect_folder / "ui"),
        "PREFECT_UI_URL": settings.dashboard_url,
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # The default of 5 seconds loads every suspended run each time.
        "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS": "3600",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "600",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        # SQLAlchemy 2.1 refuses its inserts; the engine keeps the timetable instead.
        "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        # What it can't record, such as tasks of runs that are lost, it tries six times, one after the other, before the
        # next; at the default of 5 seconds the dashboard would show no task for minutes.
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        # 2, 4 and 8 seconds: a restart of the server. After that the engine's own patience begins.
        "PREFECT_CLIENT_MAX_RETRIES": "3",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
        "DO_NOT_TRACK": "1",
    }
