"""Is a stranger's mail read as its sender meant it, whatever program wrote it? (F33)"""

import os
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.limits import Unreadable, run_limited
from models.filestore import LARGEST_FILE
from notifications.incoming import LARGEST_MAIL, Mail, opened, parse, read_apart
from notifications.packed import LARGEST_WHOLE
from tests.mails import Letter, word, zipped

NAME = "样例甲-附件1-申请表.docx"
SUBJECT = "样例机械制造有限公司申报2025年度柳州工匠材料"


def percent(raw: bytes) -> str:
    return "".join(f"%{b:02X}" for b in raw)


def halves(text: str, charset: str) -> bytes:
    """Two encoded words that cut a character in two, as old programs do."""
    raw = text.encode(charset)
    cut = len(raw) // 2 | 1
    words = [f"=?{charset}?Q?{''.join(f'={b:02X}' for b in part)}?=" for part in (raw[:cut], raw[cut:])]
    return "\r\n ".join(words).encode()


NAMES: dict[str, bytes] = {
    "RFC 2231": f"\r\nContent-Disposition: attachment; filename*=utf-8''{percent(NAME.encode())}".encode(),
    "RFC 2231 in GBK": (
        f"\r\nContent-Disposition: attachment; filename*=gb2312'zh'{percent(NAME.encode('gbk'))}".encode()
    ),
    "RFC 2231 in pieces": (
        "\r\nContent-Disposition: attachment;\r\n"
        f" filename*0*=utf-8''{percent(NAME.encode()[:7])};\r\n"
        f" filename*1*={percent(NAME.encode()[7:20])};\r\n filename*2*={percent(NAME.encode()[20:])}"
    ).encode(),
    "RFC 2047 B": f'; name="{word(NAME)}"'.encode(),
    "RFC 2047 B in GBK": f'; name="{word(NAME, "gbk")}"'.encode(),
    "RFC 2047 B without quotes": f"; name={word(NAME, 'gb2312')}".encode(),
    "RFC 2047 Q": f'; name="{word(NAME, "utf-8", "Q")}"'.encode(),
    "RFC 2047 cut in a character": b'; name="' + halves(NAME, "gbk") + b'"',
    "bare GBK": b'; name="' + NAME.encode("gbk") + b'"',
    "bare UTF-8": b'; name="' + NAME.encode() + b'"',
    "bare GB18030 without quotes": b"\r\nContent-Disposition: attachment; filename=" + NAME.encode("gb18030"),
    "percent signs": f'\r\nContent-Disposition: attachment; filename="{percent(NAME.encode())}"'.encode(),
    "both headers": (
        f"; name=\"{word('不是它')}\"\r\nContent-Disposition: attachment; filename*=utf-8''"
        f"{percent(NAME.encode())}"
    ).encode(),
}


@pytest.mark.parametrize("lines", NAMES.values(), ids=list(NAMES))
def test_attachment_name_is_read_in_every_form(lines: bytes) -> None:
    mail = parse(Letter().attach(b"content", lines).bytes())

    assert [(p.filename, p.content) for p in mail.parts] == [(NAME, b"content")]


def test_a_gbk_name_that_ends_in_the_byte_of_a_backslash() -> None:
    name = "样例许可誠.pdf".replace("誠", "淺")  # 淺 is 9C5C in GBK: its second byte is a backslash
    assert name.encode("gbk")[:-4].endswith(b"\x5c")

    mail = parse(Letter().attach(b"%PDF", b'; name="' + name.encode("gbk") + b'"; x=y').bytes())

    assert [p.filename for p in mail.parts] == [name]


@pytest.mark.parametrize(
    "subject",
    [
        SUBJECT.encode("gbk"),
        SUBJECT.encode(),
        word(SUBJECT, "gb2312").encode(),
        halves(SUBJECT, "gbk"),
        halves(SUBJECT, "utf-8"),
        f"{word(SUBJECT[:6])} {word(SUBJECT[6:], 'gbk')}".encode(),
        word(SUBJECT, "gbk").replace("gbk", "x-unknown").encode(),
    ],
    ids=["bare GBK", "bare UTF-8", "GB2312", "GBK cut", "UTF-8 cut", "two encodings", "unknown encoding"],
)
def test_subject_is_read_in_every_encoding(subject: bytes) -> None:
    assert parse(Letter(subject=subject).bytes()).subject == SUBJECT


def test_sender_is_shown_on_one_line_without_direction_marks() -> None:
    sender = f"{word('样例甲‮moc.elpmaxe')} <hr@example.org>".encode()

    mail = parse(Letter(sender=sender).bytes())

    assert (mail.sender, mail.address) == ("样例甲moc.elpmaxe <hr@example.org>", "hr@example.org")


