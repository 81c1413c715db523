"""Which files belong to a case, and which paper originals have arrived (四: 电子版、纸质版均需报送)?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.database import Instant, real_now


class Attachment(SQLModel, table=True):
    """One uploaded file; its bytes lie sealed in the files folder under this row's id. A removed one stays listed."""

    __tablename__ = "attachment"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    case_id: UUID = Field(foreign_key="case.id", index=True)
    document: str = Field(max_length=40, description="which document of the notice this is")
    filename: str = Field(max_length=255)
    kind: str = Field(max_length=10, description="an AttachmentKind")
    size: int = Field(description="bytes")
    sha256: str = Field(max_length=64)
    pages: int | None = None
    sealed_and_signed: bool = Field(
        default=False, description="a scan of the printed form with seals and signatures"
    )
    decision_id: UUID | None = Field(
        default=None, foreign_key="decision.id", description="the opinion of which this is the sealed paper"
    )
    uploaded_by: UUID = Field(foreign_key="person.id")
    uploaded_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    removed_by: UUID | None = Field(default=None, foreign_key="person.id")
    removed_at: datetime | None = Field(default=None, sa_type=Instant)


class PaperReceipt(SQLModel, table=True):
    """The paper original of a document has arrived at the office, or has been given back (`returned_at`)."""

    __tablename__ = "paper_receipt"
    __table_args__ = (UniqueConstraint("case_id", "document"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    case_id: UUID = Field(foreign_key="case.id")
    document: str = Field(max_length=40)
    received_by: UUID = Field(foreign_key="person.id")
    received_at: datetime = Field(sa_type=Instant, description="the season's time")
    note: str = Field(default="", max_length=200)
    returned_at: datetime | None = Field(default=None, sa_type=Instant)
