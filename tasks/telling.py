"""Who hears of what has been settled: of how a case ended, of a list, of the public notice, of a correction?

How a case ended waits in the outbox until the office releases it (`tasks.outcomes`).
"""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, select

from models.case import Case
from models.database import real_now
from models.gates import Assignment, Gate
from models.hosts import signing_step
from models.labels import label
from models.lists import Shortlist
from models.mail import Message
from models.notice import SHANGHAI, Notice, Step
from models.people import Person, Seat
from models.publication import published_at, read_rows
from models.published import Correction
from models.season import Season, now
from models.seats import gets_mail, mailed_of, seat_is_held
from models.words import MessageState, Need, Outcome, Scope
from tasks.mail import about, queue


def tell_case_ended(session: Session, season: Season, notice: Notice, case: Case, outcome: Outcome) -> None:
    """Whoever entered the case, its unit, its county union and the candidate hear how it ended, once released."""
    _tell_result(session, season, notice, case, outcome, label(outcome))


def tell_title_revoked(session: Session, season: Season, notice: Notice, case: Case) -> None:
    """The same people hear that the title was taken back."""
    _tell_result(session, season, notice, case, "revoked", "称号已撤销")


def _tell_result(session: Session, season: Season, notice: Notice, case: Case, key: str, result: str) -> None:
    people = _concerned(session, season, notice, [case])
    for person in people:
        queue(
            session,
            "decided",
            person,
            unique_key=f"decided:{case.id}:{key}:{person.id}",
            season=season,
            case=case,
            held=True,
            outcome=result,
            **about(notice, case),
        )
    own = str(case.form.get("email") or "").strip()
    if own and own.casefold() not in {(p.email or "").casefold() for p in people}:
        session.add(_to_the_candidate(season, notice, case, own, key, result))


def _to_the_candidate(
    season: Season, notice: Notice, case: Case, address: str, key: str, result: str
) -> Message:
    """The candidate's own mail, to the address of the form; he may have neither account nor task."""
    facts = {"person": case.name, "season": season.title, "practice": season.practice}
    return Message(
        season_id=season.id,
        case_id=case.id,
        address=address,
        template="decided_own",
        context={**facts, "outcome": result, "own": True, **about(notice, case)},
        unique_key=f"decided_own:{case.id}:{key}",
        state=MessageState.HELD,
        queued_at=real_now(),
    )


def tell_list_confirmed(
    session: Session, season: Season, notice: Notice, shortlist: Shortlist, names: int
) -> None:
    """The office and those who decided on the list hear that it stands; nobody else before it is published."""
    step = notice.step(shortlist.step)
    bodies = {notice.office, *(d.body for d in step.deciders)}
    for person in mailed_of(session, season, bodies):
        queue(
            session,
            "list_confirmed",
            person,
            unique_key=f"list_confirmed:{shortlist.id}:{person.id}",
            season=season,
            step=step.label,
            clause=step.clause,
            names=names,
            round=shortlist.round,
            **about(notice, None),
        )


def tell_notice_open(session: Session, season: Season, notice: Notice, step: Step, gate: Gate) -> None:
    """The units of those on the public notice and the hosts hear that it has begun (三（七）)."""
    publication = published_at(session, season, step, gate)
    ids = [r.case_id for r in read_rows(publication)] if publication else []
    cases = session.exec(select(Case).where(col(Case.id).in_(ids))).all()
    signing = signing_step(notice)
    hosts = {d.body for d in signing.deciders} if signing else set()
    people = {p.id: p for p in _concerned(session, season, notice, cases)}
    people |= {p.id: p for p in mailed_of(session, season, hosts)}
    for person in people.values():
        queue(
            session,
            "notice_open",
            person,
            unique_key=f"notice_open:{gate.id}:{person.id}",
            season=season,
            step=step.label,
            due=gate.due_at.astimezone(SHANGHAI).isoformat(),
            names=len(ids),
            **about(notice, None),
        )


def tell_correction_waits(
    session: Session,
    season: Season,
    notice: Notice,
    correction: Correction,
    column: str,
    bodies: Collection[str],
) -> None:
    """Those who may release a correction hear that one waits, but for who asked for it."""
    case = session.get_one(Case, correction.case_id)
    for person in mailed_of(session, season, bodies):
        if person.id != correction.asked_by:
            queue(
                session,
                "correction_waits",
                person,
                unique_key=f"correction_waits:{correction.id}:{person.id}",
                season=season,
                case=case,
                column=column,
                **about(notice, case),
            )


def _concerned(session: Session, season: Season, notice: Notice, cases: Collection[Case]) -> list[Person]:
    """Who entered the cases, and the seats of the bodies that alone passed them on (their units, county unions)."""
    single = [s.key for s in notice.steps if s.scope is Scope.CASE and s.need is Need.ONE]
    seated = (
        select(Person)
        .join(Seat, col(Seat.person_id) == col(Person.id))
        .join(
            Assignment,
            (col(Assignment.organisation_id) == col(Seat.organisation_id))
            & (col(Assignment.body) == col(Seat.body)),
        )
        .join(Gate, col(Gate.id) == col(Assignment.gate_id))
        .where(col(Gate.case_id).in_([c.id for c in cases]), col(Gate.step).in_(single))
        .where(Seat.season_id == season.id, seat_is_held(now(season)), gets_mail(now(season)))
        .distinct()
    )
    people: dict[UUID, Person] = {p.id: p for p in session.exec(seated)}
    entered = select(Person).where(col(Person.id).in_({c.entered_by for c in cases}))
    people |= {p.id: p for p in session.exec(entered)}
    return list(people.values())
