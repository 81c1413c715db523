"""Who asks now, and from where? Set for each request; commands ask from this machine."""

from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

COMMAND = "命令行"


@dataclass
class Asker:
    """The network address, empty for commands and processes of our own, and the browser in plain words.

    `person_id` is known once the login was found.
    """

    address: str = ""
    device: str = COMMAND
    person_id: UUID | None = None


_asker: ContextVar[Asker | None] = ContextVar("asker", default=None)


def asker() -> Asker:
    return _asker.get() or Asker()


def ask_from(address: str, device: str) -> None:
    """What follows in this request is asked from there."""
    _asker.set(Asker(address[:64], device[:120]))


def asked_by_person(person_id: UUID) -> None:
    """Who it is; seen by all that this request does, also in other threads."""
    if (found := _asker.get()) is not None:
        found.person_id = person_id
