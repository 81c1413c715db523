"""Does the command that plays a season do so in an installation of its own, and report what was asked for?"""

import tempfile
from pathlib import Path

import pytest

from models.invariants import INVARIANTS
from models.words import Outcome
from notices.problems import NoticeError
from simulation.run import simulate

NOTICES = Path(__file__).resolve().parent.parent / "notices"


def homes() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("gongjiang-simulate-*"))


def test_season_is_played_with_the_real_processes() -> None:
    before, lines = homes(), list[str]()

    report = simulate(6, 1, NOTICES / "tiny.yaml", lines.append)
    told = report.as_json()

    assert homes() - before == set()
    assert told["invariants"] == {"checked": len(INVARIANTS), "broken": []}
    assert told["outcomes"] == {Outcome.RECOGNISED: 2, Outcome.NOT_SELECTED: 2, Outcome.LAPSED: 2}
    assert told["mails"]["sent"] == told["mails"]["queued"] > 0
    assert told["gates"]["by_key"]["meeting"] == 1
    assert told["gates"]["decided"] == sum(told["gates"]["by_key"].values())
    assert 0 < told["engine"]["latency_ms"]["p50"] <= told["engine"]["latency_ms"]["p95"]
    assert told["engine"]["gates_per_second"] > 0
    assert told["engine"]["cpu_seconds_per_gate"] > 0
    keys = ["season", "cases", "outcomes", "gates", "mails", "engine", "invariants", "seconds"]
    assert list(told) == keys
    assert "种子1" in lines[0]
    assert report.as_text().splitlines()[-1] == f"不变量：检查{len(INVARIANTS)}条，不成立0处"


def test_file_with_faults_is_refused_before_anything_starts() -> None:
    before, lines = homes(), list[str]()

    with pytest.raises(NoticeError):
        simulate(6, 1, NOTICES / "bad_values.yaml", lines.append)
    assert (homes() - before, lines) == (set(), [])
