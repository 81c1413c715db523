"""What is supervisord told, and how does one speak with it?"""

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xmlrpc.client import ServerProxy

from supervisor.xmlrpc import Faults, SupervisorTransport

import settings as settings_module
from processes.plan import Part
from settings import Settings

ALREADY_STARTED: int = Faults.ALREADY_STARTED
NOT_RUNNING: int = Faults.NOT_RUNNING
LOG_BYTES = "5MB"
LOG_BACKUPS = 3
PROJECT = Path(settings_module.__file__).parent


def socket_path(settings: Settings) -> Path:
    return settings.socket_folder / "supervisor.sock"


def pid_path(settings: Settings) -> Path:
    return settings.run_folder / "supervisord.pid"


def configuration_path(settings: Settings) -> Path:
    return settings.run_folder / "supervisord.conf"


def command(settings: Settings) -> list[str]:
    return [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(configuration_path(settings))]


def call(settings: Settings, name: str, *arguments: str | bool) -> Any:
    """One call of supervisord's interface, over a connection of its own: threads can't share one."""
    transport = SupervisorTransport(None, None, f"unix://{socket_path(settings)}")
    return getattr(ServerProxy("http://127.0.0.1", transport=transport).supervisor, name)(*arguments)


def write_configuration(settings: Settings, parts: Sequence[Part]) -> None:
    sections = [_supervisord(settings), _interface(settings), *(_program(settings, part) for part in parts)]
    path = configuration_path(settings)
    path.write_text("\n".join(sections))
    path.chmod(0o600)


def _supervisord(settings: Settings) -> str:
    options = {
        "nodaemon": "true",
        "silent": "true",
        "logfile": settings.log_folder / "supervisord.log",
        "logfile_maxbytes": LOG_BYTES,
        "logfile_backups": LOG_BACKUPS,
        "pidfile": pid_path(settings),
        "childlogdir": settings.log_folder,
        "umask": "077",
        "directory": PROJECT,
    }
    if os.geteuid() == 0:
        options["user"] = "root"
    return _section("supervisord", options)


def _interface(settings: Settings) -> str:
    factory = {"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"}
    listen = {"file": socket_path(settings), "chmod": "0600"}
    return _section("unix_http_server", listen) + "\n" + _section("rpcinterface:supervisor", factory)


def _program(settings: Settings, part: Part) -> str:
    return _section(
        f"program:{part.name}",
        {
            "command": shlex.join([sys.executable, "-m", "processes.child", *part.command]),
            "autostart": "false",
            "autorestart": "true",
            "startsecs": 1,
            # A part whose database is away for a night must still come back by itself.
            "startretries": 1_000_000,
            "priority": part.wave,
            "stopsignal": part.stop_signal,
            "stopasgroup": "true",
            "killasgroup": "true",
            "stopwaitsecs": 15,
            "redirect_stderr": "true",
            "stdout_logfile": log_path(settings, part),
            "stdout_logfile_maxbytes": LOG_BYTES,
            "stdout_logfile_backups": LOG_BACKUPS,
        },
    )


def log_path(settings: Settings, part: Part) -> Path:
    return settings.log_folder / f"{part.name}.log"


def _section(name: str, options: dict[str, Any]) -> str:
    lines = [f"{key} = {str(value).replace('%', '%%')}" for key, value in options.items()]
    return "\n".join([f"[{name}]", *lines, ""])
