"""Who has consented to what, under which version of the text, and does that still hold?

`ConsentText` is the text as a season uses it, `Consent` one act; both append-only. A season that has no text asks for
no consent. A later version leaves older consents as they are, but for the scopes that it says have grown.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Session, SQLModel, col, select

from models.case import Case
from models.data_words import SCOPES, ConsentScope, Subject
from models.database import Instant, real_now
from models.notice import Notice
from models.personal import whole_form
from models.verdict import Reason, Verdict

RECOMMENDERS = "recommenders"
CLAUSE = "个人信息保护法第13、23、25、29条"


class ConsentText(SQLModel, table=True):
    """One version of the text; `digest` is the SHA-256 of `body`. Append-only."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("season_id", "version"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    version: int
    digest: str = Field(max_length=64)
    body: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    set_by: UUID | None = Field(default=None, foreign_key="person.id", description="empty: with the season")
    set_at: datetime = Field(sa_type=Instant, description="the season's time")
    recorded_at: datetime = Field(default_factory=real_now, sa_type=Instant)

    @property
    def grows(self) -> list[str]:
        return list(self.body["grows"])

    @property
    def issued(self) -> date:
        return date.fromisoformat(self.body["issued"])


class Consent(SQLModel, table=True):
    """One act: given, or taken back (`given` false). `subject` is the name of whose data it is. Append-only."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_person", "season_id", "person_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id")
    case_id: UUID | None = Field(default=None, foreign_key="case.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", description="an expert")
    role: str = Field(max_length=20, description="a Subject")
    subject: str = Field(max_length=80)
    given: bool = True
    scopes: list[str] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    version: int
    digest: str = Field(max_length=64, description="of the text that was shown")
    way: str = Field(max_length=20, description="a ConsentWay")
    attachment_id: UUID | None = Field(default=None, foreign_key="attachment.id")
    reason: str = Field(default="", max_length=500)
    recorded_by: UUID = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=Instant, description="the season's time")
    recorded_at: datetime = Field(default_factory=real_now, sa_type=Instant)


def text_body(body: Mapping[str, Any]) -> str:
    """The text in the one way in which it is hashed."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def texts(session: Session, season_id: UUID) -> Sequence[ConsentText]:
    """Every version that the season has used, the newest first."""
    wanted = select(ConsentText).where(ConsentText.season_id == season_id)
    return session.exec(wanted.order_by(col(ConsentText.version).desc())).all()


def text_in_force(session: Session, season_id: UUID) -> ConsentText | None:
    return next(iter(texts(session, season_id)), None)


@dataclass(frozen=True)
class Standing:
    """What holds now of one person: the scopes, each with the act that gave it."""

    by_scope: Mapping[str, Consent]

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(self.by_scope)

    @property
    def missing(self) -> list[ConsentScope]:
        return [s for s in ConsentScope if s not in self.by_scope]


def acts(session: Session, case_id: UUID) -> Sequence[Consent]:
    """What was said for a case, in order."""
    return _ordered(session, col(Consent.case_id) == case_id)


def _ordered(session: Session, condition: Any) -> Sequence[Consent]:
    return session.exec(
        select(Consent).where(condition).order_by(col(Consent.recorded_at), col(Consent.id))
    ).all()


def held(known: Sequence[ConsentText], said: Iterable[Consent], subject: str | None = None) -> Standing:
    """What remains of the acts of one person, or of the one who is called `subject`."""
    standing: dict[str, Consent] = {}
    for act in said:
        if subject is not None and act.subject != subject:
            continue
        for scope in act.scopes:
            if act.given:
                standing[scope] = act
            else:
                standing.pop(scope, None)
    return Standing({s: a for s, a in standing.items() if not _outgrown(known, s, a.version)})


def _outgrown(known: Sequence[ConsentText], scope: str, version: int) -> bool:
    return any(t.version > version and scope in t.grows for t in known)


@dataclass(frozen=True)
class CaseConsent:
    """Everything that was said for one case, and the texts under which it was said."""

    known: Sequence[ConsentText]
    acts: Sequence[Consent]

    @property
    def text(self) -> ConsentText | None:
        """The version in force."""
        return next(iter(self.known), None)

    @property
    def standing(self) -> Standing:
        """What holds now of the candidate."""
        return held(self.known, [a for a in self.acts if a.role == Subject.CANDIDATE])

    def silent(self, names: Iterable[str]) -> list[str]:
        """Of the recommenders of these names those for whom no consent stands."""
        said = [a for a in self.acts if a.role == Subject.RECOMMENDER]
        return [n for n in names if ConsentScope.HANDLING not in held(self.known, said, n).scopes]


def case_consent(session: Session, case: Case) -> CaseConsent:
    """In two statements."""
    return CaseConsent(texts(session, case.season_id), acts(session, case.id))


def candidate_standing(session: Session, case: Case) -> Standing:
    """What the candidate of a case has consented to, as it holds now."""
    return case_consent(session, case).standing


def recommenders_of(notice: Notice, form: Mapping[str, Any]) -> list[str]:
    """The names of those whose ID numbers stand in the application beside the candidate's (附件4)."""
    if RECOMMENDERS not in {f.key for f in notice.fields}:
        return []
    rows = form.get(RECOMMENDERS) or []
    return sorted({str(row.get("name", "")).strip() for row in rows if isinstance(row, dict)} - {""})


def check_consent(session: Session, notice: Notice, case: Case) -> Verdict:
    """Reasons against handing in: a scope without consent, a recommender without."""
    said = case_consent(session, case)
    if said.text is None:
        return ()
    found: list[Reason] = []
    if lacking := said.standing.missing:
        what = "、".join(SCOPES[s] for s in lacking)
        text = f"还没有{case.name}本人对“{what}”的同意，请在“告知同意”中勾选，或上传本人签名的告知同意书。"
        found.append(Reason("consent_missing", text, CLAUSE, "invalid", "consent"))
    if names := said.silent(recommenders_of(notice, whole_form(case))):
        text = f"还没有推荐专家{'、'.join(names)}的同意，请在“告知同意”中勾选确认。"
        found.append(Reason("recommender_consent_missing", text, CLAUSE, "invalid", "consent-recommenders"))
    return tuple(found)


def without_scope(
    session: Session, season_id: UUID, case_ids: Iterable[UUID], scope: ConsentScope
) -> set[UUID]:
    """The cases whose candidate has no standing consent of this scope; none where the season asks for none."""
    wanted = set(case_ids)
    known = texts(session, season_id)
    if not known or not wanted:
        return set()
    said: dict[UUID, list[Consent]] = {}
    rows = _ordered(session, col(Consent.case_id).in_(wanted) & (col(Consent.role) == Subject.CANDIDATE))
    for act in rows:
        said.setdefault(act.case_id or act.id, []).append(act)
    return {i for i in wanted if scope not in held(known, said.get(i, ())).scopes}


def expert_standings(session: Session, season_id: UUID) -> dict[UUID, Consent]:
    """The experts whose consent holds, each with the act."""
    known = texts(session, season_id)
    said: dict[UUID, list[Consent]] = {}
    for act in _ordered(session, (col(Consent.season_id) == season_id) & col(Consent.person_id).is_not(None)):
        said.setdefault(act.person_id or act.id, []).append(act)
    found = {i: held(known, rows).by_scope.get(ConsentScope.HANDLING) for i, rows in said.items()}
    return {i: act for i, act in found.items() if act is not None}
