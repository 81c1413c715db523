"""Is every fault of a season's file told with its line, its field and how to mend it?

The rows of `bad_*.yaml` each change `second.yaml` in one place.
"""

from typing import Any

import pytest
import yaml

from notices import rules
from notices.draft import Draft
from notices.problems import Problem
from notices.tree import read_tree
from tests.notices.files import HERE, LIUZHOU, SECOND, problems_of

GOOD = SECOND.read_text(encoding="utf-8")
ROWS: list[dict[str, Any]] = [
    row
    for name in ("bad_fields.yaml", "bad_values.yaml", "bad_steps.yaml", "bad_order.yaml")
    for row in yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
]


MARKS = "可用的有：【年度】、【称号】、【人数】、【通知文号】"
AFTER_THE_LISTS = [
    (
        "关于认定【年度】年度",
        "关于认定【年份】年度",
        ("joint_document.title", f"“【年份】”不能自动填入，{MARKS}"),
    ),
    (
        "    【名单】\n",
        "",
        ("joint_document.text", "正文里须有一行只写“【名单】”，名单放在那里，而且只写一次"),
    ),
    (
        "〔2025〕{n:03d}号",
        "〔2025〕{n:03d}{m}号",
        (
            "certificate.number",
            "编号格式“柳工匠证〔2025〕{n:03d}{m}号”写不出编号，只能含 {n} 或 {n:03d}，请改正",
        ),
    ),
    (
        "  draft: joint_draft\n",
        "  draft: award\n",
        ("joint_document.sign", "会签须在拟稿之后，请改 draft 或 sign"),
    ),
]


def line_of(text: str, marker: str) -> int:
    assert text.count(marker) == 1
    return text[: text.index(marker)].count("\n") + 1


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_the_fault_is_told_exactly(row: dict[str, Any]) -> None:
    assert row["old"] in GOOD
    bad = GOOD.replace(row["old"], row["new"], 1)
    expected = [Problem(line_of(bad, t["at"]), t["field"], t["message"]) for t in row["told"]]
    assert problems_of(bad) == expected


def test_all_faults_are_told_at_once() -> None:
    bad = (
        GOOD.replace('ratio: "1.5"', 'ratio: "0.5"')
        .replace("  vacancy: {label: 空额处理, day: 2026-06-30, clause: —, basis: office}\n", "")
        .replace("{body: jury, name", "{body: judges, name")
        .replace("needs_documents: [department_opinions]", "needs_documents: [opinions]")
        .replace("kind: ranking", "kind: sorting")
    )
    assert [(p.line, p.field) for p in problems_of(bad)] == [
        (line_of(bad, 'ratio: "0.5"'), "quota.ratio"),
        (line_of(bad, "{body: judges"), "members[1].body"),
        (line_of(bad, "needs_documents: [opinions]"), "steps[county_review].needs_documents[1]"),
        (line_of(bad, "kind: sorting"), "steps[proposed_list].kind"),
        (line_of(bad, "due: vacancy"), "steps[vacancy].due"),
    ]


def test_a_season_without_an_office_is_refused() -> None:
    bad = GOOD.replace("  - key: office\n", "  - key: bureau\n", 1)
    told = "没有负责日常工作的机构“office”，请在 bodies 里补上，或用 office 写明是哪一个"
    assert Problem(line_of(bad, "bodies:\n"), "bodies", told) in problems_of(bad)


def test_another_body_may_be_the_office() -> None:
    assert problems_of(GOOD.replace("award_name:", "office: office_head\naward_name:", 1)) == []


@pytest.mark.parametrize(("old", "new", "told"), AFTER_THE_LISTS, ids=[t[0] for t in AFTER_THE_LISTS])
def test_faults_of_what_comes_after_the_lists_are_told(old: str, new: str, told: tuple[str, str]) -> None:
    text = LIUZHOU.read_text(encoding="utf-8")
    assert old in text
    assert [(p.field, p.message) for p in problems_of(text.replace(old, new, 1))] == [told]


def test_every_rule_is_broken_by_some_row() -> None:
    """A rule that no bad file breaks could be switched off unseen."""
    checked = [rule.check for rule in rules.RULES]
    untold = {check.__name__ for check in checked}
    for bad in [
        *(GOOD.replace(r["old"], r["new"], 1) for r in ROWS),
        GOOD.replace("- key: office\n", "- key: bureau\n", 1),
        LIUZHOU.read_text(encoding="utf-8").replace("  priority: 推荐优先顺序", "  priority: 次序"),
        *(LIUZHOU.read_text(encoding="utf-8").replace(old, new, 1) for old, new, _ in AFTER_THE_LISTS),
    ]:
        draft = Draft(read_tree(bad).data)
        untold -= {rule.check.__name__ for rule in rules.RULES if _breaks(rule, draft)}
    assert untold == set()


def _breaks(rule: rules.Rule, draft: Draft) -> bool:
    return (draft.whole or not rule.order) and any(True for _ in rule.check(draft))
