"""Does one candidate get from 基层申报 to 认定, each gate decided on its page by the role that decides it?"""

import re
import time
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from models.case import Case
from models.database import reading
from models.gates import Assignment, Gate
from models.mail import TaskLink
from models.notice import SHANGHAI
from models.people import Person
from models.personal import sealed_form
from models.season import Season, now
from models.seats import people_for
from models.words import AssignmentState, GateState, StepKind
from notifications.links import link_token
from tests.browser.conftest import Enter
from tests.browser.filling import fill_form, upload_papers
from tests.left_behind import left_behind
from tests.world import UNIT, World

PATIENCE = 30.0
QUIET = 2.0
LEAP = timedelta(days=12)


def next_task(world: World) -> tuple[Gate, Assignment, Person] | None:
    """The task that has waited longest, with someone who may answer it."""
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        found = session.exec(
            select(Gate, Assignment)
            .join(Assignment, col(Assignment.gate_id) == col(Gate.id))
            .where(Gate.season_id == world.season_id, Gate.state == GateState.OPEN)
            .where(Assignment.state == AssignmentState.OPEN)
            .order_by(col(Gate.opened_at), col(Assignment.id))
        )
        for gate, assignment in found:
            step = world.notice.step(gate.step)
            early = step.kind is StepKind.WINDOW and now(season) < gate.due_at
            if step.kind is not StepKind.FORM and not early:
                return gate, assignment, people_for(session, assignment, now(season))[0]
    return None


def settled(world: World) -> bool:
    """The engine has nothing left to open: nobody is asked until the clock moves."""
    deadline = time.monotonic() + QUIET
    while time.monotonic() < deadline:
        if next_task(world) is not None:
            return False
        time.sleep(0.1)
    return True


def put_in_a_candidate(page: Page, world: World) -> None:
    page.goto("/")
    page.get_by_role("link", name="录入人选").first.click()
    assert page.get_by_label("工作单位", exact=False).first.input_value() == UNIT
    fill_form(page, world, name="覃立恒（样例）", public_power=True)
    page.get_by_role("button", name="保存，下一步上传材料").click()
    expect(page.locator(".note.good")).to_contain_text("已保存为草稿")
    upload_papers(page, world)
    page.get_by_role("button", name="保存并提交申报").click()
    expect(page.locator(".note.good", has_text="已提交")).to_be_visible()


def put_on_record(page: Page, today: str) -> None:
    """What the award needs: the document's number, the amount, the payment; and the certificate beside it."""
    page.goto("/document")
    page.locator("#number").fill("样例文号〔2026〕12号")
    page.locator("#dated").fill(today)
    page.get_by_role("button", name="登记", exact=True).click()
    page.goto("/certificates/list")
    page.get_by_role("button", name="给 1 人编号").click()
    page.goto("/award")
    page.locator("#amount").fill("5000")
    page.locator("#paper").fill("样例会议纪要")
    page.get_by_role("button", name="登记", exact=True).click()
    page.locator("#paid_on").fill(today)
    page.get_by_role("button", name="登记所选的人").click()
    expect(page.locator(".note.good")).to_contain_text("已登记1人")


def record_meeting(page: Page, gate: Gate, today: str) -> None:
    """Who was there, when, under which number; the list stays as it was drafted."""
    page.goto(f"/meetings/{gate.id}")
    page.locator("#held_on").fill(today)
    page.locator("#number").fill("样例纪要1号")
    page.locator("#chair").select_option(index=1)
    present = page.locator("input[name^=attendance_][value=present]")
    for at in range(present.count()):
        present.nth(at).check()
    page.get_by_role("button", name="保存基本情况和到会情况").click()
    expect(page.get_by_text("会议记录已经齐全")).to_be_visible()


def answer(page: Page, gate: Gate, assignment: Assignment, today: str) -> None:
    """Find the task among what waits, fill in what is asked, and send it."""
    if gate.step == "award":
        put_on_record(page, today)
    page.goto("/")
    page.locator(f'a[href="/tasks/{assignment.id}"]').click()
    expect(page.locator("#decide button.primary")).to_be_visible()
    for field in page.locator("input[name^=score_]").all():
        field.fill("88")
    choice = "pass_inspect" if gate.step == "office_review" else None
    radios = page.locator(f"#answer-{choice}") if choice else page.locator("input[name=answer]:enabled")
    radios.first.check()
    if gate.step == "publicity":
        page.locator("#reason").fill("样例理由：提前办结。")
    if gate.step == "expert_review":
        page.get_by_text("评语和总评").click()
    page.locator("#opinion").fill("同意。")
    page.locator("#decide button.primary").click()
    if gate.step == "expert_review":
        page.get_by_role("button", name="确认提交").click()
    expect(page.locator(".note.good")).to_contain_text("已答复")


