"""Can the office, and nobody else, look at the mails that came in and claim them on the pages? (F21, F33)"""

import httpx
import pytest

from simulation.papers import pdf, picture
from tests.api.conftest import Visitor, errors_of, soup, text_of
from tests.api.inboxes import SCRIPT, parts, received, unit_mail
from tests.mails import Letter, filled_application, word
from tests.world import World, complete_form

# --- looking -----------------------------------------------------------------------------------------------------


def test_menu_counts_the_mails_that_wait(office: Visitor, world: World) -> None:
    received(world, Letter())
    received(world, Letter(extra=b"Auto-Submitted: auto-replied\r\n"))

    page = office.get("/inbox")

    assert "来信 ， 1 项" in text_of(page, "nav.menu, nav")
    tabs = [a.get_text() for a in soup(page).select(".tabs a")]
    assert tabs == ["待认领 1", "已认领 0", "已忽略 0", "自动邮件 1"]


def test_mail_is_shown_with_what_its_attachments_seem_to_be(office: Visitor, world: World) -> None:
    mail = received(world, unit_mail(world))

    page = office.get(f"/inbox/{mail.id}")

    assert page.status_code == 200
    text = text_of(page)
    assert "样例乙 <hr@example.org> 未核实" in text
    looks = [td.get_text(strip=True) for td in soup(page).select('td[data-label="像是"]')]
    assert looks == ["《2025年度“柳州工匠”认定申请表》（附件1）", "身份证复印件", "个人无犯罪记录证明"]


@pytest.mark.parametrize("body", ["county_union", "expert", "leading_group"])
def test_for_nobody_else_is_there_an_inbox(anybody: Visitor, world: World, body: str) -> None:
    mail = received(world, unit_mail(world))
    part = parts(mail)[1].part.id
    anybody.log_in(world.person(body))
    paths = [
        "",
        f"/{mail.id}",
        f"/{mail.id}/draft",
        f"/{mail.id}/files/{part}",
        f"/{mail.id}/files/{part}/pages/1",
    ]

    assert [anybody.get(f"/inbox{path}").status_code for path in paths] == [404] * 5
    assert "来信" not in text_of(anybody.get("/"), "nav")
    assert anybody.post(f"/inbox/{mail.id}/aside", {"note": "x"}).status_code == 404


def test_nothing_is_shown_to_a_stranger(stranger: Visitor, standing: World) -> None:
    mail = received(standing, Letter())

    assert stranger.get(f"/inbox/{mail.id}").status_code == 303


def test_attachment_is_fetched_to_be_saved_under_its_name(office: Visitor, world: World) -> None:
    mail = received(world, unit_mail(world))
    part = parts(mail)[1].part

    answer = office.get(f"/inbox/{mail.id}/files/{part.id}")

    assert answer.content == picture()
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "%E8%BA%AB%E4%BB%BD%E8%AF%81" in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_attachment_is_looked_at_as_a_picture(office: Visitor, world: World) -> None:
    mail = received(world, unit_mail(world))
    part = parts(mail)[2].part

    view = office.get(f"/inbox/{mail.id}/files/{part.id}/view")
    drawn = office.get(f"/inbox/{mail.id}/files/{part.id}/pages/1")

    assert view.status_code == 200
    assert (drawn.headers["content-type"], drawn.content[:2]) == ("image/jpeg", b"\xff\xd8")


def test_attachment_of_another_mail_is_not_found(office: Visitor, world: World) -> None:
    mail, other = received(world, unit_mail(world)), received(world, Letter())

    assert office.get(f"/inbox/{other.id}/files/{parts(mail)[1].part.id}").status_code == 404


def test_attachment_that_was_refused_says_why_and_cannot_be_fetched(office: Visitor, world: World) -> None:
    mail = received(world, Letter().attach_as("winmail.dat", b"\x78\x9f\x3e\x22"))

    page = office.get(f"/inbox/{mail.id}")

    assert "没有收下：这是 Outlook 专用的打包附件（winmail.dat）" in text_of(page)
    assert office.get(f"/inbox/{mail.id}/files/{parts(mail)[0].part.id}").status_code == 404


def test_everything_a_mail_says_is_text(office: Visitor, world: World) -> None:
    """F21: sender, subject, name of an attachment, body and the form within."""
    letter = Letter(
        sender=f"{word(SCRIPT)} <x@example.org>".encode(), subject=word(SCRIPT).encode(), text=SCRIPT
    )
    form = complete_form(world.notice, "unit", {"name": "<b>样例</b>", "industry": SCRIPT[:50]})
    letter.attach_as(f"{SCRIPT}.pdf", pdf())
    mail = received(world, letter.attach_as("附件1.docx", filled_application(world.notice, form)))
    pages = ["/inbox", f"/inbox/{mail.id}", f"/inbox/{mail.id}/draft?form={parts(mail)[1].part.id}"]
    pages.append(f"/inbox/{mail.id}/files/{parts(mail)[0].part.id}/view")

    for path in pages:
        page = office.get(path)
        assert page.status_code == 200
        assert not soup(page).select("main script, main b, main img[onerror]")
    assert SCRIPT in text_of(office.get(f"/inbox/{mail.id}"), "pre")


def test_mail_of_another_season_opens_in_its_season(office: Visitor, world: World, standing: World) -> None:
    mail = received(standing, Letter())

    answer = office.get(f"/inbox/{mail.id}")

    assert answer.status_code == 200


# --- bringing in -------------------------------------------------------------------------------------------------


def upload(visitor: Visitor, *files: tuple[str, bytes]) -> httpx.Response:
    visitor.get("/inbox")
    sent = [("file", (name, raw, "message/rfc822")) for name, raw in files] or [("file", ("", b"", ""))]
    same = {"Sec-Fetch-Site": "same-origin"}
    return visitor.client.post("/inbox", data={"csrf": visitor.csrf}, files=sent, headers=same)


def test_exported_mail_is_uploaded_once(office: Visitor) -> None:
    raw = Letter().attach_as("a.pdf", pdf()).bytes()

    first = office.follow(upload(office, ("一.eml", raw)))
    second = office.follow(upload(office, ("二.eml", raw)))

    assert "已收下这封邮件。" in text_of(first)
    assert "收下0封来信，另有1封此前已经收过。" in text_of(second)


def test_file_that_is_no_mail_does_not_keep_out_the_others(office: Visitor) -> None:
    answer = upload(office, ("假.eml", b"%PDF-1.4"), ("真.eml", Letter().bytes()))

    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["#file"]
    assert next(a.get_text() for a in soup(answer).select(".tabs a")) == "待认领 1"


def test_upload_without_a_file_says_so(office: Visitor) -> None:
    answer = upload(office)

    assert answer.status_code == 422
    assert "还没有选择文件" in errors_of(answer)["#file"]
