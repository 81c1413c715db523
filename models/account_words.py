"""Which words belong to accounts: who administers what, what is noted of accounts, what waits for a second person?"""

from enum import StrEnum


class AdminRole(StrEnum):
    """The three administrators; nobody is two of them, and none of them has to do with the season's cases."""

    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


class Waits(StrEnum):
    """For what a login still waits before it opens anything."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105 -- the name of a step
    ENROL = "enrol"


class Result(StrEnum):
    """How it ended what an account did."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"


class AccountEventKind(StrEnum):
    """What is noted of accounts."""

    LOGGED_IN = "logged_in"
    LOGIN_FAILED = "login_failed"
    LOCKED = "locked"
    SHUT_OUT = "shut_out"
    LOGGED_OUT = "logged_out"
    LOGINS_ENDED = "logins_ended"
    DENIED = "denied"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 -- the name of an event
    ACCOUNT_MADE = "account_made"
    ACCOUNT_INVITED = "account_invited"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    ACCOUNT_UNLOCKED = "account_unlocked"
    FACTOR_SET = "factor_set"
    FACTOR_FAILED = "factor_failed"
    RECOVERY_USED = "recovery_used"
    CODES_RENEWED = "codes_renewed"
    FACTOR_RESET = "factor_reset"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ROLE_GIVEN = "role_given"
    ROLE_ENDED = "role_ended"
    SEAT_GIVEN = "seat_given"
    SEAT_ENDED = "seat_ended"
    ADDRESS_CHANGED = "address_changed"
    TOKEN_MADE = "token_made"  # noqa: S105 -- the name of an event
    NUMBERS_SEEN = "numbers_seen"
    LOG_EXPORTED = "log_exported"
    VIRUS_FOUND = "virus_found"
    EXPORTED = "exported"


class ProposalKind(StrEnum):
    """What two people do together."""

    SEAT = "seat"
    ROLE = "role"
    FACTOR_RESET = "factor_reset"
    ADDRESS = "address"


class ProposalState(StrEnum):
    """`open` waits for the second person."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


ROLES = {
    AdminRole.SYSTEM: "系统管理员",
    AdminRole.SECURITY: "安全管理员",
    AdminRole.AUDIT: "审计管理员",
}
DUTIES = {
    AdminRole.SYSTEM: "账号、系统状态、流程看板",
    AdminRole.SECURITY: "角色和席位的授予、收回",
    AdminRole.AUDIT: "查看、导出审计日志",
}
RESULTS = {Result.DONE: "成功", Result.FAILED: "失败", Result.REFUSED: "拒绝"}
EVENTS = {
    AccountEventKind.LOGGED_IN: "登录",
    AccountEventKind.LOGIN_FAILED: "登录失败",
    AccountEventKind.LOCKED: "连续输错，锁定15分钟",
    AccountEventKind.SHUT_OUT: "所在网络多次登录失败，暂停登录",
    AccountEventKind.LOGGED_OUT: "退出登录",
    AccountEventKind.LOGINS_ENDED: "结束登录",
    AccountEventKind.DENIED: "越权访问被拒绝",
    AccountEventKind.PASSWORD_CHANGED: "修改密码",
    AccountEventKind.ACCOUNT_MADE: "新建账号",
    AccountEventKind.ACCOUNT_INVITED: "发送设置密码的链接",
    AccountEventKind.ACCOUNT_DISABLED: "停用账号",
    AccountEventKind.ACCOUNT_ENABLED: "恢复账号",
    AccountEventKind.ACCOUNT_UNLOCKED: "解除锁定",
    AccountEventKind.FACTOR_SET: "绑定动态口令",
    AccountEventKind.FACTOR_FAILED: "动态口令不对",
    AccountEventKind.RECOVERY_USED: "用恢复码登录",
    AccountEventKind.CODES_RENEWED: "重新生成恢复码",
    AccountEventKind.FACTOR_RESET: "解除动态口令",
    AccountEventKind.PROPOSED: "提出申请",
    AccountEventKind.CONFIRMED: "确认申请",
    AccountEventKind.DECLINED: "驳回申请",
    AccountEventKind.WITHDRAWN: "撤回申请",
    AccountEventKind.ROLE_GIVEN: "授予管理员角色",
    AccountEventKind.ROLE_ENDED: "收回管理员角色",
    AccountEventKind.SEAT_GIVEN: "授予席位",
    AccountEventKind.SEAT_ENDED: "收回席位",
    AccountEventKind.ADDRESS_CHANGED: "更改电子邮箱",
    AccountEventKind.TOKEN_MADE: "签发接口令牌",
    AccountEventKind.NUMBERS_SEEN: "查看个人号码",
    AccountEventKind.LOG_EXPORTED: "导出审计日志",
    AccountEventKind.VIRUS_FOUND: "上传的文件查出病毒",
    AccountEventKind.EXPORTED: "导出业务数据",
}
PROPOSALS = {
    ProposalKind.SEAT: "授予席位",
    ProposalKind.ROLE: "授予管理员角色",
    ProposalKind.FACTOR_RESET: "解除动态口令",
    ProposalKind.ADDRESS: "更改电子邮箱",
}
STATES = {
    ProposalState.OPEN: "待确认",
    ProposalState.CONFIRMED: "已确认",
    ProposalState.DECLINED: "已驳回",
    ProposalState.WITHDRAWN: "已撤回",
}
