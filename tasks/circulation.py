"""How is it noted that somebody has read what was sent to him (待阅)?"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import literal
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from models.circulation import EventReading, circulated
from models.event import Event
from models.viewer import Viewer


def note_read(viewer: Viewer, events: Sequence[UUID] | None = None) -> int:
    """Note, once each, that this person has read some of what was sent to him, or all of it; how much of it is new.

    What was not sent to him is passed over in silence.
    """
    wanted = circulated(viewer).with_only_columns(col(Event.id))
    if events is not None:
        wanted = wanted.where(col(Event.id).in_(events))
    rows = wanted.add_columns(literal(viewer.person.id), literal(viewer.moment))
    noted = insert(EventReading).from_select(["event_id", "person_id", "read_at"], rows)
    result = viewer.session.execute(noted.on_conflict_do_nothing().returning(col(EventReading.event_id)))
    return len(result.all())
