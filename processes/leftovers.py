"""What still runs of an installation when nobody watches it any more, and how is it ended?"""

import signal
import time
from pathlib import Path

import psutil

from processes.child import SUPERVISED
from settings import Settings

TIME_TO_END = 20.0
TICK = 0.05


def end_leftovers(settings: Settings) -> None:
    """End every process that was started under a stack of this installation, politely, then by force."""
    asked: set[psutil.Process] = set()
    deadline = time.monotonic() + TIME_TO_END
    while left := leftovers(settings):
        for process in left:
            if time.monotonic() > deadline:
                _send(process, signal.SIGKILL)
            elif process not in asked:
                _send(process, signal.SIGINT if is_database(process, settings) else signal.SIGTERM)
                asked.add(process)
        time.sleep(TICK)


def leftovers(settings: Settings) -> list[psutil.Process]:
    """Processes with this home in their environment, and its database server, which has none."""
    return [process for process in psutil.process_iter() if _is_left(process, settings)]


def is_database(process: psutil.Process, settings: Settings) -> bool:
    """Whether this is the database server of the installation or one of the server's own processes."""
    try:
        return process.name() == "postgres" and Path(process.cwd()) == settings.database_folder
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _is_left(process: psutil.Process, settings: Settings) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        around = process.environ()
        supervised = SUPERVISED in around and around.get("GONGJIANG_HOME") == str(settings.home)
        return supervised or _is_database_server(process, settings)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _is_database_server(process: psutil.Process, settings: Settings) -> bool:
    parent = process.parent()
    return is_database(process, settings) and not (parent and is_database(parent, settings))


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return
