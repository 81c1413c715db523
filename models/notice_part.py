"""What is common to every part of a season's notice file?"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Clause = Annotated[str, Field(description="通知条款，如“三（二）”；通知未写明的写“—”并标 basis: office")]


class Part(BaseModel):
    """A part of the notice: unknown fields are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    basis: Literal["notice", "office"] = Field(
        "notice", description="notice＝通知写明；office＝办公室自定，可改"
    )
