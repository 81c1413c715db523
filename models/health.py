"""Is each part of the system well, and what is to be done when it is not?

Pure rules over what was read: `tasks.status` reads, the page 系统状态 shows, and the API's health and readiness answer
from the same rules. Times are the machine's; ages are in seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.notice import SHANGHAI
from models.words import Condition, ScanState

BEATS_MISSED = timedelta(seconds=45)
WAKEUP_SLOW, WAKEUP_STUCK = timedelta(minutes=1), timedelta(minutes=5)
SWEEP_LATE, SWEEP_GONE = timedelta(minutes=25), timedelta(hours=1)
MAIL_STUCK = timedelta(minutes=15)
DISK_LITTLE, DISK_FULL = 2_000, 500
BACKUP_OLD = timedelta(days=2)
ANCHOR_OLD = timedelta(days=1)

RESTART = "系统会自动重新启动它。一分钟后仍是红色的，请在服务器上查看日志 {log}.log，必要时重新启动整个系统。"
MEANWHILE = "这期间可以照常提交、审批，恢复后一分钟内自动接着办理，不会漏，也不会重复。"


@dataclass(frozen=True)
class Part:
    """How one part is. `remedy` says what to do and is empty only when all is well or nothing is to be said."""

    key: str
    label: str
    condition: Condition
    text: str
    remedy: str = ""
    facts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Engine:
    """What one engine last told: how many bodies of runs it has room for, how many are at work, whether it leads."""

    name: str
    at: datetime
    threads: int
    busy: int
    leads: bool


@dataclass(frozen=True)
class MailQueue:
    """`alarms`: what the outbox tells the office; `overdue_since`: since when the longest waits of those concerned."""

    waiting: int
    last_sent: datetime | None
    unsettled: int
    stopped: bool
    alarms: Sequence[str]
    overdue_since: datetime | None


def web() -> Part:
    return Part("web", "网页服务", Condition.WELL, "您能看到这一页，网页服务就在运行。")


def database(milliseconds: float | None, facts: Sequence[tuple[str, str]] = ()) -> Part:
    """`milliseconds`: how long the simplest question took; None: no answer."""
    if milliseconds is None:
        text = "数据库没有应答，所有页面都不能办理。已经办理的都在，不会丢失。"
        return Part("database", "数据库", Condition.BROKEN, text, RESTART.format(log="database"))
    if milliseconds > 1000:
        text = f"数据库应答很慢（{milliseconds:.0f} 毫秒）。"
        return Part(
            "database", "数据库", Condition.ATTENTION, text, "请检查服务器是否过忙、磁盘是否将满。", facts
        )
    return Part("database", "数据库", Condition.WELL, f"应答用时 {milliseconds:.0f} 毫秒。", facts=facts)


def prefect(answers: bool) -> Part:
    if answers:
        return Part("prefect", "流程服务（Prefect）", Condition.WELL, "应答正常。")
    text = f"流程服务没有应答，流程暂停流转。{MEANWHILE}"
    return Part("prefect", "流程服务（Prefect）", Condition.BROKEN, text, RESTART.format(log="prefect"))


def engine(engines: Sequence[Engine], oldest: datetime | None, moment: datetime) -> Part:
    """`oldest`: since when the wake-up waits whose turn it is and that has waited longest."""
    alive = [e for e in engines if moment - e.at <= BEATS_MISSED]
    waited = moment - oldest if oldest else timedelta(0)
    facts = [("最近一次心跳", shown(max((e.at for e in engines), default=None)))]
    facts += [(e.name, f"{'牵头，' if e.leads else ''}线程 {e.threads} 个，在用 {e.busy} 个") for e in alive]
    facts.append(("等待唤醒最久的", f"{waited.total_seconds():.0f} 秒" if oldest else "没有等待的"))
    label = "流程引擎"
    if not alive:
        text = f"流程引擎没有心跳，流程暂停流转，邮件暂不发送。{MEANWHILE}"
        return Part("engine", label, Condition.BROKEN, text, RESTART.format(log="engine"), facts)
    if not any(e.leads for e in alive):
        text = "没有引擎牵头，流程暂停流转。启动后的几秒内属于正常。"
        return Part("engine", label, Condition.ATTENTION, text, RESTART.format(log="engine"), facts)
    if waited > WAKEUP_SLOW:
        bad = Condition.BROKEN if waited > WAKEUP_STUCK else Condition.ATTENTION
        remedy = "先看流程服务是否正常；正常而仍不减少的，请查看日志 engine.log。"
        return Part("engine", label, bad, "决定以后，流程没有及时接着走。", remedy, facts)
    return Part("engine", label, Condition.WELL, "心跳正常，流转及时。", facts=facts)


def sweep(last: datetime | None, woken: int, started: datetime | None, moment: datetime) -> Part:
    """`started`: since when an engine has been running; until the first sweep after that is due, nothing is missed."""
    label, facts = "巡查", [("最近一次", shown(last)), ("该次唤醒的案件", f"{woken} 件")]
    since = max((at for at in (last, started) if at), default=moment)
    if moment - since > SWEEP_LATE:
        bad = Condition.BROKEN if moment - since > SWEEP_GONE else Condition.ATTENTION
        remedy = "先看流程服务和流程引擎；都正常的，请在流程看板的 Deployments 中确认 clockwork 没有停用。"
        return Part("sweep", label, bad, "每十分钟一次的巡查没有按时进行。", remedy, facts if last else ())
    if last is None:
        return Part("sweep", label, Condition.NONE, "系统刚启动，还没有到第一次巡查的时间。")
    return Part("sweep", label, Condition.WELL, "按时进行。", facts=facts)


def mail(queue: MailQueue, moment: datetime) -> Part:
    """The alarms are those of the outbox itself; trouble that lasts is more than a warning."""
    facts = [
        ("等待发送", f"{queue.waiting} 封"),
        ("最近一封发出", shown(queue.last_sent)),
        ("没有送达或结果不明", f"{queue.unsettled} 封"),
    ]
    if queue.stopped or queue.alarms:
        lasting = queue.overdue_since is not None and moment - queue.overdue_since > MAIL_STUCK
        condition = Condition.BROKEN if queue.stopped or lasting else Condition.ATTENTION
        remedy = "请到“邮件发送”查看原因，处理好以后继续发送；需要尽快通知的，先打电话联系。"
        return Part("mail", "邮件", condition, "".join(queue.alarms), remedy, facts)
    if queue.unsettled:
        remedy = "请到“邮件发送”逐封查看原因，改正地址后重发，或打电话联系。"
        text = "有邮件没有送达，或者不知道是否送达。"
        return Part("mail", "邮件", Condition.ATTENTION, text, remedy, facts)
    return Part("mail", "邮件", Condition.WELL, "正常发送。", facts=facts)


def virus_scanner(
    set_up: bool, version: str | None, counts: Mapping[ScanState, int], since: datetime | None
) -> Part:
    """`version`: what the scanner says it is, None: no answer; `since`: of the file that has waited longest."""
    label, waiting, found = "病毒扫描", counts.get(ScanState.WAITING, 0), counts.get(ScanState.FOUND, 0)
    facts = [("待查毒", f"{waiting} 份"), ("查出病毒、已隔离", f"{found} 份")]
    if not set_up:
        text = (
            "没有设置病毒扫描程序，上传的文件标为“未扫描”。要设置的，见部署说明（GONGJIANG_CLAMD_ADDRESS）。"
        )
        return Part("virus", label, Condition.NONE, text)
    if version is None:
        text = "病毒扫描程序没有应答。这期间上传的文件照收，但先扣住待查，查过以前谁也打不开。"
        remedy = "请在服务器上查看 clamav-daemon 是否在运行（systemctl status clamav-daemon）；恢复后，巡查时自动补查。"
        return Part("virus", label, Condition.BROKEN, text, remedy, [*facts, ("最早待查", shown(since))])
    facts.append(("程序", version))
    if waiting:
        remedy = "十分钟一次的巡查会自动补查；一直不减少的，请查看日志 engine.log。"
        return Part("virus", label, Condition.ATTENTION, "有文件还没有查毒，暂时打不开。", remedy, facts)
    if found:
        remedy = "请上传的人移除这些文件，重新上传干净的；是谁上传的，见审计日志“上传的文件查出病毒”。"
        return Part("virus", label, Condition.ATTENTION, "有文件在补查时查出病毒，已经隔离。", remedy, facts)
    return Part("virus", label, Condition.WELL, "应答正常，上传的文件都查过。", facts=facts)


def disk(free_megabytes: int, total_megabytes: int) -> Part:
    facts = [("数据目录所在磁盘", f"剩余 {gigabytes(free_megabytes)}，共 {gigabytes(total_megabytes)}")]
    if free_megabytes >= DISK_LITTLE:
        return Part("disk", "磁盘", Condition.WELL, "空间充足。", facts=facts)
    full = free_megabytes < DISK_FULL
    text = "磁盘将满，数据库随时可能停止。" if full else "磁盘空间不多了。"
    condition = Condition.BROKEN if full else Condition.ATTENTION
    return Part("disk", "磁盘", condition, text, "请清理服务器磁盘，或把数据目录移到更大的磁盘。", facts)


def backup(last: datetime | None, moment: datetime, size: int = 0, files: int = 0) -> Part:
    """`last`: when the last backup was whole, with its size in bytes and how many files are in it."""
    if last is None:
        text = "还没有备份过。正式使用时，请设置每晚的备份（GONGJIANG_BACKUP_FOLDER），密钥文件另行保管。"
        return Part("backup", "备份", Condition.NONE, text)
    facts = [("最近一次", shown(last)), ("大小", f"{size / 1_000_000:.1f} MB，材料文件 {files} 个")]
    if moment - last > BACKUP_OLD:
        remedy = "请在服务器上运行 gongjiang backup 备份一次；它会说明做不成的原因，例如磁盘已满。"
        return Part("backup", "备份", Condition.ATTENTION, "已经两天没有备份。", remedy, facts)
    return Part("backup", "备份", Condition.WELL, "按时进行。", facts=facts)


def anchors(last: date | None, today: date | None, *, mailed: bool) -> Part:
    """`last`: of the season under way whose anchor is oldest; `today`: that season's day; None: no season."""
    label, text = "记录锚", "每天一次，寄给审计人员。"
    if today is None:
        return Part("anchors", label, Condition.NONE, "没有进行中的年度。")
    facts = [("最近一次", last.isoformat() if last else "还没有")]
    if last is not None and today - last > ANCHOR_OLD:
        remedy = "先看巡查是否按时进行；都正常的，请查看日志 engine.log。"
        return Part("anchors", label, Condition.ATTENTION, "记录锚没有按时作出。", remedy, facts)
    if not mailed:
        text = "没有设定审计人员的邮箱，记录锚没有寄到系统以外：系统内的记录锚如被整套改写，就查不出来。"
        remedy = "请在 GONGJIANG_AUDITOR_EMAIL 中写明审计人员的邮箱，重新启动。"
        return Part("anchors", label, Condition.ATTENTION, text, remedy, facts)
    return Part("anchors", label, Condition.WELL, text, facts=facts)


def shown(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if moment else "还没有"


def gigabytes(megabytes: int) -> str:
    return f"{megabytes / 1000:.1f} GB"
