"""What does the card “告知同意” show: the text, what stands, what is still to be ticked, and by whom?"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from api.deps import Visit
from models.case import Case
from models.channels import self_channel
from models.consent import (
    Consent,
    ConsentText,
    Standing,
    case_consent,
    recommenders_of,
    text_in_force,
)
from models.people import Person
from models.personal import whole_form
from models.season import notice_by_digest
from tasks.consent import check_give, check_take_back


@dataclass(frozen=True)
class Act:
    """One act as it is listed, with the name of who put it on record."""

    consent: Consent
    by: str


@dataclass(frozen=True)
class ConsentCard:
    """`himself` when the person on the page is whose data it is; otherwise he declares what was signed."""

    text: ConsentText
    himself: bool = False
    standing: Standing = field(default_factory=lambda: Standing({}))
    recommenders: Sequence[str] = ()
    silent: Sequence[str] = ()
    acts: Sequence[Act] = ()
    may_give: bool = True
    may_take_back: bool = False
    said: Sequence[str] = ()

    @property
    def complete(self) -> bool:
        return not self.standing.missing and not self.silent


def consent_card(visit: Visit, case: Case | None) -> ConsentCard | None:
    """None where the season asks for no consent."""
    session, ticked = visit.session, visit.form.fields.get("consent", [])
    if case is None:
        text = text_in_force(session, visit.season.id)
        return ConsentCard(text, himself=not visit.viewer.seats, said=ticked) if text else None
    said = case_consent(session, case)
    if said.text is None:
        return None
    notice = notice_by_digest(session, case.notice_digest)
    names = recommenders_of(notice, whole_form(case)) if notice.channel(case.channel).recommenders else []
    own = self_channel(notice)
    who = {a.recorded_by for a in said.acts}
    people = dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(who))).all())
    office = visit.viewer.is_office
    return ConsentCard(
        said.text,
        himself=own is not None and case.channel == own.key and case.entered_by == visit.person.id,
        standing=said.standing,
        recommenders=names,
        silent=said.silent(names),
        acts=[Act(a, people[a.recorded_by]) for a in said.acts],
        may_give=not check_give(said, case, visit.person, by_office=office),
        may_take_back=not check_take_back(said, case, visit.person, by_office=office),
        said=ticked,
    )