def move_the_clock(page: Page, world: World) -> None:
    """First to the next date of the notice, then in leaps."""
    page.goto("/season")
    if world.season.offset_seconds == 0:
        page.get_by_role("button", name="推进到下一个日期").click()
    else:
        page.get_by_label("推进到指定日期").fill(f"{world.now().astimezone(SHANGHAI) + LEAP:%Y-%m-%d}")
        page.get_by_role("button", name="推进", exact=True).click()
    expect(page.locator(".note.good")).to_contain_text("演练时钟已调整到")


@pytest.mark.timeout(420)
def test_a_candidate_walks_through_every_gate(enter: Enter, world: World) -> None:
    unit = enter(world.filler())
    put_in_a_candidate(unit, world)
    case_url = unit.url
    office = enter(world.person("office"))
    walked: list[str] = []
    deadline = time.monotonic() + 400
    while world.season.closed_at is None and time.monotonic() < deadline:
        task = next_task(world)
        if task is not None:
            gate, assignment, person = task
            walked.append(gate.step)
            page, today = enter(person), f"{world.now().astimezone(SHANGHAI):%Y-%m-%d}"
            if world.notice.step(gate.step).kind is StepKind.MEETING:
                record_meeting(office, gate, today)
            answer(page, gate, assignment, today)
            page.context.close()
        elif settled(world) and world.season.closed_at is None:
            move_the_clock(office, world)

    assert list(dict.fromkeys(walked)) == [
        s.key for s in world.notice.steps if s.key not in ("application", "vacancy")
    ]
    assert walked.count("department_opinions") == 6
    assert walked.count("joint_document") == 8
    unit.goto(case_url)
    expect(unit.locator(".head")).to_contain_text("已认定")
    expect(unit.locator(".record")).to_contain_text("办结归档")
    logins = [c["value"] for page in (unit, office) for c in page.context.cookies() if c["name"] == "session"]
    nothing_is_left_behind(world, case_url, logins)


def nothing_is_left_behind(world: World, case_url: str, logins: list[str]) -> None:
    """After a whole season only mails tell of the person outside the record, and no number stands anywhere."""
    with reading() as session:
        case = session.get_one(Case, UUID(case_url.rpartition("/")[2]))
        form = sealed_form(case)
        links = session.exec(
            select(TaskLink.id)
            .join(Assignment, col(Assignment.id) == col(TaskLink.assignment_id))
            .join(Gate, col(Gate.id) == col(Assignment.gate_id))
            .where(Gate.season_id == world.season_id)
        ).all()
    numbers = [str(form[key]) for key in ("id_number", "phone", "home_address")]
    tokens = [link_token(link) for link in links]
    assert (all(numbers), len(logins), len(tokens) > len(numbers)) == (True, 2, True)
    assert left_behind(numbers, record=True) == {}
    assert left_behind([case.name, *tokens, *logins], mails=False) == {}


def test_the_mail_of_a_task_is_followed(enter: Enter, world: World) -> None:
    """Nobody needs an account: the mail's link leads to the one task, and leaves the reader's own login alone."""
    office = enter(world.person("office"))
    mails = office.get_by_role("link", name=re.compile("^(?!打开).*请办理“推荐单位审查”"))
    office.goto(f"/mailbox?q={world.filler().email}")
    before = mails.count()
    put_in_a_candidate(enter(world.filler()), world)
    deadline = time.monotonic() + PATIENCE
    while mails.count() == before and time.monotonic() < deadline:
        time.sleep(0.3)
        office.reload()
    mails.first.click()
    expect(office.frame_locator("iframe").locator("body")).to_contain_text("推荐单位审查")
    with office.context.expect_page() as opened:
        office.get_by_role("link", name="打开邮件中的任务链接").click()
    task = opened.value
    task.get_by_role("button", name="进入办理").click()
    expect(task.locator("h1")).to_contain_text("推荐单位审查")
    task.get_by_label("同意推荐").check()
    task.get_by_role("button", name="提交答复").click()
    expect(task.locator("main")).to_contain_text("您已于")
    office.goto("/")
    expect(office.locator("h1")).to_have_text("我的待办")
