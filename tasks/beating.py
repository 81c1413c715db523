"""How does a part of the system note that it lives?"""

from datetime import timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete

from models.database import real_now
from models.heartbeat import Heartbeat

FORGOTTEN_AFTER = timedelta(days=1)


def beat(session: Session, part: str, name: str = "", **facts: Any) -> None:
    """Note a sign of life, in place of the last; others of the same part that ended a day ago are forgotten."""
    row = {"part": part, "name": name, "at": real_now(), "facts": facts}
    statement = insert(Heartbeat).values(row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["part", "name"], set_={"at": row["at"], "facts": facts}
        )
    )
    gone = col(Heartbeat.at) < real_now() - FORGOTTEN_AFTER
    session.exec(delete(Heartbeat).where(col(Heartbeat.part) == part, col(Heartbeat.name) != name, gone))


def stop_beating(session: Session, part: str, name: str) -> None:
    """A part that ends in good order is not missed."""
    session.exec(delete(Heartbeat).where(col(Heartbeat.part) == part, col(Heartbeat.name) == name))
