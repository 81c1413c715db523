"""审计日志: what have accounts done, from where, and does the record hold? For the administrator of the audit only."""

from datetime import date

from fastapi import APIRouter, Response

from api.accounts import enter
from api.deps import Visit, Visiting, clean
from api.downloads import download
from api.paging import PageNumber
from api.render import minute, page, query
from documents.award_tables import Column, Table, write_table
from models.account_words import EVENTS, RESULTS, ROLES, AccountEventKind, AdminRole, Result
from models.database import reading, real_now
from models.people import Person
from models.queries import PAGE
from models.values import read_day
from tasks.account_log import LogFilters, LogRow, count_log, find_log, note, verify_accounts

router = APIRouter()
LONGEST = 80
MOST_EXPORTED = 20_000
COLUMNS = (
    Column("序号", 8),
    Column("时间", 18),
    Column("何人", 22),
    Column("角色", 12),
    Column("地址", 18),
    Column("设备", 18),
    Column("事项", 24),
    Column("对象", 30),
    Column("结果", 8),
    Column("说明", 40),
)


@router.get("/audit")
def log_page(
    visit: Visiting,
    p: PageNumber,
    q: str = "",
    kind: str = "",
    result: str = "",
    since: str = "",
    until: str = "",
    check: str = "",
) -> Response:
    """With `check` the whole chain is verified, too."""
    enter(visit, AdminRole.AUDIT)
    filters = _filters(q, kind, result, since, until)
    total = count_log(visit.session, filters)
    return page(
        visit,
        "audit.html",
        rows=find_log(visit.session, filters, limit=PAGE, offset=(p - 1) * PAGE),
        filters=filters,
        total=total,
        words=words,
        kinds=EVENTS,
        results=RESULTS,
        roles=ROLES,
        Result=Result,
        fault=_fault() if check else None,
        p=p,
        pages=max(1, -(-total // PAGE)),
        base=f"/audit?{query(filters.typed)}&",
    )


def _fault() -> str:
    with reading() as session:
        return verify_accounts(session)


def _filters(q: str, kind: str, result: str, since: str, until: str) -> LogFilters:
    """What can't be read narrows nothing."""
    return LogFilters(
        q=clean(q).strip()[:LONGEST],
        kind=kind if kind in set(AccountEventKind) else "",
        result=result if result in set(Result) else "",
        since=_day(since),
        until=_day(until),
    )


def _day(text: str) -> date | None:
    return read_day(clean(text)[:LONGEST])


FACTS = {
    "why": "原因",
    "what": "内容",
    "reason": "理由",
    "season": "年度",
    "role": "角色",
    "times": "当日次数",
    "rows": "条数",
}
WHYS = {"wrong": "登录名或密码不对", "locked": "锁定期间"}


def words(row: LogRow) -> str:
    """What else is known of it, in words."""
    facts = row.event.facts
    said = {k: str(facts[k]) for k in FACTS if facts.get(k)}
    if "role" in said:
        said["role"] = ROLES[AdminRole(said["role"])]
    if "why" in said:
        said["why"] = WHYS.get(said["why"], said["why"])
    return "；".join(f"{FACTS[k]}：{v}" for k, v in said.items())


@router.post("/audit/export")
def export(visit: Visiting) -> Response:
    """The same rows as a spreadsheet; that they were taken away is put on record, too."""
    enter(visit, AdminRole.AUDIT)
    names = ("q", "kind", "result", "since", "until")
    filters = _filters(*(visit.form.text(n) for n in names))
    rows = find_log(visit.session, filters, limit=MOST_EXPORTED)
    content = write_table(Table("账号审计日志", COLUMNS, [_line(r) for r in rows], note=_note(visit)))
    note(visit.session, AccountEventKind.LOG_EXPORTED, visit.person, about=f"{len(rows)}条")
    return download(f"账号审计日志{real_now():%Y%m%d}.xlsx", content)


def _line(row: LogRow) -> list[str]:
    event = row.event
    return [
        str(event.seq),
        minute(event.at),
        row.who,
        ROLES[AdminRole(event.role)] if event.role else "",
        event.address,
        event.device,
        EVENTS[AccountEventKind(event.kind)],
        event.about,
        RESULTS[Result(event.result)],
        words(row),
    ]


def _note(visit: Visit) -> str:
    person: Person = visit.person
    return f"导出人：{person.name}　导出时间：{minute(real_now())}"
