"""Is a mailed task done on a phone in three screens and five fields; does a scanner that runs scripts do nothing?"""

from typing import Any

from playwright.sync_api import Page, expect
from sqlmodel import Session

from models.database import reading
from models.gates import Assignment
from models.tables import metadata
from settings import settings
from tests.api.test_links import path_of
from tests.browser.conftest import PHONE, Enter
from tests.browser.test_look import overflows, violations
from tests.world import World

# Written by the engine whenever it likes: mails on their way, runs that wake up, that it lives.
OF_THE_ENGINE = {"message", "mail_route", "wakeup", "case", "season", "heartbeat"}
FIELDS = """() => [...new Set([...document.querySelectorAll("main input, main textarea, main select")]
  .filter((e) => e.type !== "hidden" && e.checkVisibility()).map((e) => e.name))]"""


def decided(session: Session) -> dict[str, list[str]]:
    """Every row that a person may have caused, logins and read logs included."""
    tables = [t for t in metadata.sorted_tables if t.name not in OF_THE_ENGINE]
    return {t.name: sorted(map(str, session.connection().execute(t.select()))) for t in tables}


def snapshot() -> dict[str, list[str]]:
    with reading() as session:
        return decided(session)


def logs_with(token: str) -> list[str]:
    """The names of the log files that hold the token."""
    logs = [p for p in settings().home.rglob("*.log*") if p.is_file()]
    assert "web.log" in {p.name for p in logs}
    return [p.name for p in logs if token in p.read_text(errors="replace")]


def test_a_scanner_that_runs_scripts_and_follows_links(enter: Enter, world: World) -> None:
    case = world.bring_to(world.enter(name="覃立恒"), "county_review")
    [task] = world.assignments("county_review", case)
    where = path_of(task)
    scanner = enter()
    referers: list[Any] = []
    scanner.on("request", lambda r: referers.append(r.headers.get("referer")))
    before = snapshot()
    for _ in range(20):
        scanner.goto(where)
        assert scanner.request.head(where).status == 200
        for link in scanner.locator("a[href]").evaluate_all("all => all.map((a) => a.href)"):
            scanner.goto(link)
    scanner.goto(where)
    assert "覃立恒" not in scanner.content()
    assert snapshot() == before
    scanner.get_by_role("button", name="进入办理").click()
    expect(scanner.get_by_role("heading", name="县（区）总工会审核：覃立恒")).to_be_visible()
    assert scanner.evaluate("document.referrer") == ""
    token = where.removeprefix("/t/")
    assert [r for r in referers if r and token in r] == []
    assert logs_with(token) == []


def opened(page: Page, task: Assignment) -> None:
    """The first screen, and the second with what has to be done on it."""
    page.goto(path_of(task))
    assert (violations(page), overflows(page)) == ([], False)
    page.get_by_role("button", name="进入办理").click()
    page.wait_for_url(f"**/tasks/{task.id}")
    assert (violations(page), overflows(page)) == ([], False)


def test_three_screens_five_fields_and_nothing_to_type(enter: Enter, world: World) -> None:
    """附件3, the county's review and the score sheet, each with presses only; materials open on the phone."""
    case = world.bring_to(world.enter(), "department_opinions")
    phone = enter(size=PHONE)

    science = next(a for a in world.assignments("department_opinions", case) if a.body == "science")
    opened(phone, science)
    assert phone.evaluate(FIELDS) == ["answer", "opinion", "scan"]
    phone.get_by_label("同意", exact=True).check()
    phone.get_by_role("button", name="情况属实，同意推荐。").click()
    phone.get_by_role("button", name="提交答复").click()
    expect(phone.get_by_text("意见：情况属实，同意推荐。")).to_be_visible()

    world.bring_to(case, "county_review")
    [review] = world.assignments("county_review", case)
    opened(phone, review)
    assert phone.evaluate(FIELDS) == ["answer", "opinion"]
    phone.get_by_label("退回补正").check()
    assert phone.evaluate(FIELDS) == ["answer", "reason", "items", "due", "opinion"]
    phone.get_by_role("link", name="样例deeds.docx").first.click()
    assert overflows(phone) is False
    phone.go_back()
    phone.get_by_label("审核通过并报送").check()
    phone.get_by_role("button", name="提交答复").click()
    expect(phone.get_by_text("答复：审核通过并报送。")).to_be_visible()

    world.bring_to(case, "expert_review")
    sheet = world.assignments("expert_review", case)[0]
    opened(phone, sheet)
    marks = [f"score_{c.key}" for c in world.notice.step("expert_review").criteria]
    assert phone.evaluate(FIELDS) == [*marks, "answer"]
    for row in phone.locator(".marks").all():
        row.get_by_role("button", name="90").click()
    phone.locator(".marks").first.get_by_role("button", name="加1分").click()
    phone.get_by_role("button", name="核对并提交").click()
    expect(phone.get_by_text("90.20")).to_be_visible()
    phone.get_by_role("button", name="确认提交").click()
    expect(phone.get_by_text("答复：提交评分。")).to_be_visible()
