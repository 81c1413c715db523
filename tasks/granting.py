"""How does an account come to a seat or to a role? One administrator proposes, another one, of security, confirms.

The same holds for taking a lost telephone off an account and for a new mail address, since whoever can do that alone
can become somebody else. Taking away needs one person only.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from models.account_words import (
    PROPOSALS,
    ROLES,
    AccountEventKind,
    AdminRole,
    ProposalKind,
    ProposalState,
    Result,
)
from models.administering import is_practising
from models.database import real_now
from models.granting import Proposal
from models.people import Person, Seat
from models.queries import PAGE
from models.season import Season, notice_of, now
from models.verdict import Reason, Refused, Verdict, require
from notifications.letters import is_address
from tasks.account_log import named, note
from tasks.accounts import end_logins
from tasks.directory import seat_person
from tasks.second_factor import remove_factor

PROPOSERS = (AdminRole.SYSTEM, AdminRole.SECURITY)
LONGEST_REASON = 200
GIVEN = {
    ProposalKind.SEAT: AccountEventKind.SEAT_GIVEN,
    ProposalKind.ROLE: AccountEventKind.ROLE_GIVEN,
    ProposalKind.ADDRESS: AccountEventKind.ADDRESS_CHANGED,
    ProposalKind.FACTOR_RESET: AccountEventKind.FACTOR_RESET,
}


# --- proposing ---------------------------------------------------------------------------------------------------


def propose(
    session: Session, by: Person, person_id: UUID, kind: ProposalKind, facts: dict[str, Any], reason: str
) -> Proposal:
    """Put before the second person what this account is to be given. `facts` as `_check_facts` reads them."""
    person = session.get(Person, person_id)
    if person is None or person.login is None:
        raise Refused(Reason("unknown_account", "没有这个账号。", kind="missing"))
    reason = reason.strip()
    require(
        (*_check_proposer(by, person), *_check_facts(session, person, kind, facts), *_check_reason(reason))
    )
    if _same(session, person, kind, facts) is not None:
        raise Refused(Reason("proposed_already", "同样的申请已经提出，正等着确认。"))
    made = Proposal(kind=kind, person_id=person.id, facts=facts, reason=reason, proposed_by=by.id)
    session.add(made)
    note(session, AccountEventKind.PROPOSED, by, about=named(person), what=said(session, made), reason=reason)
    return made


def _check_proposer(by: Person, person: Person) -> Verdict:
    if by.admin_role not in PROPOSERS:
        return (Reason("not_yours", "只有系统管理员、安全管理员可以提出。", kind="forbidden"),)
    if by.id == person.id:
        return (Reason("own_account", "不能为自己的账号提出，请由另一名管理员提出。", kind="forbidden"),)
    if not person.active:
        return (Reason("disabled", "账号已停用，请先恢复。"),)
    return ()


def _check_reason(reason: str) -> Verdict:
    if not reason:
        return (Reason("reason_missing", "请写明依据或理由。", kind="invalid", field="reason"),)
    if len(reason) > LONGEST_REASON:
        return (Reason("reason_long", f"理由最多{LONGEST_REASON}字。", kind="invalid", field="reason"),)
    return ()


def _check_facts(session: Session, person: Person, kind: ProposalKind, facts: dict[str, Any]) -> Verdict:
    """A seat: `season`, `body`, `organisation`. A role: `role`. An address: `email`."""
    if kind is ProposalKind.SEAT:
        return _check_seat(session, person, facts)
    if kind is ProposalKind.ROLE:
        return _check_role(session, person, str(facts.get("role", "")))
    if kind is ProposalKind.ADDRESS and not is_address(str(facts.get("email", ""))):
        text = "请填写有效的邮箱地址，例如 name@example.org。"
        return (Reason("not_an_address", text, kind="invalid", field="email"),)
    return ()


def _check_seat(session: Session, person: Person, facts: dict[str, Any]) -> Verdict:
    if person.admin_role:
        text = f"{person.name}是{ROLES[AdminRole(person.admin_role)]}，管理员不能兼任业务席位。"
        return (Reason("is_administrator", text),)
    if not facts.get("body"):
        return (Reason("body_missing", "请选择机构。", kind="invalid", field="body"),)
    with session.begin_nested() as trial:
        try:
            _seat(session, person, facts)
        except Refused as error:
            return error.reasons
        finally:
            trial.rollback()
    return ()


def _check_role(session: Session, person: Person, role: str) -> Verdict:
    if role not in set(AdminRole):
        return (Reason("unknown_role", "请选择管理员角色。", kind="invalid", field="role"),)
    if person.practice and not is_practising(session):
        text = "这是演练账号，密码由多人共用，不能担任管理员。请另建账号。"
        return (Reason("practice_account", text),)
    if person.admin_role:
        text = f"{person.name}已经是{ROLES[AdminRole(person.admin_role)]}。三种管理员互斥，请先收回。"
        return (Reason("has_role", text, kind="conflict", field="role"),)
    if seats_of(session, person):
        text = f"{person.name}有业务席位，不能担任管理员。请先收回席位。"
        return (Reason("has_seat", text, kind="conflict", field="role"),)
    return ()


def _same(session: Session, person: Person, kind: ProposalKind, facts: dict[str, Any]) -> Proposal | None:
    waiting = select(Proposal).where(Proposal.person_id == person.id, Proposal.state == ProposalState.OPEN)
    return next((p for p in session.exec(waiting.where(Proposal.kind == kind)) if p.facts == facts), None)


# --- settling ----------------------------------------------------------------------------------------------------


def check_settle(proposal: Proposal, by: Person) -> Verdict:
    """The second person: an administrator of security who neither proposed it nor gets it."""
    if by.admin_role != AdminRole.SECURITY:
        return (Reason("not_yours", "由安全管理员确认。", kind="forbidden"),)
    if by.id == proposal.proposed_by:
        return (Reason("same_person", "提出的人不能自己确认，请由另一名安全管理员确认。", kind="forbidden"),)
    if by.id == proposal.person_id:
        return (Reason("own_account", "不能确认自己账号的申请。", kind="forbidden"),)
    return ()


def confirm(session: Session, proposal_id: UUID, by: Person) -> Proposal:
    """The second person agrees: it is given at once. Everything is checked once more."""
    proposal, person = _waiting(session, proposal_id)
    kind = ProposalKind(proposal.kind)
    require(check_settle(proposal, by))
    require(_check_facts(session, person, kind, proposal.facts))
    what = said(session, proposal)
    _give(session, person, kind, proposal.facts, by, what)
    _settle(session, proposal, ProposalState.CONFIRMED, by)
    note(session, AccountEventKind.CONFIRMED, by, about=named(person), what=what)
    return proposal


def decline(session: Session, proposal_id: UUID, by: Person, reason: str) -> Proposal:
    proposal, person = _waiting(session, proposal_id)
    require(check_settle(proposal, by))
    require(_check_reason(reason.strip()))
    proposal.answer = reason.strip()
    _settle(session, proposal, ProposalState.DECLINED, by)
    note(
        session,
        AccountEventKind.DECLINED,
        by,
        about=named(person),
        result=Result.REFUSED,
        what=said(session, proposal),
        reason=proposal.answer,
    )
    return proposal


def withdraw(session: Session, proposal_id: UUID, by: Person) -> Proposal:
    proposal, person = _waiting(session, proposal_id)
    if by.id != proposal.proposed_by:
        raise Refused(Reason("not_yours", "只有提出的人可以撤回。", kind="forbidden"))
    _settle(session, proposal, ProposalState.WITHDRAWN, by)
    note(session, AccountEventKind.WITHDRAWN, by, about=named(person), what=said(session, proposal))
    return proposal


def _waiting(session: Session, proposal_id: UUID) -> tuple[Proposal, Person]:
    proposal = session.get(Proposal, proposal_id, with_for_update=True)
    if proposal is None:
        raise Refused(Reason("unknown_proposal", "没有这项申请。", kind="missing"))
    if proposal.state != ProposalState.OPEN:
        raise Refused(Reason("settled", "这项申请已经办结。"))
    return proposal, session.get_one(Person, proposal.person_id, with_for_update=True)


def _settle(session: Session, proposal: Proposal, state: ProposalState, by: Person) -> None:
    proposal.state, proposal.settled_by, proposal.settled_at = state, by.id, real_now()
    session.add(proposal)


def _give(
    session: Session, person: Person, kind: ProposalKind, facts: dict[str, Any], by: Person, what: str
) -> None:
    if kind is ProposalKind.SEAT:
        _seat(session, person, facts)
    else:
        _change(session, person, kind, facts)
        end_logins(session, person)
    note(session, GIVEN[kind], by, about=named(person), what=what)


def _change(session: Session, person: Person, kind: ProposalKind, facts: dict[str, Any]) -> None:
    if kind is ProposalKind.ROLE:
        person.admin_role = str(facts["role"])
    elif kind is ProposalKind.ADDRESS:
        person.email = str(facts["email"])
    else:
        remove_factor(session, person)
    session.add(person)


def _seat(session: Session, person: Person, facts: dict[str, Any]) -> Seat:
    season = session.exec(select(Season).where(Season.key == str(facts.get("season", "")))).first()
    if season is None:
        raise Refused(Reason("unknown_season", "请选择年度。", kind="invalid", field="season"))
    notice = notice_of(session, season)
    return seat_person(
        session, season, notice, person, str(facts.get("body", "")), facts.get("organisation") or None
    )


# --- taking away -------------------------------------------------------------------------------------------------


def end_role(session: Session, person_id: UUID, by: Person, reason: str) -> Person:
    """One administrator of security is enough; not for himself, so that somebody is left."""
    person = session.get(Person, person_id, with_for_update=True)
    if person is None or not person.admin_role:
        raise Refused(Reason("no_role", "这个账号不是管理员。", kind="missing"))
    require(_check_taking(by, person, reason))
    role, person.admin_role = person.admin_role, None
    session.add(person)
    end_logins(session, person)
    note(session, AccountEventKind.ROLE_ENDED, by, about=named(person), role=role, reason=reason.strip())
    return person


def end_seat(session: Session, seat_id: UUID, by: Person, reason: str) -> Person:
    seat = session.get(Seat, seat_id, with_for_update=True)
    if seat is None:
        raise Refused(Reason("unknown_seat", "没有这个席位。", kind="missing"))
    person, season = session.get_one(Person, seat.person_id), session.get_one(Season, seat.season_id)
    require(_check_taking(by, person, reason))
    if seat.until is not None and seat.until <= now(season):
        raise Refused(Reason("over", "这个席位已经收回。"))
    seat.until = now(season)
    session.add(seat)
    note(
        session,
        AccountEventKind.SEAT_ENDED,
        by,
        about=named(person),
        what=f"{season.title} {notice_of(session, season).body(seat.body).label}",
        reason=reason.strip(),
    )
    return person


def _check_taking(by: Person, person: Person, reason: str) -> Verdict:
    if by.admin_role != AdminRole.SECURITY:
        return (Reason("not_yours", "由安全管理员收回。", kind="forbidden"),)
    if by.id == person.id:
        return (Reason("own_account", "不能收回自己的，请由另一名安全管理员办理。", kind="forbidden"),)
    return _check_reason(reason.strip())


# --- reading -----------------------------------------------------------------------------------------------------


def seats_of(session: Session, person: Person) -> list[tuple[Seat, Season]]:
    """The seats that are not over, of every season."""
    rows = session.exec(
        select(Seat, Season)
        .join(Season, col(Season.id) == col(Seat.season_id))
        .where(Seat.person_id == person.id)
        .where(or_(col(Seat.until).is_(None), col(Seat.until) > real_now()))
        .order_by(col(Season.opened_at).desc(), col(Seat.body))
    )
    return [(seat, season) for seat, season in rows if seat.until is None or seat.until > now(season)]


@dataclass(frozen=True)
class Shown:
    """A proposal with the names of whom it is about."""

    proposal: Proposal
    person: Person
    proposed_by: str
    settled_by: str
    what: str


def proposals(
    session: Session, *, is_open: bool, person: Person | None = None, page: int = 1
) -> tuple[list[Shown], int]:
    """One page of those that wait, the oldest first, or of the settled ones, the latest first; and how many."""
    first, last = aliased(Person), aliased(Person)
    wanted = (
        select(Proposal, Person, first.name, last.name)
        .join(Person, col(Person.id) == col(Proposal.person_id))
        .join(first, col(first.id) == col(Proposal.proposed_by))
        .outerjoin(last, col(last.id) == col(Proposal.settled_by))
        .where((Proposal.state == ProposalState.OPEN) == is_open)
    )
    if person is not None:
        wanted = wanted.where(Proposal.person_id == person.id)
    total = session.exec(select(func.count()).select_from(wanted.subquery())).one()
    order = col(Proposal.proposed_at) if is_open else col(Proposal.settled_at).desc()
    rows = session.exec(wanted.order_by(order).limit(PAGE).offset((page - 1) * PAGE)).all()
    return [Shown(p, whose, by, settler or "", said(session, p)) for p, whose, by, settler in rows], total


def proposals_to_confirm(session: Session, by: Person) -> int:
    """How many wait for this administrator of security."""
    waiting = select(func.count()).select_from(Proposal).where(Proposal.state == ProposalState.OPEN)
    others = waiting.where(Proposal.proposed_by != by.id, Proposal.person_id != by.id)
    return session.exec(others).one()


def said(session: Session, proposal: Proposal) -> str:
    """In words what is to be given."""
    kind, facts = ProposalKind(proposal.kind), proposal.facts
    if kind is ProposalKind.ROLE:
        return f"{PROPOSALS[kind]}：{ROLES[AdminRole(facts['role'])]}"
    if kind is ProposalKind.ADDRESS:
        return f"{PROPOSALS[kind]}：{facts['email']}"
    if kind is ProposalKind.SEAT:
        season = session.exec(select(Season).where(Season.key == facts["season"])).one()
        body = notice_of(session, season).body(facts["body"]).label
        place = f"（{facts['organisation']}）" if facts.get("organisation") else ""
        return f"{PROPOSALS[kind]}：{season.title} {body}{place}"
    return PROPOSALS[kind]
