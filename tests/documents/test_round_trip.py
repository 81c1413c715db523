"""Is what the system prints as Word read back by the system as it was?"""

from datetime import date
from random import Random
from typing import Any

import pytest

from documents.application_form import read_application_form, read_photo
from documents.expert_letter import read_expert_letter, to_rows
from documents.field_map import to_form
from documents.layouts.application_form import Applied, application_form
from documents.layouts.expert_letter import Recommended, expert_letter
from documents.layouts.values import Answers
from documents.to_word import word
from models.notice import Notice
from models.words import FieldKind
from notices.reader import read_notice
from simulation.filled import filled_form
from simulation.papers import picture
from tests.world import NOTICE

# Not in one place of the form alone: told from the ID number, the other answers or the industry.
DERIVED = {"birth_date", "category", "indicators"}


@pytest.fixture(scope="module")
def notice() -> Notice:
    return read_notice(NOTICE)


def on_paper(notice: Notice, form: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in form.items() if notice.field(k).paper and k not in DERIVED}


@pytest.mark.parametrize("seed", range(6))
def test_a_printed_application_is_read_back_as_it_was(notice: Notice, seed: int) -> None:
    form = varied(notice, Random(seed))
    applied = Applied(Answers(notice, "unit", form), "样例机械制造有限公司", date(2026, 3, 6), picture())
    content = word([application_form(applied)])

    found = read_application_form(notice, "申请表.docx", content)
    read, problems = to_form(notice, "unit", found)

    assert (found["problems"], problems) == ([], [])
    assert on_paper(notice, read) == on_paper(notice, form)
    assert read_photo(content) == picture()


def varied(notice: Notice, rng: Random) -> dict[str, Any]:
    """A complete form with other boxes ticked and other lengths each time."""
    ticks = {
        f.key: {c.key: "样例填空" if c.blank else "" for c in f.choices if rng.random() < 0.5}
        for f in notice.fields_of("unit")
        if f.kind is FieldKind.TICKS
    }
    history = [
        {"period": f"20{n:02d}年1月—20{n + 1:02d}年2月", "where": f"样例单位{n}", "post": "车工"}
        for n in range(1, rng.randint(2, 12))
    ]
    texts = {
        "statement": "样例自述，" * rng.randint(1, 150),
        "honours": "\n".join(["样例荣誉"] * rng.randint(1, 6)),
    }
    skill = rng.choice(notice.field("skill_level").choices).key
    return filled_form(
        notice, "unit", rng, **ticks, **texts, history=history, skill_level=skill, name="样例甲"
    )


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_printed_letter_is_read_back_with_all_its_experts(notice: Notice, count: int) -> None:
    form = filled_form(notice, "professional", Random(count))
    experts = [form["recommenders"][n % 2] | {"name": f"样例推荐人{'甲乙丙丁戊'[n]}"} for n in range(count)]
    content = word(
        [expert_letter(notice, Recommended("样例甲", form["id_number"], experts, date(2026, 3, 5)))]
    )

    assert to_rows(notice, read_expert_letter(notice, "推荐函.docx", content)) == experts
