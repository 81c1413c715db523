"""What does somebody get whose link opens nothing, or who tries one after the other?"""

from fastapi import Request
from sqlmodel import Session

from api.security import asking_address
from models.database import transaction
from tasks.link_guesses import is_shut_out, note_wrong


class WrongToken(Exception):
    """The token of a mailed link that opens nothing."""


class ShutOut(Exception):
    """Too many tokens that open nothing came from this address."""


def shut_out(request: Request, session: Session) -> None:
    """Raise `ShutOut` before anything is looked up for this address."""
    if is_shut_out(session, asking_address(request)):
        raise ShutOut


def wrong_token(request: Request) -> WrongToken:
    """Count it, in a transaction of its own: a page that is only looked at is read from one that can't write."""
    with transaction() as session:
        note_wrong(session, asking_address(request))
    return WrongToken()
