"""Who sees which page, which field and which answer, and when? `python -m docs.access [--check]`.

Nothing here decides anything: each cell asks the rule that the application asks (`api.access`, `models.reading`,
`models.viewer`, `models.casefile`) for an example person of each body of the Liuzhou notice.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from fastapi.routing import APIRoute
from sqlmodel import Session

from api.access import INTERFACE, PAGES, Rule
from api.app import PAGES as PARTS
from api.v1.router import PREFIX, document
from docs.generated import settle
from models.account_words import ROLES, AdminRole
from models.administering import is_own_page
from models.board.sight import knows_names
from models.case import Case
from models.casefile import is_read
from models.notice import Body, Notice
from models.people import Organisation, Person, Seat
from models.reading import may_read_document, may_read_numbers
from models.season import Season
from models.viewer import Viewer
from models.words import Relation
from notices.reader import read_notice

ROOT = Path(__file__).resolve().parent
NOTICE = ROOT.parent / "notices" / "liuzhou-2025.yaml"
PAGE = ROOT / "access.md"
YES, PARTLY, NO, LINK, LOGIN = "可", "限", "404", "链接", "登录"
COUNTY, UNIT = "yufeng", uuid4()
HEAD = """# 谁能看到什么

由 `python -m docs.access` 从规则生成，不要手工修改。每一格都问程序自己的规则；
`make test` 以各种角色走遍每个地址，核对答复与本表一致。

“可”是打开；“限”是只有地址所指的案件、任务在其可见范围内才打开，否则与不存在一样答 404；“404”是对其不存在。
未登录的人打开需要登录的页面，转到登录页；接口答 401。案件、文件、意见各看到多少，见后面几节。
"""


@dataclass(frozen=True)
class Role:
    """One column: an example person of some bodies, an administrator, or somebody without a seat."""

    label: str
    viewer: Viewer
    bodies: tuple[Body, ...] = ()

    @property
    def admin(self) -> AdminRole | None:
        role = self.viewer.person.admin_role
        return AdminRole(role) if role else None


# --- the columns -------------------------------------------------------------------------------------------------


def roles(notice: Notice) -> list[Role]:
    """Those of the notice's bodies that the rules treat alike are one column."""
    alike: dict[tuple[str, ...], list[Body]] = {}
    for body in notice.bodies:
        if body.relation is not Relation.FILLER:
            alike.setdefault(_profile(notice, body), []).append(body)
    found = [
        Role("、".join(b.label for b in some), viewer_of(notice, some[0]), tuple(some))
        for some in alike.values()
    ]
    found.append(Role("无席位的人（个人自荐）", viewer_of(notice, None)))
    return [*found, *(Role(label, viewer_of(notice, None, role)) for role, label in ROLES.items())]


def _profile(notice: Notice, body: Body) -> tuple[str, ...]:
    viewer, role = viewer_of(notice, body), Role("", viewer_of(notice, body), (body,))
    addresses = [cell(rule, role, "/") for rule in (*PAGES, *INTERFACE)]
    return (*addresses, body.sees or "", str(body.relation), *_fields(viewer, notice), when_in_view(role))


def viewer_of(notice: Notice, body: Body | None, admin: AdminRole | None = None) -> Viewer:
    """Somebody who holds this one seat in a real season; nothing is asked of a database."""
    person = Person(id=uuid4(), name="样例", email="sample@example.org", admin_role=admin)
    season = Season.model_construct(id=uuid4(), key="sample", title="", notice_digest="", practice=False)
    place = _organisation(body)
    held = (
        [Seat.model_construct(body=body.key, person_id=person.id, organisation_id=place.id)] if body else []
    )
    viewer = Viewer(Session(), person, season, notice, held, [place] if body else [])
    viewer.__dict__["recused_from"] = frozenset()
    return viewer


def _organisation(body: Body | None) -> Organisation:
    relation = body.relation if body else None
    county = COUNTY if relation is Relation.OWN_COUNTY else None
    return Organisation(
        id=UNIT if relation is Relation.OWN_UNIT else uuid4(), name="样例", kind="", county=county
    )


# --- addresses ---------------------------------------------------------------------------------------------------


def cell(rule: Rule, role: Role | None, path: str) -> str:
    """What somebody of this role is answered at an address with this rule; None is nobody."""
    if role is None:
        return (LINK if rule.partly else YES) if not rule.login else LOGIN
    if role.admin and rule.login and (not is_own_page(role.admin, path) or path.startswith(PREFIX)):
        return YES if path in OWN_ACCOUNT else NO
    if rule.login and not rule.is_open and not _admits(rule, role):
        return NO
    return (PARTLY if rule.login else LINK) if rule.partly else YES


# Needs a login that may still be under way, of anybody.
OWN_ACCOUNT = (
    "/logout",
    "/password",
    "/login/code",
    "/second-factor",
    "/second-factor/confirm",
    "/second-factor/codes",
)


def _admits(rule: Rule, role: Role) -> bool:
    """As in a real season: the office of practice has no part in it."""
    return role.admin in rule.admins if rule.admins else rule.admits(role.viewer)


def methods() -> Mapping[str, list[str]]:
    """The pages with what may be asked of each."""
    found: dict[str, set[str]] = {}
    for part in PARTS:
        for route in part.router.routes:
            if isinstance(route, APIRoute):
                found.setdefault(route.path, set()).update(set(route.methods or ()) - {"HEAD"})
    return {path: sorted(asked) for path, asked in found.items()}


def operations() -> Mapping[str, list[str]]:
    told = document()["paths"].items()
    return {p.removeprefix(PREFIX): sorted(m.upper() for m in o) for p, o in told if "/seasons/{" not in p}


