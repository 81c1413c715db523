"""What does `gongjiang read-form` say of a file: the fields that were read, and what is wrong?"""

from pathlib import Path
from typing import Any

from documents.application_form import is_unreadable, read_application_form
from documents.field_map import channel_of, check_read
from documents.problems import Problem, Refusal, Severity
from models.notice import Notice

ALL_WELL, PROBLEMS, UNREADABLE = 0, 1, 2
SIGNS = {Severity.ERROR: "✗ 错误", Severity.WARNING: "! 提示"}


def read_form_file(notice: Notice, path: Path, year: int | None = None) -> tuple[dict[str, Any], int]:
    """The fields and problems of a filled-in 附件1, and the exit code of the command."""
    try:
        found = _read(notice.model_copy(update={"year": year or notice.year}), path)
    except Refusal as error:
        return {"fields": {}, "problems": [error.problem.as_dict()]}, UNREADABLE
    if is_unreadable(found):
        return found, UNREADABLE
    wrong = any(p["severity"] == Severity.ERROR for p in found["problems"])
    return found, PROBLEMS if wrong else ALL_WELL


def _read(notice: Notice, path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except OSError:
        text = f"打不开文件“{path}”。请核对文件名、位置和权限。"
        raise Refusal(Problem("", "no_file", text)) from None
    found = read_application_form(notice, path.name, content)
    if not is_unreadable(found):
        wrong = check_read(notice, channel_of(notice, found), found)
        found["problems"] += [p.as_dict() for p in wrong]
    return found


def as_text(found: dict[str, Any]) -> str:
    """The same for people."""
    lines = [f"{label}：{_shown(value)}" for label, value in found["fields"].items()]
    problems = [f"{SIGNS[Severity(p['severity'])]}　{p['message']}" for p in found["problems"]]
    return "\n".join([*lines, "", *(problems or ["没有发现问题。"])]).strip()


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "；".join(f"{k}：{v}" if v else str(k) for k, v in value.items())
    if isinstance(value, list):
        return "、".join(value)
    text = str(value)
    return text if "\n" not in text else "\n" + "\n".join(f"    {line}" for line in text.split("\n"))
