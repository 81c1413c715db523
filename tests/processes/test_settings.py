"""Is every address and secret of an installation derived as promised?"""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import make_url

from processes.environment import prefect_environment
from settings import Settings, SettingsError, load


def test_defaults_are_loopback_addresses_and_the_embedded_database(home: Path) -> None:
    chosen = Settings(home=home)

    assert chosen.base_url == "http://127.0.0.1:8700"
    assert chosen.prefect_api_url == "http://127.0.0.1:8701/api"
    assert chosen.smtp_url == "smtp://127.0.0.1:8702"
    address = make_url(chosen.database_url)
    assert (address.drivername, address.username, address.host, address.database, address.query["host"]) == (
        "postgresql+psycopg",
        "gongjiang",
        None,
        "gongjiang",
        str(home / "run" / "db"),
    )
    assert chosen.embeds_database
    assert chosen.catcher_url == chosen.smtp_url


def test_prefect_uses_its_own_database_on_a_given_server() -> None:
    chosen = Settings(
        given_database_url="postgresql://office:p%40ss@db.example.org:5433/office?sslmode=require"
    )

    assert chosen.database_url == (
        "postgresql+psycopg://office:p%40ss@db.example.org:5433/office?sslmode=require"
    )
    assert chosen.prefect_database_url == (
        "postgresql+asyncpg://office:p%40ss@db.example.org:5433/prefect?ssl=require"
    )


def test_prefect_database_can_be_given_apart() -> None:
    chosen = Settings(
        given_database_url="postgresql://office@one.example.org/office",
        given_prefect_url="postgresql://engine@two.example.org/runs",
    )

    assert chosen.prefect_database_url == "postgresql+asyncpg://engine@two.example.org/runs"


def test_settings_survive_the_way_through_the_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = Settings(
        home=home,
        given_imap_url="imaps://office%40example.org:code@imap.example.org/INBOX",
        given_inbox_folder=home / "mails",
        given_keys=home.with_name("keys"),
        web_port=9000,
        prefect_port=9001,
        mail_port=9002,
        given_database_url="postgresql://office@one.example.org/office",
        given_prefect_url="postgresql://engine@two.example.org/runs",
        given_smtp_url="smtps://office:secret@mail.example.org:465",
        given_base_url="https://gongjiang.example.org/",
        mail_per_minute=0,
    )

    for name, value in chosen.environment().items():
        monkeypatch.setenv(name, value)

    assert load() == chosen
    assert chosen.base_url == "https://gongjiang.example.org"


def test_secret_is_made_once_and_only_its_owner_may_read_it(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: Settings(home=home).prefect_auth, range(40)))

    assert len(answers) == 1
    assert stat.S_IMODE((home / "secrets.json").stat().st_mode) == 0o600


def test_prefect_is_closed_by_its_password_and_keeps_to_this_home(home: Path) -> None:
    chosen = Settings(home=home)

    told = prefect_environment(chosen)

    assert told["PREFECT_SERVER_API_AUTH_STRING"] == told["PREFECT_API_AUTH_STRING"] == chosen.prefect_auth
    assert told["PREFECT_HOME"] == str(home / "prefect")
    assert told["PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS"] == "3600"


def test_sockets_of_a_deep_home_get_a_short_folder() -> None:
    deep = Path("/") / "/".join(["柳州工匠"] * 12)

    short = Settings(home=deep).database_socket_folder

    assert len(str(short)) < 80
    assert Settings(home=deep / "another").database_socket_folder != short


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("WEB_PORT", "eighty", "端口应为 0 到 65535 之间的整数"),
        ("PREFECT_PORT", "70000", "端口应为 0 到 65535 之间的整数"),
        ("SMTP_URL", "mail.example.org", "邮件服务器地址应以 smtp:// 或 smtps:// 开头"),
        (
            "SMTP_URL",
            "smtp://mail.example.org:no",
            "邮件服务器地址应形如 smtps://邮箱:授权码@主机:465，邮箱中的 @ 写作 %40",
        ),
        ("AUDITOR_EMAIL", "audit", "审计人员邮箱应形如 audit@example.org，有几个的用逗号分开"),
        ("MAIL_PER_MINUTE", "many", "每分钟发送的邮件数应为整数，0 表示不限"),
        ("DATABASE_URL", "sqlite:///x", "只支持 PostgreSQL，地址应以 postgresql+psycopg:// 开头"),
        (
            "DATABASE_URL",
            "hunter2",
            "不是有效的数据库地址，应形如 postgresql+psycopg://用户:密码@主机:5432/数据库",
        ),
    ],
)
def test_a_bad_setting_is_refused_by_its_name(
    name: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"GONGJIANG_{name}", value)

    with pytest.raises(SettingsError) as refusal:
        load()

    assert str(refusal.value) == f"设置 GONGJIANG_{name} 有误：{reason}。请改正后再启动。"
