"""How does somebody object by the public page (三（七）)? Without an account, by his real name, while it runs."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.crypto import blind
from models.hearing import last_window, open_window
from models.objection import Account, Objection
from models.publication import on_show, published_at
from models.season import Season, notice_of, now
from models.verdict import OPEN, Reason, Verdict, require
from models.words import ObjectionSource
from tasks.objection_checks import CLAUSE, check_account, inspect_evidence, tidied
from tasks.objections import Objecting, register
from tasks.record import lock_cases, lock_season

AN_HOUR = timedelta(hours=1)
# So many an hour from one address, and so many in one season from everywhere.
FROM_ONE, FROM_ALL = 5, 100


def check_hearing(session: Session, season: Season) -> Verdict:
    """Reasons why nobody can object by the page now."""
    notice = notice_of(session, season)
    if open_window(session, season, notice) is not None:
        return OPEN
    contact = notice.contact
    when = "公示已经结束" if last_window(session, season, notice) else "现在没有正在进行的公示"
    said = (
        f"{when}，网页上不再接受异议。如有情况反映，请来信、来电或来访：{contact.phone}，{contact.address}。"
    )
    return (Reason("no_window", said, CLAUSE),)


def objectable(session: Session, season: Season) -> list[tuple[UUID, str]]:
    """Against whom one may object now, as they are published: name and employer, in the order of the notice."""
    notice = notice_of(session, season)
    gate = open_window(session, season, notice)
    if gate is None:
        return []
    step = notice.step(gate.step)
    shown = on_show(session, season, notice, step, published_at(session, season, step, gate))
    return [
        (r.row.case_id, f"{n}. {r.row.name}　{r.row.cells.get('employer', '')}")
        for n, r in enumerate(shown.rows, 1)
    ]


def object_by_page(
    session: Session,
    season_id: UUID,
    case_id: UUID | None,
    account: Account,
    *,
    agreed: bool,
    asked_from: str,
    evidence: Sequence[tuple[str, bytes]] = (),
) -> Objection:
    """Take an objection in from the page; refused when the notice does not run, or too many came from one place.

    The season's lock makes them come one at a time, so that what is counted is counted once.
    """
    digest = (blind("objecting_address", asked_from) or "").rpartition(":")[2]
    require(_check_pace(session, session.get_one(Season, season_id), digest))
    inspect_evidence(evidence)
    season = lock_season(session, season_id)
    require(check_hearing(session, season))
    chosen = case_id in {c for c, _ in objectable(session, season)}
    require((*_check_choice(chosen), *check_account(tidied(account)), *_check_promise(agreed)))
    require(_check_pace(session, season, digest))
    [case] = lock_cases(session, [case_id])
    how = Objecting(ObjectionSource.PAGE, asked_from=digest, evidence=evidence)
    return register(session, season, case, account, how, None)


def _check_choice(chosen: bool) -> Verdict:
    if chosen:
        return OPEN
    return (Reason("row_missing", "请选择对哪一名公示人选有异议。", CLAUSE, "invalid", "against"),)


def _check_promise(agreed: bool) -> Verdict:
    if agreed:
        return OPEN
    return (Reason("not_agreed", "请勾选承诺，确认所反映的情况属实。", CLAUSE, "invalid", "agreed"),)


def _check_pace(session: Session, season: Season, asked_from: str) -> Verdict:
    recent = (
        select(func.count())
        .select_from(Objection)
        .where(Objection.season_id == season.id, Objection.source == ObjectionSource.PAGE)
        .where(col(Objection.registered_at) > now(season) - AN_HOUR)
    )
    from_one = session.exec(recent.where(Objection.asked_from == asked_from)).one()
    if from_one < FROM_ONE and session.exec(recent).one() < FROM_ALL:
        return OPEN
    said = "一小时内提交的异议太多，请过一小时再试，或者来信、来电、来访反映。"
    return (Reason("too_many", said, CLAUSE),)
