"""Who fetches the mails that come in? This flow, every five minutes, where a mailbox or a folder is set."""

from prefect import flow

from tasks.inbox_polling import collect


@flow(name="inbox", persist_result=False)
def fetch_mails() -> None:
    """收信：从设定的收信邮箱和文件夹收取申报邮件，交办公室认领。"""
    collect()
