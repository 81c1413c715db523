"""账号: who can log in, and what do the administrators of the system and of security do with an account?"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import Session, col, select

from api.deps import Missing, Visit, Visiting, clean
from api.paging import PageNumber
from api.render import done, page, query
from models.account_words import DUTIES, PROPOSALS, ROLES, AdminRole, ProposalKind
from models.people import Organisation, Person
from models.queries import PAGE
from models.season import notice_of
from models.seats import seat_counts
from models.verdict import Refused, Verdict
from models.words import Relation
from tasks.accounts import logins_of
from tasks.administering import disable, enable, find_accounts, make_account, send_link, unlock_account
from tasks.granting import end_role, end_seat, proposals, propose, seats_of
from tasks.logging_in import locked_until
from tasks.second_factor import factor_of, needs_factor

router = APIRouter()
LONGEST = 80
Done = Callable[[Session, Person, UUID], Person]


def enter(visit: Visit, *roles: AdminRole) -> AdminRole:
    """For anybody but these administrators there is no such page."""
    if visit.person.admin_role not in roles:
        raise Missing
    return AdminRole(visit.person.admin_role or "")


# --- the list ----------------------------------------------------------------------------------------------------


@router.get("/accounts")
def account_list(visit: Visiting, p: PageNumber, q: str = "") -> Response:
    role = enter(visit, AdminRole.SYSTEM, AdminRole.SECURITY)
    words = clean(q).strip()[:LONGEST]
    people, total = find_accounts(visit.session, words, p)
    return page(
        visit,
        "accounts.html",
        role=role,
        people=people,
        total=total,
        words=words,
        seats=seat_counts(visit.session, [x.id for x in people]),
        roles=ROLES,
        p=p,
        pages=max(1, -(-total // PAGE)),
        base=f"/accounts?{query({'q': words})}&",
    )


@router.get("/accounts/new")
def new_page(visit: Visiting) -> Response:
    return _new_page(visit)


def _new_page(visit: Visit, *, status: int = 200, reasons: Verdict = ()) -> Response:
    enter(visit, AdminRole.SYSTEM)
    return page(visit, "account_new.html", status=status, reasons=reasons, form=visit.form)


@router.post("/accounts")
def make(visit: Visiting) -> Response:
    enter(visit, AdminRole.SYSTEM)
    name, login, email = (visit.form.text(n) for n in ("name", "login", "email"))
    try:
        person = make_account(visit.session, visit.person, name=name, login=login, email=email)
    except Refused as error:
        visit.session.rollback()
        return _new_page(visit, status=error.status, reasons=error.reasons)
    return done(
        f"/accounts/{person.id}", "账号已新建，设置密码的链接已发到邮箱。接下来请提出席位或角色的申请。"
    )


# --- one account -------------------------------------------------------------------------------------------------


@router.get("/accounts/{person_id}")
def one_account(visit: Visiting, person_id: UUID) -> Response:
    role = enter(visit, AdminRole.SYSTEM, AdminRole.SECURITY)
    session, person = visit.session, _found(visit, person_id)
    waiting, _ = proposals(session, is_open=True, person=person)
    return page(
        visit,
        "account_one.html",
        role=role,
        person=person,
        seats=[(s, season, _place(visit, s.organisation_id)) for s, season in seats_of(session, person)],
        label_of=lambda season, body: notice_of(session, season).body(body).label,
        roles=ROLES,
        kinds=_offered(visit, person),
        waiting=waiting,
        logins=len(logins_of(session, person)),
        lock=locked_until(session, person),
        has_factor=factor_of(session, person) is not None,
        needs_factor=needs_factor(session, person),
    )


def _found(visit: Visit, person_id: UUID) -> Person:
    person = visit.session.get(Person, person_id)
    if person is None or person.login is None:
        raise Missing
    return person


def _place(visit: Visit, organisation_id: UUID | None) -> str:
    place = visit.session.get(Organisation, organisation_id) if organisation_id else None
    return place.name if place else ""


def _offered(visit: Visit, person: Person) -> dict[ProposalKind, str]:
    """What can be proposed for this account now."""
    if person.id == visit.person.id or not person.active:
        return {}
    seated = bool(seats_of(visit.session, person))
    fits = {
        ProposalKind.SEAT: not person.admin_role,
        ProposalKind.ROLE: not person.admin_role and not seated,
        ProposalKind.ADDRESS: True,
        ProposalKind.FACTOR_RESET: factor_of(visit.session, person) is not None,
    }
    return {kind: text for kind, text in PROPOSALS.items() if fits[kind]}


@router.post("/accounts/{person_id}/link")
def link(visit: Visiting, person_id: UUID) -> Response:
    return _act(visit, person_id, send_link, "设置密码的链接已发出，72小时内有效；此前的链接作废。")


@router.post("/accounts/{person_id}/disable")
def stop(visit: Visiting, person_id: UUID) -> Response:
    return _act(visit, person_id, disable, "账号已停用，登录和接口令牌同时失效。")


@router.post("/accounts/{person_id}/enable")
def restore(visit: Visiting, person_id: UUID) -> Response:
    return _act(visit, person_id, enable, "账号已恢复。")


@router.post("/accounts/{person_id}/unlock")
def end_lock(visit: Visiting, person_id: UUID) -> Response:
    return _act(visit, person_id, unlock_account, "已解除锁定，现在可以登录。")


def _act(visit: Visit, person_id: UUID, verb: Done, said: str) -> Response:
    enter(visit, AdminRole.SYSTEM)
    verb(visit.session, visit.person, person_id)
    return done(f"/accounts/{person_id}", said)


# --- proposing ---------------------------------------------------------------------------------------------------


@router.get("/accounts/{person_id}/propose/{kind}")
def propose_page(visit: Visiting, person_id: UUID, kind: ProposalKind) -> Response:
    return _propose_page(visit, person_id, kind)


def _propose_page(
    visit: Visit, person_id: UUID, kind: ProposalKind, *, status: int = 200, reasons: Verdict = ()
) -> Response:
    enter(visit, AdminRole.SYSTEM, AdminRole.SECURITY)
    person = _found(visit, person_id)
    return page(
        visit,
        "account_propose.html",
        status=status,
        reasons=reasons,
        person=person,
        kind=kind,
        kind_label=PROPOSALS[kind],
        roles=ROLES,
        duties=DUTIES,
        bodies=[b for b in visit.viewer.notice.bodies if b.relation is not Relation.FILLER],
        placed=(Relation.OWN_COUNTY, Relation.OWN_UNIT),
        organisations=visit.session.exec(select(Organisation.name).order_by(col(Organisation.name))).all(),
        form=visit.form,
    )


@router.post("/accounts/{person_id}/propose/{kind}")
def put_forward(visit: Visiting, person_id: UUID, kind: ProposalKind) -> Response:
    enter(visit, AdminRole.SYSTEM, AdminRole.SECURITY)
    reason = visit.form.text("reason")
    try:
        propose(visit.session, visit.person, person_id, kind, _facts(visit, kind), reason)
    except Refused as error:
        visit.session.rollback()
        return _propose_page(visit, person_id, kind, status=error.status, reasons=error.reasons)
    return done(f"/accounts/{person_id}", "申请已提出，等另一名安全管理员确认后生效。")


def _facts(visit: Visit, kind: ProposalKind) -> dict[str, Any]:
    form = visit.form
    if kind is ProposalKind.SEAT:
        place = {"organisation": form.text("organisation")} if form.text("organisation") else {}
        return {"season": visit.season.key, "body": form.text("body"), **place}
    if kind is ProposalKind.ROLE:
        return {"role": form.text("role")}
    return {"email": form.text("email")} if kind is ProposalKind.ADDRESS else {}


# --- taking away -------------------------------------------------------------------------------------------------


@router.get("/accounts/{person_id}/take/{what}")
def take_page(visit: Visiting, person_id: UUID, what: str) -> Response:
    return _take_page(visit, person_id, what)


def _taken(visit: Visit, person: Person, what: str) -> str:
    """In words what is to be taken: the role, or the seat of this id; anything else does not exist."""
    if what == "role" and person.admin_role:
        return f"{ROLES[AdminRole(person.admin_role)]}角色"
    seat = next((s for s in seats_of(visit.session, person) if str(s[0].id) == what), None)
    if seat is None:
        raise Missing
    label = notice_of(visit.session, seat[1]).body(seat[0].body).label
    return f"{seat[1].title}“{label}”的席位"


def _take_page(
    visit: Visit, person_id: UUID, what: str, *, status: int = 200, reasons: Verdict = ()
) -> Response:
    enter(visit, AdminRole.SECURITY)
    person = _found(visit, person_id)
    taken = _taken(visit, person, what)
    return page(
        visit,
        "account_take.html",
        status=status,
        reasons=reasons,
        person=person,
        what=what,
        taken=taken,
        form=visit.form,
    )


@router.post("/accounts/{person_id}/take/{what}")
def take(visit: Visiting, person_id: UUID, what: str) -> Response:
    enter(visit, AdminRole.SECURITY)
    _taken(visit, _found(visit, person_id), what)
    reason = visit.form.text("reason")
    try:
        if what == "role":
            end_role(visit.session, person_id, visit.person, reason)
        else:
            end_seat(visit.session, UUID(what), visit.person, reason)
    except Refused as error:
        visit.session.rollback()
        return _take_page(visit, person_id, what, status=error.status, reasons=error.reasons)
    return done(f"/accounts/{person_id}", "已收回，立即生效。")
