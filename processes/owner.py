"""Under which system account does the embedded database run?

PostgreSQL refuses to run as root. Anybody else runs it as themselves; root lends it an account of its own.
"""

import os
import pwd
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from processes.errors import CannotStart

ACCOUNT = "gongjiang-db"


@dataclass(frozen=True)
class Owner:
    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()

    def run(self, command: list[str], *, cwd: Path, env: Mapping[str, str], stdin: str = "") -> str:
        """Run a command under this account and give back all it said; a failure raises with the same text."""
        identity: dict[str, int | list[int]] = {}
        if not self.is_me:
            identity = {"user": self.uid, "group": self.gid, "extra_groups": []}
        done = subprocess.run(
            command,
            cwd=cwd,
            env=dict(env),
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **identity,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise CannotStart(f"数据库的准备步骤 {Path(command[0]).name} 没有成功：{done.stdout.strip()}")
        return str(done.stdout)

    def become(self) -> None:
        """Give up root for good."""
        if not self.is_me:
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)


def owner_of(folder: Path) -> Owner:
    """The account that owns the data folder, or that shall own it when it is made."""
    if os.geteuid() == 0:
        return _account(folder.stat().st_uid if folder.exists() else 0)
    me = _known(os.geteuid())
    if folder.exists() and folder.stat().st_uid != me.uid:
        raise CannotStart(
            f"数据库目录 {folder} 属于另一个系统用户（编号 {folder.stat().st_uid}）。"
            "请以该用户或 root 身份启动。"
        )
    return me


def _account(uid: int) -> Owner:
    if uid != 0:
        return _known(uid)
    try:
        found = pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run([*command, ACCOUNT], check=True, capture_output=True)
        found = pwd.getpwnam(ACCOUNT)
    return Owner(ACCOUNT, found.pw_uid, found.pw_gid)


def _known(uid: int) -> Owner:
    try:
        found = pwd.getpwuid(uid)
    except KeyError:
        raise CannotStart(
            f"编号为 {uid} 的系统用户没有登记在 /etc/passwd 中，数据库无法启动。请先为它建立用户名。"
        ) from None
    return Owner(found.pw_name, found.pw_uid, found.pw_gid)


def let_through(folder: Path) -> None:
    """Let other accounts pass through the folders above (not list them), since the path below is theirs."""
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def let_read(folder: Path) -> None:
    """Let other accounts read and run what lies in the folder."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        runs = stat.S_IXOTH if path.is_dir() or mode & stat.S_IXUSR else 0
        if mode | stat.S_IROTH | runs != mode:
            path.chmod(mode | stat.S_IROTH | runs)
