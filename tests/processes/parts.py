"""Small real processes for trying out the supervision without the whole system."""

import sys

from processes.plan import Part, plan
from processes.probes import port_is_free
from settings import Settings


def database(settings: Settings) -> Part:
    return next(part for part in plan(settings) if part.name == "database")


def listener(settings: Settings) -> Part:
    """A web server of the standard library where the pages would be."""
    port = settings.web_port
    command = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port))
    return Part("listener", "小服务", 3, command, listens, port=port, port_setting="GONGJIANG_WEB_PORT")


def listens(settings: Settings, pid: int) -> bool:
    return not port_is_free(settings.web_port)


def crasher() -> Part:
    """A process that ends at once, each time it is started."""
    command = (sys.executable, "-c", "import sys; sys.exit('配置不完整')")
    return Part("crasher", "坏进程", 1, command, lambda settings, pid: False)
