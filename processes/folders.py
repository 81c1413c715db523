"""Which folders must be there before anything starts, and who may enter them?"""

import os
from pathlib import Path

from processes.errors import CannotStart
from settings import Settings


def make_folders(settings: Settings) -> None:
    """Make the folders of an installation. Root's may be passed through: the database has its own account."""
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        for folder in (settings.home, settings.run_folder, settings.socket_folder):
            _make(folder, mode)
        for folder in (
            settings.log_folder,
            settings.mail_folder,
            settings.prefect_folder,
            settings.temporary_folder,
        ):
            _make(folder, 0o700)
    except OSError as error:
        raise CannotStart(
            f"无法使用数据目录 {settings.home}：{error.strerror}（{error.filename}）。"
            "请检查目录权限，或用 GONGJIANG_HOME 另设目录。"
        ) from error


def _make(folder: Path, mode: int) -> None:
    folder.mkdir(exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise CannotStart(
            f"目录 {folder} 属于另一个系统用户，不能使用。请删除它，或用 GONGJIANG_HOME 另设目录。"
        )
    folder.chmod(mode)
