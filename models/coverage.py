"""What have media brought about the recognised people (三（八）), and who has nothing yet?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from models.case import Case
from models.database import Instant, real_now
from models.honours import honoured
from models.notice import Notice, day_of
from models.season import Season, now
from models.season_file import SeasonFile, season_files
from models.verdict import Reason, Verdict
from models.viewer import Viewer
from models.words import FilePurpose

LONGEST = {"medium": 80, "title": 200, "link": 500}


class Coverage(SQLModel, table=True):
    """One report or event. It concerns the people named in `CoverageOf`, or the season as a whole."""

    __tablename__ = "coverage"
    __table_args__ = (
        CheckConstraint("(removed_at IS NULL) = (removed_by IS NULL)", name="removed_by_somebody"),
        CheckConstraint("link = '' OR link LIKE 'https://%'", name="link_is_https"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    season_id: UUID = Field(foreign_key="season.id", index=True)
    kind: str = Field(max_length=40, description="a kind of the notice's publicity section")
    medium: str = Field(max_length=80)
    title: str = Field(max_length=200)
    published_on: date
    link: str = Field(default="", max_length=500)
    entered_by: UUID = Field(foreign_key="person.id")
    entered_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    removed_by: UUID | None = Field(default=None, foreign_key="person.id")
    removed_at: datetime | None = Field(default=None, sa_type=Instant)
    removal_reason: str = Field(default="", max_length=500)


class CoverageOf(SQLModel, table=True):
    """That a report concerns this person."""

    __tablename__ = "coverage_of"
    __table_args__ = (UniqueConstraint("coverage_id", "case_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    coverage_id: UUID = Field(foreign_key="coverage.id")
    case_id: UUID = Field(foreign_key="case.id", index=True)


@dataclass(frozen=True)
class Draft:
    """A report as it was typed."""

    kind: str
    medium: str
    title: str
    published_on: str
    link: str = ""
    case_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Narrowed:
    """What the list of reports is narrowed to."""

    kind: str = ""
    medium: str = ""
    month: str = ""
    case_id: UUID | None = None


@dataclass(frozen=True)
class Reported:
    """One report with the people whom it concerns and its clipping."""

    coverage: Coverage
    people: list[Case]
    clipping: SeasonFile | None


@dataclass(frozen=True)
class Figures:
    """How many reports a month, and by medium, the most first."""

    months: list[tuple[str, int]] = field(default_factory=list)
    media: list[tuple[str, int]] = field(default_factory=list)


def records_coverage(viewer: Viewer) -> bool:
    """Whether this person may record reports: the office, and the media that the notice names."""
    publicity = viewer.notice.publicity
    return publicity is not None and (viewer.is_office or bool(viewer.bodies & set(publicity.bodies)))


def reads_coverage(viewer: Viewer) -> bool:
    """Whether this person may look at them: whoever records, and whoever reads about every case."""
    return viewer.notice.publicity is not None and (records_coverage(viewer) or viewer.reads_opinions)


def check_draft(season: Season, notice: Notice, draft: Draft) -> Verdict:
    """Reasons why this is no report that can be kept."""
    clause = notice.publicity.clause if notice.publicity else ""
    found: list[Reason] = []

    def wrong(code: str, text: str, at: str) -> None:
        found.append(Reason(code, text, clause, "invalid", at))

    kinds = {k.key for k in notice.publicity.kinds} if notice.publicity else set()
    if draft.kind not in kinds:
        wrong("kind_missing", "请选择报道种类。", "kind")
    for name, label in (("medium", "媒体或主办方"), ("title", "标题")):
        if not getattr(draft, name):
            wrong(f"{name}_missing", f"请填写{label}。", name)
    for name, longest in LONGEST.items():
        if len(getattr(draft, name)) > longest:
            wrong("too_long", f"最多{longest}字，现在有{len(getattr(draft, name))}字。", name)
    if draft.link and not _is_https(draft.link):
        text = "链接须是完整的 https:// 网址；只有 http 的，请留空并上传剪报或截图。"
        wrong("link_wrong", text, "link")
    if (day := read_day(draft.published_on)) is None:
        wrong("not_a_date", "请填写刊播日期，格式如 2026-05-01。", "published_on")
    elif not notice.issued <= day <= day_of(now(season)):
        wrong(
            "date_outside", f"刊播日期须在{notice.issued.isoformat()}（通知印发）至今天之间。", "published_on"
        )
    return tuple(found)


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_https(link: str) -> bool:
    """A whole https address of a public host, without a password or blanks in it."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = not any(c.isspace() or ord(c) < 33 for c in link)
    return parts.scheme == "https" and "." in host and parts.username is None and plain


def reports(session: Session, season: Season, narrowed: Narrowed | None = None) -> list[Reported]:
    """The reports that stand, the latest first."""
    wanted = (
        select(Coverage)
        .where(Coverage.season_id == season.id, col(Coverage.removed_at).is_(None))
        .order_by(col(Coverage.published_on).desc(), col(Coverage.entered_at).desc())
    )
    rows = session.exec(wanted).all()
    people: dict[UUID, list[Case]] = {}
    named = select(CoverageOf.coverage_id, Case).join(Case, col(Case.id) == col(CoverageOf.case_id))
    for coverage_id, case in session.exec(
        named.where(Case.season_id == season.id).order_by(col(Case.number))
    ):
        people.setdefault(coverage_id, []).append(case)
    clippings = {f.about: f for f in season_files(session, season, FilePurpose.CLIPPING)}
    found = [Reported(c, people.get(c.id, []), clippings.get(str(c.id))) for c in rows]
    return [r for r in found if _is_wanted(r, narrowed or Narrowed())]


def _is_wanted(one: Reported, narrowed: Narrowed) -> bool:
    kept = one.coverage
    return (
        narrowed.kind in ("", kept.kind)
        and narrowed.medium in ("", kept.medium)
        and narrowed.month in ("", f"{kept.published_on:%Y-%m}")
        and (narrowed.case_id is None or narrowed.case_id in {c.id for c in one.people})
    )


def figures(found: Sequence[Reported]) -> Figures:
    months = Counter(f"{r.coverage.published_on:%Y-%m}" for r in found)
    media = Counter(r.coverage.medium for r in found)
    return Figures(sorted(months.items()), sorted(media.items(), key=lambda row: (-row[1], row[0])))


def without_coverage(session: Session, season: Season, notice: Notice) -> list[Case]:
    """Those who hold the title and of whom no report stands."""
    covered = {c.id for r in reports(session, season) for c in r.people}
    return [
        h.case for h in honoured(session, season, notice) if h.case.id not in covered and h.revocation is None
    ]


@dataclass(frozen=True)
class Counts:
    reports: int
    covered: int
    uncovered: int


def coverage_counts(viewer: Viewer) -> Counts:
    """How many reports there are, how many who hold the title have one, how many have none."""
    session, season, notice = viewer.session, viewer.season, viewer.notice
    holders = [h for h in honoured(session, season, notice) if h.revocation is None]
    waiting = without_coverage(session, season, notice)
    return Counts(len(reports(session, season)), len(holders) - len(waiting), len(waiting))


def reports_of(viewer: Viewer, case: Case) -> list[Reported]:
    """The reports about a person whose case is in view."""
    if viewer.notice.publicity is None or case.outcome is None:
        return []
    return reports(viewer.session, viewer.season, Narrowed(case_id=case.id))
