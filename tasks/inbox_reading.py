"""What does the 附件1 that came with a mail say, and how much of it can stand in a draft as it is?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from documents.application_form import is_unreadable, read_application_form, read_photo
from documents.field_map import UNIT_LABEL, channel_of, check_read, to_form
from documents.problems import Problem, Refusal, Severity
from models.form import check_shape
from models.inbox import content_of
from models.incoming import IncomingPart
from models.notice import Notice

FORM = "application_form"


@dataclass(frozen=True)
class ReadForm:
    """`form` is what can be kept, `printed` what stands on the paper; `problems` name what has to be looked at."""

    channel: str = ""
    unit: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def readable(self) -> bool:
        return bool(self.printed)

    @property
    def name(self) -> str:
        return str(self.form.get("name", ""))


def read_part(notice: Notice, part: IncomingPart, channel: str = "") -> ReadForm:
    """Read an attachment as 附件1, for the channel that it names unless told another."""
    content = content_of(part)
    try:
        read = read_application_form(notice, part.filename, content)
    except Refusal as refusal:
        return ReadForm(problems=(refusal.problem,))
    if is_unreadable(read):
        return ReadForm(problems=tuple(_problem(p) for p in read["problems"]))
    channel = channel or channel_of(notice, read)
    form, _ = to_form(notice, channel, read)
    form, left_out = keepable(notice, channel, form)
    return ReadForm(
        channel=channel,
        unit=str(read["fields"].get(UNIT_LABEL) or "").strip(),
        form=form,
        printed={k: _shown(v) for k, v in read["fields"].items()},
        problems=(*map(_problem, read["problems"]), *check_read(notice, channel, read), *left_out),
    )


def keepable(
    notice: Notice, channel: str, form: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The form without the fields that no draft can hold, each of which is named."""
    bad = {r.field.split("-")[0] for r in check_shape(notice, channel, form)}
    text = "这一项放不进草稿，已留空，请对照原表手工填写。"
    left_out = tuple(
        Problem(notice.field(key).label, "left_out", text, Severity.WARNING) for key in form if key in bad
    )
    return {k: v for k, v in form.items() if k not in bad}, left_out


def photo_in(part: IncomingPart) -> bytes:
    """The picture that is pasted on the form; empty when there is none."""
    return read_photo(content_of(part))


def _problem(given: Mapping[str, str]) -> Problem:
    return Problem(given["field"], given["code"], given["message"], Severity(given["severity"]))


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "；".join(f"{k}：{v}" if v else str(k) for k, v in value.items())
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value)
