"""From where does whoever is at work now ask? Set for each request; commands ask from this machine."""

from contextvars import ContextVar
from dataclasses import dataclass

COMMAND = "命令行"


@dataclass(frozen=True)
class Asker:
    """The network address, empty for commands and processes of our own, and the browser in plain words."""

    address: str = ""
    device: str = COMMAND


_asker: ContextVar[Asker] = ContextVar("asker", default=Asker())  # noqa: B039 -- frozen


def asker() -> Asker:
    return _asker.get()


def ask_from(address: str, device: str) -> None:
    """What follows in this request is asked from there."""
    _asker.set(Asker(address[:64], device[:120]))
