"""What does a simulation report?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from models.labels import label
from models.words import Outcome


@dataclass(frozen=True)
class Report:
    """A played season: what became of everyone, how long things took, and what is broken."""

    season: str
    seed: int
    cases: int
    outcomes: Mapping[str, int]
    gates: Mapping[str, int]
    gate_labels: Mapping[str, str]
    mails: Mapping[str, int]
    latency_p50_ms: float
    latency_p95_ms: float
    gates_per_second: float
    cpu_seconds_per_gate: float
    checked: int
    broken: tuple[Mapping[str, Any], ...]
    seconds: float

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self:
        """The report that another process wrote with `dataclasses.asdict`."""
        return cls(**{**facts, "broken": tuple(facts["broken"])})

    def as_json(self) -> dict[str, Any]:
        return {
            "season": self.season,
            "cases": self.cases,
            "outcomes": dict(self.outcomes),
            "gates": {"decided": sum(self.gates.values()), "by_key": dict(self.gates)},
            "mails": dict(self.mails),
            "engine": {
                "latency_ms": {"p50": self.latency_p50_ms, "p95": self.latency_p95_ms},
                "gates_per_second": self.gates_per_second,
                "cpu_seconds_per_gate": self.cpu_seconds_per_gate,
            },
            "invariants": {"checked": self.checked, "broken": [dict(b) for b in self.broken]},
            "seconds": self.seconds,
        }

    def as_text(self) -> str:
        outcomes = "、".join(f"{label(Outcome(o))}{n}" for o, n in self.outcomes.items())
        gates = "、".join(f"{self.gate_labels[k]}{n}" for k, n in self.gates.items())
        lines = [
            f"{self.season}：样例人选{self.cases}名，种子{self.seed}，用时{self.seconds:.0f}秒",
            f"结果：{outcomes}",
            f"已决定的关口{sum(self.gates.values())}个：{gates}",
            f"邮件：写入{self.mails['queued']}封，已发送{self.mails['sent']}封，失败{self.mails['failed']}封",
            f"决定到下一关口：中位数{self.latency_p50_ms:.0f}毫秒，95%在{self.latency_p95_ms:.0f}毫秒内",
            f"每秒{self.gates_per_second:.1f}个关口，每个关口用处理器{self.cpu_seconds_per_gate:.2f}秒",
            f"不变量：检查{self.checked}条，不成立{len(self.broken)}处",
        ]
        return "\n".join(lines + [f"  第{b['number']}条：{b['text']}" for b in self.broken])
