"""What did those find who went to see (三（三）): when, point by point, with which photos?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlmodel import Field, Session, SQLModel, col, select

from models.casefile import Answered, CaseFile, Opened
from models.database import Instant
from models.gates import Assignment
from models.viewer import Viewer


class InspectionVisit(SQLModel, table=True):
    """The day on which the inspectors of one gate go there, as the office has arranged it."""

    __tablename__ = "inspection_visit"

    gate_id: UUID = Field(primary_key=True, foreign_key="gate.id")
    day: date
    place: str = Field(default="", max_length=200)
    set_by: UUID = Field(foreign_key="person.id")
    set_at: datetime = Field(sa_type=Instant, description="the season's time")


class InspectionPhoto(SQLModel, table=True):
    """A photo of an inspector's report; its bytes lie sealed in the files folder under this row's id."""

    __tablename__ = "inspection_photo"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    assignment_id: UUID = Field(foreign_key="assignment.id", index=True)
    case_id: UUID = Field(foreign_key="case.id", index=True)
    filename: str = Field(max_length=255)
    kind: str = Field(max_length=10, description="an AttachmentKind")
    size: int = Field(description="bytes")
    sha256: str = Field(max_length=64)
    uploaded_by: UUID = Field(foreign_key="person.id")
    uploaded_at: datetime = Field(sa_type=Instant, description="the season's time")
    removed_at: datetime | None = Field(default=None, sa_type=Instant)


@dataclass(frozen=True)
class Report:
    """One inspector's report that the viewer may read."""

    opened: Opened
    answered: Answered
    visit: InspectionVisit | None
    photos: Sequence[InspectionPhoto]

    @property
    def findings(self) -> list[tuple[str, str]]:
        """The points of the notice with what was found, those without a word left out."""
        said = (self.answered.decision.facts.get("findings") or {}) if self.answered.decision else {}
        return [(p.label, said[p.key]) for p in self.opened.step.points if said.get(p.key)]


def photos_of(session: Session, assignments: Sequence[UUID]) -> list[InspectionPhoto]:
    """The photos that stand, in the order in which they were taken in."""
    wanted = select(InspectionPhoto).where(col(InspectionPhoto.assignment_id).in_(assignments))
    wanted = wanted.where(col(InspectionPhoto.removed_at).is_(None))
    return list(session.exec(wanted.order_by(col(InspectionPhoto.uploaded_at), col(InspectionPhoto.id))))


def visit_of(session: Session, gate_id: UUID) -> InspectionVisit | None:
    return session.get(InspectionVisit, gate_id)


def reports(viewer: Viewer, file: CaseFile) -> list[Report]:
    """The reports that were handed in and that this viewer may read, in the order of the record."""
    given = [
        (g, a) for g in file.gates if g.step.points for a in g.asked if a.decision is not None and a.readable
    ]
    photos = photos_of(viewer.session, [a.assignment.id for _, a in given]) if given else []
    return [
        Report(
            g,
            a,
            visit_of(viewer.session, g.gate.id),
            [p for p in photos if p.assignment_id == a.assignment.id],
        )
        for g, a in given
    ]


def may_see_photo(viewer: Viewer, file: CaseFile, photo: InspectionPhoto) -> bool:
    """Whoever took it, and whoever may read the report once it is handed in."""
    if photo.uploaded_by == viewer.person.id:
        return viewer.session.get_one(Assignment, photo.assignment_id).person_id == viewer.person.id
    return any(photo.assignment_id == r.answered.assignment.id for r in reports(viewer, file))
