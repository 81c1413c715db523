"""May an installation with a real season in it start as it is set up? A practice may run without any of this.

Asked when the system starts, when its tables are upgraded and when a real season is opened: an address without TLS, a
password that anybody could guess or that stands on the screen of a practice, keys that lie with the data.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from sqlmodel import Session, col, select

from models.crypto import keys_file
from models.people import Person, Seat
from models.season import Season
from processes.errors import CannotStart
from settings import Settings, settings
from tasks.passwords import matches
from tasks.practice import practice_password

GUESSABLE = {"gongjiang", "postgres", "password", "prefect", "admin", "root", "123456", "12345678", "请改"}
OTHERS = 0o077
SHORTEST_TOKEN = 20


def refuse_unfit(session: Session) -> None:
    """Raises `CannotStart` with everything that has to be mended; silent while there is no real season."""
    if has_real_season(session) and (found := unfit(session)):
        raise CannotStart(
            "\n".join(["这里有正式年度，下面各项改好之前不能启动：", *(f"- {t}" for t in found)])
        )


def has_real_season(session: Session) -> bool:
    return session.exec(select(Season.id).where(col(Season.practice).is_(False))).first() is not None


def unfit(session: Session) -> Sequence[str]:
    """What would have to be mended before real people's data is worked on."""
    chosen = settings()
    return [*_address(chosen), *_passwords(chosen), *_keys(chosen), *_practice_accounts(session)]


def warnings(session: Session) -> Sequence[str]:
    """What a real season can begin without, but not for long."""
    chosen = settings()
    if not has_real_season(session):
        return []
    found = []
    if chosen.given_smtp_url is None:
        found.append(
            "注意：没有设置邮件服务器（GONGJIANG_SMTP_URL），正式年度的邮件只进本机邮箱，收件人收不到。"
        )
    if chosen.backup_folder is None:
        found.append("注意：没有设置每晚的备份（GONGJIANG_BACKUP_FOLDER）。")
    return found


def _address(chosen: Settings) -> Iterator[str]:
    if urlsplit(chosen.base_url).scheme != "https":
        yield (
            f"网址 {chosen.base_url} 不是 https，密码和身份证号会明文经过网络。"
            "请按 docs/operation.md 装好反向代理，把 GONGJIANG_BASE_URL 设为 https:// 开头的网址。"
        )


def _passwords(chosen: Settings) -> Iterator[str]:
    for setting, url in (
        ("GONGJIANG_DATABASE_URL", chosen.given_database_url),
        ("GONGJIANG_APPLICATION_DATABASE_URL", chosen.given_application_url),
        ("GONGJIANG_PREFECT_DATABASE_URL", chosen.given_prefect_url),
        ("GONGJIANG_SMTP_URL", chosen.given_smtp_url),
        ("GONGJIANG_IMAP_URL", chosen.given_imap_url),
    ):
        if url is not None and _is_guessable(url):
            yield f"{setting} 里的口令是示例或谁都猜得到的口令。请换一个，并同时改这里。"
    if chosen.metrics_token is not None and (
        len(chosen.metrics_token) < SHORTEST_TOKEN or chosen.metrics_token in GUESSABLE
    ):
        yield f"GONGJIANG_METRICS_TOKEN 至少{SHORTEST_TOKEN}个字符，且不能是示例。"


def _is_guessable(url: str) -> bool:
    parts = urlsplit(url)
    password = None if parts.password is None else unquote(parts.password)
    return password is not None and password.lower() in {*GUESSABLE, "", (parts.username or "").lower()}


def _keys(chosen: Settings) -> Iterator[str]:
    """That they are there and the right ones is asked whenever the tables are upgraded."""
    path = keys_file(chosen)
    if path.is_relative_to(chosen.home):
        yield (
            f"密钥目录 {chosen.keys_folder} 在数据目录里面，复制数据的人同时得到密钥。"
            "请把它移到别处，并用 GONGJIANG_KEYS 指明。"
        )
    elif not path.exists():
        yield f"找不到密钥文件 {path}。请放回保管的密钥文件。"
    elif path.stat().st_mode & OTHERS:
        yield f"密钥文件 {path} 别的系统用户也能读。请运行 chmod 600 {path}。"


def _practice_accounts(session: Session) -> Iterator[str]:
    """Whoever has seen a practice start knows the password of its accounts."""
    seated = session.exec(
        select(Person)
        .join(Seat, col(Seat.person_id) == col(Person.id))
        .join(Season, col(Season.id) == col(Seat.season_id))
        .where(col(Season.practice).is_(False), col(Person.practice), col(Seat.until).is_(None))
        .distinct()
    ).all()
    if known := [p.login or "" for p in seated if matches(p, practice_password())]:
        yield (
            f"正式年度里有账号还在用演练密码：{'、'.join(sorted(known))}。"
            "请为办理人另建账号（gongjiang user add），不要用演练账号办理正式年度。"
        )
