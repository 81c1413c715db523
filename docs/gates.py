"""How do the gates of the Liuzhou notice look as a table and a diagram? `python -m docs.gates [--check]`."""

import sys
from pathlib import Path

from docs.generated import settle
from models.notice import Notice, Step
from models.words import Effect, Need, Scope
from notices.reader import read_notice

ROOT = Path(__file__).resolve().parent
NOTICE = ROOT.parent / "notices" / "liuzhou-2025.yaml"
PAGE = ROOT / "gates.md"


def page(notice: Notice) -> str:
    rows = "\n".join(_row(notice, s) for s in notice.steps)
    return (
        f"# {notice.title}的关口\n\n由 `python -m docs.gates` 从 `notices/{NOTICE.name}` 生成，不要手工修改。\n\n"
        f"| 步骤 | 条款 | 由谁决定 | 截止 | 答复 |\n|---|---|---|---|---|\n{rows}\n\n"
        f"```mermaid\n{_diagram(notice)}\n```\n"
    )


def _row(notice: Notice, step: Step) -> str:
    bodies = "、".join(notice.body(d.body).label for d in step.deciders)
    several = len(step.deciders) > 1 or any(d.assign for d in step.deciders)
    many = f"（至少{step.need}个）" if not isinstance(step.need, Need) else "（全部）"
    many = many if several and step.need is not Need.ONE else ""
    answers = " · ".join(a.label for a in step.answers)
    return f"| {step.label} | {step.clause} | {bodies}{many} | {notice.dates[step.due].day:%Y-%m-%d} | {answers} |"


def _diagram(notice: Notice) -> str:
    """The way of a case, then of the season; returns and promotions go back."""
    lines = ["flowchart TD"]
    lines += [
        f"    {s.key}[{s.label}]" if s.scope is Scope.CASE else f"    {s.key}([{s.label}])"
        for s in notice.steps
    ]
    lines += [f"    {a.key} --> {b.key}" for a, b in zip(notice.steps, notice.steps[1:], strict=False)]
    for step in notice.steps:
        for answer in step.answers:
            if answer.to:
                lines.append(f"    {step.key} -. {answer.label} .-> {answer.to}")
            elif answer.effect is Effect.END:
                lines.append(f"    {step.key} -. {answer.label} .-> ended((终止))")
    return "\n".join(lines)


def main(check: bool) -> int:
    return settle(PAGE, page(read_notice(NOTICE)), check=check)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