def test_path_in_a_name_is_dropped() -> None:
    names = [b'; name="../../etc/passwd"', b'; name="C:\\\\Users\\\\a.docx"', b'; name=""']
    letter = Letter()
    for name in names:
        letter.attach(b"x", name)

    found = [p.filename for p in parse(letter.bytes()).parts]

    assert found == ["passwd", "a.docx", "未命名附件.bin"]


def test_attachments_of_a_forwarded_mail_are_found() -> None:
    inner = Letter().attach_as(NAME, b"inner")
    outer = Letter(text="转发")
    outer.parts.append(b"Content-Type: message/rfc822\r\n\r\n" + inner.bytes())
    as_file = Letter(text="转发").attach_as("原邮件.eml", inner.bytes())

    for mail in (parse(outer.bytes()), parse(as_file.bytes())):
        assert [(p.filename, p.content) for p in mail.parts] == [(NAME, b"inner")]
        assert mail.text.splitlines() == ["转发", "", "各位老师：材料见附件。"]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_zip_is_opened_one_level_deep(encoding: str) -> None:
    nested = zipped({"里层.docx": b"x"})
    files = {"材料/样例甲-身份证.jpg": b"picture", "里.zip": nested, "__MACOSX/._x": b"", "Thumbs.db": b""}

    mail = parse(Letter().attach_as("材料.zip", zipped(files, encoding=encoding)).bytes())

    assert [(p.filename, p.content, p.code) for p in mail.parts] == [
        ("样例甲-身份证.jpg", b"picture", ""),
        ("里.zip", b"", "zip_nested"),
    ]


def bomb() -> bytes:
    return zipped({"a.docx": b"\0" * 50_000_000})


def many() -> bytes:
    return zipped({f"{n}.pdf": b"x" for n in range(500)})


def locked() -> bytes:
    raw = bytearray(zipped({"a.pdf": b"x"}))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(magic) + at] |= 1
    return bytes(raw)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("winmail.dat", lambda: b"\x78\x9f\x3e\x22" + b"\0" * 200, "winmail"),
        ("材料.rar", lambda: b"Rar!\x1a\x07\x01\x00", "archive"),
        ("材料.7z", lambda: b"7z\xbc\xaf\x27\x1c", "archive"),
        ("材料.zip", bomb, "zip_large"),
        ("材料.zip", many, "zip_many"),
        ("材料.zip", locked, "zip_encrypted"),
        ("材料.zip", lambda: zipped({"a.pdf": b"x" * 500})[:-30], "zip_damaged"),
        ("扫描.pdf", lambda: b"%PDF" + b"x" * LARGEST_FILE, "file_large"),
    ],
)
def test_what_cannot_be_opened_is_named_with_the_reason(
    name: str, content: Callable[[], bytes], code: str
) -> None:
    [part] = parse(Letter().attach_as(name, content()).bytes()).parts

    assert (part.code, part.content) == (code, b"")
    assert part.problem.endswith("。")
    assert "请对方" in part.problem


def test_picture_shown_in_the_text_is_no_attachment_and_one_that_is_not_shown_is() -> None:
    def mail(page: str) -> Mail:
        message = EmailMessage(policy=SMTP)
        message["From"] = "hr@example.org"
        message.set_content("文字")
        message.add_alternative(page, subtype="html")
        _, shown = message.iter_parts()
        assert isinstance(shown, EmailMessage)
        shown.add_related(b"logo", "image", "png", cid="<logo>", filename="logo.png", disposition="inline")
        return parse(message.as_bytes())

    shown, not_shown = mail('<p><img src="cid:logo"></p>'), mail("<p>见附件</p>")

    assert (shown.parts, len(shown.remarks)) == ((), 1)
    assert [p.filename for p in not_shown.parts] == ["logo.png"]


def test_text_of_a_mail_that_is_only_a_web_page() -> None:
    page = "<html><style>p{}</style><body><p>各位老师：</p><script>alert(1)</script><p>材料见&lt;附件&gt;</p>"
    raw = b"Subject: x\r\nContent-Type: text/html; charset=gb2312\r\n\r\n" + page.encode("gb2312")

    assert parse(raw).text == "各位老师：\n材料见<附件>"


def test_attachment_that_lies_elsewhere_is_pointed_out() -> None:
    assert "请对方以普通附件重发" in parse(Letter(text="超大附件：样例.zip 下载").bytes()).remarks[0]


AUTOMATIC = [
    b"Auto-Submitted: auto-replied\r\n",
    b"Auto-Submitted: auto-generated\r\n",
    b"Precedence: bulk\r\n",
    b"Precedence: auto_reply\r\n",
    b"Return-Path: <>\r\n",
    b"X-Autoreply: yes\r\n",
]


