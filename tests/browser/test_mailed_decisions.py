"""From the mail to the decision on a phone: the check before publishing, and the countersignature of the document?"""

from playwright.sync_api import Page, expect

from models.database import reading
from models.gates import Assignment
from models.joint import latest_text
from notifications.caught import CaughtMail, caught, caught_mail
from tests.api.test_links import path_of
from tests.browser.conftest import PHONE, Enter
from tests.browser.test_links import FIELDS
from tests.browser.test_look import overflows, violations
from tests.flows.dashboard import until
from tests.publishing import chosen
from tests.season_after import to_signing
from tests.world import World

SCREENS = 3


class Phone:
    """Follows one mail; every page it comes to is a screen, and fits."""

    def __init__(self, page: Page, mail: CaughtMail) -> None:
        self.page, self.screens = page, 0
        page.set_content(mail.html)
        page.on("framenavigated", lambda _: self._count())

    def _count(self) -> None:
        self.screens += 1

    def press(self, name: str) -> None:
        """A link or a button that leads on."""
        where = self.page.url
        self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).click()
        self.page.wait_for_url(lambda url: url != where)
        assert (violations(self.page), overflows(self.page)) == ([], False)


def mail_of(task: Assignment, step: str) -> CaughtMail:
    """What the catcher got for this task."""
    path = path_of(task)

    def arrived() -> CaughtMail | None:
        found = [caught_mail(mail.id) for mail in caught(200, 0, step)]
        return next((mail for mail in found if mail and path in mail.text), None)

    return until(arrived, f"the mail of {step}")


def mailed(enter: Enter, world: World, step: str, body: str) -> tuple[Phone, Assignment]:
    task = next(a for a in world.assignments(step) if a.body == body)
    return Phone(enter(size=PHONE), mail_of(task, world.notice.step(step).label)), task


def test_the_names_are_checked_and_released_by_a_mailed_link(enter: Enter, world: World) -> None:
    chosen(world, "丁样例", "韦样例", "覃样例", post="班组长", occupation="电焊工")
    phone, _ = mailed(enter, world, "release", "releaser")

    phone.press("进入办理")
    expect(phone.page.get_by_text("公示前脱密审核")).to_be_visible()
    assert "丁样例" not in phone.page.content()
    phone.press("进入办理")
    assert phone.page.evaluate(FIELDS) == ["answer", "opinion"]
    for shown in ("丁样例", "韦样例", "班组长／电焊工"):
        expect(phone.page.get_by_text(shown).first).to_be_visible()
    phone.page.get_by_label("准予公示").check()
    phone.page.get_by_role("button", name="提交答复").click()
    expect(phone.page.get_by_text("答复：准予公示。")).to_be_visible()

    assert phone.screens <= SCREENS
    assert world.gate("release").outcome == "release"


def test_the_document_is_read_and_countersigned_by_a_mailed_link(enter: Enter, world: World) -> None:
    to_signing(world)
    phone, task = mailed(enter, world, "joint_document", "host_women")
    with reading() as session:
        text = latest_text(session, world.season)
    assert text is not None

    phone.press("进入办理")
    phone.press("进入办理")
    assert phone.page.evaluate(FIELDS) == ["answer", "opinion"]
    for name in text.names:
        expect(phone.page.get_by_text(name["name"], exact=True).first).to_be_visible()
    phone.page.get_by_label("会签同意").check()
    phone.page.get_by_role("button", name="提交答复").click()
    expect(phone.page.get_by_text("答复：会签同意。")).to_be_visible()

    assert phone.screens <= SCREENS
    assert task.id not in {a.id for a in world.assignments("joint_document")}
