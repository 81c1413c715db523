"""How does the office claim mails on its pages?"""

from typing import Any

import httpx
import pytest
from sqlmodel import select

from models.case import Case
from models.checklist import kept_files
from models.database import reading
from models.incoming import Incoming
from models.mail import Message
from models.personal import whole_form
from models.words import IncomingState
from simulation.papers import pdf
from tests.api.conftest import Statements, Visitor, errors_of, sent_by, soup, text_of
from tests.api.inboxes import NAME, cases_of, chosen, draft_of, parts, received, state, unit_mail
from tests.documents.sheets import people, sheet
from tests.mails import Letter, filled_application
from tests.world import UNIT, World, complete_form

# --- claiming ----------------------------------------------------------------------------------------------------


def test_form_in_a_mail_fills_in_the_draft(office: Visitor, world: World) -> None:
    mail = received(world, unit_mail(world))

    page = draft_of(office, mail)
    fields = sent_by(page, f'form[action="/inbox/{mail.id}/draft"]')
    answer = office.follow(office.post(f"/inbox/{mail.id}/draft", fields))

    assert (chosen(page, "channel"), chosen(page, "route")) == ("unit", "county")
    assert answer.url.path.endswith("/edit")
    [case] = cases_of(world)
    with reading() as session:
        kept = session.get_one(Case, case.id)
        assert (kept.name, kept.county, whole_form(kept)["employer"]) == (NAME, "yufeng", UNIT)
        assert sorted(f.document for f in kept_files(session, kept)) == [
            "application_form",
            "id_copy",
            "no_crime",
        ]
    assert state(mail) == IncomingState.CLAIMED
    assert "由来信建立草稿" in text_of(office.get(f"/cases/{case.id}"))


def test_draft_may_be_left_to_the_units_clerk_who_is_told(office: Visitor, world: World) -> None:
    mail = received(world, unit_mail(world))
    fields = sent_by(draft_of(office, mail), f'form[action="/inbox/{mail.id}/draft"]')

    office.follow(office.post(f"/inbox/{mail.id}/draft", {**fields, "filler": "unit"}))

    [case] = cases_of(world)
    clerk = world.filler()
    assert case.entered_by == clerk.id
    with reading() as session:
        told = session.exec(select(Message).where(Message.case_id == case.id)).all()
        kept = kept_files(session, session.get_one(Case, case.id))
    assert [(m.person_id, m.template) for m in told] == [(clerk.id, "task_arrived")]
    assert len(kept) == 3


def test_draft_is_left_to_no_unit_without_a_clerk(office: Visitor, world: World) -> None:
    mail = received(world, Letter().attach_as("扫描.pdf", pdf()))
    office.get(f"/inbox/{mail.id}/draft")
    header = {"name": "样例丁", "channel": "self", "route": "city", "filler": "unit"}

    answer = office.post(f"/inbox/{mail.id}/draft", header)

    assert (answer.status_code, list(errors_of(answer))) == (422, ["#filler"])
    assert cases_of(world) == []


def test_unit_is_proposed_by_the_form_and_not_by_the_subject(office: Visitor, world: World) -> None:
    form = complete_form(world.notice, "unit", {"name": NAME, "employer": "没有登记的样例公司"})
    content = filled_application(world.notice, form, "没有登记的样例公司工会")
    mail = received(world, Letter().attach_as("附件1.docx", content))

    page = draft_of(office, mail)

    assert UNIT in mail.subject
    assert not soup(page).select("#unit_id option[selected]")


def test_word_file_is_looked_at_as_a_picture(office: Visitor, world: World) -> None:
    mail = received(world, unit_mail(world))
    part = parts(mail)[0].part

    view = office.get(f"/inbox/{mail.id}/files/{part.id}/view")
    drawn = office.get(f"/inbox/{mail.id}/files/{part.id}/pages/1")

    assert view.status_code == 200
    assert (drawn.headers["content-type"], drawn.content[1:4]) == ("image/png", b"PNG")


def test_what_is_wrong_with_the_form_is_said_before_the_draft_is_made(office: Visitor, world: World) -> None:
    form = complete_form(world.notice, "unit", {"name": NAME, "spirit": "字" * 130})
    mail = received(world, Letter().attach_as("附件1.docx", filled_application(world.notice, form, UNIT)))

    page = draft_of(office, mail)

    assert "已留空，请对照原表手工填写" in text_of(page, "#problems")
    assert cases_of(world) == []


def test_form_of_another_year_is_told(office: Visitor, world: World) -> None:
    form = complete_form(world.notice, "unit", {"name": NAME})
    content = filled_application(world.notice, form, UNIT, year=2024)
    mail = received(world, Letter().attach_as("附件1.docx", content))

    assert "2024年度" in text_of(draft_of(office, mail), "#problems")


def test_draft_without_a_channel_is_refused_and_what_was_typed_is_kept(office: Visitor, world: World) -> None:
    mail = received(world, Letter().attach_as("扫描.pdf", pdf()))
    part = parts(mail)[0].part.id
    office.get(f"/inbox/{mail.id}/draft")

    answer = office.post(f"/inbox/{mail.id}/draft", {"name": "样例丁", f"document-{part}": "id_copy"})

    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["#channel", "#route"]
    kept = sent_by(answer, f'form[action="/inbox/{mail.id}/draft"]')
    assert (kept["name"], kept[f"document-{part}"]) == (["样例丁"], ["id_copy"])


