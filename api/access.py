"""For whom does each page and each endpoint exist? One rule for every address, asked before the endpoint itself.

For everybody else the address answers 404. Which cases, files and words there are behind an address that exists is
the business of `models.visibility`, `models.reading` and `models.casefile`. An address without a rule exists for
nobody. `docs/access.md` is made from this table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models.account_words import AdminRole
from models.administering import administers
from models.coverage import reads_coverage
from models.hosts import concerns_document
from models.meeting import goes_to_meetings
from models.priorities import recommending
from models.viewer import Viewer
from tasks.publicity import releases


@dataclass(frozen=True)
class Rule:
    """For whom an address is. `holds` is asked of an ordinary person; None: it does not depend on seats.

    `login`: whether one has to be logged in. `partly`: only as far as the thing named in the address is in view.
    `admins`: the administrators for whom it is, and nobody else; `tried_out`: the office of practice as well.
    """

    label: str
    holds: Callable[[Viewer], bool] | None = None
    login: bool = True
    partly: bool = False
    admins: frozenset[AdminRole] = frozenset()
    tried_out: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked of who is logged in."""
        return self.holds is None and not self.admins

    def admits(self, viewer: Viewer) -> bool:
        role = viewer.person.admin_role
        if self.admins:
            return role in self.admins or (self.tried_out and administers(viewer.session, viewer.person))
        return self.holds is None or (not role and self.holds(viewer))


def _enters(viewer: Viewer) -> bool:
    return viewer.enters_cases


def _handles_sheets(viewer: Viewer) -> bool:
    return viewer.notice.summary is not None and (viewer.is_office or bool(recommending(viewer)))


def _reviews(viewer: Viewer) -> bool:
    return viewer.is_office and bool(viewer.notice.office_reviews)


PUBLIC = Rule("任何人，不登录", login=False)
LINK = Rule("持有链接的人，不登录", login=False, partly=True)
SELF = Rule("登录的人，本人的账号")
EVERYBODY = Rule("登录的人，只列出可见范围内的内容")
OWN_PAPER = Rule("登录的人，本人上传的申请表", partly=True)
IN_VIEW = Rule("案件在可见范围内的人", partly=True)
TASK = Rule("任务所在的人，和对它有事可办的人", partly=True)
SEATED = Rule("持有席位的人", lambda v: bool(v.seats))
ENTERS = Rule("录入人选的人", _enters)
OFFICE = Rule("办公室", lambda v: v.is_office)
REVIEWS = Rule("办公室（有初审环节时）", _reviews)
AWARDS = Rule("办公室（有激励金时）", lambda v: v.is_office and v.notice.award is not None)
CERTIFIES = Rule("办公室（有证书时）", lambda v: v.is_office and v.notice.certificate is not None)
APPEALS = Rule("办公室（有申诉时）", lambda v: v.is_office and v.notice.appeals is not None)
OVERSEES = Rule("看全部案件的人", lambda v: v.sees_all)
LISTS = Rule("看名单的人", lambda v: v.reads_opinions)
MEETS = Rule("记录、出席会议的人，和看全部案件的人", goes_to_meetings)
PUBLISHES = Rule("办公室和脱密审核人", lambda v: v.is_office or releases(v))
CONSENTS = Rule("办公室，和评审、查验的人", lambda v: v.is_office or v.is_assigned)
DOCUMENT = Rule("拟稿、会签联合发文的人，和看全部案件的人", concerns_document)
COVERAGE = Rule("登记宣传的人，和看名单的人", reads_coverage)
SHEETS = Rule("推荐人选的单位、县（区）总工会和办公室", _handles_sheets)
SUMMARY = Rule("登录的人，只导出可见的人选", lambda v: v.notice.summary is not None)
RECOMMENDS = Rule("推荐人选的单位、县（区）总工会", lambda v: bool(recommending(v)))
PRACTICE = Rule("登录的人，只在演练年度", lambda v: v.season.practice)
ACCOUNTS = Rule("系统管理员、安全管理员", admins=frozenset((AdminRole.SYSTEM, AdminRole.SECURITY)))
SYSTEM = Rule("系统管理员", admins=frozenset((AdminRole.SYSTEM,)))
SECURITY = Rule("安全管理员", admins=frozenset((AdminRole.SECURITY,)))
LOG = Rule("审计管理员", admins=frozenset((AdminRole.AUDIT,)))
STATUS = Rule(
    "系统管理员；只有演练年度时，办公室也可以", admins=frozenset((AdminRole.SYSTEM,)), tried_out=True
)

