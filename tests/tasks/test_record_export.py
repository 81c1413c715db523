"""Does the record read like sentences, and can its JSON be verified with nothing but the file?"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from models.case import Case
from models.casefile import read_casefile
from models.database import reading, transaction
from models.merkle import proof_of, root_by, root_of
from models.people import Person
from models.record_check import record_faults, withheld
from models.season import Season, notice_of
from models.viewer import Viewer, read_viewer
from tasks.anchoring import anchor_day
from tasks.record_export import record_json
from tasks.record_texts import Told, of_case, read_told
from tests.world import World, open_world

Json = dict[str, Any]
T = TypeVar("T")


def seen(world: World, person: Person, case: Case, what: Callable[[Viewer, Any], T]) -> T:
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        viewer = read_viewer(session, person, season, notice_of(session, season))
        return what(viewer, of_case(read_casefile(viewer, session.get_one(Case, case.id))))


def exported(world: World, person: Person, case: Case, *, redacted: bool = False) -> Json:
    made = seen(world, person, case, lambda v, f: record_json(v, f, redacted=redacted))
    told: Json = json.loads(json.dumps(made, ensure_ascii=False))
    return told


def anchored(world: World) -> None:
    with transaction() as session:
        anchor_day(session, session.get_one(Season, world.season_id))


def test_a_line_says_who_for_whom_when_what_and_on_which_material(world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    told: list[Told] = seen(world, world.person("office"), case, read_told)

    unit = next(t for t in told if t.kind == "answer_given" and t.who != told[0].who)
    assert [t.seq for t in told] == list(range(1, case.event_seq + 1))
    assert unit.for_whom
    assert unit.version.startswith("第1次提交（")
    assert f"{unit.who}，代表{unit.for_whom}：" in unit.sentence
    assert "<" not in "".join(t.what for t in told)


def test_the_office_exports_a_record_that_verifies(world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    anchored(world)

    record = exported(world, world.person("office"), case)

    assert (list(record_faults(record)), withheld(record)) == ([], 0)
    assert record["anchors"][0]["head"]["seq"] == case.event_seq
    assert world.filler().name in {d["names"]["decided_by"] for d in record["decisions"]}


def test_who_may_not_read_everything_gets_a_chain_that_verifies_as_well(world: World) -> None:
    case = world.bring_to(world.enter(), "expert_review")
    world.answer("expert_review", case)

    record = exported(world, world.filler(), case)
    outside = exported(world, world.person("office"), case, redacted=True)

    for told in (record, outside):
        assert list(record_faults(told)) == []
        assert withheld(told) > 0
        assert len(told["events"]) == world.case(case).event_seq
    names = [world.person(b).name for b in ("office", "county_union")] + [world.filler().name]
    assert [n for n in names if n in json.dumps(outside, ensure_ascii=False)] == []


def flip(record: Json) -> None:
    record["events"][2]["facts"]["document"] = "x"


def drop_last(record: Json) -> None:
    record["events"].pop()


def drop_last_and_say_so(record: Json) -> None:
    record["events"].pop()
    record["head"] = {"seq": len(record["events"]), "hash": record["events"][-1]["hash"]}


def swap(record: Json) -> None:
    record["events"][2], record["events"][3] = record["events"][3], record["events"][2]


def other_opinion(record: Json) -> None:
    record["decisions"][0]["said"]["opinion"] = "不同意"


def other_person(record: Json) -> None:
    record["decisions"][0]["circumstances"]["acted_for"] = "x"


def decision_gone(record: Json) -> None:
    record["decisions"].pop()


def other_anchor(record: Json) -> None:
    record["anchors"][0]["day"] = "2020-01-01"


def other_head(record: Json) -> None:
    record["anchors"][0]["head"]["seq"] -= 1


def no_text(record: Json) -> None:
    record["events"] = "x"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (flip, "流转记录第3条与其散列不符"),
        (drop_last, "对不上"),
        (drop_last_and_say_so, "末尾被截去"),
        (swap, "第3条应在的位置上是第4条"),
        (other_opinion, "所记决定的内容与其摘要不符"),
        (other_person, "所记决定的办理人、时间或所依据的材料与其摘要不符"),
        (decision_gone, "所记的决定不在文件里"),
        (other_anchor, "第1号记录锚（2020-01-01）与其散列不符"),
        (other_head, "不能由其摘要证明"),
        (no_text, "读不出来"),
    ],
)
def test_whatever_is_changed_in_the_file_is_named(
    record: Json, spoil: Callable[[Json], None], said: str
) -> None:
    spoilt = json.loads(json.dumps(record))
    spoil(spoilt)

    assert [f for f in record_faults(spoilt) if said in f] != []


@pytest.fixture(scope="module")
def record(database: object) -> Json:
    from_start = open_world()
    case = from_start.bring_to(from_start.enter(), "county_review")
    anchored(from_start)
    return exported(from_start, from_start.person("office"), case)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_each_line_can_be_proven_to_belong_to_the_root(count: int) -> None:
    lines = [f"line {n}" for n in range(count)]

    for n, line in enumerate(lines):
        assert root_by(line, proof_of(lines, n)) == root_of(lines)
        assert root_by("another", proof_of(lines, n)) != root_of(lines)
