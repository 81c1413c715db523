"""May this application be handed in, and what of it can't even be kept?"""

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.form import check_shape, with_birth
from models.form_advice import advise_form
from models.form_rules import check_form
from models.tidy import tidy_form
from models.verdict import Verdict
from models.words import FieldKind
from notices.reader import read_notice
from simulation.filled import filled_form
from tests.world import NOTICE

LIUZHOU = read_notice(NOTICE)
MAN = "450203198506159917"
WOMAN = "450203198506159925"
OLD = "450203850615991"


def complete(channel: str = "unit", **changes: Any) -> dict[str, Any]:
    known = {"sex": "男", "id_number": MAN, "category": "manufacturing", "occupation": "电焊工"}
    numbers = {"work_years": "15", "patents_invention": "", "patents_utility": "", "patents_design": ""}
    return filled_form(LIUZHOU, channel, Random(7), **{**known, **numbers, **changes})


def told(verdict: Verdict) -> list[tuple[str, str]]:
    return [(r.code, r.field) for r in verdict]


def refused(channel: str = "unit", **changes: Any) -> list[tuple[str, str]]:
    """What is said against the complete application with these values typed."""
    form = {**complete(channel), **changes}
    return told(check_form(LIUZHOU, channel, tidy_form(LIUZHOU, form)))


@pytest.mark.parametrize("channel", ["unit", "professional", "self"])
def test_a_complete_application_may_be_handed_in(channel: str) -> None:
    form = complete(channel)
    assert check_shape(LIUZHOU, channel, form) == ()
    assert check_form(LIUZHOU, channel, form) == ()
    assert advise_form(LIUZHOU, channel, form) == ()


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        (MAN, []),
        (" 450203 19850615 9917 ", []),
        ("４５０２０３１９８５０６１５９９１７", []),
        (OLD, [("id_15", "id_number")]),
        (MAN[:-1], [("id_length", "id_number")]),
        (MAN[:-1] + "8", [("id_checksum", "id_number")]),
        ("45020319850615991A", [("id_characters", "id_number")]),
        ("450203198502309914", [("id_date", "id_number")]),
        (WOMAN, [("sex_mismatch", "sex")]),
        ("450203198506169912", [("birth_mismatch", "birth_date")]),
        ("", [("field_missing", "id_number")]),
    ],
)
def test_an_id_number_is_checked_by_its_form_and_against_the_person(
    typed: str, codes: list[tuple[str, str]]
) -> None:
    assert refused(id_number=typed) == codes


@pytest.mark.parametrize("last", ["x", "X", "ｘ", "Ｘ"])
def test_a_last_letter_is_taken_however_it_is_typed(last: str) -> None:
    assert tidy_form(LIUZHOU, {"id_number": "11010519491231002" + last})["id_number"] == "11010519491231002X"


def test_no_sentence_repeats_a_personal_number() -> None:
    form = {**complete(), "id_number": MAN[:-1] + "8", "phone": "1990000"}
    assert not [r for r in check_form(LIUZHOU, "unit", form) if "45020319" in r.text or "1990000" in r.text]


@pytest.mark.parametrize(
    ("number", "code"), [("450203201506159911", "age_odd"), ("450203290006159912", "born_in_future")]
)
def test_the_age_has_to_be_one_at_which_people_work(number: str, code: str) -> None:
    found = refused(id_number=number, birth_date="", sex="")
    assert (code, "id_number") in found


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("phone", "199-0000-0001", None),
        ("phone", "１９９００００００１１", None),
        ("phone", "0772-2825115", None),
        ("phone", "2825115", None),
        ("phone", "1990000001", "phone_form"),
        ("phone", "12345678901", "phone_form"),
        ("email", "candidate@example.org", None),
        ("email", "ｃandidate＠example．org", None),
        ("email", "candidate@example", "email_form"),
        ("email", "张三", "email_form"),
        ("postcode", "545000", None),
        ("postcode", "54500", "postcode_form"),
        ("postcode", "５４５０００", None),
        ("work_years", "21", None),
        ("work_years", "2x", "number_form"),
        ("work_years", "-1", "number_form"),
        ("name", "李", "name_short"),
        ("name", "阿卜杜拉·买买提", None),
        ("name", "李𬱖", None),
        ("nationality", "外国", "not_chinese"),
        ("nationality", "", "not_chinese"),
    ],
)
def test_each_value_is_checked_by_its_kind(field: str, typed: str, code: str | None) -> None:
    assert refused(**{field: typed}) == ([(code, field)] if code else [])


@pytest.mark.parametrize(
    "typed", ["1985年6月15日", "1985.06.15", "1985/6/15", "19850615", "１９８５-０６-１５"]
)
def test_a_day_is_read_however_it_is_written(typed: str) -> None:
    assert refused(birth_date=typed) == []


def test_a_ticked_box_with_a_blank_needs_its_words() -> None:
    assert refused(craft={"一技之长": "", "其他": "刻字"}) == [("blank_missing", "craft-1")]


def test_one_indicator_is_enough_and_none_is_too_few() -> None:
    none: dict[str, Any] = {
        "craft": {},
        "skill_level": "",
        "passing_on": {},
        "contribution": {},
        "indicators": [],
    }
    assert refused(**none) == [("indicator_missing", "indicators")]
    assert refused(**none | {"indicators": ["lead"], "passing_on": {"带徒": ""}}) == []


def test_patents_are_counted_where_there_are_some() -> None:
    assert refused(patented="是") == [("patents_missing", "patents_invention")]
    assert refused(patented="是", patents_invention="0", patents_utility="2") == []
    form = {**complete(), "patents_invention": "3"}
    assert told(advise_form(LIUZHOU, "unit", form)) == [("patents_without_yes", "patented")]


