"""Where outside the record does a word stand that must stand nowhere else?

Looked through: the logs of every process, which hold the addresses of requests; Prefect's database; the mails that were
caught, each as it is read; whatever lies in the installation's folder, temporary files too; and the names of all files.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from notifications.caught import caught_mail, path_of
from processes.probes import connect
from settings import PREFECT_DATABASE, settings
from settings.urls import rendered

# The record itself lies there: names and deeds stand in it, numbers do not.
RECORD, MAILS = "pg", "mail"
# The keys of the installation, which only the processes read.
SECRETS = "secrets.json"


def left_behind(words: Iterable[str], *, mails: bool = True, record: bool = False) -> dict[str, list[str]]:
    """Word → the places where it was found; `record`: in the raw files of the database as well."""
    looked_for = [word for word in dict.fromkeys(words) if word]
    found: dict[str, list[str]] = {}
    for place, text in _places(mails=mails, record=record):
        for word in looked_for:
            if any(form in text for form in _forms(word)):
                found.setdefault(word, []).append(place)
    return found


def tables_with(word: str) -> list[str]:
    """The tables of Prefect's database in which the word stands anywhere."""
    return sorted({table for table, text in _tables() if any(form in text for form in _forms(word))})


def _forms(word: str) -> set[bytes]:
    """As it is, and as JSON writes what is not ASCII: once, and in a text that stands in JSON itself."""
    escaped = word.encode("unicode_escape")
    return {word.encode(), escaped, escaped.replace(b"\\", b"\\\\")}


def _places(*, mails: bool, record: bool) -> Iterator[tuple[str, bytes]]:
    home = settings().home
    for path in sorted(home.rglob("*")):
        place = path.relative_to(home)
        yield f"the name of {place}", path.name.encode()
        left_out = {RECORD: not record, MAILS: not mails}.get(place.parts[0], path.name == SECRETS)
        if path.is_file() and not left_out:
            yield str(place), _read(path)
    if mails:
        yield from _mails()
    for table, text in _tables():
        yield f"Prefect's table {table}", text


def _read(path: Path) -> bytes:
    """A file that another process takes away meanwhile holds nothing any more."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _mails() -> Iterator[tuple[str, bytes]]:
    for path in sorted(settings().mail_folder.glob("*.eml")):
        mail = caught_mail(path.stem)
        if mail is not None:
            yield f"the mail {path_of(path.stem).name}", f"{mail.subject}\n{mail.text}\n{mail.html}".encode()


def _tables() -> Iterator[tuple[str, bytes]]:
    with connect(rendered(settings().embedded_url(PREFECT_DATABASE))) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        for (table,) in names:
            for (row,) in connection.execute(f'select to_jsonb(t)::text from "{table}" t'):
                yield table, row.encode()