@pytest.mark.parametrize("line", AUTOMATIC)
def test_automatic_mail_is_known_by_its_header(line: bytes) -> None:
    assert parse(Letter(extra=line).bytes()).automatic


@pytest.mark.parametrize("sender", [b"MAILER-DAEMON@example.org", b"<postmaster@example.org>"])
def test_automatic_mail_is_known_by_its_sender(sender: bytes) -> None:
    assert parse(Letter(sender=sender).bytes()).automatic


def test_bounce_is_known_by_its_type() -> None:
    raw = (
        b"From: robot@example.org\r\nSubject: failed\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nnot delivered\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.org\r\n\r\n"
        b"Final-Recipient: rfc822; a@example.org\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )

    assert parse(raw).automatic


@pytest.mark.parametrize("subject", ["自动回复：您好", "退信: 材料", "Automatic reply: hello"])
def test_automatic_mail_is_known_by_its_subject(subject: str) -> None:
    assert parse(Letter(subject=word(subject).encode()).bytes()).automatic


def test_ordinary_mail_is_not_automatic() -> None:
    assert not parse(
        Letter(extra=b"Auto-Submitted: no\r\nReturn-Path: <hr@example.org>\r\n").bytes()
    ).automatic


def test_of_a_mail_that_is_too_large_only_the_header_is_kept() -> None:
    mail = parse(Letter().attach_as(NAME, b"x").bytes() + b"\0" * LARGEST_MAIL)

    assert (mail.subject, mail.parts, mail.text) == (SUBJECT, (), "")
    assert mail.remarks == (
        "这封邮件有31MB，超过30MB，系统只收下标题，没有接收正文和附件。请对方分几封邮件重发。",
    )


def test_a_mail_comes_back_whole_from_the_limited_process() -> None:
    raw = Letter().attach_as(NAME, bytes(range(256)) * 500).attach_as("材料.rar", b"Rar!").bytes()

    there_and_back = opened(run_limited("notifications.incoming:read_apart", raw))

    assert there_and_back == parse(raw)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=3000))
def test_no_bytes_break_the_reading(raw: bytes) -> None:
    assert opened(read_apart(raw)) == parse(raw)


HEADERS = st.sampled_from(
    [b"From", b"Subject", b"Date", b"Message-ID", b"Content-Type", b"Content-Disposition", b"Content-ID"]
)
PIECES = (
    b'=?gbk?B?|?=|=?utf-8?Q?|multipart/mixed; boundary=b|message/rfc822|text/html|image/png|; name="|'
    b"; filename*0*=utf-8''%E6|\\|\"|\xd1\xf9|\r\n |%E6%A0%B7|<a@b>|Fri, 99 Foo 10000|; charset=hex|; charset=idna|"
    b"text/plain|application/ms-tnef"
)
TOKENS = st.sampled_from(PIECES.split(b"|"))
LINES = st.builds(lambda h, v: h + b": " + b"".join(v) + b"\r\n", HEADERS, st.lists(TOKENS, max_size=6))
BODIES = st.lists(
    st.one_of(st.just(b"--b\r\n"), st.just(b"\r\n"), LINES, st.binary(max_size=40)), max_size=20
)


@settings(max_examples=500, deadline=None)
@given(st.lists(LINES, max_size=8), BODIES)
def test_no_mail_made_of_bad_pieces_breaks_the_reading(head: list[bytes], body: list[bytes]) -> None:
    mail = parse(b"".join(head) + b"\r\n" + b"".join(body))

    lines = (mail.subject, mail.sender, mail.message_id, *(p.filename for p in mail.parts))
    assert all("\n" not in line and "\r" not in line for line in lines)


def test_a_mail_nested_without_end_is_refused_and_does_no_harm() -> None:
    raw = b"".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n".encode() for n in range(5000)
    )

    with pytest.raises(Unreadable):
        run_limited("notifications.incoming:read_apart", raw)


def test_all_zips_of_a_mail_together_hold_no_more_than_one_may() -> None:
    block = os.urandom(150_000)
    large = zipped({f"{n}.pdf": block * 130 for n in range(3)}, how=zipfile.ZIP_LZMA)
    letter = Letter()
    for n in range(3):
        letter.attach_as(f"{n}.zip", large)

    mail = parse(letter.bytes())

    assert sum(len(p.content) for p in mail.parts) <= LARGEST_WHOLE
    assert [p.code for p in mail.parts] == ["", "", "", "zip_large", "zip_large"]


@pytest.mark.parametrize("name", ["..", ".", "a/..", "/"])
def test_a_name_that_leads_elsewhere_is_no_name(name: str) -> None:
    letter = Letter().attach_as(name, b"%PDF-").attach_as("材料.zip", zipped({f"x/{name}": b"%PDF-"}))

    assert {p.filename for p in parse(letter.bytes()).parts} <= {"未命名附件", "x"}
