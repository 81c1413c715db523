"""How is a list narrowed on its page, and how is it found again as it was left?

What a list was narrowed to last, with the page number, is kept in a cookie for each list, bound to the person: a GET
writes no row, and whoever logs in next in the same browser starts afresh.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote

from fastapi import Response

from api.deps import Visit, clean
from api.paging import page_number
from api.render import counties, query
from api.security import drop_cookie, read_cookie, set_cookie
from models.labels import label
from models.narrowing import CITY, LIVE, NAMES, Filters
from models.words import Outcome

LONGEST = 80
CLEAR = "clear"
TITLES = {
    "q": "查找",
    "step": "环节",
    "late": "时限",
    "stage": "阶段",
    "county": "县（区）",
    "unit": "单位",
    "category": "类别",
    "channel": "申报渠道",
    "returned": "退回",
    "outcome": "结果",
    "problem": "初审要点",
}
# These are always in view, the others behind 更多筛选.
FIRST = ("problem", "step", "late", "stage", "outcome")
LATENESS = [("late", "已超期"), ("today", "今日到期"), ("soon", "两个工作日内到期")]
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """What a request for a list asks for; `is_cleared` when the list is to be forgotten."""

    name: str
    filters: Filters
    page: int
    is_cleared: bool = False


def asked(visit: Visit, name: str, offered: Sequence[str]) -> Asked:
    """What the address says of a list; when it says nothing, what was looked at last."""
    given = dict(visit.request.query_params)
    if CLEAR in given:
        return Asked(name, Filters(), 1, is_cleared=True)
    if not any(key in given for key in (*NAMES, "p")):
        return remembered_list(visit, name, offered)
    return Asked(name, _filters(given, offered), page_number(given.get("p", "1")))


def _filters(given: Mapping[str, str], offered: Sequence[str]) -> Filters:
    typed = {key: clean(text).strip()[:LONGEST] for key, text in given.items() if key in offered}
    return Filters(**typed)


def remembered(visit: Visit, name: str) -> dict[str, str]:
    """The list as this person left it in this browser."""
    owner, _, kept = unquote(read_cookie(visit.request, f"list-{name}")).partition("|")
    return dict(parse_qsl(kept)) if owner == visit.person.id.hex else {}


def remembered_list(visit: Visit, name: str, offered: Sequence[str]) -> Asked:
    """The same as a request, for who comes back to the list from a form."""
    kept = remembered(visit, name)
    return Asked(name, _filters(kept, offered), page_number(kept.get("p", "1")))


def remember(response: Response, visit: Visit, wanted: Asked, page: int) -> Response:
    """Keep how the list is looked at now; an unnarrowed first page needs no keeping."""
    kept = query({**wanted.filters.set, "p": page if page > 1 else ""})
    if kept:
        set_cookie(response, f"list-{wanted.name}", quote(f"{visit.person.id.hex}|{kept}"))
    elif read_cookie(visit.request, f"list-{wanted.name}"):
        drop_cookie(response, f"list-{wanted.name}")
    return response


# --- the form ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One selection: its options as key and text, and which is chosen."""

    name: str
    title: str
    options: Options
    chosen: str


@dataclass(frozen=True)
class Narrowing:
    """The filters above a list; `active` says in words what it is narrowed to."""

    action: str
    filters: Filters
    offered: Sequence[str]
    first: Sequence[Choice]
    more: Sequence[Choice]
    active: Sequence[str]
    hidden: Mapping[str, str] = field(default_factory=dict)

    @property
    def clear(self) -> str:
        return f"{self.action}?{query({**self.hidden, CLEAR: 1})}"

    @property
    def base(self) -> str:
        """The address of the list, for another page of it."""
        return f"{self.action}?{query({**self.hidden, **self.filters.set})}&"

    @property
    def has_more(self) -> bool:
        return any(c.chosen for c in self.more) or bool(self.filters.unit)


def narrowing(
    visit: Visit,
    action: str,
    filters: Filters,
    offered: Sequence[str],
    options: Mapping[str, Options],
    hidden: Mapping[str, str] | None = None,
) -> Narrowing:
    """The filters of one list; `options` are those that only this list knows."""
    known = {**_options(visit), **options}
    chosen = filters.set
    choices = [Choice(n, TITLES[n], known[n], chosen.get(n, "")) for n in offered if n in known]
    return Narrowing(
        action=action,
        filters=filters,
        offered=offered,
        first=[c for c in choices if c.name in FIRST],
        more=[c for c in choices if c.name not in FIRST],
        active=[f"{TITLES[n]}：{dict(known.get(n, ())).get(value, value)}" for n, value in chosen.items()],
        hidden=hidden or {},
    )


def _options(visit: Visit) -> dict[str, Options]:
    notice = visit.viewer.notice
    return {
        "step": [(s.key, s.label) for s in notice.steps],
        "stage": [(s.key, s.label) for s in notice.stages],
        "channel": [(c.key, c.label) for c in notice.channels],
        "county": [*counties().items(), (CITY, "市直")],
        "category": [(c.key, c.label) for c in notice.categories],
        "late": LATENESS,
        "returned": [("once", "曾退回补正")],
        "outcome": [(LIVE, "在办"), *((o.value, label(o)) for o in Outcome)],
    }