PAGES: Mapping[Rule, tuple[str, ...]] = {
    PUBLIC: (
        *("/login", "/public", "/public/qr.svg", "/public/result", "/public/objection", "/certificates"),
        *("/forms/{what}.{form}", "/apply", "/apply/sent"),
    ),
    LINK: (
        *("/public/objection/{receipt}", "/t/{token}", "/t/{token}/due.ics", "/ics/{token}", "/a/{token}"),
        "/welcome/{token}",
    ),
    SELF: (
        *("/logout", "/password", "/login/code", "/second-factor", "/second-factor/confirm"),
        *(
            "/second-factor/codes",
            "/account",
            "/account/logins/end",
            "/account/logins/{login_id}/end",
            "/seasons",
        ),
    ),
    EVERYBODY: (
        *(
            "/",
            "/circulated/{event_id}",
            "/circulated/read",
            "/calendar",
            "/calendar/stop",
            "/cases",
            "/season",
        ),
        *("/season/clock", "/board", "/board/timeline", "/board/forecast", "/board/waiting", "/board/remind"),
        *("/many/preview", "/many/decide"),
        *("/cases/new", "/cases/new/typed", "/cases/new/typed/drop"),
    ),
    OWN_PAPER: ("/cases/new/read-form", "/cases/new/read-form/{number}.png", "/cases/new/read-form/drop"),
    IN_VIEW: (
        *("/cases/{case_id}", "/cases/{case_id}/edit", "/cases/{case_id}/submit", "/cases/{case_id}/typed"),
        *("/cases/{case_id}/typed/drop", "/cases/{case_id}/read-form", "/cases/{case_id}/read-form/drop"),
        *(
            "/cases/{case_id}/read-form/{number}.png",
            "/cases/{case_id}/withdraw",
            "/cases/{case_id}/disqualify",
        ),
        *("/cases/{case_id}/admit", "/cases/{case_id}/objections", "/cases/{case_id}/record"),
        *(
            "/cases/{case_id}/record.pdf",
            "/cases/{case_id}/record.json",
            "/cases/{case_id}/photos/{photo_id}",
        ),
        *("/cases/{case_id}/inspection.{form}", "/cases/{case_id}/files", "/cases/{case_id}/files/{file_id}"),
        *("/cases/{case_id}/files/{file_id}/remove", "/cases/{case_id}/files/{file_id}/pages/{number}"),
        *("/cases/{case_id}/files/{file_id}/view", "/cases/{case_id}/papers", "/cases/{case_id}/numbers"),
        *("/cases/{case_id}/print/{what}.{form}", "/cases/{case_id}/scans"),
        *("/cases/{case_id}/consent", "/cases/{case_id}/consent/withdraw"),
    ),
    TASK: (
        *("/tasks/{assignment_id}", "/tasks/{assignment_id}/recusal", "/tasks/{assignment_id}/leave"),
        *(
            "/tasks/{assignment_id}/typed",
            "/tasks/{assignment_id}/typed/drop",
            "/tasks/{assignment_id}/photos",
        ),
        *("/tasks/{assignment_id}/photos/{photo_id}/remove", "/tasks/{assignment_id}/document.{form}"),
        *("/tasks/{assignment_id}/code", "/tasks/{assignment_id}/next", "/tasks/{assignment_id}/hand"),
        *(
            "/tasks/{assignment_id}/take-back",
            "/tasks/{assignment_id}/paper",
            "/tasks/{assignment_id}/remind",
        ),
        "/tasks/{assignment_id}/scan",
    ),
    SEATED: ("/absences", "/absences/{seat_id}/end", "/recusals", "/recusals/relatives"),
    ENTERS: ("/scans", "/scans/by-hand"),
    OFFICE: (
        *("/season/dates", "/invitations", "/invitations/{invitation_id}/revoke", "/channels"),
        *("/cases/{case_id}/channel", "/cases/{case_id}/correct", "/doubles", "/dossiers"),
        "/cases/{case_id}/dossier",
        *("/dossiers/{dossier_id}/stop", "/dossiers/{dossier_id}/take", "/dossiers/anchors/{number}"),
        *("/inbox", "/inbox/fetch", "/inbox/{mail_id}", "/inbox/{mail_id}/files/{part_id}"),
        *("/inbox/{mail_id}/files/{part_id}/pages/{number}", "/inbox/{mail_id}/files/{part_id}/view"),
        *(
            "/inbox/{mail_id}/draft",
            "/inbox/{mail_id}/import",
            "/inbox/{mail_id}/attach",
            "/inbox/{mail_id}/aside",
        ),
        *("/inbox/{mail_id}/back", "/cases/{case_id}/revoke", "/cases/{case_id}/revoke/paper", "/mails"),
        *(
            "/mails/results",
            "/mails/stop",
            "/mails/resume",
            "/mails/{message_id}",
            "/mails/{message_id}/html",
        ),
        *("/mails/{message_id}/resend", "/mails/{message_id}/address", "/calls", "/calls/{person_id}"),
        *("/objections", "/objections/{objection_id}/files/{file_id}", "/objections/{objection_id}/admit"),
        *(
            "/objections/{objection_id}/verify",
            "/objections/{objection_id}/conclude",
            "/panels",
            "/panels/{gate_id}",
        ),
        *("/experts", "/experts/{person_id}", "/recusals/relatives/{relative_id}/strike", "/winners"),
        *("/winners/{winner_id}/strike", "/workdays", "/workdays/day", "/workdays/clear", "/workdays/year"),
    ),
    REVIEWS: ("/review",),
    AWARDS: ("/award", "/award/amount", "/award/payments", "/award/payments.xlsx", "/award/reserve.xlsx"),
    CERTIFIES: (
        "/certificates/list",
        "/certificates/print/all.{form}",
        "/cases/{case_id}/certificate.{form}",
    ),
    APPEALS: ("/appeals", "/cases/{case_id}/appeal", "/appeals/{appeal_id}/answer"),
    OVERSEES: ("/mails/preview", "/mails/preview/{key}", "/mails/preview/{key}/html"),
    LISTS: ("/lists", "/lists/{list_id}"),
    MEETS: (
        *("/meetings", "/meetings/{gate_id}", "/meetings/{gate_id}/list", "/meetings/{gate_id}/scan"),
        "/meetings/{gate_id}/papers/{what}.{form}",
    ),
    PUBLISHES: (
        *("/publication", "/publication/corrections", "/publication/corrections/{correction_id}"),
        "/publication/{what}.{ending}",
        *("/retention", "/retention/propose", "/retention/{erasure_id}/settle"),
        *("/retention/holds", "/retention/holds/{hold_id}/lift"),
    ),
    CONSENTS: ("/consents", "/consents/experts/{person_id}"),
    DOCUMENT: (
        *("/document", "/document/text", "/document/number", "/document/files", "/document/files/{file_id}"),
        "/document/versions/{version}.{form}",
    ),
    COVERAGE: ("/publicity", "/publicity/{coverage_id}/remove", "/publicity/{coverage_id}/clipping"),
    SHEETS: (
        *("/imports", "/imports/{import_id}", "/imports/{import_id}/findings.xlsx"),
        *("/imports/{import_id}/confirm", "/imports/{import_id}/discard"),
    ),
    SUMMARY: ("/imports/template.xlsx", "/summary", "/summary.xlsx"),
    RECOMMENDS: ("/priorities",),
    PRACTICE: ("/mailbox", "/mailbox/{mail_id}", "/mailbox/{mail_id}/html"),
    ACCOUNTS: (
        *("/accounts", "/accounts/{person_id}", "/accounts/{person_id}/propose/{kind}", "/grants"),
        "/grants/{proposal_id}/withdraw",
    ),
    SYSTEM: (
        *("/accounts/new", "/accounts/{person_id}/link", "/accounts/{person_id}/disable"),
        *("/accounts/{person_id}/enable", "/accounts/{person_id}/unlock"),
    ),
    SECURITY: (
        *("/accounts/{person_id}/take/{what}", "/grants/{proposal_id}/confirm"),
        "/grants/{proposal_id}/decline",
    ),
    LOG: ("/audit", "/audit/export"),
    STATUS: ("/status", "/status/artifacts/{key}", "/status/runs/{run_id}"),
}

