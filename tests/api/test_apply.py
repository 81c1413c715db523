"""Does someone without an account get to his application by the mailed link, and to nothing else?"""

from sqlmodel import select

from models.case import Case
from models.database import reading, transaction
from models.incoming import Invitation
from models.mail import Message, TaskLink
from models.people import LoginSession, Person
from notifications.links import invitation_token, link_token
from tasks.inviting import invite, revoke
from tests.api.conftest import Visitor, errors_of, soup, text_of, value_of
from tests.api.test_access import contents
from tests.world import World

NAME, EMAIL = "样例匠", "craftsman@example.org"


def link_of(world: World, name: str = NAME) -> tuple[Invitation, str]:
    """A link as the office sends it, and its path."""
    with transaction() as session:
        made = invite(session, world.season_id, name, EMAIL, world.person("office"))
        return made, f"/a/{invitation_token(made.id)}"


def begun(visitor: Visitor, path: str) -> str:
    """The path of the application that the link's button opens."""
    visitor.get(path)
    entered = visitor.post(path)
    assert entered.status_code == 303
    return str(entered.headers["location"])


def case_of(invitation: Invitation) -> Case:
    with reading() as session:
        return session.get_one(Case, session.get_one(Invitation, invitation.id).case_id)


def hand_in(world: World, invitation: Invitation) -> Case:
    """The application, complete, as its person hands it in."""
    from_there = case_of(invitation)
    with reading() as session:
        person = session.get_one(Person, invitation.person_id)
    world.fill(from_there, person)
    world.submit(from_there, person)
    return from_there


def test_the_page_says_what_is_asked(anybody: Visitor, world: World) -> None:
    said = text_of(anybody.get("/apply"))

    channel = world.notice.channel("self")
    for key in channel.documents:
        assert " ".join(world.notice.document(key).label.split()) in said
    for condition in world.notice.conditions:
        assert condition.label in said
    day = world.notice.dates["application"].day
    assert f"{day.month}月{day.day}日24时前" in said
    assert '"/apply"' in anybody.get("/login").text


def test_asking_answers_the_same_for_everybody(anybody: Visitor, world: World) -> None:
    known = world.person("office").email
    answers = []
    for email in (EMAIL, known, EMAIL):
        anybody.get("/apply")
        sent = anybody.post("/apply", {"name": NAME, "email": email})
        assert (sent.status_code, sent.headers["location"]) == (303, "/apply/sent")
        answers.append(anybody.follow(sent).text)
    assert len(set(answers)) == 1
    with reading() as session:
        wanted = select(Message).where(Message.season_id == world.season_id, Message.template == "invitation")
        assert sorted(m.address or "" for m in session.exec(wanted)) == sorted([EMAIL, str(known), EMAIL])


def test_what_is_wrong_is_said_and_what_was_typed_stays(anybody: Visitor) -> None:
    anybody.get("/apply")
    page = anybody.post("/apply", {"name": NAME, "email": "craftsman"})

    assert page.status_code == 422
    assert list(errors_of(page)) == ["#email"]
    assert (value_of(page, "name"), value_of(page, "email")) == (NAME, "craftsman")


def test_after_the_last_day_the_page_says_how_one_may_still_come_in(anybody: Visitor, world: World) -> None:
    anybody.get("/apply")
    world.move_to(world.notice.due("application"))
    page = anybody.get("/apply")

    assert "截止" in text_of(page)
    assert "准予逾期申报" in text_of(page)
    assert not soup(page).select("form")
    assert anybody.post("/apply", {"name": NAME, "email": EMAIL}).status_code == 409


def test_scanners_change_nothing_and_learn_nothing(anybody: Visitor, world: World) -> None:
    _, path = link_of(world)
    with reading() as session:
        before = contents(session), len(session.exec(select(LoginSession)).all())
    for _ in range(20):
        page = anybody.get(path)
        assert (page.status_code, anybody.head(path).status_code) == (200, 200)
    with reading() as session:
        assert (contents(session), len(session.exec(select(LoginSession)).all())) == before

    assert "开始填写" in text_of(page)
    for hidden in (NAME, EMAIL):
        assert hidden not in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-store"
    assert anybody.get(path[:-1] + ("A" if path[-1] != "A" else "B")).status_code == 404


