"""Which words does the system know? Each enumeration is a `StrEnum`; how they are called stands in `models.labels`."""

from enum import StrEnum


class StepKind(StrEnum):
    """The few kinds of step from which a season's file composes its 工作安排."""

    FORM = "form"
    GATE = "gate"
    RANKING = "ranking"
    MEETING = "meeting"
    WINDOW = "window"
    RECORD = "record"


class FieldKind(StrEnum):
    """How a field of the application is asked for, and what its value looks like in the record.

    `ticks` keeps `{choice: what stands in its blank}`, `rows` a list of `{column: text}`, `yes_no` true or false,
    `indicators` a list of keys; all others keep text.
    """

    TEXT = "text"
    AREA = "area"
    DATE = "date"
    NUMBER = "number"
    EMAIL = "email"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    SELECT = "select"
    TICKS = "ticks"
    YES_NO = "yes_no"
    ROWS = "rows"
    INDICATORS = "indicators"
    CONDITION = "condition"
    CATEGORY = "category"
    OCCUPATION = "occupation"


class Scope(StrEnum):
    """Whether a step is taken once for each case or once for the whole season."""

    CASE = "case"
    SEASON = "season"


class Relation(StrEnum):
    """How a body's seats are matched with the case that waits for it."""

    FILLER = "filler"
    OWN_UNIT = "own_unit"
    OWN_COUNTY = "own_county"
    ASSIGNED = "assigned"
    SEASON = "season"


class Need(StrEnum):
    """How many of the bodies named by a gate have to answer."""

    ONE = "one"
    ALL = "all"


class Effect(StrEnum):
    """What an answer does to the gate at which it is given."""

    PASS = "pass"  # noqa: S105 -- to pass a gate
    NOTE = "note"
    SCORE = "score"
    RETURN = "return"
    END = "end"
    BACK = "back"
    HOLD = "hold"


class GateState(StrEnum):
    """`open` waits; `cleared` stands; all others no longer stand."""

    OPEN = "open"
    CLEARED = "cleared"
    RETURNED = "returned"
    ENDED = "ended"
    VOID = "void"


class AssignmentState(StrEnum):
    """`recused` waits for a substitute and still counts; `released` left the panel and counts no longer."""

    OPEN = "open"
    ANSWERED = "answered"
    CANCELLED = "cancelled"
    RECUSED = "recused"
    RELEASED = "released"


class RecusalGround(StrEnum):
    """Why somebody stays away from a case: said so by himself or the office, or found by the system."""

    DECLARED = "declared"
    RELATIVE = "relative"
    SAME_EMPLOYER = "same_employer"
    RECOMMENDER = "recommender"
    ENTERED = "entered"


class Reached(StrEnum):
    """How far a task has come with the one who has to answer it (会签)."""

    UNSENT = "unsent"
    SENT = "delivered"
    OPENED = "opened"
    ANSWERED = "answered"
    LATE = "late"
    NOT_NEEDED = "not_needed"
    NOT_CONCERNED = "not_concerned"


class Outcome(StrEnum):
    """How a case ended."""

    RECOGNISED = "recognised"
    NOT_SELECTED = "not_selected"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"
    LAPSED = "lapsed"


class Place(StrEnum):
    """Where a case stands on a list."""

    ON = "on"
    RESERVE = "reserve"
    OFF = "off"


class ListState(StrEnum):
    DRAFT = "draft"
    CONFIRMED = "confirmed"


class Attendance(StrEnum):
    """Whether a member was at a meeting; who is excused was away with leave."""

    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"


class Turn(StrEnum):
    """What a meeting did with a name: left it where it was, on the list or off it, or changed its place."""

    KEPT = "kept"
    DROPPED = "dropped"
    ADDED = "added"
    MOVED = "moved"
    LEFT = "left"


class MessageState(StrEnum):
    """`held` waits for the office to release it; `bounced` was sent and came back."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    BOUNCED = "bounced"


class CallResult(StrEnum):
    """What came of a telephone call to somebody whom no mail reaches."""

    REACHED = "reached"
    PASSED_ON = "passed_on"
    NO_ANSWER = "no_answer"


class ObjectionState(StrEnum):
    """`declined`: it came after the public notice, and the office decided not to hear it."""

    REGISTERED = "registered"
    VERIFIED = "verified"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    DECLINED = "declined"


class ObjectionSource(StrEnum):
    """How an objection reached the office."""

    PAGE = "page"
    LETTER = "letter"
    CALL = "call"
    VISIT = "visit"
    MAIL = "mail"


class ObjectorKind(StrEnum):
    """Who objects: a person by his real name, or a unit with its seal."""

    PERSON = "person"
    UNIT = "unit"


class CorrectionState(StrEnum):
    """A correction of a published text: asked for, then released or refused by a second person."""

    ASKED = "asked"
    RELEASED = "released"
    REFUSED = "refused"


class OrganisationKind(StrEnum):
    CITY_UNION = "city_union"
    COUNTY_UNION = "county_union"
    COUNTY_DEPARTMENT = "county_department"
    CITY_DEPARTMENT = "city_department"
    UNIT = "unit"


class AttachmentKind(StrEnum):
    """Which kinds of file are taken in."""

    PDF = "pdf"
    JPG = "jpg"
    PNG = "png"
    DOCX = "docx"
    XLSX = "xlsx"


class Countersigning(StrEnum):
    """How far a host is with the joint document."""

    NOT_SENT = "not_sent"
    SENT = "sent"
    SIGNED = "signed"
    RETURNED = "returned"
    NOT_NEEDED = "not_needed"


class FilePurpose(StrEnum):
    """What a file of the season is: a sealed joint document, a host's own copy, a clipping, a revocation's paper."""

    JOINT_SCAN = "joint_scan"
    HOST_COPY = "host_copy"
    CLIPPING = "clipping"
    REVOCATION = "revocation"


class ScanState(StrEnum):
    """What the virus scanner said of a file: nothing yet, nothing found, not asked yet, or that there is a virus."""

    UNSCANNED = "unscanned"
    CLEAN = "clean"
    WAITING = "waiting"
    FOUND = "found"


class Condition(StrEnum):
    """How a part of the system is: well, in need of attention, or broken; or there is nothing to say."""

    WELL = "well"
    ATTENTION = "attention"
    BROKEN = "broken"
    NONE = "none"


class ImportState(StrEnum):
    """An uploaded 附件2: checked and shown, then confirmed or put aside."""

    CHECKED = "checked"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


class DossierState(StrEnum):
    """A dossier that was asked for: it waits, is made part by part, and is there for a week."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"
    GONE = "gone"