def test_wrong_document_is_told_at_the_attachment(office: Visitor, world: World) -> None:
    mail = received(world, Letter().attach_as("扫描.pdf", pdf()))
    part = parts(mail)[0].part.id
    office.get(f"/inbox/{mail.id}/draft")
    header = {"name": "样例丁", "channel": "self", "route": "city"}

    answer = office.post(f"/inbox/{mail.id}/draft", {**header, f"document-{part}": "photo"})

    assert (answer.status_code, list(errors_of(answer))) == (422, [f"#document-{part}"])
    assert cases_of(world) == []


def test_self_nomination_by_mail_becomes_a_draft_of_its_channel(office: Visitor, world: World) -> None:
    form = complete_form(world.notice, "self", {"name": NAME})
    content = filled_application(world.notice, form, "个人自荐", channel="self")
    mail = received(world, Letter().attach_as("附件1.docx", content))

    page = draft_of(office, mail)
    office.post(f"/inbox/{mail.id}/draft", sent_by(page, f'form[action="/inbox/{mail.id}/draft"]'))

    assert [(c.channel, c.route, c.unit_id) for c in cases_of(world)] == [("self", "city", None)]


def test_form_that_another_clerk_has_just_used_is_told_and_what_was_typed_is_kept(
    office: Visitor, world: World
) -> None:
    mail = received(world, unit_mail(world))
    fields = sent_by(draft_of(office, mail), f'form[action="/inbox/{mail.id}/draft"]')
    [first] = [office.post(f"/inbox/{mail.id}/draft", fields)]
    assert first.status_code == 303

    answer = office.post(f"/inbox/{mail.id}/draft", {**fields, "name": "样例改"})
    looked = draft_of(office, mail)

    assert (answer.status_code, looked.status_code) == (409, 409)
    assert "已经归入，不能再用一次" in text_of(answer, "#errors")
    assert "已经归入，不能再用一次" in text_of(looked, "#errors")
    assert sent_by(answer, f'form[action="/inbox/{mail.id}/draft"]')["name"] == ["样例改"]
    assert len(cases_of(world)) == 1


def test_summary_is_checked_on_the_way_to_the_import(office: Visitor, world: World) -> None:
    mail = received(world, Letter().attach_as("附件2.xlsx", sheet(people(2))))
    office.get(f"/inbox/{mail.id}")

    answer = office.post(f"/inbox/{mail.id}/import", {"part": str(parts(mail)[0].part.id)})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/imports/")
    assert cases_of(world) == []


def attach(visitor: Visitor, mail: Incoming, **fields: Any) -> httpx.Response:
    visitor.get(f"/inbox/{mail.id}")
    return visitor.post(f"/inbox/{mail.id}/attach", fields)


def test_attachment_goes_to_the_case_whose_number_was_typed(office: Visitor, world: World) -> None:
    case = world.enter(name="样例戊")
    mail = received(world, Letter().attach_as("样例戊无犯罪记录证明.pdf", pdf()))
    part = parts(mail)[0].part.id
    assert "信中提到" in text_of(office.get(f"/inbox/{mail.id}"))

    answer = attach(office, mail, **{"number": case.number, f"document-{part}": "no_crime"})

    assert answer.headers["location"] == f"/cases/{case.id}/files"
    with reading() as session:
        assert [f.document for f in kept_files(session, session.get_one(Case, case.id))] == ["no_crime"]


@pytest.mark.parametrize(
    ("number", "field"), [("", "#number"), ("2026-9999", "#number"), ("样例\x00", "#number")]
)
def test_number_that_is_none_is_told_and_kept(office: Visitor, world: World, number: str, field: str) -> None:
    mail = received(world, Letter().attach_as("a.pdf", pdf()))
    part = parts(mail)[0].part.id

    answer = attach(office, mail, **{"number": number, f"document-{part}": "no_crime"})

    assert (answer.status_code, list(errors_of(answer))) == (422, [field])
    assert state(mail) == IncomingState.WAITING


def test_nothing_chosen_is_told(office: Visitor, world: World) -> None:
    case = world.enter()
    mail = received(world, Letter().attach_as("a.pdf", pdf()))

    answer = attach(office, mail, number=case.number)

    assert list(errors_of(answer)) == ["#to-documents"]


def test_mail_is_put_aside_with_a_reason_and_back(office: Visitor, world: World) -> None:
    mail = received(world, Letter())
    office.get(f"/inbox/{mail.id}")

    missing = office.post(f"/inbox/{mail.id}/aside", {"note": ""})
    office.follow(office.post(f"/inbox/{mail.id}/aside", {"note": "与申报无关"}))
    assert (missing.status_code, state(mail)) == (422, IncomingState.IGNORED)
    assert "与申报无关" in text_of(office.get("/inbox?tab=ignored"))
    assert "来信不再处理" in text_of(office.get("/season"))

    office.get(f"/inbox/{mail.id}")
    office.follow(office.post(f"/inbox/{mail.id}/back"))
    assert state(mail) == IncomingState.WAITING


def test_looking_changes_nothing(office: Visitor, world: World) -> None:
    mail = received(world, unit_mail(world))
    for path in ("", f"/{mail.id}", f"/{mail.id}/draft?form={parts(mail)[0].part.id}"):
        for _ in range(3):
            office.get(f"/inbox{path}")

    assert (state(mail), cases_of(world)) == (IncomingState.WAITING, [])


def test_list_of_many_mails_needs_as_many_statements_as_a_list_of_one(office: Visitor, world: World) -> None:
    received(world, Letter())
    office.get("/inbox")
    with Statements() as few:
        office.get("/inbox")
    for _ in range(3):
        received(world, Letter().attach_as("a.pdf", pdf()))

    with Statements() as many:
        page = office.get("/inbox")

    assert (len(many.seen), len(soup(page).select("tbody tr"))) == (len(few.seen), 4)
