"""Where does this installation keep its things, and how are its parts reached?

Every setting is read once from the environment (`GONGJIANG_…`); everything else is derived from it here.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import AliasChoices, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL

from settings.disk import write_durably
from settings.limits import MAIL_LIMITS, OTHER_LIMITS
from settings.urls import for_asyncpg, names_a_server, names_an_account, parsed_url, rendered

LOOPBACK = "127.0.0.1"
DATABASE = "gongjiang"
PREFECT_DATABASE = "prefect"
DATABASE_ROLE = "gongjiang"
# What the application itself connects as: it owns no table, so it can't take the triggers off the record.
APPLICATION_ROLE = "gongjiang_app"
# The path of our own web application under which Prefect's dashboard lives.
DASHBOARD = "/prefect"
# The path of a Unix socket may be 107 bytes long; the names put into the folder take about 20 of them.
LONGEST_SOCKET_FOLDER = 80
COMMA = re.compile(r"\s*[,，]\s*")
CLAMD_PLACE = re.compile(r"[A-Za-z0-9.-]+:[0-9]{1,5}")
REDIS_PLACE = re.compile(r"rediss?://[^/\s]+")
MAIL_ADDRESS = re.compile(r"[^@\s<>\",;]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class SettingsError(Exception):
    """The environment holds a setting that can't be used; the text names it, in Chinese."""


def named(name: str) -> AliasChoices:
    """A setting whose field has another name than its environment variable."""
    return AliasChoices(f"gongjiang_{name}", name)