def test_the_two_equal_levels_are_two_choices() -> None:
    field = LIUZHOU.field("skill_level")
    assert [c.key for c in field.choices if c.label == "国内先进"] == ["国内先进（前）", "国内先进（后）"]
    assert told(check_shape(LIUZHOU, "unit", {"skill_level": "国内先进"})) == [
        ("unknown_choice", "skill_level")
    ]


# --- recommenders ------------------------------------------------------------------------------------------------


def recommended(*changes: Mapping[str, str]) -> list[tuple[str, str]]:
    rows = complete("professional")["recommenders"]
    changed = [{**row, **change} for row, change in zip(rows, [*changes, {}, {}], strict=False)]
    return refused("professional", recommenders=changed)


def test_recommenders_are_two_other_qualified_people() -> None:
    rows = complete("professional")["recommenders"]
    assert refused("professional", recommenders=rows[:1]) == [("recommenders_missing", "recommenders")]
    assert recommended({"id_number": MAN}) == [("recommender_repeated", "recommenders-1-id_number")]
    same = {"id_number": rows[0]["id_number"]}
    assert recommended({}, same) == [("recommender_repeated", "recommenders-2-id_number")]
    assert recommended({"grade": "技师"}) == [("recommender_unqualified", "recommenders-1-grade")]
    assert recommended({"grade": "广西技术能手"}, {"grade": "自治区级技术能手"}) == []
    assert recommended({"reason": ""}, {"id_number": OLD}) == [
        ("cell_missing", "recommenders-1-reason"),
        ("id_15", "recommenders-2-id_number"),
    ]


@pytest.mark.parametrize(("trade", "advised"), [("电焊工", False), ("焊工", False), ("数控车工", True)])
def test_another_trade_is_only_pointed_out(trade: str, advised: bool) -> None:
    rows = complete("professional")["recommenders"]
    form = {**complete("professional"), "recommenders": [{**rows[0], "occupation": trade}, rows[1]]}
    assert check_form(LIUZHOU, "professional", form) == ()
    assert told(advise_form(LIUZHOU, "professional", form)) == (
        [("other_trade", "recommenders-1-occupation")] if advised else []
    )


# --- advice ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"statement": "字" * 330}, None),
        ({"statement": "字" * 331}, "longer_than_advised"),
        ({"occupation": "竹编"}, "occupation_elsewhere"),
        ({"category": "other", "occupation": "竹编"}, None),
        ({"work_years": "30"}, "worked_since_childhood"),
        ({"public_power": None}, "question_open"),
    ],
)
def test_what_is_odd_is_said_and_not_refused(changes: dict[str, Any], code: str | None) -> None:
    form = {**complete(), **changes}
    assert check_form(LIUZHOU, "unit", form) == ()
    assert [r.code for r in advise_form(LIUZHOU, "unit", form)] == ([code] if code else [])


# --- what can be kept --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"name": ["样例"]}, "not_text"),
        ({"name": {"a": "b"}}, "not_text"),
        ({"summary": "长" * 301}, "too_long"),
        ({"summary": "长" * 300 + "\n\n  "}, None),
        ({"sex": "未知"}, "unknown_choice"),
        ({"condition": "nonsense"}, "unknown_choice"),
        ({"category": "other"}, None),
        ({"public_power": "yes"}, "not_yes_or_no"),
        ({"history": "一九九九年"}, "not_rows"),
        ({"history": [{"where": "样例厂", "salary": "1"}]}, "unknown_column"),
        ({"history": [{"where": "样例厂"}] * 31}, "too_many_rows"),
        ({"history": [{"where": ["样例厂"]}]}, "not_text"),
        ({"craft": "一技之长"}, "not_ticks"),
        ({"craft": {"独门": ""}}, "unknown_choice"),
        ({"craft": {"其他": ["x"]}}, "not_text"),
        ({"indicators": "craft"}, "not_a_list"),
        ({"indicators": ["nonsense"]}, "unknown_choice"),
        ({"work_years": 21}, None),
        ({"work_years": 210}, "too_long"),
    ],
)
def test_what_can_not_be_kept_is_refused(value: dict[str, Any], code: str | None) -> None:
    found = check_shape(LIUZHOU, "unit", tidy_form(LIUZHOU, value))
    assert [r.code for r in found] == ([code] if code else [])


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([f.key for f in LIUZHOU.fields]), JUNK))
def test_nothing_that_is_sent_breaks_the_checks(form: dict[str, Any]) -> None:
    """Whatever passes the shape can be judged; whatever does not is refused, and nothing is a fault."""
    tidy = tidy_form(LIUZHOU, form)
    if check_shape(LIUZHOU, "professional", tidy) == ():
        whole = with_birth(LIUZHOU, tidy)
        assert check_form(LIUZHOU, "professional", whole) != ()
        advise_form(LIUZHOU, "professional", whole)


def test_birth_date_and_sex_follow_from_the_number_where_they_are_empty() -> None:
    assert with_birth(LIUZHOU, {"id_number": WOMAN, "sex": ""}) == {
        "id_number": WOMAN,
        "sex": "女",
        "birth_date": "1985-06-15",
    }
    kept = {"id_number": WOMAN, "sex": "男", "birth_date": "1985-06-14"}
    assert with_birth(LIUZHOU, kept) == kept


def test_every_kind_of_field_is_in_the_notice_of_liuzhou() -> None:
    """So that the tests above meet each kind at least once."""
    kinds = {f.kind for f in LIUZHOU.fields} | {c.kind for f in LIUZHOU.fields for c in f.columns}
    assert kinds == set(FieldKind)