# Below /api/v1, and below /api/v1/seasons/{season_id} as well.
INTERFACE: Mapping[Rule, tuple[str, ...]] = {
    PUBLIC: ("/health", "/ready"),
    STATUS: ("/status",),
    EVERYBODY: (
        *(
            "/seasons",
            "/season",
            "/cases",
            "/gates",
            "/substitutes",
            "/substitutes/{substitute_id}/end",
            "/imports",
        ),
        *("/amendments", "/board", "/consent"),
    ),
    IN_VIEW: (
        *(
            "/cases/{no}",
            "/cases/{no}/events",
            "/cases/{no}/losses",
            "/cases/{no}/withdraw",
            "/cases/{no}/disqualify",
        ),
        *("/cases/{no}/late-admission", "/cases/{no}/inspections"),
        *("/cases/{no}/consent", "/cases/{no}/consent/withdrawal"),
        "/exports/cases/{no}.zip",
    ),
    TASK: (
        *("/gates/{gate_id}/decisions", "/gates/{gate_id}/recusals", "/gates/{gate_id}/photos"),
        *("/gates/{gate_id}/reminders", "/gates/{gate_id}/handings", "/gates/{gate_id}/panel/leave"),
    ),
    OFFICE: (
        *("/cases/{no}/corrections", "/channels", "/cases/{no}/channel", "/gates/{gate_id}/visit", "/panels"),
        *("/gates/{gate_id}/panel", "/experts", "/experts/{person_id}/trades"),
        *("/objections", "/objections/{objection_id}/admit", "/objections/{objection_id}/verify"),
        *("/objections/{objection_id}/conclude", "/mails", "/mails/{message_id}/resend", "/results/release"),
        *("/calls", "/award", "/certificates", "/award/amounts", "/award/payments", "/cases/{no}/revocation"),
        "/exports/certificates.{form}",
    ),
    AWARDS: ("/exports/awards.xlsx", "/exports/reserve.xlsx"),
    APPEALS: ("/appeals", "/appeals/{appeal_id}/answer"),
    LISTS: ("/shortlists",),
    MEETS: (
        *(
            "/meetings",
            "/meetings/{meeting_id}/close",
            "/gates/{gate_id}/meeting",
            "/meetings/{meeting_id}/scan",
        ),
    ),
    PUBLISHES: (
        *("/publication", "/publication/corrections", "/publication/corrections/{correction_id}/settle"),
        *("/exports/public/{what}.{form}", "/exports/public/{what}/site.zip"),
    ),
    DOCUMENT: (
        *("/document", "/document/versions", "/document/numbers", "/document/files"),
        "/exports/document/{version}.{form}",
    ),
    COVERAGE: ("/publicity", "/publicity/{report_id}/remove"),
    SUMMARY: ("/exports/summary.xlsx",),
}

