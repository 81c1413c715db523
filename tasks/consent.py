"""How is consent put on record, and taken back (个人信息保护法第13、15条)?

Every way of applying ends here: the ticks on the form, a scanned paper, the API. Nothing on record is changed; what is
taken back is one more row, and lets the case leave by the known way out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from models.case import Case
from models.channels import self_channel
from models.consent import (
    RECOMMENDERS,
    CaseConsent,
    Consent,
    case_consent,
    expert_standings,
    recommenders_of,
    text_in_force,
)
from models.data_words import ConsentScope, ConsentWay, Subject
from models.notice import CONSENT_PAPER, Notice
from models.people import Person
from models.personal import whole_form
from models.season import Season, notice_by_digest, notice_of, now
from models.seats import is_office
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import EventKind
from tasks.attachments import keep_file, look_into
from tasks.leaving import check_withdraw, withdraw
from tasks.opinions import SCANNED
from tasks.record import lock_cases, lock_season, record

ALL = (*ConsentScope, RECOMMENDERS)
REASON = "本人撤回对处理个人信息的同意"


@dataclass(frozen=True)
class Scan:
    """The paper that was signed."""

    filename: str
    content: bytes


def check_give(said: CaseConsent, case: Case, person: Person, *, by_office: bool) -> Verdict:
    """Whoever filled in the application, or the office, as long as the case goes on."""
    if said.text is None:
        return (Reason("no_text", "本年度还没有启用告知同意书，不需要登记同意。"),)
    if case.closed_at is not None:
        return (Reason("case_closed", "案件已经终结，不再登记同意。"),)
    if person.id != case.entered_by and not by_office:
        return (Reason("not_yours", "同意由填报人或办公室登记。", "", "forbidden"),)
    return OPEN


def give_consent(
    session: Session, case_id: UUID, person: Person, said: Collection[str], scan: Scan | None = None
) -> list[Consent]:
    """Put on record what is consented to and does not stand yet: scopes, and `recommenders` for all of theirs."""
    [case] = lock_cases(session, [case_id])
    season = session.get_one(Season, case.season_id)
    notice = notice_by_digest(session, case.notice_digest)
    known, by_office = case_consent(session, case), is_office(session, season, notice, person)
    require(check_give(known, case, person, by_office=by_office))
    way = _way(notice, case, person, scan)
    attachment = _keep_scan(session, season, case, person, scan) if scan else None
    wanted = known.standing.missing if scan is None else list(ConsentScope)
    scopes = [s for s in wanted if s in said]
    names = known.silent(recommenders_of(notice, whole_form(case))) if RECOMMENDERS in said else []
    acts = [_act(session, season, case, person, Subject.CANDIDATE, case.name, scopes, way)] if scopes else []
    paper = ConsentWay.PAPER
    acts += [
        _act(session, season, case, person, Subject.RECOMMENDER, n, [ConsentScope.HANDLING], paper)
        for n in names
    ]
    for act in acts:
        act.attachment_id = attachment
    session.add_all(acts)
    if scopes:
        _record(session, season, case, person, Subject.CANDIDATE, acts[0], 1)
    if names:
        _record(session, season, case, person, Subject.RECOMMENDER, acts[-1], len(names))
    session.flush()
    return acts


def _way(notice: Notice, case: Case, person: Person, scan: Scan | None) -> ConsentWay:
    """Only who nominates himself ticks for himself; anybody else declares what was signed on paper."""
    if scan is not None:
        return ConsentWay.PAPER
    own = self_channel(notice)
    himself = own is not None and case.channel == own.key and case.entered_by == person.id
    return ConsentWay.PAGE if himself else ConsentWay.DECLARED


def _keep_scan(session: Session, season: Season, case: Case, person: Person, scan: Scan) -> UUID:
    found = look_into(CONSENT_PAPER, scan.filename, scan.content)
    if found.kind not in SCANNED:
        text = f"“{scan.filename}”不是扫描件，请上传本人签名后的 PDF、JPG 或 PNG。"
        raise Refused(Reason("wrong_kind", text, "", "invalid", "consent_scan"))
    kept = keep_file(
        session,
        season,
        case,
        CONSENT_PAPER,
        scan.filename,
        scan.content,
        found,
        person,
        sealed_and_signed=True,
    )
    return kept.id


def _act(
    session: Session,
    season: Season,
    case: Case | None,
    person: Person,
    role: Subject,
    subject: str,
    scopes: Sequence[str],
    way: ConsentWay,
) -> Consent:
    text = text_in_force(session, season.id)
    assert text is not None
    return Consent(
        season_id=season.id,
        case_id=case.id if case else None,
        role=role,
        subject=subject,
        scopes=[str(s) for s in scopes],
        version=text.version,
        digest=text.digest,
        way=way,
        recorded_by=person.id,
        at=now(season),
    )


def _record(
    session: Session, season: Season, case: Case, person: Person, role: Subject, act: Consent, count: int
) -> None:
    record(
        session,
        EventKind.CONSENT_GIVEN,
        season=season,
        case=case,
        actor=person,
        role=role,
        count=count,
        scopes=act.scopes,
        version=act.version,
        digest=act.digest,
        way=act.way,
    )


# --- taken back --------------------------------------------------------------------------------------------------


def check_take_back(said: CaseConsent, case: Case, person: Person, *, by_office: bool) -> Verdict:
    """Whoever filled in, or the office for whoever asks it, at any time."""
    if not said.standing.scopes:
        return (Reason("no_consent", "没有可以撤回的同意。"),)
    if person.id != case.entered_by and not by_office:
        return (Reason("not_yours", "撤回同意由填报人或办公室登记。", "", "forbidden"),)
    return OPEN


def take_back(session: Session, case_id: UUID, person: Person, reason: str) -> Case:
    """Take all consent back: on record, and a case that goes on is withdrawn. Decisions made before stay."""
    season = lock_season(session, session.get_one(Case, case_id).season_id)
    [case] = lock_cases(session, [case_id])
    notice = notice_by_digest(session, case.notice_digest)
    known, by_office = case_consent(session, case), is_office(session, season, notice, person)
    require(check_take_back(known, case, person, by_office=by_office))
    scopes, way = sorted(known.standing.scopes), _way(notice, case, person, None)
    act = _act(session, season, case, person, Subject.CANDIDATE, case.name, scopes, way)
    act.given, act.reason = False, reason.strip()[:500]
    session.add(act)
    record(
        session,
        EventKind.CONSENT_WITHDRAWN,
        season=season,
        case=case,
        actor=person,
        scopes=act.scopes,
        reason=act.reason,
    )
    session.flush()
    if not check_withdraw(session, season, notice, case, person):
        return withdraw(session, case_id, person, f"{REASON}。{act.reason}".rstrip())
    return case


# --- experts -----------------------------------------------------------------------------------------------------


def expert_consents(session: Session, season_id: UUID, person_id: UUID, by: Person) -> Consent:
    """An expert's own consent, on the page by himself or by the office from a signed paper."""
    season = lock_season(session, season_id)
    expert = session.get_one(Person, person_id)
    if text_in_force(session, season.id) is None:
        raise Refused(Reason("no_text", "本年度还没有启用告知同意书，不需要登记同意。"))
    if by.id != expert.id and not is_office(session, season, notice_of(session, season), by):
        raise Refused(Reason("office_only", "同意由本人或办公室登记。", "", "forbidden"))
    if expert.id in expert_standings(session, season.id):
        raise Refused(Reason("already_given", f"{expert.name}的同意已经登记，不需要再次登记。"))
    way = ConsentWay.PAGE if by.id == expert.id else ConsentWay.PAPER
    act = _act(session, season, None, by, Subject.EXPERT, expert.name, [ConsentScope.HANDLING], way)
    act.person_id = expert.id
    session.add(act)
    record(
        session,
        EventKind.CONSENT_GIVEN,
        season=season,
        actor=by,
        role=Subject.EXPERT,
        count=1,
        scopes=act.scopes,
        version=act.version,
        digest=act.digest,
        way=way,
    )
    session.flush()
    return act
