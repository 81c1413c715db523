"""Who makes the backup of each day? This flow, every night, where a folder is set for it."""

from prefect import flow

from tasks.backup import back_up_daily


@flow(name="backup", persist_result=False)
def back_up() -> None:
    """备份：每晚把数据库和材料文件备份到设定的文件夹，旧的保留若干份。"""
    back_up_daily()
