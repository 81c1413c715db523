"""What is said by the address of a database or a mail server?"""

from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError


def parsed_url(text: str) -> URL:
    """The address of a database; a refusal never repeats the text, since it may hold a password."""
    try:
        return make_url(text)
    except (ArgumentError, ValueError) as error:
        raise ValueError(
            "不是有效的数据库地址，应形如 postgresql+psycopg://用户:密码@主机:5432/数据库"
        ) from error


def names_a_server(url: str) -> bool:
    """Whether an address has a host and, if it names a port, a possible one."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def names_an_account(url: str) -> bool:
    """Whether an address has a host, and someone with a password to log in as."""
    parts = urlsplit(url)
    return names_a_server(url) and bool(parts.username and parts.password)


def for_asyncpg(url: URL) -> URL:
    """The same database for asyncpg, which knows `ssl` where psycopg knows `sslmode`, and little else."""
    query = {name: value for name, value in url.query.items() if name in {"host", "port"}}
    if mode := url.query.get("sslmode"):
        query["ssl"] = mode
    return url.set(drivername="postgresql+asyncpg", query=query)


def rendered(url: URL) -> str:
    return url.render_as_string(hide_password=False)