class Settings(BaseSettings):
    """One installation. Two of them with different homes and ports can run side by side."""

    model_config = SettingsConfigDict(
        env_prefix="gongjiang_", populate_by_name=True, frozen=True, extra="ignore"
    )

    home: Path = Path("var")
    given_database_url: str | None = Field(default=None, validation_alias=named("database_url"), repr=False)
    given_application_url: str | None = Field(
        default=None, validation_alias=named("application_database_url"), repr=False
    )
    given_prefect_url: str | None = Field(
        default=None, validation_alias=named("prefect_database_url"), repr=False
    )
    given_smtp_url: str | None = Field(default=None, validation_alias=named("smtp_url"), repr=False)
    given_imap_url: str | None = Field(default=None, validation_alias=named("imap_url"), repr=False)
    given_inbox_folder: Path | None = Field(default=None, validation_alias=named("inbox_folder"))
    given_base_url: str | None = Field(default=None, validation_alias=named("base_url"))
    given_keys: Path | None = Field(default=None, validation_alias=named("keys"))
    # Where the daily anchors of the record go: addresses, separated by commas.
    auditor_email: str | None = None
    web_port: int = Field(default=8700, ge=0, le=65535)
    prefect_port: int = Field(default=8701, ge=0, le=65535)
    mail_port: int = Field(default=8702, ge=0, le=65535)
    reconcile_seconds: float = Field(default=30.0, gt=0)
    # Where the backup of each day goes, and how many of them are kept.
    given_backup_folder: Path | None = Field(default=None, validation_alias=named("backup_folder"))
    backup_keep: int = Field(default=14, ge=1)
    # Through which Redis several API servers of Prefect's work together; unset: there is one (docs/adr/0033).
    redis_url: str | None = Field(default=None, repr=False)
    # The virus scanner, clamd: `host:port` or the path of its socket; unset: there is none (docs/adr/0032).
    clamd_address: str | None = None
    clamd_seconds: float = Field(default=20.0, gt=0)
    log_format: Literal["text", "json"] = "text"
    # With this token the figures of /metrics are read also from elsewhere than this machine.
    metrics_token: str | None = Field(default=None, repr=False)
    # Unset: unlimited on this machine, careful with a server elsewhere. 0: unlimited everywhere.
    mail_per_minute: int | None = Field(default=None, ge=0)
    mail_per_quarter: int | None = Field(default=None, ge=0)
    mail_per_day: int | None = Field(default=None, ge=0)
    mail_per_connection: int | None = Field(default=None, ge=1)
    # How long tasks are gathered for one mail to one person.
    mail_gather_seconds: float | None = Field(default=None, ge=0)
    # Which rule passwords follow (docs/adr/0025).
    password_policy: Literal["dengbao", "asvs"] = "dengbao"  # noqa: S105 -- the name of a rule

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator(
        "given_database_url",
        "given_application_url",
        "given_prefect_url",
        "given_smtp_url",
        "given_imap_url",
        "given_inbox_folder",
        "given_base_url",
        "given_keys",
        "given_backup_folder",
        "metrics_token",
        "auditor_email",
        "clamd_address",
        "redis_url",
        *MAIL_LIMITS,
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("given_database_url", "given_application_url", "given_prefect_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url is not None and parsed_url(url).get_backend_name() != "postgresql":
            raise ValueError("只支持 PostgreSQL，地址应以 postgresql+psycopg:// 开头")
        return url

    @field_validator("given_smtp_url")
    @classmethod
    def _is_smtp(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("smtp://", "smtps://")):
            raise ValueError("邮件服务器地址应以 smtp:// 或 smtps:// 开头")
        if url is not None and not names_a_server(url):
            raise ValueError("邮件服务器地址应形如 smtps://邮箱:授权码@主机:465，邮箱中的 @ 写作 %40")
        return url

    @field_validator("given_imap_url")
    @classmethod
    def _is_imap(cls, url: str | None) -> str | None:
        if url is not None and not (url.startswith(("imap://", "imaps://")) and names_an_account(url)):
            raise ValueError("收信邮箱地址应形如 imaps://邮箱:授权码@主机:993/INBOX，邮箱中的 @ 写作 %40")
        return url

    @field_validator("auditor_email")
    @classmethod
    def _are_addresses(cls, addresses: str | None) -> str | None:
        if addresses and not all(map(MAIL_ADDRESS.fullmatch, COMMA.split(addresses.strip()))):
            raise ValueError("审计人员邮箱应形如 audit@example.org，有几个的用逗号分开")
        return addresses

    @field_validator("clamd_address")
    @classmethod
    def _is_a_place(cls, address: str | None) -> str | None:
        if address and not (address.startswith("/") or CLAMD_PLACE.fullmatch(address)):
            raise ValueError("病毒扫描程序的地址应形如 127.0.0.1:3310，或写 clamd 的套接字路径，以 / 开头")
        return address

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: str | None) -> str | None:
        if url is not None and not REDIS_PLACE.fullmatch(url):
            raise ValueError("Redis 的地址应形如 redis://:口令@主机:6379，不写库号")
        return url

    @model_validator(mode="after")
    def _needs_both_databases_or_none(self) -> Self:
        if self.given_application_url and not self.given_database_url:
            raise ValueError("设置了 GONGJIANG_APPLICATION_DATABASE_URL，还须设置 GONGJIANG_DATABASE_URL")
        if self.given_prefect_url and not self.given_database_url:
            raise ValueError("设置了 GONGJIANG_PREFECT_DATABASE_URL，还须设置 GONGJIANG_DATABASE_URL")
        return self

    # --- the databases

    @property
    def embeds_database(self) -> bool:
        return self.given_database_url is None

    @property
    def database_url(self) -> str:
        """The application's own database as the owner of its tables, for SQLAlchemy with psycopg: for migrations."""
        return rendered(self._owner_url())

    @property
    def application_database_url(self) -> str:
        """The same as pages, verbs and commands use it: by a role that owns no table, where there is one."""
        if self.given_application_url:
            return rendered(parsed_url(self.given_application_url).set(drivername="postgresql+psycopg"))
        if self.given_database_url:
            return self.database_url
        return rendered(self.embedded_url(DATABASE, APPLICATION_ROLE))

    @property
    def prefect_database_url(self) -> str:
        """The database of Prefect's server, for SQLAlchemy with asyncpg."""
        if self.given_prefect_url:
            return rendered(for_asyncpg(parsed_url(self.given_prefect_url)))
        return rendered(for_asyncpg(self._owner_url().set(database=PREFECT_DATABASE)))

    @property
    def prefect_database_address(self) -> str:
        """The database of Prefect's server, as our own programs reach it."""
        if self.given_prefect_url:
            return rendered(parsed_url(self.given_prefect_url))
        return rendered(self._owner_url().set(database=PREFECT_DATABASE))

    def _owner_url(self) -> URL:
        if self.given_database_url:
            return parsed_url(self.given_database_url).set(drivername="postgresql+psycopg")
        return self.embedded_url(DATABASE)

    def embedded_url(self, database: str, role: str = DATABASE_ROLE) -> URL:
        """A database of the embedded server, reached through its Unix socket."""
        return URL.create(
            "postgresql+psycopg",
            username=role,
            database=database,
            query={"host": str(self.database_socket_folder)},
        )

    # --- addresses

    @property
    def base_url(self) -> str:
        """The address people open and mails carry, without a slash at its end."""
        return (self.given_base_url or f"http://{LOOPBACK}:{self.web_port}").rstrip("/")

    @property
    def prefect_url(self) -> str:
        return f"http://{LOOPBACK}:{self.prefect_port}"

    @property
    def prefect_api_url(self) -> str:
        return f"{self.prefect_url}/api"

    @property
    def dashboard_url(self) -> str:
        """Where administrators open Prefect's dashboard: behind our own login."""
        return f"{self.base_url}{DASHBOARD}/v2"

    @property
    def smtp_url(self) -> str:
        """Where the mails of a real season go."""
        return self.given_smtp_url or self.catcher_url

    @property
    def catcher_url(self) -> str:
        """The local catcher: a practice season's mails go nowhere else, whatever server is set."""
        return f"smtp://{LOOPBACK}:{self.mail_port}"

    @property
    def auditors(self) -> list[str]:
        """To whom the daily anchors of the record are mailed."""
        return COMMA.split(self.auditor_email.strip()) if self.auditor_email else []

    # --- folders

    @property
    def database_folder(self) -> Path:
        return self.home / "pg"

    @property
    def mail_folder(self) -> Path:
        return self.home / "mail"

    @property
    def log_folder(self) -> Path:
        return self.home / "log"

    @property
    def run_folder(self) -> Path:
        return self.home / "run"

    @property
    def temporary_folder(self) -> Path:
        """Temporary files of every process: they stay where only this installation's user may look."""
        return self.home / "tmp"

    @property
    def files_folder(self) -> Path:
        """Uploaded files, each sealed."""
        return self.home / "files"

    @property
    def restoring_folder(self) -> Path:
        """It is there only while a backup is put back, and after that was broken off."""
        return self.home / "restoring"

    @property
    def backup_folder(self) -> Path | None:
        """Where the backup of each day is put, when such a folder is set."""
        given = self.given_backup_folder
        return None if given is None else given.expanduser().absolute()

    @property
    def inbox_folder(self) -> Path | None:
        """Mails put here as .eml files are taken in, when such a folder is set."""
        given = self.given_inbox_folder
        return None if given is None else given.expanduser().absolute()

    @property
    def keys_folder(self) -> Path:
        """The keys lie beside the data, never inside: whoever copies the data folder has no key."""
        if self.given_keys is not None:
            return self.given_keys.expanduser().absolute()
        return self.home.with_name(f"{self.home.name}.keys")

    @property
    def prefect_folder(self) -> Path:
        return self.home / "prefect"

    @property
    def socket_folder(self) -> Path:
        """Sockets live in the run folder, or in a short one of their own where its path is too long."""
        if len(os.fsencode(self.run_folder)) <= LONGEST_SOCKET_FOLDER:
            return self.run_folder
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path("/tmp") / f"gongjiang-{digest}"  # noqa: S108 -- its owner is checked when it is made

    @property
    def database_socket_folder(self) -> Path:
        return self.socket_folder / "db"

    def ready_file(self, name: str) -> Path:
        """A process without an address writes its process id here when it has begun to work."""
        return self.run_folder / f"{name}.ready"

    # --- secrets

    @property
    def prefect_auth(self) -> str:
        """`user:password` for Prefect's API and dashboard."""
        return f"gongjiang:{self.secret('prefect_password')}"

    def secret(self, name: str) -> str:
        """The secret of this name; it is made when first asked for and never changes after."""
        self.home.mkdir(parents=True, exist_ok=True)
        path = self.home / "secrets.json"
        with (self.home / "secrets.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
            if name not in known:
                known[name] = secrets.token_urlsafe(24)
                write_durably(path, json.dumps(known, indent=2))
        return known[name]

    def environment(self) -> dict[str, str]:
        """This installation as environment variables, with every default spelled out."""
        values = {
            "HOME": str(self.home),
            "DATABASE_URL": self.given_database_url,
            "APPLICATION_DATABASE_URL": self.given_application_url,
            "PREFECT_DATABASE_URL": self.given_prefect_url,
            "SMTP_URL": self.given_smtp_url,
            "IMAP_URL": self.given_imap_url,
            "INBOX_FOLDER": str(self.inbox_folder) if self.inbox_folder else None,
            "BACKUP_FOLDER": str(self.backup_folder) if self.backup_folder else None,
            "BACKUP_KEEP": str(self.backup_keep),
            "REDIS_URL": self.redis_url,
            "CLAMD_ADDRESS": self.clamd_address,
            "CLAMD_SECONDS": str(self.clamd_seconds),
            "LOG_FORMAT": self.log_format,
            "METRICS_TOKEN": self.metrics_token,
            "BASE_URL": self.given_base_url,
            "AUDITOR_EMAIL": self.auditor_email,
            "KEYS": str(self.keys_folder),
            "WEB_PORT": str(self.web_port),
            "PREFECT_PORT": str(self.prefect_port),
            "MAIL_PORT": str(self.mail_port),
            "RECONCILE_SECONDS": str(self.reconcile_seconds),
            "PASSWORD_POLICY": self.password_policy,
            **{name.upper(): str(n) for name in MAIL_LIMITS if (n := getattr(self, name)) is not None},
        }
        return {f"GONGJIANG_{name}": value for name, value in values.items() if value is not None}


def load() -> Settings:
    """Read the environment; a value that can't be used is refused by the name of its variable."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(
            "\n".join(_refusal(str(e["loc"][0]) if e["loc"] else "", e["msg"]) for e in error.errors())
        ) from None


def _refusal(field: str, message: str) -> str:
    name = field.upper() if field.startswith("gongjiang_") else "GONGJIANG_" + field.upper()
    reason = message.removeprefix("Value error, ")
    if field.endswith("_port"):
        reason = "端口应为 0 到 65535 之间的整数"
    reason = (MAIL_LIMITS | OTHER_LIMITS).get(field, reason)
    return f"设置 {name} 有误：{reason}。请改正后再启动。" if field else f"设置有误：{reason}。"


@cache
def settings() -> Settings:
    """The installation this process belongs to."""
    return load()
