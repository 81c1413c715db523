"""Who gets a link to nominate himself, what does it open, and when does it end?"""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.case import Case
from models.database import reading, real_now, transaction
from models.gates import Assignment
from models.incoming import Invitation
from models.invariants import check
from models.mail import Message
from models.people import LoginSession, Person
from models.season import Season
from models.verdict import Refused
from notifications.links import invitation_digest, invitation_token, link_token
from tasks.accounts import open_login
from tasks.intake import admit_late
from tasks.inviting import (
    MAILS_AN_HOUR,
    PEOPLE_AN_HOUR,
    ask,
    begin,
    check_usable,
    find_invitation,
    invite,
    revoke,
)
from tasks.leaving import withdraw
from tests.refusals import codes
from tests.world import World

EMAIL = "craftsman@example.org"
NAME = "样例匠"


def asked(world: World, name: str = NAME, email: str = EMAIL, asked_from: str = "192.0.2.1") -> None:
    with transaction() as session:
        ask(session, world.season_id, name, email, asked_from=asked_from)


def links(world: World) -> list[Invitation]:
    with reading() as session:
        wanted = select(Invitation).where(Invitation.season_id == world.season_id)
        return list(session.exec(wanted.order_by(col(Invitation.asked_at))))


def mails(world: World) -> list[Message]:
    with reading() as session:
        wanted = select(Message).where(Message.season_id == world.season_id, Message.template == "invitation")
        return list(session.exec(wanted))


def begun(invitation: Invitation) -> tuple[Assignment, Case]:
    with transaction() as session:
        assignment = begin(session, invitation.id)
        found = session.get_one(Invitation, invitation.id)
        return assignment, session.get_one(Case, found.case_id)


def usable(invitation: Invitation) -> list[str]:
    with reading() as session:
        return [r.code for r in check_usable(session, session.get_one(Invitation, invitation.id))]


def test_a_link_is_mailed_and_no_case_is_made(world: World) -> None:
    asked(world, "样例 匠", " Craftsman@Example.org ")

    [link], [mail] = links(world), mails(world)
    assert (link.name, link.email, link.case_id) == ("样例 匠", EMAIL, None)
    assert (mail.address, mail.context["link"], mail.context["late"]) == (EMAIL, str(link.id), False)
    with reading() as session:
        assert session.get_one(Person, link.person_id).login is None
        assert session.exec(select(Case).where(Case.season_id == world.season_id)).all() == []


def test_the_record_holds_no_usable_token(world: World) -> None:
    asked(world)

    [link], [mail] = links(world), mails(world)
    token = invitation_token(link.id)
    assert len(token) == 43
    assert token not in str(link.model_dump()) + str(mail.model_dump())
    assert link.digest == invitation_digest(link.id)
    assert token != link_token(link.id)
    assert "192.0.2.1" not in str(link.model_dump())


def test_it_begins_one_application_however_often_it_is_opened(world: World) -> None:
    asked(world)
    [link] = links(world)
    first, case = begun(link)
    second, same = begun(link)

    assert (first.id, case.id) == (second.id, same.id)
    assert (case.channel, case.route, case.entered_by) == ("self", "city", link.person_id)
    assert case.form["email"] == EMAIL
    assert world.open_steps(case) == ["application"]
    assert first.person_id == link.person_id


def test_who_asks_again_gets_the_same_link(world: World) -> None:
    asked(world)
    asked(world)

    assert (len(links(world)), len(mails(world))) == (1, 2)


def test_two_people_with_one_mailbox_have_an_application_each(world: World) -> None:
    asked(world)
    asked(world, "样例嫂")

    one, two = (begun(link)[1] for link in links(world))
    assert (one.name, two.name) == (NAME, "样例嫂")


def test_one_address_is_not_flooded(world: World) -> None:
    for _ in range(MAILS_AN_HOUR + 2):
        asked(world)
    assert len(mails(world)) == MAILS_AN_HOUR

    with transaction() as session:
        for message in session.exec(select(Message).where(Message.address == EMAIL)):
            message.queued_at -= timedelta(hours=2)
            session.add(message)
    asked(world)
    assert len(mails(world)) == MAILS_AN_HOUR + 1


