"""Which tables make up the record? Importing this module makes all of them known to the metadata."""

from models.attachment import Attachment, PaperReceipt
from models.case import Case
from models.database import metadata
from models.event import Event
from models.gates import Assignment, Decision, Gate
from models.importing import Priority, SheetImport
from models.incoming import Incoming, IncomingPart, Invitation, Source
from models.keys import CipherKey
from models.lists import Entry, Shortlist
from models.mail import Message, TaskLink
from models.objection import Objection, ObjectionFile
from models.people import ApiToken, LoginSession, Organisation, Person, Seat
from models.published import Correction, Publication
from models.sameness import PastWinner, Sameness
from models.season import NoticeVersion, Season
from models.submission import Submission, Typed
from models.wakeup import Wakeup

__all__ = [
    "ApiToken",
    "Assignment",
    "Attachment",
    "Case",
    "CipherKey",
    "Correction",
    "Decision",
    "Entry",
    "Event",
    "Gate",
    "Incoming",
    "IncomingPart",
    "Invitation",
    "LoginSession",
    "Message",
    "NoticeVersion",
    "Objection",
    "ObjectionFile",
    "Organisation",
    "PaperReceipt",
    "PastWinner",
    "Person",
    "Priority",
    "Publication",
    "Sameness",
    "Season",
    "Seat",
    "SheetImport",
    "Shortlist",
    "Source",
    "Submission",
    "TaskLink",
    "Typed",
    "Wakeup",
    "metadata",
]
