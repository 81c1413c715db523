"""Which tables make up the record? Importing this module makes all of them known to the metadata."""

from models.accounts import (
    AccountEvent,
    DenialCount,
    KnownBrowser,
    LoginGuess,
    OldPassword,
    RecoveryCode,
    SecondFactor,
)
from models.amendment import Amendment
from models.anchor import Anchor, AnchorHead
from models.appeal import Appeal
from models.attachment import Attachment, PaperReceipt
from models.attention import Reminder, TaskOpening
from models.calls import Call, CallAbout
from models.case import Case
from models.circulation import EventReading
from models.consent import Consent, ConsentText
from models.coverage import Coverage, CoverageOf
from models.database import metadata
from models.dossier import Dossier, DossierPart
from models.event import Event
from models.feed import CalendarFeed
from models.gates import Assignment, Decision, Gate
from models.granting import AccountInvitation, Proposal
from models.heartbeat import Heartbeat
from models.honours import AwardAmount, Certificate, Payment, Revocation
from models.importing import Priority, SheetImport
from models.incoming import Incoming, IncomingPart, Invitation, Source
from models.inspection import InspectionPhoto, InspectionVisit
from models.joint import JointNumber, JointText
from models.keys import CipherKey
from models.ladder import LadderRung, MorningRound
from models.links import LinkCode, LinkGuess
from models.lists import Entry, Shortlist
from models.mail import MailRoute, Message, TaskLink
from models.meeting import Meeting, MeetingItem
from models.objection import Objection, ObjectionFile
from models.people import ApiToken, LoginSession, Organisation, Person, Seat
from models.published import Correction, Publication
from models.recusal import Recusal, Relative
from models.retention import Erasure, ErasureItem, Hold
from models.sameness import PastWinner, Sameness
from models.season import NoticeVersion, Season
from models.season_file import SeasonFile
from models.submission import Submission, Typed
from models.wakeup import Wakeup
from models.workdays import CalendarDay, CalendarYear

__all__ = [
    "AccountEvent",
    "AccountInvitation",
    "Amendment",
    "Anchor",
    "AnchorHead",
    "ApiToken",
    "Appeal",
    "Assignment",
    "Attachment",
    "AwardAmount",
    "CalendarDay",
    "CalendarFeed",
    "CalendarYear",
    "Call",
    "CallAbout",
    "Case",
    "Certificate",
    "CipherKey",
    "Consent",
    "ConsentText",
    "Correction",
    "Coverage",
    "CoverageOf",
    "Decision",
    "DenialCount",
    "Dossier",
    "DossierPart",
    "Entry",
    "Erasure",
    "ErasureItem",
    "Event",
    "EventReading",
    "Gate",
    "Heartbeat",
    "Hold",
    "Incoming",
    "IncomingPart",
    "InspectionPhoto",
    "InspectionVisit",
    "Invitation",
    "JointNumber",
    "JointText",
    "KnownBrowser",
    "LadderRung",
    "LinkCode",
    "LinkGuess",
    "LoginGuess",
    "LoginSession",
    "MailRoute",
    "Meeting",
    "MeetingItem",
    "Message",
    "MorningRound",
    "NoticeVersion",
    "Objection",
    "ObjectionFile",
    "OldPassword",
    "Organisation",
    "PaperReceipt",
    "PastWinner",
    "Payment",
    "Person",
    "Priority",
    "Proposal",
    "Publication",
    "RecoveryCode",
    "Recusal",
    "Relative",
    "Reminder",
    "Revocation",
    "Sameness",
    "Season",
    "SeasonFile",
    "Seat",
    "SecondFactor",
    "SheetImport",
    "Shortlist",
    "Source",
    "Submission",
    "TaskLink",
    "TaskOpening",
    "Typed",
    "Wakeup",
    "metadata",
]
