"""What is typed into the form of an objection, by the objector himself or by the office for him?"""

from datetime import date

from api.deps import Form
from models.objection import Account
from models.values import read_day
from models.verdict import Reason, Refused
from models.words import ObjectionSource, ObjectorKind
from tasks.objection_checks import CLAUSE
from tasks.objections import Objecting

# What the office writes down: what came by the page needs no writing down.
BY_OFFICE = [s for s in ObjectionSource if s is not ObjectionSource.PAGE]


def read_account(form: Form) -> Account:
    kind = form.text("kind")
    return Account(
        objector=form.text("objector"),
        contact=form.text("contact"),
        text=form.text("text"),
        objector_kind=ObjectorKind(kind) if kind in set(ObjectorKind) else ObjectorKind.PERSON,
        email=form.text("email"),
    )


def read_how(form: Form) -> Objecting:
    source = form.text("source")
    return Objecting(
        source=ObjectionSource(source) if source in BY_OFFICE else ObjectionSource.LETTER,
        received_on=_received(form.text("received_on")),
        evidence=[(u.filename, u.content) for u in form.uploads("evidence")],
    )


def _received(typed: str) -> date | None:
    if not typed:
        return None
    day = read_day(typed)
    if day is None:
        text = "收到日期的格式不对，应形如 2026-04-03。"
        raise Refused(Reason("day_malformed", text, CLAUSE, "invalid", "received_on"))
    return day
