"""Do mails come in by themselves, from a mailbox and from a folder, each once, and is trouble said plainly?"""

import json
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from cli import app
from models.database import engine, reading
from models.inbox import parts_of, sources
from models.incoming import Incoming, Source
from processes.probes import free_port
from settings import LOOPBACK, settings
from simulation.papers import pdf, picture
from tasks.inbox_polling import DONE, FOLDER, IMAP, LOCK, collect, collect_folder, collect_mailbox
from tests.mails import Letter
from tests.notifications.mailboxes import PASSWORD, USER, Dovecot
from tests.world import World


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(autouse=True)
def set_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test sets, the next one does not find."""
    yield
    monkeypatch.undo()
    settings.cache_clear()


def use(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"GONGJIANG_{name}", value)
    settings.cache_clear()


@pytest.fixture
def mailbox(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    dovecot.empty()
    use(monkeypatch, IMAP_URL=url(dovecot.port))
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    return dovecot


def url(port: int) -> str:
    return f"imaps://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@{LOOPBACK}:{port}/INBOX"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use(monkeypatch, INBOX_FOLDER=str(tmp_path))
    return tmp_path


def put(folder: Path, name: str, raw: bytes, seconds_ago: float = 60) -> Path:
    path = folder / name
    path.write_bytes(raw)
    os.utime(path, (time.time() - seconds_ago,) * 2)
    return path


def source(name: str) -> Source:
    with reading() as session:
        return next(s for s in sources(session) if s.name == name)


def subjects(message_id: str) -> list[str]:
    with reading() as session:
        wanted = select(Incoming.subject).where(Incoming.message_id == f"<{message_id}>")
        return list(session.exec(wanted))


def gongjiang(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_mailbox_is_fetched_once_and_goes_on_where_it_stopped(world: World, mailbox: Dovecot) -> None:
    mailbox.put(Letter().bytes())
    first, second = collect_mailbox(), collect_mailbox()
    mailbox.put(Letter().bytes())

    third = collect_mailbox()

    assert [(r.new, len(r.taken), r.trouble) for r in (first, second, third)] == [
        (1, 1, ""),
        (0, 0, ""),
        (1, 1, ""),
    ]
    assert (source(IMAP).last_uid > 0, source(IMAP).trouble, PASSWORD in source(IMAP).address) == (
        True,
        "",
        False,
    )


def test_mail_that_came_by_file_is_not_taken_from_the_mailbox_again(world: World, mailbox: Dovecot) -> None:
    raw = Letter(message_id=f"both{id(mailbox)}@example.org").bytes()
    mailbox.put(raw)
    collect_mailbox()

    mailbox.put(b"X-Moved: yes\r\n" + raw)

    assert [r.mail for r in collect_mailbox().taken] == [None]


def test_trouble_is_kept_until_it_is_over(
    world: World, mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, IMAP_URL=url(free_port()))
    found = collect_mailbox()
    assert found.trouble == source(IMAP).trouble
    assert "暂时连不上收信服务器" in found.trouble
    doctor = gongjiang("doctor", "--season", world.season.key, "--json")
    assert found.trouble in json.loads(doctor.stdout)["inbox"]

    use(monkeypatch, IMAP_URL=url(mailbox.port))
    collect_mailbox()

    assert source(IMAP).trouble == ""


def test_two_engines_do_not_fetch_at_once(world: World, folder: Path) -> None:
    with engine().connect() as other:
        other.exec_driver_sql(LOCK)
        assert collect() is None
        other.exec_driver_sql("select pg_advisory_unlock_all()")

    assert collect() is not None


def test_files_of_the_folder_are_taken_in_and_moved_away(world: World, folder: Path) -> None:
    name = f"folder{id(folder)}@example.org"
    put(folder, "样例来信.eml", Letter(message_id=name).attach_as("a.pdf", pdf()).bytes())
    put(folder, "说明.txt", b"not a mail")
    put(folder, "正在写.eml", Letter().bytes(), seconds_ago=-60)

    found = collect_folder()

    assert found.new == 1
    assert sorted(p.name for p in folder.iterdir()) == [DONE, "正在写.eml", "说明.txt"]
    assert [p.name for p in (folder / DONE).iterdir()] == ["样例来信.eml"]
    assert len(subjects(name)) == 1


def test_the_same_name_again_replaces_nothing(world: World, folder: Path) -> None:
    for _ in range(2):
        put(folder, "a.eml", Letter().bytes())
        collect_folder()

    assert len(list((folder / DONE).iterdir())) == 2


def test_file_that_is_no_mail_stays_and_is_told(world: World, folder: Path) -> None:
    put(folder, "假.eml", b"%PDF-1.4 not a mail at all")

    found = collect_folder()

    assert (found.new, [p.name for p in folder.iterdir()]) == (0, ["假.eml"])
    assert source(FOLDER).trouble == found.trouble != ""


def test_folder_that_is_gone_is_told(world: World, folder: Path) -> None:
    folder.rmdir()

    assert "请检查路径和权限" in collect_folder().trouble


def test_folder_is_read_again_when_there_is_room(world: World, folder: Path) -> None:
    put(folder, "一.eml", Letter().attach_as("a.jpg", picture()).bytes())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        found = collect_folder()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (found.new, source(FOLDER).trouble) == (0, found.trouble)
    assert "磁盘写不进去" in found.trouble
    assert collect_folder().new == 1


def test_command_reads_a_folder_and_says_what_came(world: World, tmp_path: Path) -> None:
    put(tmp_path, "一.eml", Letter().attach_as("winmail.dat", b"\x78\x9f\x3e\x22").bytes())
    put(tmp_path, "二.eml", b"MZ\x90")

    result = gongjiang("inbox", "read", str(tmp_path), "--season", world.season.key, "--json")

    facts = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (facts["taken_in"], facts["known"], facts["failed"]) == (1, 0, 1)
    [mail, other] = facts["mails"]
    assert [(p["filename"], p["kind"], bool(p["problem"])) for p in mail["parts"]] == [
        ("winmail.dat", "", True)
    ]
    assert "另存）为 .eml" in other["problem"]
    with reading() as session:
        assert len(parts_of(session, session.get_one(Incoming, mail["id"]))) == 1


def test_command_reads_one_file_once(world: World, tmp_path: Path) -> None:
    path = str(put(tmp_path, "一.eml", Letter().bytes()))

    results = [gongjiang("inbox", "read", path, "--season", world.season.key) for _ in range(2)]

    assert [r.exit_code for r in results] == [0, 0]
    assert results[0].stdout.splitlines()[-1] == "收下1封，此前已收0封，没有收下0封。"
    assert results[1].stdout.splitlines()[-1] == "收下0封，此前已收1封，没有收下0封。"


@pytest.mark.parametrize("words", [("read", "nowhere.eml"), ("read", "."), ("fetch",)])
def test_command_that_cannot_begin_says_why(world: World, words: tuple[str, ...]) -> None:
    result = gongjiang("inbox", *words)

    assert result.exit_code == 2
    assert result.stderr.strip().endswith("。")


def test_command_fetches_from_the_mailbox(world: World, mailbox: Dovecot) -> None:
    mailbox.put(Letter().bytes())

    result = gongjiang("inbox", "fetch", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["taken_in"] == 1


def test_name_in_the_encoding_of_chinese_windows_is_told(world: World, folder: Path) -> None:
    name = os.fsdecode("样例450203198803129917.eml".encode("gbk"))
    put(folder, name, b"%PDF-1.4 not a mail at all")

    found = collect_folder()

    assert found.trouble.startswith("“样例****.eml”不是邮件文件")
    assert source(FOLDER).trouble == found.trouble
    result = gongjiang("inbox", "read", str(folder), "--season", world.season.key)
    assert "“样例****.eml”不是邮件文件" in result.stdout
