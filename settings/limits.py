"""What may settings that are numbers or choices be? Said in Chinese to whoever wrote something else."""

# The settings of the mail sender, each with what it may be.
MAIL_LIMITS = {
    "mail_per_minute": "每分钟发送的邮件数应为整数，0 表示不限",
    "mail_per_quarter": "每15分钟发送的邮件数应为整数，0 表示不限",
    "mail_per_day": "每天发送的邮件数应为整数，0 表示不限",
    "mail_per_connection": "每次连接发送的邮件数应为不小于 1 的整数",
    "mail_gather_seconds": "同一人的任务合并等候的秒数应为不小于 0 的数",
}
OTHER_LIMITS = {
    "backup_keep": "保留的备份份数应为不小于 1 的整数",
    "clamd_seconds": "等候病毒扫描的秒数应为大于 0 的数",
    "log_format": "日志格式只能是 text 或 json",
    "password_policy": "密码规则应为 dengbao（等级保护）或 asvs",
}
