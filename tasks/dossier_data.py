"""What of a case goes into its dossier as data: the application, opinions and scores, lists, meetings, mails?

For people outside the same without numbers, mailboxes, addresses and names of who decided; score sheets bear no name.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from models.appeal import Appeal, said_in
from models.case import Case
from models.casefile import Answered, CaseFile, Opened
from models.crypto import unseal_json
from models.form_field import FormField
from models.labels import label
from models.lists import Entry, Shortlist
from models.mail import Message
from models.meeting import Meeting, MeetingItem
from models.notice import Notice
from models.objection import Objection, read_account
from models.people import Person
from models.personal import joined, masked_form, sealed_about_id, whole_form
from models.reading import may_read_numbers
from models.submission import Submission
from models.viewer import Viewer
from models.words import (
    FieldKind,
    MessageState,
    ObjectionSource,
    ObjectionState,
    ObjectorKind,
    Outcome,
    Place,
)
from notifications.catalogue import MAILS
from notifications.letters import CannotWrite, Writer

Json = dict[str, Any]
# An address that opens something for whoever holds it.
KEY = re.compile(r"https?://\S+/[\w.-]{20,}(?:/\S*)?")
NUMBERS = (FieldKind.ID_NUMBER, FieldKind.PHONE, FieldKind.EMAIL)


def case_data(viewer: Viewer, file: CaseFile, *, redacted: bool) -> Json:
    """The case with its application as it is now, and as it was each time it was handed in."""
    case, notice = file.case, file.notice
    told: Json = {
        "number": case.number,
        "name": case.name,
        "season": viewer.season.key,
        "practice": viewer.season.practice,
        "channel": notice.channel(case.channel).label,
        "unit": file.unit,
        "stage": notice.stage(case.stage).label,
        "outcome": label(Outcome(case.outcome)) if case.outcome else "",
        "entered_at": _moment(case.entered_at),
        "closed_at": _moment(case.closed_at),
        "form_version": case.form_version,
        "form": _form(notice, case, _as_readable(viewer, notice, case), redacted=redacted),
    }
    if not redacted:
        told["entered_by"] = file.entered_by
        told["submissions"] = list(_submissions(viewer, notice, case))
    return told


def _as_readable(viewer: Viewer, notice: Notice, case: Case) -> Mapping[str, Any]:
    return whole_form(case) if may_read_numbers(viewer, case) else masked_form(notice, case)


def _submissions(viewer: Viewer, notice: Notice, case: Case) -> Iterator[Json]:
    rows = viewer.session.exec(
        select(Submission).where(Submission.case_id == case.id).order_by(col(Submission.number))
    )
    whole = may_read_numbers(viewer, case)
    for row in rows:
        sealed = unseal_json(row.sealed, sealed_about_id(case.id)) if whole else {}
        form = _form(notice, case, joined(row.form, sealed or {}), redacted=False)
        about = {"number": row.number, "form_version": row.form_version, "at": _moment(row.handed_in_at)}
        yield {**about, "form": form}


def _form(notice: Notice, case: Case, form: Mapping[str, Any], *, redacted: bool) -> list[Json]:
    found = []
    for field in notice.fields_of(case.channel):
        if redacted and _is_personal(field):
            continue
        value = form.get(field.key)
        if redacted and field.columns:
            shown = {c.key for c in field.columns if not c.sealed and c.kind not in NUMBERS}
            value = [{k: v for k, v in row.items() if k in shown} for row in value or []]
        found.append({"key": field.key, "label": field.label, "value": value})
    return found


def _is_personal(field: FormField) -> bool:
    return field.sealed or field.kind in NUMBERS


# --- opinions and scores ------------------------------------------------------------------------------------------


def opinions_data(file: CaseFile, *, redacted: bool) -> list[Json]:
    """Every answer that may be read, gate by gate."""
    return [
        {
            "step": g.step.label,
            "clause": g.step.clause,
            "round": g.gate.round,
            "opened_at": _moment(g.gate.opened_at),
            "closed_at": _moment(g.gate.closed_at),
            "state": g.gate.state,
            "answers": [_answer(a, n, g, redacted=redacted) for n, a in enumerate(_in_order(g), 1)],
        }
        for g in file.gates
    ]


def _in_order(opened: Opened) -> list[Answered]:
    """By body; experts in the order of what nobody can tell them by."""
    readable = [a for a in opened.answered if a.readable]
    if not opened.step.criteria:
        return readable
    return sorted(readable, key=lambda a: a.decision.salt if a.decision else "")


def _answer(answered: Answered, number: int, opened: Opened, *, redacted: bool) -> Json:
    decision, scored = answered.decision, bool(opened.step.criteria)
    assert decision is not None
    told: Json = {
        "body": f"专家{number}" if redacted and scored else answered.body,
        "answer": answered.answer,
    }
    if not redacted:
        told |= {"of": answered.who, "by": answered.decided_by, "handled_by": answered.handled_by}
    if not (redacted and scored):
        told |= {"decided_at": _moment(decision.decided_at), "items": decision.items}
    told |= {"opinion": decision.opinion, "reason": decision.reason}
    if scores := decision.facts.get("scores"):
        told["scores"] = {c.label: scores.get(c.key) for c in opened.step.criteria}
    return told


# --- objections and appeals ---------------------------------------------------------------------------------------


def hearings_data(viewer: Viewer, case: Case, *, redacted: bool) -> Json:
    """What was said against the case, or for it, and what came of that; never who objected (三（七）)."""
    session = viewer.session
    objections = session.exec(
        select(Objection).where(Objection.case_id == case.id).order_by(col(Objection.registered_at))
    )
    appeals = session.exec(
        select(Appeal).where(Appeal.case_id == case.id).order_by(col(Appeal.registered_at))
    )
    return {
        "objections": [_objection(o, redacted=redacted) for o in objections],
        "appeals": [_appeal(a, redacted=redacted) for a in appeals],
    }


def _objection(objection: Objection, *, redacted: bool) -> Json:
    told: Json = {
        "state": label(ObjectionState(objection.state)),
        "received_on": objection.received_on.isoformat(),
        "late": objection.late,
        "concluded_at": _moment(objection.concluded_at),
    }
    if redacted:
        return told
    said = read_account(objection)
    return told | {
        "source": label(ObjectionSource(objection.source)),
        "objector": label(ObjectorKind(said.objector_kind)),
        "text": said.text,
        "admission": said.admission,
        "finding": said.finding,
        "conclusion": said.conclusion,
    }


def _appeal(appeal: Appeal, *, redacted: bool) -> Json:
    told: Json = {
        "registered_at": _moment(appeal.registered_at),
        "due_at": _moment(appeal.due_at),
        "answered_at": _moment(appeal.answered_at),
        "upheld": appeal.upheld,
    }
    return told if redacted else {**told, "text": said_in(appeal).text, "answer": appeal.answer}


# --- lists, meetings, mails ---------------------------------------------------------------------------------------


def places_data(viewer: Viewer, file: CaseFile) -> list[Json]:
    """Where the case stood on each confirmed list, for those who may read it."""
    if not file.readable:
        return []
    rows = viewer.session.exec(
        select(Shortlist, Entry)
        .join(Entry, col(Entry.shortlist_id) == col(Shortlist.id))
        .where(Entry.case_id == file.case.id, col(Shortlist.confirmed_at).is_not(None))
        .order_by(col(Shortlist.confirmed_at))
    ).all()
    return [
        {
            "list": file.notice.step(shortlist.step).label,
            "round": shortlist.round,
            "confirmed_at": _moment(shortlist.confirmed_at),
            "place": label(Place(entry.place)),
            "position": entry.position if entry.place != Place.OFF else None,
            "score": str(entry.score) if entry.score is not None else None,
            "reason": entry.reason,
        }
        for shortlist, entry in rows
    ]


def meetings_data(viewer: Viewer, file: CaseFile) -> list[Json]:
    """What each meeting concluded on this case, as far as that differs from its draft."""
    if not file.readable:
        return []
    rows = viewer.session.exec(
        select(Meeting, MeetingItem)
        .join(MeetingItem, col(MeetingItem.meeting_id) == col(Meeting.id))
        .where(MeetingItem.case_id == file.case.id)
        .order_by(col(Meeting.saved_at))
    ).all()
    return [
        {
            "number": meeting.number,
            "held_on": meeting.held_on.isoformat() if meeting.held_on else None,
            "place": label(Place(item.place)) if item.place else "",
            "position": item.position,
            "votes": item.votes,
            "reason": item.reason,
        }
        for meeting, item in rows
    ]


def mails_data(viewer: Viewer, case: Case | None, *, redacted: bool) -> list[Json]:
    """The mails about a case, or about the season, with what they say; their links are in none of them."""
    writer = Writer(viewer.session)
    rows = viewer.session.exec(
        select(Message, Person.name)
        .outerjoin(Person, col(Person.id) == col(Message.person_id))
        .where(Message.season_id == viewer.season.id)
        .where(col(Message.case_id).is_not_distinct_from(case.id if case else None))
        .order_by(col(Message.queued_at), col(Message.id))
    ).all()
    return [_mail(writer, message, name or "", redacted=redacted) for message, name in rows]


def _mail(writer: Writer, message: Message, name: str, *, redacted: bool) -> Json:
    kind = MAILS.get(message.template)
    told: Json = {
        "kind": kind.label if kind else message.template,
        "state": label(MessageState(message.state)),
        "queued_at": _moment(message.queued_at),
        "sent_at": _moment(message.sent_at),
    }
    if not redacted:
        sealed = "objection" in message.context
        told |= {
            "to": "" if sealed else name or str(message.context.get("person", "")),
            "address": message.address or "",
            "error": message.error,
        }
        if not sealed:
            told |= _said(writer, message)
    return told


def _said(writer: Writer, message: Message) -> Json:
    """What the mail says, written from its kind and facts as when it is sent; nothing when it can't be."""
    try:
        said = writer.said(message)
    except CannotWrite:
        return {}
    return {"subject": said.subject, "text": KEY.sub("（链接略去）", said.text)}


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""
