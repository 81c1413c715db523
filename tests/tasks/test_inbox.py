"""What becomes of a mail that comes in? It waits to be claimed, and whatever it says proves nothing. (F33)"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from models.database import reading
from models.filestore import get, path_of
from models.inbox import letter_of, mails, parts_of, waiting_mails
from models.incoming import Incoming
from models.mail import Message
from models.season import Season
from models.words import IncomingState
from notifications.incoming import LARGEST_MAIL
from simulation.papers import pdf, picture
from tasks.inbox import season_for_mail
from tasks.inbox_parts import looks_like
from tests.documents.sheets import people, sheet
from tests.mails import ADDRESS, Letter, word, zipped
from tests.tasks.inboxes import NAME, NUMBER, full_letter, parts, received, taken, viewer_of
from tests.world import UNIT, World

# --- coming in ---------------------------------------------------------------------------------------------------


def test_a_mail_waits_to_be_claimed_with_its_attachments_known(world: World) -> None:
    mail = received(world, full_letter(world))

    assert (mail.state, mail.sender, mail.automatic) == (
        IncomingState.WAITING,
        f"样例乙 <{ADDRESS}>",
        False,
    )
    assert [(r.part.filename, r.part.kind, r.part.looks_like) for r in parts(mail)] == [
        (f"{NAME}-附件1-申请表.docx", "docx", "application_form"),
        (f"{NAME}****身份证正反面.jpg", "jpg", "id_copy"),
        (f"{NAME}无犯罪记录证明.pdf", "pdf", "no_crime"),
        (f"{NAME}事迹材料.docx", "docx", "deeds"),
    ]


def test_the_words_of_a_mail_and_its_files_lie_sealed(world: World) -> None:
    letter = full_letter(world)
    letter.text = f"样例甲的身份证号是{NUMBER}。"

    mail = received(world, letter)

    with reading() as session:
        kept = session.get_one(Incoming, mail.id)
        assert letter_of(kept).text == letter.text
        assert NUMBER.encode() not in kept.content
        part = parts_of(session, kept)[1].part
    assert get(part.id) == picture()
    assert picture() not in path_of(part.id).read_bytes()


def test_subject_with_a_personal_number_is_listed_without_it(world: World) -> None:
    mail = received(world, Letter(subject=word(f"样例甲{NUMBER}的材料").encode()))

    assert mail.subject == "样例甲＊＊＊的材料"
    with reading() as session:
        assert letter_of(session.get_one(Incoming, mail.id)).subject == f"样例甲{NUMBER}的材料"


def test_the_same_mail_comes_in_once(world: World) -> None:
    raw = full_letter(world).bytes()

    assert [taken(world, raw) is not None for _ in range(3)] == [True, False, False]


def test_the_same_mail_by_another_way_comes_in_once(world: World) -> None:
    raw = full_letter(world).bytes()

    received(world, raw)

    assert taken(world, b"Received: from elsewhere.example.org\r\n" + raw) is None


def test_another_mail_with_a_copied_message_id_is_not_lost(world: World) -> None:
    first = Letter(message_id="copied@example.org").attach_as("a.pdf", pdf("first"))
    second = Letter(message_id="copied@example.org").attach_as("a.pdf", pdf("second"))

    received(world, first)

    assert taken(world, second.bytes()) is not None


def test_another_text_with_a_copied_message_id_is_not_lost(world: World) -> None:
    first = Letter(message_id="copied-text@example.org", text="样例甲的材料稍后寄来。")
    second = Letter(message_id="copied-text@example.org", text="样例甲不再申报。")

    received(world, first)

    assert taken(world, second.bytes()) is not None
    assert taken(world, b"Received: from elsewhere.example.org\r\n" + second.bytes()) is None


def test_other_archives_with_a_copied_message_id_are_not_lost(world: World) -> None:
    first = Letter(message_id="copied-rar@example.org").attach_as("a.rar", b"Rar!\x1a\x07\x00" + b"x" * 50)
    second = Letter(message_id="copied-rar@example.org").attach_as("a.rar", b"Rar!\x1a\x07\x00" + b"y" * 90)

    received(world, first)

    assert taken(world, second.bytes()) is not None


@pytest.mark.parametrize(
    "number", ["450203 19840617 9910", "４５０２０３１９８４０６１７９９１Ｘ", "199-0000-0001"]
)
def test_number_in_a_subject_is_hidden_however_it_is_grouped(world: World, number: str) -> None:
    assert (
        received(world, Letter(subject=word(f"样例甲{number}的材料").encode())).subject
        == "样例甲＊＊＊的材料"
    )


def test_no_mail_keeps_us_busy_for_ever(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.inbox.LOOKING_SECONDS", 0.0)

    mail = received(world, Letter().attach_as("a.pdf", pdf()).attach_as("b.pdf", pdf("b")))

    assert [(r.part.kind, r.part.problem[-6:]) for r in parts(mail)] == [("", "它另发一封。")] * 2


def test_two_processes_take_the_same_mail_in_once(world: World) -> None:
    raw = full_letter(world).bytes()

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: taken(world, raw), range(4)))

    assert sum(mail is not None for mail in found) == 1


def test_what_cannot_be_taken_in_is_named_and_leaves_no_file(world: World) -> None:
    letter = Letter().attach_as("winmail.dat", b"\x78\x9f\x3e\x22" + b"\0" * 50)
    letter.attach_as("工具.exe", b"MZ" + b"\0" * 500).attach_as("扫描.pdf", b"MZ\x90\x00" * 100)
    letter.attach_as("材料.zip", zipped({"里.zip": zipped({"x.pdf": pdf()})}))

    mail = received(world, letter)

    assert [(r.part.kind, bool(r.part.problem)) for r in parts(mail)] == [("", True)] * 4
    assert not any(path_of(r.part.id).exists() for r in parts(mail))


def test_old_spreadsheet_is_taken_for_the_summary(world: World) -> None:
    mail = received(world, Letter().attach_as("汇总表.xlsx", sheet(people(1))))

    assert [(r.part.kind, r.part.looks_like) for r in parts(mail)] == [("xlsx", "summary_table")]


def test_a_bounce_waits_for_nobody_and_nothing_is_answered(world: World) -> None:
    with reading() as session:
        before = waiting_mails(viewer_of(session, world, "office"))
    received(world, Letter(sender=b"MAILER-DAEMON@example.org", extra=b"Return-Path: <>\r\n"))

    with reading() as session:
        viewer = viewer_of(session, world, "office")
        assert waiting_mails(viewer) == before
        assert [r.mail.automatic for r in mails(viewer, "automatic").rows] == [True]
        assert session.exec(select(Message.id).where(Message.season_id == world.season_id)).all() == []


def test_a_mail_that_is_too_large_is_listed_with_the_reason(world: World) -> None:
    mail = received(world, full_letter(world).bytes() + b"\0" * LARGEST_MAIL)

    with reading() as session:
        letter = letter_of(session.get_one(Incoming, mail.id))
    assert (letter.subject, parts(mail)) == (f"{UNIT}申报2025年度柳州工匠材料", [])
    assert [remark[:13] for remark in letter.remarks] == ["这封邮件有31MB，超过3"]


def test_a_mail_that_breaks_the_reader_is_listed_by_its_header(world: World) -> None:
    head = b"From: hr@example.org\r\nSubject: deep\r\nMessage-ID: <deep%d@example.org>\r\n" % id(world)
    raw = head + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5000)
    )

    mail = received(world, raw)

    with reading() as session:
        letter = letter_of(session.get_one(Incoming, mail.id))
    assert (mail.subject, [r.endswith("重发。") for r in letter.remarks]) == ("deep", [True])


def test_mail_that_names_no_season_goes_to_a_real_one_before_a_practice_one(world: World) -> None:
    with reading() as session:
        found = season_for_mail(session)
        practice = [s for s in session.exec(select(Season)) if s.closed_at is None]
    assert found is not None
    assert found.practice == all(s.practice for s in practice)


@pytest.mark.parametrize(
    ("filename", "kind", "beginning", "document"),
    [
        ("扫描件.docx", "docx", "附件12025年度“柳州工匠”认定申请表推荐单位", "application_form"),
        ("改名了.docx", "docx", "附件12024年度“柳州工匠”认定申请表", "application_form"),
        ("附件1.docx", "docx", "附件42025年度“柳州工匠”专家推荐函（式样）填报时间", "expert_letters"),
        ("附件3.docx", "docx", "", "department_opinions"),
        ("x.pdf", "pdf", "无犯罪记录证明样证", "no_crime"),
        ("个人无犯罪记录证明材料.pdf", "pdf", "", "no_crime"),
        ("2寸照片.jpg", "jpg", "", "photo"),
        ("高级技师证书.jpg", "jpg", "", "certificates"),
        ("四项指标证明材料.pdf", "pdf", "", "indicator_proof"),
        ("IMG_0001.jpg", "jpg", "", ""),
    ],
)
def test_a_document_is_guessed_by_its_title_before_its_name(
    world: World, filename: str, kind: str, beginning: str, document: str
) -> None:
    assert looks_like(world.notice, filename, kind, beginning) == document
