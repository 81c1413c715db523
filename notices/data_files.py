"""How is a data file of ours read that is no notice, and what is said when it can't be used?"""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError

from models.notice_part import Part
from notices.problems import NoticeError, Problem

Whole = TypeVar("Whole", bound=Part)


def read_data(path: Path, what: type[Whole]) -> Whole:
    """The file as `what`; raises `NoticeError` that says what is wrong with it."""
    try:
        return what.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise unusable(path, f"读不出来：{str(error).splitlines()[0]}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = "、".join(str(p) for p in first["loc"])
        raise unusable(path, f"“{where}”不合要求：{first['msg']}") from None


def unusable(path: Path, text: str) -> NoticeError:
    return NoticeError(str(path), [Problem(0, "", text)])
