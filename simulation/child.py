"""How is a season played in an installation of its own? `python -m simulation.child CASES SEED NOTICE
RESULT`.
"""

import json
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from uuid import UUID

import psutil
from sqlalchemy.exc import SQLAlchemyError

from models.database import reading, transaction
from models.migrate import upgrade
from models.verdict import Refused
from notices.reader import read_notice
from processes.errors import CannotStart
from processes.plan import PREFECT_WAVE, Part, plan
from processes.supervise import Stack
from settings import settings
from simulation.engine import Flows, Stuck
from simulation.figures import Measured, processor_seconds, report
from simulation.report import Report
from simulation.runs import PrefectRuns
from simulation.season import Play
from tasks.practice import open_practice, today

FAILED = 2
NEEDED = ("database", "prefect", "engine", "mailbox")


def play(cases: int, seed: int, notice: Path) -> Report:
    """Start everything but the pages, play the season, report, end everything."""
    began = time.monotonic()
    parts = [p for p in plan(settings()) if p.name in NEEDED]
    with Stack(settings(), parts, before={PREFECT_WAVE: upgrade}) as stack:
        stack.start()
        stack.wait_ready(_tell)
        season_id = _open(notice)
        playing = Play(season_id, cases, seed, Flows(say), say)
        used, at = processor_seconds(psutil.Process()), time.monotonic()
        playing.run()
        measured = Measured(
            seed=seed,
            seconds=time.monotonic() - began,
            play_seconds=time.monotonic() - at,
            cpu_seconds=processor_seconds(psutil.Process()) - used,
            surprises=playing.surprises,
        )
        with reading() as session:
            return report(session, season_id, measured, PrefectRuns(settings()))


def _open(notice: Path) -> UUID:
    with transaction() as session:
        return open_practice(session, read_notice(notice), today()).id


def _tell(part: Part, seconds: float) -> None:
    say(f"{part.label}：就绪（{seconds:.1f} 秒）")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _end(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    signal.signal(signal.SIGTERM, _end)
    cases, seed, notice, result = sys.argv[1:]
    try:
        played = play(int(cases), int(seed), Path(notice))
    except (CannotStart, Stuck, Refused, SQLAlchemyError) as fault:
        say(" ".join(str(fault).split()))
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(FAILED)
    Path(result).write_text(json.dumps(asdict(played), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