def test_one_place_cannot_flood_many(world: World) -> None:
    place = f"198.51.100.{world.season_id.int % 250}-{world.season_id}"
    for n in range(PEOPLE_AN_HOUR):
        asked(world, email=f"craftsman{n}@example.org", asked_from=place)
    with pytest.raises(Refused) as refusal:
        asked(world, email="onemore@example.org", asked_from=place)
    assert codes(refusal) == ["too_many"]

    asked(world, email="onemore@example.org", asked_from="elsewhere")
    assert len(mails(world)) == PEOPLE_AN_HOUR + 1


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("", "", ["name_missing", "email_missing"]),
        ("\u200b\u202e", EMAIL, ["name_missing"]),
        ("点击 http://example.org 领奖", EMAIL, ["name_malformed"]),
        ("样例13800000000", EMAIL, ["name_malformed"]),
        ("样例<b>", EMAIL, ["name_malformed"]),
        ("样" * 300, EMAIL, ["name_malformed"]),
        (NAME, "craftsman", ["email_malformed"]),
        (NAME, "a@example.org, b@example.org", ["email_malformed"]),
        (NAME, "a@example.org\r\nBcc: b@example.org", ["email_malformed"]),
        (NAME, "a" * 250 + "@example.org", ["email_malformed"]),
    ],
)
def test_what_is_no_name_or_address_is_refused(
    world: World, name: str, email: str, expected: list[str]
) -> None:
    with pytest.raises(Refused) as refusal:
        asked(world, name, email)
    assert codes(refusal) == expected
    assert mails(world) == []


@pytest.mark.parametrize("name", ["阿卜杜拉·样例", "𬱖样例", "Sample O’Neil", "样例　匠"])
def test_names_are_kept_as_they_are_written(world: World, name: str) -> None:
    asked(world, name)

    [link] = links(world)
    assert link.name == name.replace("\u3000", " ")
    assert begun(link)[1].name.replace(" ", "") == link.name.replace(" ", "")


def test_after_the_last_day_nobody_asks_but_the_office_may_invite(world: World) -> None:
    world.move_to(world.notice.due("application"))
    with pytest.raises(Refused) as refusal:
        asked(world)
    assert codes(refusal) == ["too_late"]

    with transaction() as session:
        invite(session, world.season_id, NAME, EMAIL, world.person("office"))
    [link], [mail] = links(world), mails(world)
    assert mail.context["late"] is True
    _, case = begun(link)
    with reading() as session:
        person = session.get_one(Person, link.person_id)
    with pytest.raises(Refused) as refusal:
        world.submit(case, person)
    assert "too_late" in codes(refusal)
    with transaction() as session:
        admit_late(session, case.id, world.person("office"), "邮件延误")
    assert world.case(case).late_admitted


def test_only_the_office_invites_and_revokes(world: World) -> None:
    asked(world)
    [link] = links(world)
    with pytest.raises(Refused) as refusal, transaction() as session:
        invite(session, world.season_id, NAME, EMAIL, world.filler())
    assert codes(refusal) == ["office_only"]
    with pytest.raises(Refused) as refusal, transaction() as session:
        revoke(session, link.id, world.filler())
    assert codes(refusal) == ["office_only"]


def test_a_revoked_link_opens_nothing_and_whoever_was_in_is_out(world: World) -> None:
    asked(world)
    [link] = links(world)
    assignment, _ = begun(link)
    with transaction() as session:
        open_login(session, session.get_one(Person, link.person_id), assignment_id=assignment.id)
        revoke(session, link.id, world.person("office"))

    assert usable(link) == ["link_revoked"]
    with reading() as session:
        logins = select(LoginSession).where(LoginSession.person_id == link.person_id)
        assert session.exec(logins).all() == []
        assert check(session, world.season).broken == ()
    with pytest.raises(Refused):
        begun(link)
    asked(world)
    assert len(links(world)) == 2


def test_the_link_ends_with_its_case_and_one_may_begin_anew(world: World) -> None:
    asked(world)
    [link] = links(world)
    _, case = begun(link)
    assert usable(link) == []
    with transaction() as session:
        withdraw(session, case.id, session.get_one(Person, link.person_id), "改由单位推荐")

    assert usable(link) == ["case_closed"]
    asked(world)
    _, again = links(world)
    assert begun(again)[1].id != case.id


def test_nobody_nominates_himself_when_the_season_is_over(world: World) -> None:
    asked(world)
    [link] = links(world)
    with transaction() as session:
        session.get_one(Season, world.season_id).closed_at = real_now()

    assert usable(link) == ["season_closed"]
    with pytest.raises(Refused) as refusal:
        asked(world)
    assert codes(refusal) == ["season_closed"]


def test_a_guessed_token_finds_nothing(world: World) -> None:
    asked(world)
    [link] = links(world)
    with reading() as session:
        found = find_invitation(session, invitation_token(link.id))
        assert found is not None
        assert found.id == link.id
        for token in ("", str(link.id), link.digest, link_token(link.id), invitation_token(UUID(int=7))):
            assert find_invitation(session, token) is None
