"""How does one see from outside that a process has begun to work?"""

import http.client
import smtplib
import socket
from base64 import b64encode
from collections.abc import Callable

import psycopg
from sqlalchemy import make_url

from settings import LOOPBACK, Settings

TIMEOUT = 2.0

# A probe is asked with the installation and the process id.
Probe = Callable[[Settings, int], bool]


def connect(url: str, timeout: int = 5) -> psycopg.Connection:
    """A plain connection to the database of an SQLAlchemy address."""
    parts = make_url(url).translate_connect_args(username="user", database="dbname")
    query = {name: value for name, value in make_url(url).query.items() if isinstance(value, str)}
    return psycopg.connect(**(query | parts), connect_timeout=timeout)


def database_answers(settings: Settings, pid: int) -> bool:
    try:
        connect(settings.database_url).close()
    except psycopg.OperationalError:
        return False
    return True


def prefect_answers(settings: Settings, pid: int) -> bool:
    login = b64encode(settings.prefect_auth.encode()).decode()
    return _answers(settings.prefect_port, "/api/health", {"Authorization": f"Basic {login}"})


def web_answers(settings: Settings, pid: int) -> bool:
    return _answers(settings.web_port, "/api/v1/health", {})


def mailbox_answers(settings: Settings, pid: int) -> bool:
    try:
        with smtplib.SMTP(LOOPBACK, settings.mail_port, timeout=TIMEOUT):
            return True
    except (OSError, smtplib.SMTPException):
        return False


def engine_reports(settings: Settings, pid: int) -> bool:
    """The engine has no address: it writes its process id into its ready file."""
    try:
        return settings.ready_file("engine").read_text().strip() == str(pid)
    except FileNotFoundError:
        return False


def port_is_free(port: int) -> bool:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind((LOOPBACK, 0))
        return int(attempt.getsockname()[1])


def _answers(port: int, path: str, headers: dict[str, str]) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
