"""How is somebody stopped who tries out tokens of mailed links? Wrong ones are counted for each network address.

A mistyped or torn link costs little; after thirty in a quarter of an hour nothing is looked up for that address until
another quarter of an hour has passed, right or wrong. Whoever is at work on a task goes on.
"""

import ipaddress
from datetime import timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete

from models.database import real_now
from models.links import GUESSES_ALLOWED, GUESSES_WITHIN, LOCKED_FOR, LinkGuess
from models.locks import holds

KEPT = timedelta(days=1)
IPV6_HOUSEHOLD = 64


def network_of(address: str) -> str:
    """The address; of IPv6 its /64, which one subscriber has for himself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64] or "unknown"
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, IPV6_HOUSEHOLD), strict=False))


def is_shut_out(session: Session, address: str) -> bool:
    """Whether nothing is looked up for this address now."""
    row = session.get(LinkGuess, network_of(address))
    return row is not None and holds(row.locked_until, real_now(), LOCKED_FOR)


def note_wrong(session: Session, address: str) -> None:
    """Count one token that opens nothing; rows of yesterday are removed on the way."""
    moment = real_now()
    session.exec(delete(LinkGuess).where(col(LinkGuess.since) < moment - KEPT))
    network = network_of(address)
    new = {"address": network, "since": moment, "wrong": 0}
    session.execute(insert(LinkGuess).values(new).on_conflict_do_nothing())
    row = session.get_one(LinkGuess, network, with_for_update=True)
    over = row.locked_until is not None and not holds(row.locked_until, moment, LOCKED_FOR)
    if over or abs(moment - row.since) > GUESSES_WITHIN:
        row.since, row.wrong, row.locked_until = moment, 0, None
    row.wrong += 1
    if row.wrong >= GUESSES_ALLOWED:
        row.locked_until = moment + LOCKED_FOR
    session.add(row)
