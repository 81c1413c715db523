"""Which passwords are taken, and how is one changed?"""

from datetime import timedelta
from itertools import count, pairwise

import pytest

from models.account_words import Waits
from models.database import reading, real_now, transaction
from models.passwords import POLICIES, check_password
from models.people import LoginSession, Person
from models.verdict import Refused
from processes.supervise import Stack
from tasks.accounts import add_account, digest, next_wait, open_login
from tasks.logging_in import authenticate
from tasks.passwords import change_password, make_password
from tests.refusals import codes

GOOD = [f"Hai-Shui-Yu-{n}" for n in range(6)]
_numbers = count(1)


@pytest.mark.parametrize(
    ("password", "dengbao", "asvs"),
    [
        ("Hai-Shui-Yu-7", [], ["too_short"]),
        ("hai shui yu men bu zhi", ["too_few_classes"], []),
        ("海水鱼门都不知道在哪里好呢", ["too_few_classes"], ["too_short"]),
        ("Yi wan nian tai jiu, zhi zheng zhao xi. " * 4, [], []),
        ("x7" * 101, ["too_long", "too_few_classes", "common"], ["too_long", "common"]),
        ("Ai-1", ["too_short"], ["too_short"]),
        ("", ["too_short", "too_few_classes", "common"], ["too_short", "common"]),
        ("P@ssw0rd2026!!!!", ["common"], ["common"]),
        ("Qwertyuiop-123456", ["common"], ["common"]),
        ("1qaz2wsx3edc4rfv", ["too_few_classes", "common"], ["common"]),
        ("LiuZhou-haishui-2026", ["guessable_word"], ["guessable_word"]),
        ("haishui-LZGH-2026-8", ["guessable_word"], ["guessable_word"]),
        ("haishui-工会-Yu-2026-8", ["guessable_word"], ["guessable_word"]),
        ("haishui-ｌｉｕｚｈｏｕ-9-Yu", ["guessable_word"], ["guessable_word"]),
        ("L1uzh0u-haishui-YU-26", ["guessable_word"], ["guessable_word"]),
        ("Wangxm1980-haishui", ["guessable_word"], ["guessable_word"]),
        ("样例王-Haishui-1980", ["guessable_word"], ["guessable_word"]),
    ],
)
def test_both_rules(password: str, dengbao: list[str], asvs: list[str]) -> None:
    for name, expected in (("dengbao", dengbao), ("asvs", asvs)):
        found = check_password(password, POLICIES[name], ["wangxm", "样例王"])
        assert [r.code for r in found] == expected, name


def test_a_made_password_satisfies_both_rules() -> None:
    for policy in POLICIES.values():
        assert [check_password(make_password(), policy) for _ in range(50)] == [()] * 50


# --- changing ----------------------------------------------------------------------------------------------------


@pytest.fixture
def person(database: Stack) -> Person:
    with transaction() as session:
        return add_account(session, name="样例", login=f"mima{next(_numbers)}", password=GOOD[0])


def change(person: Person, current: str, new: str, again: str | None = None) -> None:
    with transaction() as session:
        change_password(session, session.get_one(Person, person.id), current, new, again or new)


def test_everything_that_is_wrong_is_said_at_once(person: Person) -> None:
    with pytest.raises(Refused) as refusal:
        change(person, "wrong", "short", "other")

    assert codes(refusal) == ["wrong_password", "too_short", "too_few_classes", "not_repeated"]


def test_none_of_the_last_five_is_taken_again(person: Person) -> None:
    for before, after in pairwise(GOOD):
        change(person, before, after)
    for old in (GOOD[1], GOOD[5]):
        with pytest.raises(Refused) as refusal:
            change(person, GOOD[5], old)
        assert codes(refusal) == ["used_before"]

    change(person, GOOD[5], GOOD[0])


def test_a_new_password_ends_every_login(person: Person) -> None:
    with transaction() as session:
        token = open_login(session, person)

    change(person, GOOD[0], GOOD[1])

    with reading() as session:
        assert session.get(LoginSession, digest(token)) is None


def set_back(person: Person, days: int, *, must_change: bool) -> Person:
    with transaction() as session:
        found = session.get_one(Person, person.id)
        found.password_set_at = real_now() - timedelta(days=days)
        found.must_change = must_change
    return found


@pytest.mark.parametrize(("days", "wait"), [(89, None), (91, Waits.PASSWORD)])
def test_after_ninety_days_a_new_one_is_wanted(person: Person, days: int, wait: Waits | None) -> None:
    found = set_back(person, days, must_change=False)

    with reading() as session:
        assert next_wait(session, found) == wait


@pytest.mark.parametrize(("days", "enters"), [(2, True), (4, False)])
def test_a_password_for_one_login_is_good_for_three_days(person: Person, days: int, enters: bool) -> None:
    found = set_back(person, days, must_change=True)

    with transaction() as session:
        assert (authenticate(session, found.login or "", GOOD[0]) is not None) == enters