def test_a_page_of_elsewhere_begins_nothing(anybody: Visitor, world: World) -> None:
    invitation, path = link_of(world)
    anybody.get(path)
    assert anybody.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    with reading() as session:
        assert session.get_one(Invitation, invitation.id).case_id is None


def test_the_button_opens_the_form_again_and_again(anybody: Visitor, address: str, world: World) -> None:
    invitation, path = link_of(world)
    where = begun(anybody, path)
    form = anybody.get(where)
    assert value_of(form, "name") == NAME
    assert not soup(form).select(".menu")
    anybody.post(where, {"name": NAME, "sex": "男", "action": "save"})

    again = Visitor(address, world)
    assert "继续办理" in text_of(again.get(path))
    assert begun(again, path) == where
    assert soup(again.get(where)).select_one("#sex option[selected]")["value"] == "男"  # type: ignore[index]
    with reading() as session:
        assert len(session.exec(select(Case).where(Case.season_id == world.season_id)).all()) == 1
    assert case_of(invitation).form["sex"] == "男"


def test_it_opens_nothing_else(anybody: Visitor, world: World) -> None:
    _, path = link_of(world)
    other = world.enter(channel="self", route="city", person=world.applicant())
    [task] = world.assignments("application", other)
    begun(anybody, path)

    for elsewhere in ("/", f"/cases/{other.id}", f"/tasks/{task.id}", "/cases", "/mailbox", "/doubles"):
        assert anybody.get(elsewhere).status_code == 303
    anybody.client.cookies.set(
        f"task-{task.id}",
        next(v for k, v in anybody.client.cookies.items() if k != "pre" and k.startswith("task-")),
    )
    assert anybody.get(f"/tasks/{task.id}").status_code == 403
    assert anybody.get(f"/cases/{other.id}").status_code == 303


def test_his_own_page_shows_his_own_and_nobodys_opinion(anybody: Visitor, world: World) -> None:
    invitation, path = link_of(world)
    begun(anybody, path)
    case = hand_in(world, invitation)
    world.answer("office_review", case, "pass", opinion="初审意见只供内部")
    world.pump()
    world.answer("expert_review", case, "score", opinion="技艺一般")
    page = anybody.get(f"/cases/{case.id}")

    said = text_of(page)
    assert "您已于" in said
    assert "专家评审" in said
    for hidden in ("初审意见只供内部", "技艺一般", world.person("office").name):
        assert hidden not in page.text
    assert not soup(page).select(".menu")


def test_he_withdraws_from_there(anybody: Visitor, world: World) -> None:
    invitation, path = link_of(world)
    begun(anybody, path)
    case = case_of(invitation)
    anybody.get(f"/cases/{case.id}")
    assert anybody.post(f"/cases/{case.id}/withdraw", {"withdraw_reason": ""}).status_code == 422
    page = anybody.follow(anybody.post(f"/cases/{case.id}/withdraw", {"withdraw_reason": "改由单位推荐"}))

    assert "已撤回申报" in text_of(page)
    assert world.case(case).outcome == "withdrawn"
    assert "办结" in text_of(anybody.get(path))
    anybody.get("/login")
    assert anybody.post(path).status_code == 410


