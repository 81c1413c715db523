"""Is the mailbox from which mails are fetched set plainly, and its password shown nowhere?"""

from pathlib import Path

import pytest

from settings import Settings, SettingsError, load

GOOD = "imaps://office%40example.org:code@imap.example.org:993/INBOX"


def test_nothing_is_fetched_unless_it_is_set(home: Path) -> None:
    chosen = Settings(home=home)

    assert (chosen.given_imap_url, chosen.inbox_folder) == (None, None)


def test_mailbox_and_folder_reach_the_other_processes(home: Path) -> None:
    chosen = Settings(home=home, given_imap_url=GOOD, given_inbox_folder=home / "mails")

    given = chosen.environment()

    assert (given["GONGJIANG_IMAP_URL"], given["GONGJIANG_INBOX_FOLDER"]) == (GOOD, str(home / "mails"))
    assert "code" not in repr(chosen)


@pytest.mark.parametrize(
    "url",
    [
        "https://office:code@imap.example.org",
        "imaps://imap.example.org:993",
        "imaps://office@imap.example.org",
        "imaps://office:code@",
        "imaps://office:secret/code@imap.example.org",
        "imaps://office:code@imap.example.org:99999",
    ],
)
def test_address_that_cannot_be_used_is_refused_without_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGJIANG_IMAP_URL", url)

    with pytest.raises(SettingsError) as error:
        load()

    assert "GONGJIANG_IMAP_URL" in str(error.value)
    assert "code" not in str(error.value)
