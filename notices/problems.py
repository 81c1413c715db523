"""What is wrong with a notice file, and on which line?"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: `line` counts from 1 (0 = the whole file), `field` is like `steps[release].due`."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"第 {self.line} 行 {self.field}".rstrip() if self.line else "文件"
        return f"{where}：{self.message}"


class NoticeError(Exception):
    """A notice file that can't be used; `problems` names all that was found, in the order of the lines."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = sorted(problems)
        super().__init__(file, self.problems)

    def __str__(self) -> str:
        head = f"通知文件“{self.file}”有 {len(self.problems)} 处须改正："
        return "\n".join([head, *(f"  {p}" for p in self.problems)])