def _addresses(
    title: str, rules: Mapping[Rule, Iterable[str]], asked: Mapping[str, list[str]], base: str
) -> str:
    known = roles(read_notice(NOTICE))
    lines = [
        f"## {title}",
        "",
        _row(["地址", "对谁存在", *(_short(r) for r in known), "未登录"]),
        _rule(len(known) + 3),
    ]
    for rule, paths in rules.items():
        for path in sorted(paths):
            cells = [cell(rule, r, base + path) for r in known]
            how = " ".join(asked.get(path, ()))
            lines.append(_row([f"`{how} {path}`", rule.label, *cells, cell(rule, None, path)]))
    return "\n".join(lines)


# --- fields ------------------------------------------------------------------------------------------------------


def _case() -> Case:
    return Case.model_construct(
        id=uuid4(), season_id=uuid4(), number="", county=COUNTY, unit_id=UNIT, entered_by=uuid4()
    )


def _fields(viewer: Viewer, notice: Notice) -> list[str]:
    """Of a case in view: its numbers, its papers with personal data, what was said of it, and who said it."""
    case = _case()
    papers = [d for d in notice.documents if d.sensitive]
    return [
        "遮盖；点开看全并记录" if may_read_numbers(viewer, case) else "遮盖",
        *("可看" if may_read_document(viewer, case, d) else "不列出" for d in papers),
        "可读" if viewer.reads(case) else "只见已答复",
        "可见" if knows_names(viewer) else "不见",
        "可见" if viewer.reads(case) else "不见",
    ]


def _field_table(notice: Notice) -> str:
    sealed = "、".join(f.label for f in notice.fields if f.sealed)
    papers = [d.label for d in notice.documents if d.sensitive]
    heads = ["角色", sealed, *papers, "内部意见", "评审专家是谁", "任务谁打开过"]
    lines = ["## 一件可见的案件里，哪些内容", "", _row(heads), _rule(len(heads))]
    lines += [_row([r.label, *_fields(r.viewer, notice)]) for r in roles(notice) if r.bodies]
    lines.append(_row(["填报本案的人", "可看全", *("可看" for _ in papers), "只见已答复", "不见", "不见"]))
    public = [c.label for s in notice.steps if s.publishes for c in s.publishes.columns]
    lines += [
        "",
        f"公示只有{'、'.join(public)}这几栏，号码、住址、评分、意见都不在其中。管理员看不到任何案件。",
    ]
    return "\n".join(lines)


# --- stages ------------------------------------------------------------------------------------------------------

IN_VIEW = {
    Relation.OWN_UNIT: "本单位的，从录入起",
    Relation.ASSIGNED: "指派给本人的，从指派起；回避的不再可见",
    Relation.OWN_COUNTY: "向本部门征求意见的，从征求起；回避的不再可见",
    Relation.SEASON: "要其办理的，从收到任务起；回避的不再可见",
}
EXTENTS = {"all": "全部，从录入起", "listed": "列入名单的，从列入起"}


def when_in_view(role: Role) -> str:
    """Which cases, and from when: the words of `models.visibility` for each kind of body."""
    if not role.bodies:
        return "自己录入的" if not role.admin else "无"
    body = role.bodies[0]
    if body.sees in EXTENTS:
        return EXTENTS[body.sees]
    if body.key in role.viewer.county_reviewers:
        return "本县（区）的，从录入起"
    return IN_VIEW[body.relation]


def _score(role: Role, *, blind: bool) -> str:
    return "可读" if is_read(readable=role.viewer.reads(_case()), internal=True, blind=blind) else "不见"


def _stage_table(notice: Notice) -> str:
    heads = ["角色", "哪些案件可见", "他人的评分：评审组未齐时", "他人的评分：齐了以后"]
    lines = ["## 随阶段而变的", "", _row(heads), _rule(len(heads))]
    for role in roles(notice):
        told = ["不见"] * 2 if role.admin else [_score(role, blind=blind) for blind in (True, False)]
        lines.append(_row([role.label, when_in_view(role), *told]))
    lines += [
        _row(["应当回避本案的人", "以指派、征求而来的不可见", "不见", "不见"]),
        _row(["未登录的人", "公示期内的名单，公示栏目", "不见", "不见"]),
        "",
        "评分“可读”的，案件还须在其可见范围内。专家始终看得到自己的评分。",
    ]
    return "\n".join(lines)


# --- the page ----------------------------------------------------------------------------------------------------


def _short(role: Role) -> str:
    """A long list of bodies by the first and how many."""
    names = [b.label for b in role.bodies]
    return role.label if len(names) < 3 else f"{names[0]}等{len(names)}个"


def _legend(notice: Notice) -> str:
    return "\n".join(f"- {_short(r)}：{r.label}。" for r in roles(notice) if len(r.bodies) > 2)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(columns: int) -> str:
    return "|" + "---|" * columns


def page(notice: Notice) -> str:
    parts = [
        HEAD,
        f"{_legend(notice)}\n",
        _stage_table(notice) + "\n",
        _field_table(notice) + "\n",
        _addresses("网页", PAGES, methods(), "") + "\n",
        _addresses(f"接口（{PREFIX}，及其下 /seasons/{{season_id}}）", INTERFACE, operations(), PREFIX)
        + "\n",
        (ROOT / "access-known.md").read_text(encoding="utf-8"),
    ]
    return "\n".join(parts)


def main(check: bool) -> int:
    return settle(PAGE, page(read_notice(NOTICE)), check=check)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
