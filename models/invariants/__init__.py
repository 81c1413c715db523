"""What must always hold of a season's record, and does it hold now (design §8)?

`INVARIANTS` is the one table; each row has a function that yields what is broken. That reading changes
nothing (12) can't be seen in the record: the tests of the pages and of the API watch the tables meanwhile.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlmodel import Session

from models.invariants import answers, cases, files, lists, outside
from models.invariants.scene import Broken, Run, Runs, Scene
from models.season import Season, notice_of

__all__ = ["INVARIANTS", "Broken", "Invariant", "Report", "Run", "Runs", "check"]


@dataclass(frozen=True)
class Invariant:
    """One invariant: its number, what it says, and the function that finds what is broken."""

    number: int
    text: str
    find: Callable[[Scene], Iterator[str]]


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(1, "案件的环节和结果等于流转记录的重演。", cases.stage_equals_replay),
    Invariant(2, "每个已确认的决定恰好存一份，每个关口每一轮至多有一个结论。", answers.decided_once),
    Invariant(3, "每个未办结的案件都有待办的关口、正在进行的一步或定时。", cases.nothing_is_stranded),
    Invariant(4, "每个等待的关口都有人可以办理，并已写好给他们的邮件。", cases.somebody_is_asked),
    Invariant(5, "流程引擎运行时，已决定的关口一分钟内推进到下一步。", cases.runs_are_awake),
    Invariant(6, "名单不超名额；名单上的每一名都在前一名单上，或写明列入理由。", lists.within_quota),
    Invariant(7, "流转记录和决定从未被改动或删除，散列链完整。", answers.chain_verifies),
    Invariant(8, "没有应回避者或不在其位者作出的决定。", answers.by_the_right_people),
    Invariant(9, "公示的名单就是审核后准予公示的名单。", lists.published_as_released),
    Invariant(10, "流程看板和运行日志中没有人选姓名和身份证号、手机号。", outside.nothing_personal),
    Invariant(11, "每封邮件最终已发送、写明原因的失败或结果不明。", outside.mails_end),
    Invariant(13, "每份在案的材料都有内容，文件夹里没有无主的文件。", files.files_match),
)


@dataclass(frozen=True)
class Report:
    """How many invariants were checked, and everything that was found broken."""

    checked: int
    broken: tuple[Broken, ...]


def check(session: Session, season: Season, runs: Runs | None = None) -> Report:
    """Check every invariant of one season; with `runs` also what Prefect says of its cases' runs."""
    scene = Scene(session, season, notice_of(session, season), runs)
    found = [Broken(i.number, text) for i in INVARIANTS for text in i.find(scene)]
    return Report(len(INVARIANTS), tuple(found))
