"""Which files do the tests of the seasons read?"""

from pathlib import Path

from notices.problems import NoticeError, Problem
from notices.reader import parse_notice

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
LIUZHOU = ROOT / "notices" / "liuzhou-2025.yaml"
SECOND = HERE / "second.yaml"
TINY = HERE / "tiny.yaml"


def problems_of(content: bytes | str) -> list[Problem]:
    """Every problem of a file's content; none if it can be used."""
    try:
        parse_notice(content.encode() if isinstance(content, str) else content, "样例.yaml")
    except NoticeError as error:
        return error.problems
    return []
