"""Which processes run, in which order, and how is each started and seen to be ready?

This is the single place: the supervisor's configuration, `up`, `run NAME` and the tests all read it.
"""

import sys
from dataclasses import dataclass, replace

from processes.probes import (
    Probe,
    database_answers,
    engine_reports,
    mailbox_answers,
    prefect_answers,
    web_answers,
)
from settings import LOOPBACK, Settings

DATABASE_WAVE, PREFECT_WAVE, WORK_WAVE = 1, 2, 3


@dataclass(frozen=True)
class Part:
    """One process. Parts of one wave start together, after every part of the waves before is ready."""

    name: str
    label: str
    wave: int
    command: tuple[str, ...]
    ready: Probe
    stop_signal: str = "TERM"
    patience: float = 60.0
    port: int | None = None
    port_setting: str = ""


def plan(settings: Settings) -> tuple[Part, ...]:
    """The parts of this installation, in the order they start; without those that somebody else runs."""
    parts = (_database(), _prefect(settings), _engine(), _web(settings), _mailbox(settings))
    return tuple(part for part in parts if part.name != "database" or settings.embeds_database)


def shared_parts(settings: Settings) -> tuple[Part, ...]:
    """What runs in place of the one server where several share the work; none without the Redis they share it through.

    There may be any number of `prefect-api`, each at a port of its own. The tables are brought up to date before.
    """
    if settings.redis_url is None:
        return ()
    server = _prefect(settings)
    command = (
        "/usr/bin/env",
        "PREFECT_SERVER_DATABASE_MIGRATE_ON_START=false",
        *server.command,
        "--no-services",
    )
    api = replace(server, name="prefect-api", label="流程服务接口", command=command)
    services = (*_module("prefect"), "server", "services", "start")
    upgrade = (*_module("prefect"), "server", "database", "upgrade", "-y")
    return (
        Part("prefect-migrate", "流程服务的数据库升级", PREFECT_WAVE, upgrade, prefect_answers),
        api,
        Part("prefect-services", "流程服务的后台", PREFECT_WAVE, services, prefect_answers, patience=120.0),
    )


def _module(name: str) -> tuple[str, ...]:
    """Each process is a module of its own, so that it imports no more than it needs."""
    return (sys.executable, "-m", name)


def _database() -> Part:
    command = _module("processes.postgres")
    return Part("database", "数据库", DATABASE_WAVE, command, database_answers, stop_signal="INT")


def _prefect(settings: Settings) -> Part:
    port = str(settings.prefect_port)
    command = (*_module("prefect"), "server", "start", "--host", LOOPBACK, "--port", port)
    return Part(
        "prefect",
        "流程服务",
        PREFECT_WAVE,
        command,
        prefect_answers,
        patience=120.0,
        port=settings.prefect_port,
        port_setting="GONGJIANG_PREFECT_PORT",
    )


def _engine() -> Part:
    return Part("engine", "流程引擎", WORK_WAVE, _module("flows.engine"), engine_reports)


def _web(settings: Settings) -> Part:
    return Part(
        "web",
        "网页服务",
        WORK_WAVE,
        _module("api.server"),
        web_answers,
        port=settings.web_port,
        port_setting="GONGJIANG_WEB_PORT",
    )


def _mailbox(settings: Settings) -> Part:
    return Part(
        "mailbox",
        "演练邮箱",
        WORK_WAVE,
        _module("notifications.catcher"),
        mailbox_answers,
        port=settings.mail_port,
        port_setting="GONGJIANG_MAIL_PORT",
    )
