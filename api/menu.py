"""Which pages does the menu offer to this person, in which parts, with what waiting behind each?

Every page that has its own entry is listed here and nowhere else. A part of the menu is open when there is work in it
or when the page that is looked at belongs to it; with few entries everything is open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from api.deps import Visit
from models.account_words import AdminRole
from models.coverage import reads_coverage
from models.hearing import open_count
from models.hosts import concerns_document
from models.inbox import waiting_mails
from models.meeting import goes_to_meetings, meetings_to_record
from models.outbox import held_count
from models.panels import vacancies
from models.priorities import recommending
from tasks.granting import proposals_to_confirm
from tasks.publicity import corrections_waiting, releases

FEW = 15


@dataclass(frozen=True)
class Item:
    """One entry; `also` are the paths of pages that belong to it, `count` is what waits there."""

    href: str
    text: str
    count: int = 0
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a page belongs to this entry."""
        if path == self.href or any(path == a or path.startswith(f"{a}/") for a in self.also):
            return True
        entering = path.startswith("/cases/new")
        below = self.href != "/" and path.startswith(f"{self.href}/")
        return below and (self.href == "/cases/new" or not entering)


@dataclass(frozen=True)
class Part:
    """Entries that belong together."""

    title: str
    items: tuple[Item, ...]
    path: str
    few: bool

    @cached_property
    def count(self) -> int:
        return sum(i.count for i in self.items)

    @property
    def is_open(self) -> bool:
        return self.few or bool(self.count) or any(i.holds(self.path) for i in self.items)


def menu(visit: Visit) -> list[Part]:
    """The parts in the order of the season's work; what this person has no part in is left out."""
    path = visit.request.url.path
    if visit.person.admin_role:
        items = tuple(_administration(visit, AdminRole(visit.person.admin_role)))
        return [Part("系统管理", items, path, few=True)]
    parts = [
        ("办理", _waiting(visit)),
        ("申报", _applications(visit)),
        ("审核与评审", _review(visit)),
        ("公示与认定", _recognition(visit)),
        ("安排与系统", _running(visit)),
    ]
    found = [(title, tuple(items)) for title, items in parts]
    few = sum(len(items) for _, items in found) <= FEW
    return [Part(title, items, path, few or title == "办理") for title, items in found if items]


def _administration(visit: Visit, role: AdminRole) -> Iterator[Item]:
    if role is AdminRole.AUDIT:
        yield Item("/audit", "审计日志")
        return
    waiting = proposals_to_confirm(visit.session, visit.person) if role is AdminRole.SECURITY else 0
    yield Item("/accounts", "账号")
    yield Item("/grants", "授权申请", waiting)
    if role is AdminRole.SYSTEM:
        yield Item("/status", "系统状态")


def _waiting(visit: Visit) -> Iterator[Item]:
    yield Item("/", "我的待办", visit.badges.waiting)
    yield Item("/?tab=done", "已办")
    yield Item("/?tab=entered", "我发起的")
    yield Item("/?tab=read", "待阅", visit.badges.unread)
    if visit.viewer.seats:
        yield Item("/board", "卡在哪里")


def _applications(visit: Visit) -> Iterator[Item]:
    viewer = visit.viewer
    yield Item("/cases", "申报管理")
    if viewer.enters_cases:
        yield Item("/cases/new", "录入人选")
        yield Item("/scans", "盖章扫描件")
    if viewer.is_office:
        yield Item("/inbox", "来信", waiting_mails(viewer))
        yield Item("/mails", "邮件发送", held_count(visit.session, visit.season.id), ("/calls",))
    if viewer.notice.summary and (viewer.is_office or recommending(viewer)):
        yield Item("/imports", "汇总表", also=("/priorities", "/summary"))


def _review(visit: Visit) -> Iterator[Item]:
    viewer = visit.viewer
    if viewer.is_office and viewer.notice.office_reviews:
        yield Item("/review", "资格初审")
    if viewer.is_office:
        yield Item("/doubles", "核对事项", visit.settling, ("/channels", "/invitations", "/winners"))
        yield Item("/panels", "评审组", vacancies(viewer), ("/experts",))
    if viewer.seats:
        yield Item("/recusals", "回避申报")
    if viewer.reads_opinions:
        yield Item("/lists", "名单")
    if goes_to_meetings(viewer):
        yield Item("/meetings", "会议", meetings_to_record(viewer))


def _recognition(visit: Visit) -> Iterator[Item]:
    viewer, session, season = visit.viewer, visit.session, visit.season
    if viewer.is_office:
        yield Item("/objections", "异议办理", open_count(session, season.id), ("/appeals",))
    if viewer.is_office or releases(viewer):
        yield Item(
            "/publication", "公示管理", corrections_waiting(session, season) if releases(viewer) else 0
        )
    yield Item("/public", "社会公示")
    if concerns_document(viewer):
        yield Item("/document", "认定发证", also=("/certificates/list", "/award"))
    if reads_coverage(viewer):
        yield Item("/publicity", "宣传展示")


def _running(visit: Visit) -> Iterator[Item]:
    yield Item("/season", "年度安排")
    if visit.viewer.is_office:
        yield Item("/workdays", "年历")
    if visit.viewer.seats:
        yield Item("/absences", "请假与代理")
    yield Item("/calendar", "日历订阅")
    if visit.viewer.is_assigned and not visit.viewer.is_office:
        yield Item("/consents", "告知同意书")
    if releases(visit.viewer) and not visit.viewer.is_office:
        yield Item("/retention", "个人信息清除")
    if visit.season.practice:
        yield Item("/mailbox", "演练邮箱")
    if visit.viewer.is_office:
        yield Item("/consents", "个人信息", also=("/retention",))
        yield Item("/dossiers", "档案")
        yield Item("/status", "系统状态")
