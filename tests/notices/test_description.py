"""What does `gongjiang notice check` print of a good file, and what is its JSON Schema?"""

import json
from typing import Any

import pytest
from pydantic import BaseModel

from models.words import Effect, Need, Outcome, Relation, Scope, StepKind
from notices import manual
from notices.fields import PARTS, WORDS, explain
from notices.reader import describe, read_notice, render, schema
from tests.notices.files import LIUZHOU, SECOND, TINY

FACTS = describe(read_notice(LIUZHOU))
GATES = {gate["step"]: gate for gate in FACTS["gates"]}


def test_quota_and_lists() -> None:
    assert FACTS["quota"] == {
        "places": 30,
        "ratio": "1.3",
        "ratio_places": 39,
        "clause": "一（一）、三（四）",
    }
    assert [(x["step"], x["size"]) for x in FACTS["lists"]] == [
        ("proposed_list", 39),
        ("party_meeting", 39),
        ("chair_meeting", 39),
        ("leading_meeting", 30),
    ]


def test_a_date_with_its_weekday_and_source() -> None:
    dates = {d["key"]: d for d in FACTS["dates"]}
    assert dates["inspection"] == {
        "key": "inspection",
        "label": "现场查验",
        "day": "2026-03-14",
        "weekday": "星期六",
        "clause": "三（三）",
        "basis": "notice",
    }


def test_a_gate_in_full() -> None:
    assert GATES["inspection"] == {
        "step": "inspection",
        "label": "现场查验",
        "kind": "gate",
        "scope": "case",
        "stage": "inspection",
        "clause": "三（三）",
        "basis": "notice",
        "channels": None,
        "routes": None,
        "when": "inspection_asked",
        "deciders": [{"body": "inspector", "label": "现场查验人员", "when": None, "assign": 2}],
        "need": "all",
        "answers": [
            {
                "key": "report_support",
                "label": "查验属实，建议进入评审",
                "effect": "note",
                "reason": False,
                "to": None,
                "outcome": None,
            },
            {
                "key": "report_doubt",
                "label": "查验存疑，供评审参考",
                "effect": "note",
                "reason": True,
                "to": None,
                "outcome": None,
            },
        ],
        "opens": None,
        "due": "2026-03-14",
        "remind": [-2, 0, 1],
        "remind_superior": 2,
        "remind_office": 4,
        "superior": "office",
        "needs_documents": [],
        "makes_documents": [],
    }


def test_people_and_hosts_are_counted() -> None:
    assert (FACTS["hosts"], FACTS["co_hosts"], FACTS["members"]) == (
        8,
        3,
        {"office": 10, "office_head": 1, "leading_group": 13},
    )


@pytest.mark.parametrize("path", [LIUZHOU, SECOND, TINY], ids=["liuzhou", "second", "tiny"])
def test_the_facts_are_json(path: Any) -> None:
    facts = describe(read_notice(path))
    assert json.loads(json.dumps(facts, ensure_ascii=False)) == facts


def test_the_text_of_the_smallest_season() -> None:
    tiny = read_notice(TINY)
    assert render(describe(tiny)) == "\n".join(
        [
            "2026年度“小镇能手”（样例）　镇工样〔2026〕2号　印发于 2026-09-01",
            "名额 2 名，比例 1:1（2 名）",
            "名单　评定会议：2 名（名额）",
            "",
            "日期",
            "  2026-09-10 星期四　报名截止　二",
            "  2026-09-14 星期一　初审　三",
            "  2026-09-18 星期五　评定会议　三",
            "  2026-09-25 星期五　公布　三",
            "",
            "步骤",
            "  报名　截至 2026-09-10　二",
            "    由 填报人　答复：提交报名",
            "  初审　截至 2026-09-14　三",
            "    由 镇总工会　答复：初审通过／退回补正／初审不通过",
            "  评定会议　截至 2026-09-18　三",
            "    由 评定会议　答复：确认名单",
            "  公布　截至 2026-09-25　三",
            "    由 镇总工会　答复：已公布",
            "",
            f"指纹 {tiny.digest}",
        ]
    )


@pytest.mark.parametrize(
    "line",
    [
        "名额 30 名，比例 1:1.3（39 名）",
        "  2026-03-13 星期五　办公室资格初审　三（二）（办公室自定）",
        "  现场查验　截至 2026-03-14　三（三）　仅当资格初审要求现场查验",
        "  社会公示　2026-04-02 至 2026-04-09　三（七）",
        "    由 现场查验人员2名（全部机构都须答复）　答复：查验属实，建议进入评审／查验存疑，供评审参考",
    ],
)
def test_lines_of_the_text(line: str) -> None:
    assert line in render(FACTS).split("\n")


def test_a_number_of_answers_is_said() -> None:
    line = "    由 评审专家3名（至少 2 个答复）　答复：提交评分／弃权"
    assert line in render(describe(read_notice(SECOND))).split("\n")


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_is_explained_in_chinese(part: type[BaseModel]) -> None:
    unsaid = [n for n in part.model_fields if not any("\u4e00" <= c <= "\u9fff" for c in explain(part, n))]
    assert unsaid == []


def test_every_word_is_explained() -> None:
    words = [*StepKind, *Scope, *Relation, *Need, *Effect, *Outcome]
    assert [word for word in words if not WORDS.get(word)] == []


def test_the_schema_is_chinese_throughout() -> None:
    whole = schema()
    definitions = [whole, *whole["$defs"].values()]
    said = [d["description"] for d in definitions]
    said += [f["description"] for d in definitions for f in d.get("properties", {}).values()]
    assert [text for text in said if not any("\u4e00" <= c <= "\u9fff" for c in text)] == []


def test_the_schema_names_what_has_to_be_there() -> None:
    whole = schema()
    assert whole["$defs"]["Quota"]["required"] == ["places", "ratio", "clause"]
    assert whole["$defs"]["Quota"]["properties"]["places"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 10000,
        "description": "认定名额",
    }


def test_the_tables_of_the_manual_are_up_to_date() -> None:
    text = manual.MANUAL.read_text(encoding="utf-8")
    assert manual.fill(text) == text
