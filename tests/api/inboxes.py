"""How does a test put mails before the office and look at what its pages say of them?"""

import httpx
from bs4 import Tag
from sqlmodel import select

from models.case import Case
from models.database import reading, transaction
from models.inbox import PartRow, parts_of
from models.incoming import Incoming
from models.season import Season
from simulation.papers import pdf, picture
from tasks.inbox import take_in
from tests.api.conftest import Visitor, soup
from tests.mails import Letter, filled_application
from tests.world import UNIT, World, complete_form

NAME = "样例甲"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def received(world: World, letter: Letter) -> Incoming:
    with transaction() as session:
        mail = take_in(session, session.get_one(Season, world.season_id), letter.bytes(), "upload")
    assert mail is not None
    return mail


def unit_mail(world: World) -> Letter:
    form = complete_form(world.notice, "unit", {"name": NAME})
    letter = Letter().attach_as(f"{NAME}-附件1.docx", filled_application(world.notice, form, UNIT))
    return letter.attach_as(f"{NAME}身份证.jpg", picture()).attach_as("无犯罪记录证明.pdf", pdf())


def parts(mail: Incoming) -> list[PartRow]:
    with reading() as session:
        return parts_of(session, mail)


def draft_of(visitor: Visitor, mail: Incoming) -> httpx.Response:
    return visitor.get(f"/inbox/{mail.id}/draft?form={parts(mail)[0].part.id}")


def cases_of(world: World) -> list[Case]:
    with reading() as session:
        return list(session.exec(select(Case).where(Case.season_id == world.season_id)))


def state(mail: Incoming) -> str:
    with reading() as session:
        return session.get_one(Incoming, mail.id).state


def chosen(page: httpx.Response, name: str) -> str:
    found = soup(page).select_one(f"input[name={name}]:checked")
    return str(found["value"]) if isinstance(found, Tag) else ""
