"""Is another city's award another file and no code?"""

from datetime import date

from models.words import StepKind
from notices.reader import describe, parse_notice, read_notice
from notices.warnings import warnings
from tests.notices.files import SECOND, TINY


def test_the_second_season() -> None:
    second = read_notice(SECOND)
    assert (second.quota.places, second.quota.ratio_places) == (12, 18)
    assert [c.key for c in second.channels] == ["unit", "professional"]
    assert [s.key for s in second.steps if s.kind is StepKind.WINDOW] == ["first_notice", "second_notice"]
    assert [s.key for s in second.steps if s.kind is StepKind.MEETING] == ["jury_meeting"]
    assert [d.body for d in second.step("department_opinions").deciders] == ["police", "personnel"]
    assert warnings(second) == []


def test_its_cases_wait_at_the_window_before_the_review() -> None:
    walked = [s.key for s in read_notice(SECOND).case_steps("professional", "city")]
    assert walked[:4] == ["application", "office_review", "first_notice", "expert_review"]


def test_the_smallest_season_goes_from_screening_to_a_meeting() -> None:
    tiny = read_notice(TINY)
    assert [s.key for s in tiny.steps] == ["application", "office_review", "meeting", "result"]
    assert describe(tiny)["lists"] == [{"step": "meeting", "label": "评定会议", "size": 2, "by": "places"}]
    assert warnings(tiny) == []


def test_a_shifted_season_keeps_its_distances() -> None:
    second = read_notice(SECOND).shifted(date(2027, 1, 1))
    assert (second.dates["application"].day, second.dates["result"].day) == (
        date(2027, 1, 15),
        date(2027, 3, 7),
    )


def test_a_later_step_with_an_earlier_date_is_a_warning_only() -> None:
    text = SECOND.read_text(encoding="utf-8")
    odd = parse_notice(
        text.replace("{label: 评选会议, day: 2026-06-18", "{label: 评选会议, day: 2026-06-10").encode(), ""
    )
    assert warnings(odd) == [
        "“评选委员会会议”的截止日（2026-06-10）早于前一步“提出候选名单”的截止日（2026-06-15），请核对。"
    ]


def test_what_nothing_uses_and_what_lies_before_the_issue_is_a_warning_only() -> None:
    text = TINY.read_text(encoding="utf-8")
    odd = text.replace(
        "dates:\n", "dates:\n  spare: {label: 备用, day: 2026-08-01, clause: —, basis: office}\n"
    ).replace("bodies:\n", "bodies:\n  - {key: jury, label: 评审团, relation: season, clause: —}\n")
    assert warnings(parse_notice(odd.encode(), "")) == [
        "日期“备用”（2026-08-01）早于印发日期（2026-09-01），请核对。",
        "日期“备用”（spare）没有步骤使用。",
        "机构“评审团”（jury）没有步骤由它办理。",
    ]
