"""Do two worlds that differ only in what somebody may not see look the same to him, byte for byte?

Every page and every endpoint is asked for (`tests.api.walking`); only tokens, times and ids are made equal before.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import unified_diff
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from models.attachment import Attachment
from models.database import reading, real_now, transaction
from models.event import Event
from models.gates import Assignment, Gate
from models.mail import Message, TaskLink
from models.people import Person
from models.season import Season
from notifications.links import link_token
from processes.supervise import Stack
from tests.api.twins import Secrets, Twin, build, published
from tests.api.walking import PARAMETER, Walk, filled, routes

PLAIN = Secrets()
OUTSIDE = Secrets(elsewhere=True, next_door=True, closed=61, open=62, opinion="密见")
COUNTY = Secrets(elsewhere=True, open=62)
OFFICE = Secrets(open=62)
# The names, opinions and reasons that are elsewhere.
SECRET = re.compile(r"样例第1\d|密[某见由]")

# What tells of the machine, and the log of the accounts, which tells of these walks themselves.
OF_THE_MACHINE = ("/status", "/audit")

Twins = dict[Secrets, Twin]


@pytest.fixture(scope="module")
def twins(database: Stack) -> Twins:
    return {secrets: build(secrets) for secrets in (PLAIN, OUTSIDE, COUNTY)}


@pytest.fixture(scope="module")
def offices(database: Stack) -> Twins:
    """Of their own: what the office exports stands in the records of the cases."""
    return {secrets: build(secrets) for secrets in (PLAIN, OFFICE)}


@contextmanager
def alone(twin: Twin) -> Iterator[None]:
    """Meanwhile no other season is under way: calendars tell of all that are."""
    others = col(Season.id) != twin.world.season_id
    with transaction() as session:
        closed = session.exec(select(Season.id).where(others, col(Season.closed_at).is_(None))).all()
        session.exec(update(Season).where(others, col(Season.id).in_(closed)).values(closed_at=real_now()))
    try:
        yield
    finally:
        with transaction() as session:
            session.exec(update(Season).where(col(Season.id).in_(closed)).values(closed_at=None))


def called(login: str) -> Person:
    with reading() as session:
        return session.exec(select(Person).where(Person.login == login)).one()


def hidden_ids(twin: Twin) -> dict[str, UUID]:
    """What the other cases have: by the name that the addresses give it."""
    case = twin.hidden[1].id
    with reading() as session:
        gate = session.exec(
            select(Gate).where(Gate.case_id == case).order_by(col(Gate.opened_at).desc())
        ).all()[0]
        task = session.exec(select(Assignment).where(Assignment.gate_id == gate.id)).all()[0]
        file = session.exec(select(Attachment).where(Attachment.case_id == case)).all()[0]
        mail = session.exec(select(Message).where(Message.case_id == case)).all()[0]
        event = session.exec(select(Event).where(Event.chain == case)).all()[0]
        found = {"case_id": case, "gate_id": gate.id, "assignment_id": task.id, "file_id": file.id}
        return {**found, "message_id": mail.id, "mail_id": mail.id, "event_id": event.id}


def walked(address: str, twin: Twin, login: str) -> Walk:
    with alone(twin):
        return Walk(address, twin.world, called(login) if login else None).go()


def told_apart(first: Walk, second: Walk) -> list[str]:
    """Where the two answers differ, and how."""
    found = []
    looked_at = {p for p in first.seen.keys() | second.seen.keys() if not p.startswith(OF_THE_MACHINE)}
    for path in sorted(looked_at):
        one, other = (w.seen.get(path, (0, "")) for w in (first, second))
        if one != other:
            lines = unified_diff(one[1].splitlines(), other[1].splitlines(), lineterm="", n=0)
            found.append(f"{path} {one[0]} {other[0]}\n" + "\n".join(list(lines)[2:8]))
    return found


# --- while the experts judge ---------------------------------------------------------------------------------------


# Of an ID number or a mobile telephone; who typed them is asked about them.
PERSONAL = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
OUTSIDERS = (
    "unit1",
    "discipline",
    "inspector1",
    "applicant",
    "reader",
    "away",
    "sysadmin",
    "secadmin",
    "auditor",
    "",
)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_sees_no_difference(address: str, twins: Twins, who: str) -> None:
    """`reader` judges with the one whose scores differ; `away` stays away from a case on which they do."""
    login = _login(twins, who)
    plain, other = (walked(address, twins[s], login) for s in (PLAIN, OUTSIDE))
    assert told_apart(plain, other) == []
    assert not SECRET.search("".join(text for _, text in other.seen.values()))
    if who not in ("unit1", "applicant"):
        assert not PERSONAL.search("".join(text for _, text in other.seen.values()))
    if who in ("unit1", "reader", "applicant", ""):
        assert_nothing_of_the_hidden_is_there(address, twins[OUTSIDE], login)


def _login(twins: Twins, who: str) -> str:
    told, away = twins[PLAIN].told, twins[PLAIN].away
    assert (told, away) == (twins[OUTSIDE].told, twins[OUTSIDE].away)
    readers = [n for n in (f"expert{n}" for n in range(1, 6)) if n not in (*told, away)]
    return {"reader": readers[0], "away": away}.get(who, who)


def test_the_office_sees_no_difference_in_scores_of_a_panel_that_is_not_complete(
    address: str, offices: Twins
) -> None:
    plain, other = (walked(address, offices[s], "office") for s in (PLAIN, OFFICE))
    assert told_apart(plain, other) == []


def test_a_mailed_link_shows_no_difference(address: str, twins: Twins) -> None:
    """A department answers by the link alone; what another department said is not in it."""
    walks = []
    for twin in (twins[PLAIN], twins[OUTSIDE]):
        asked = twin.world.assignments("department_opinions", twin.cases["asked"])
        [task] = [a for a in asked if a.body == "industry"]
        with reading() as session:
            link = session.exec(select(TaskLink).where(TaskLink.assignment_id == task.id)).one()
        with alone(twin):
            walks.append(Walk(address, twin.world, None, link=f"/t/{link_token(link.id)}").go())
    assert told_apart(*walks) == []
    assert "/tasks/{assignment_id}" in walks[0].opened


def test_whoever_may_see_the_difference_sees_it(address: str, twins: Twins) -> None:
    """The expert who said it, the office of another county, the county of what its department said."""
    plain = twins[PLAIN]
    for login, secrets, path in (
        (plain.told[-1], OUTSIDE, "/?tab=done"),
        ("office", COUNTY, "/cases"),
        ("county_union", OUTSIDE, "/cases"),
    ):
        one, other = (Walk(address, twins[s].world, called(login)).ask(path) for s in (PLAIN, secrets))
        assert one != other


# After the others: what a county exports stands in the records of the cases.
def test_a_county_sees_no_difference_in_another(address: str, twins: Twins) -> None:
    plain, other = (walked(address, twins[s], "county_union") for s in (PLAIN, COUNTY))
    assert told_apart(plain, other) == []
    assert not SECRET.search("".join(text for _, text in other.seen.values()))
    assert_nothing_of_the_hidden_is_there(address, twins[COUNTY], "county_union")


# --- ids of what is hidden -----------------------------------------------------------------------------------------


def assert_nothing_of_the_hidden_is_there(address: str, twin: Twin, login: str) -> None:
    """Each page with an id answers as for an id that nothing has."""
    walk = Walk(address, twin.world, called(login) if login else None)
    hidden = hidden_ids(twin)
    for path in routes():
        names = PARAMETER.findall(path)
        if not names or names == ["token"]:
            continue
        real = walk.ask(filled(path, hidden))
        assert real[0] in (404, 303), f"{path}: {real[0]}"
        assert real == walk.ask(filled(path, {})), path


# --- once the names are out ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def after(database: Stack) -> list[Twin]:
    return [published(secrets) for secrets in (PLAIN, Secrets(elsewhere=True, closed=61))]


@pytest.mark.parametrize("login", ["unit4", "media", ""])
def test_the_public_notice_tells_nothing_of_scores_nor_of_those_who_are_not_on_it(
    address: str, after: list[Twin], login: str
) -> None:
    """Neither the unit of who is on it, nor the media, nor the public."""
    plain, other = (walked(address, twin, login) for twin in after)
    assert told_apart(plain, other) == []
    assert not SECRET.search("".join(text for _, text in other.seen.values()))
    assert "样例第2" in plain.seen["/public"][1]


def test_who_confirms_the_lists_reads_of_the_listed_only(address: str, after: list[Twin]) -> None:
    walk = walked(address, after[1], "party_group")
    told = "".join(text for _, text in walk.seen.values())
    assert "评语61" in told
    assert not SECRET.search(told)
