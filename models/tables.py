"""Which tables make up the record? Importing this module makes all of them known to the metadata."""

from models.case import Case
from models.database import metadata
from models.event import Event
from models.gates import Assignment, Decision, Gate
from models.lists import Entry, Shortlist
from models.mail import Message, TaskLink
from models.objection import Objection
from models.people import ApiToken, LoginSession, Organisation, Person, Seat
from models.season import NoticeVersion, Season
from models.wakeup import Wakeup

__all__ = [
    "ApiToken",
    "Assignment",
    "Case",
    "Decision",
    "Entry",
    "Event",
    "Gate",
    "LoginSession",
    "Message",
    "NoticeVersion",
    "Objection",
    "Organisation",
    "Person",
    "Season",
    "Seat",
    "Shortlist",
    "TaskLink",
    "Wakeup",
    "metadata",
]