# What takes business data away; the account log tells who did, before the first byte leaves.
EXPORTS: Mapping[str, str] = {
    "/summary.xlsx": "汇总表",
    "/imports/{import_id}/findings.xlsx": "导入校验结果",
    "/cases/{case_id}/files/{file_id}": "材料原件",
    "/cases/{case_id}/files/{file_id}/view": "查看材料",
    "/cases/{case_id}/record.pdf": "流转记录",
    "/cases/{case_id}/record.json": "流转记录",
    "/cases/{case_id}/print/{what}.{form}": "申报表格",
    "/cases/{case_id}/inspection.{form}": "查验报告",
    "/cases/{case_id}/certificate.{form}": "证书",
    "/certificates/print/all.{form}": "全部证书",
    "/dossiers/{dossier_id}/take": "档案",
    "/award/payments.xlsx": "激励金发放表",
    "/award/reserve.xlsx": "后备人选名册",
    "/meetings/{gate_id}/papers/{what}.{form}": "会议材料",
    "/publication/{what}.{ending}": "公示材料",
    "/document/versions/{version}.{form}": "联合发文",
    "/exports/summary.xlsx": "汇总表",
    "/exports/cases/{no}.zip": "案件档案",
    "/exports/awards.xlsx": "激励金发放表",
    "/exports/reserve.xlsx": "后备人选名册",
    "/exports/certificates.{form}": "全部证书",
    "/exports/public/{what}.{form}": "公示材料",
    "/exports/public/{what}/site.zip": "公示材料",
    "/exports/document/{version}.{form}": "联合发文",
}

_PAGE_RULES = {path: rule for rule, paths in PAGES.items() for path in paths}
_INTERFACE_RULES = {path: rule for rule, paths in INTERFACE.items() for path in paths}


def page_rule(path: str) -> Rule | None:
    """The rule of a page, by the path of its route."""
    return _PAGE_RULES.get(path)


def interface_rule(path: str) -> Rule | None:
    """The rule of an operation, by the path of its route below /api/v1, of a named season or not."""
    return _INTERFACE_RULES.get(path.removeprefix("/seasons/{season_id}") or "/")
