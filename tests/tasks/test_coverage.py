"""What is recorded of the reports about the recognised people (三（八）), and who is reminded?"""

from collections.abc import Sequence
from dataclasses import asdict, replace

import pytest
from sqlmodel import col, select

from models.actions import Given
from models.case import Case
from models.coverage import Coverage, Draft, Narrowed, figures, reports, without_coverage
from models.database import reading, transaction
from models.mail import Message
from models.notice import day_of
from models.season import Season
from models.verdict import Refused
from simulation.papers import pdf
from tasks.coverage import add_coverage, remind_uncovered, remove_coverage
from tasks.decide import decide
from tests.refusals import codes
from tests.season_after import to_award
from tests.world import World

REPORT = Draft("newspaper", "样例日报", "样例：工匠风采", "", "https://news.example.org/1")


def to_publicity(world: World, count: int = 2) -> list[Case]:
    cases = to_award(world, count)
    world.pass_step("award")
    return cases


def report(world: World, *cases: Case, body: str = "office", **changes: str) -> Coverage:
    said = asdict(REPORT) | {"published_on": day_of(world.now()).isoformat()} | changes
    draft = Draft(**said | {"case_ids": tuple(c.id for c in cases)})
    with transaction() as session:
        return add_coverage(session, world.season_id, world.person(body), draft)


def uncovered(world: World) -> list[str]:
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        return [c.number for c in without_coverage(session, season, world.notice)]


def remind(world: World) -> int:
    with transaction() as session:
        return remind_uncovered(session, session.get_one(Season, world.season_id))


def mails(world: World) -> Sequence[Message]:
    with reading() as session:
        wanted = select(Message).where(Message.season_id == world.season_id, Message.template == "uncovered")
        return session.exec(wanted.order_by(col(Message.queued_at))).all()


def test_reports_are_counted_by_month_and_by_medium(world: World) -> None:
    first, second = to_publicity(world)
    report(world, first)
    report(world, first, second, body="media", kind="television", medium="样例电视台", link="")
    report(world)

    with reading() as session:
        season = session.get_one(Season, world.season_id)
        found = reports(session, season)
        assert figures(found).media == [("样例日报", 2), ("样例电视台", 1)]
        assert [n for _, n in figures(found).months] == [3]
        about = reports(session, season, Narrowed(case_id=second.id))
        assert [r.coverage.medium for r in about] == ["样例电视台"]
    assert uncovered(world) == []


def test_only_sound_reports_by_the_right_people_are_kept(world: World) -> None:
    first, second = to_publicity(world)
    faults = [
        ({"kind": "rumour"}, "kind_missing"),
        ({"medium": ""}, "medium_missing"),
        ({"title": ""}, "title_missing"),
        ({"link": "http://news.example.org/"}, "link_wrong"),
        ({"link": "javascript:alert(1)"}, "link_wrong"),
        ({"link": "https://user:word@news.example.org/"}, "link_wrong"),
        ({"published_on": "昨天"}, "not_a_date"),
        ({"published_on": "2000-01-01"}, "date_outside"),
    ]
    for changes, code in faults:
        with pytest.raises(Refused) as refusal:
            report(world, first, **changes)
        assert codes(refusal) == [code]
    with pytest.raises(Refused) as refusal:
        report(world, first, body="host_union")
    assert codes(refusal) == ["not_yours_to_record"]

    kept = report(world, second)
    for person, reason, code in (("media", "误登", "not_your_report"), ("office", " ", "reason_missing")):
        with pytest.raises(Refused) as refusal:
            removed(world, kept, person, reason)
        assert codes(refusal) == [code]
    removed(world, kept, "office", "误登")
    assert uncovered(world) == [first.number, second.number]


def removed(world: World, kept: Coverage, person: str, reason: str) -> None:
    with transaction() as session:
        remove_coverage(session, kept.id, world.person(person), reason)


def test_office_is_reminded_once_on_each_date_of_those_without_a_report(world: World) -> None:
    first, second = to_publicity(world)
    report(world, first)
    assert remind(world) == 0

    world.move_to(world.notice.starts("publicity_summer"))
    assert (remind(world), remind(world)) == (1, 0)
    assert mails(world)[0].context["names"] == [f"{second.number} {second.name}"]

    world.move_to(world.notice.starts("publicity_last"))
    assert (remind(world), remind(world)) == (1, 0)

    report(world, second)
    world.move_to(world.notice.due("publicity"))
    assert (remind(world), len(mails(world))) == (0, 2)


def test_closing_early_needs_a_reason_and_names_who_has_none(world: World) -> None:
    first, second = to_publicity(world)
    with transaction() as session:
        day = day_of(world.now()).isoformat()
        draft = replace(REPORT, published_on=day, case_ids=(first.id,))
        office = world.person("office")
        add_coverage(session, world.season_id, office, draft, filename="剪报.pdf", content=pdf())
    [task] = world.assignments("publicity")

    with pytest.raises(Refused) as refusal, transaction() as session:
        decide(session, task.id, office, Given("recorded"))
    assert codes(refusal) == ["reason_missing"]
    with transaction() as session:
        given = decide(session, task.id, office, Given("recorded", reason="样例理由"))

    assert given.facts == {"uncovered": [second.number]}
    with pytest.raises(Refused) as refusal:
        report(world, first)
    assert codes(refusal) == ["season_closed"]
