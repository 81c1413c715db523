"""Of whom does a list consist, and what has it changed?"""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from models.case import Case
from models.composition import Profile, age_on, composition
from models.list_changes import changes_between
from models.lists import Entry
from models.queries import Row
from models.words import Place
from notices.reader import read_notice
from tests.world import NOTICE

SOME = uuid4()


def profile(**values: str) -> Profile:
    return Profile(uuid4(), "mining", "yufeng", "unit", values)


def case(name: str) -> Case:
    return Case(
        season_id=SOME,
        notice_digest="",
        number=name,
        channel="unit",
        route="county",
        name=name,
        stage="review",
        entered_by=SOME,
        entered_at=datetime.now(UTC),
    )


def test_composition_counts_the_listed_beside_everyone() -> None:
    notice = read_notice(NOTICE)
    young = profile(sex="女", birth_date="1991-03-03", employer_nature="民营企业")
    old = profile(sex="男", birth_date="1990-03-02", employer_nature="国有企业")

    found = composition(notice, {young.id}, [young, old, replace(old, still_in=False)], {"yufeng": "鱼峰区"})

    told = {d.key: [(s.label, s.listed, s.everyone) for s in d.shares] for d in found}
    assert told == {
        "category": [("采矿业", 1, 2)],
        "county": [("鱼峰区", 1, 2)],
        "channel": [("单位推荐", 1, 2)],
        "emphases": [("青年工匠", 1, 1), ("巾帼工匠", 1, 1), ("民营企业工匠", 1, 1)],
    }


@pytest.mark.parametrize(("born", "age"), [(date(1991, 3, 3), 35), (date(1991, 3, 4), 34)])
def test_age_is_in_whole_years(born: date, age: int) -> None:
    assert age_on(born, date(2026, 3, 3)) == age


def rows(*names: str, reserve: str = "", known: dict[str, Case]) -> list[Row]:
    on = [(n, Place.ON, i) for i, n in enumerate(names, 1)]
    below = [(n, Place.RESERVE, i) for i, n in enumerate(reserve, 1)]
    found = []
    for name, place, position in on + below:
        one = known.setdefault(name, case(name))
        entry = Entry(shortlist_id=SOME, size=9, case_id=one.id, place=place, position=position)
        found.append(Row(entry, one, None, recused=False))
    return found


def test_changes_name_who_went_came_and_moved_but_not_who_gave_way() -> None:
    known: dict[str, Case] = {}
    before = rows(*"abcd", reserve="e", known=known)
    after = rows(*"cabe", reserve="d", known=known)

    told = [(c.row.case.name, str(c.turn), c.before, c.after) for c in changes_between(before, after)]

    assert told == [("d", "dropped", 4, None), ("e", "added", None, 4), ("c", "moved", 3, 1)]