def test_a_correction_is_reached_by_its_mail_and_by_the_first_link(
    anybody: Visitor, address: str, world: World
) -> None:
    invitation, path = link_of(world)
    begun(anybody, path)
    case = hand_in(world, invitation)
    world.answer("office_review", case, "return", reason="照片不清", items=("重新上传照片",))
    world.pump()
    [task] = world.assignments("application", case)

    assert "照片不清" in text_of(anybody.get(f"/cases/{case.id}"))
    assert "重新上传照片" in text_of(anybody.get(f"/tasks/{task.id}"))
    again = Visitor(address, world)
    assert begun(again, path) == f"/tasks/{task.id}"
    by_mail = Visitor(address, world)
    with reading() as session:
        mailed = session.exec(select(TaskLink).where(TaskLink.assignment_id == task.id)).one()
    assert begun(by_mail, f"/t/{link_token(mailed.id)}") == f"/tasks/{task.id}"
    assert "重新上传照片" in text_of(by_mail.get(f"/cases/{case.id}"))


def test_another_login_of_the_browser_goes_on(unit: Visitor, world: World) -> None:
    """A clerk's browser: the link's login counts for this case alone, and ends when it is left."""
    invitation, path = link_of(world)
    where = begun(unit, path)
    assert NAME in text_of(unit.get(where), ".me")
    assert world.filler().name in text_of(unit.get("/"), ".me")
    case = case_of(invitation)
    assert NAME in text_of(unit.get(f"/cases/{case.id}"), ".me")
    own = world.enter()
    assert world.filler().name in text_of(unit.get(f"/cases/{own.id}"), ".me")

    unit.get(where)
    unit.post(f"{where}/leave")
    assert unit.get("/").status_code == 200
    assert unit.get(f"/cases/{case.id}").status_code == 404


def test_the_office_who_tries_a_link_keeps_its_own_pages(office: Visitor, world: World) -> None:
    invitation, path = link_of(world)
    case = world.enter()
    where = begun(office, path)
    office.get(where)
    assert office.post(where, {"name": NAME, "sex": "女", "action": "save"}).status_code == 303
    assert case_of(invitation).form["sex"] == "女"
    assert office.get(f"/cases/{case.id}").status_code == 200
    office.get("/invitations")
    assert office.post(f"/invitations/{invitation.id}/revoke").status_code == 303
    assert "停用" in text_of(office.get(path))


def test_the_link_of_a_reviewer_does_not_open_the_case_page(anybody: Visitor, world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    [task] = world.assignments("county_review", case)
    with reading() as session:
        mailed = session.exec(select(TaskLink).where(TaskLink.assignment_id == task.id)).one()
    begun(anybody, f"/t/{link_token(mailed.id)}")
    anybody.get(f"/tasks/{task.id}")

    assert anybody.get(f"/cases/{case.id}").status_code == 303
    assert anybody.post(f"/cases/{case.id}/withdraw", {"withdraw_reason": "不是我的"}).status_code == 401
    assert world.case(case).live


def test_the_office_sends_lists_and_stops_links(office: Visitor, unit: Visitor, world: World) -> None:
    office.get("/invitations")
    assert office.post("/invitations", {"name": NAME, "email": "wrong"}).status_code == 422
    page = office.follow(office.post("/invitations", {"name": NAME, "email": EMAIL}))
    assert EMAIL in text_of(page)
    assert "还没有开始" in text_of(page)
    assert unit.get("/invitations").status_code == 404


def test_the_links_of_later_mails_are_stopped_with_the_first(
    anybody: Visitor, address: str, world: World
) -> None:
    invitation, path = link_of(world)
    begun(anybody, path)
    case = hand_in(world, invitation)
    world.answer("office_review", case, "return", reason="照片不清", items=("重新上传照片",))
    world.pump()
    [task] = world.assignments("application", case)
    with reading() as session:
        mailed = session.exec(select(TaskLink).where(TaskLink.assignment_id == task.id)).one()
    begun(anybody, f"/t/{link_token(mailed.id)}")
    with transaction() as session:
        revoke(session, invitation.id, world.person("office"))

    assert anybody.get(f"/cases/{case.id}").status_code == 303
    later = Visitor(address, world)
    assert later.get(f"/t/{link_token(mailed.id)}").status_code == 410
    assert later.post(f"/t/{link_token(mailed.id)}").status_code in (403, 410)
    assert later.get(f"/cases/{case.id}").status_code == 303