class IncomingState(StrEnum):
    """A mail that came in: it waits for someone of the office to claim it."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    IGNORED = "ignored"


class Ground(StrEnum):
    """Why two applications are taken for one person's: the ID number is certain, the bare name says too little."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    NAME = "name"
    NAME_EMPLOYER = "name_employer"
    NAME_BIRTH = "name_birth"


class Handing(StrEnum):
    """How a task comes to somebody else: for good, on behalf of who gave it, back to its body, as a substitute."""

    HANDED_OVER = "handed_over"
    DELEGATED = "delegated"
    TAKEN_BACK = "taken_back"
    STOOD_IN = "stood_in"


class EventKind(StrEnum):
    """What has happened, in the past tense; the record page has one partial for each."""

    SEASON_OPENED = "season_opened"
    CLOCK_MOVED = "clock_moved"
    DATES_AMENDED = "dates_amended"
    CALENDAR_CHANGED = "calendar_changed"
    CASE_ENTERED = "case_entered"
    CASE_EDITED = "case_edited"
    ENTRY_CORRECTED = "entry_corrected"
    LATE_ADMITTED = "late_admitted"
    ATTACHMENT_ADDED = "attachment_added"
    ATTACHMENT_REMOVED = "attachment_removed"
    PAPER_RECEIVED = "paper_received"
    NUMBERS_SEEN = "numbers_seen"
    DOSSIER_TAKEN = "dossier_taken"
    CHANNEL_CONFIRMED = "channel_confirmed"
    SAMENESS_SETTLED = "sameness_settled"
    SHEET_IMPORTED = "sheet_imported"
    PRIORITIES_SET = "priorities_set"
    MAIL_SETTLED = "mail_settled"
    RESULT_RELEASED = "result_released"
    RESULT_WITHHELD = "result_withheld"
    MAIL_RESENT = "mail_resent"
    ADDRESS_CHANGED = "address_changed"
    SENDING_STOPPED = "sending_stopped"
    SENDING_RESUMED = "sending_resumed"
    CALL_RECORDED = "call_recorded"
    GATE_OPENED = "gate_opened"
    ANSWER_GIVEN = "answer_given"
    GATE_CLEARED = "gate_cleared"
    GATE_RETURNED = "gate_returned"
    GATE_VOIDED = "gate_voided"
    TASK_REMINDED = "task_reminded"
    CODE_ISSUED = "code_issued"
    CODE_ACCEPTED = "code_accepted"
    CODE_REFUSED = "code_refused"
    TASK_HANDED = "task_handed"
    SUBSTITUTE_NAMED = "substitute_named"
    SUBSTITUTE_ENDED = "substitute_ended"
    LIST_CONFIRMED = "list_confirmed"
    MINUTES_SCANNED = "minutes_scanned"
    RECUSAL_DECLARED = "recusal_declared"
    RECUSED_REFUSED = "recused_refused"
    PANEL_CHANGED = "panel_changed"
    VISIT_SET = "visit_set"
    TRADES_SET = "trades_set"
    PLACE_GIVEN = "place_given"
    PLACE_FREED = "place_freed"
    LIST_RELEASED = "list_released"
    CORRECTION_ASKED = "correction_asked"
    CORRECTION_SETTLED = "correction_settled"
    OBJECTION_REGISTERED = "objection_registered"
    OBJECTION_ADMITTED = "objection_admitted"
    OBJECTION_VERIFIED = "objection_verified"
    OBJECTION_CONCLUDED = "objection_concluded"
    DOCUMENT_DRAFTED = "document_drafted"
    DOCUMENT_NUMBERED = "document_numbered"
    PAPER_FILED = "paper_filed"
    CERTIFICATE_NUMBERED = "certificate_numbered"
    AMOUNT_SET = "amount_set"
    AWARD_SETTLED = "award_settled"
    COVERAGE_ADDED = "coverage_added"
    COVERAGE_REMOVED = "coverage_removed"
    TITLE_REVOKED = "title_revoked"
    APPEAL_REGISTERED = "appeal_registered"
    APPEAL_ANSWERED = "appeal_answered"
    CONSENT_TEXT_SET = "consent_text_set"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    HOLD_SET = "hold_set"
    HOLD_LIFTED = "hold_lifted"
    ERASURE_SETTLED = "erasure_settled"
    DATA_ERASED = "data_erased"
    CASE_ENDED = "case_ended"
    CASE_CLOSED = "case_closed"
    SEASON_CLOSED = "season_closed"
