"""How does a test put mails before the office and claim them?"""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.inbox import PartRow, parts_of
from models.incoming import Incoming
from models.people import Organisation, Person
from models.season import Season
from models.verdict import Refused
from models.viewer import Viewer, read_viewer
from models.words import EventKind
from simulation.papers import docx, pdf, picture
from tasks.inbox import take_in
from tasks.inbox_claims import claim_as_case
from tasks.intake import Application
from tests.mails import Letter, filled_application
from tests.world import UNIT, World, complete_form

NAME = "样例甲"
NUMBER = "450203198406179910"


def full_letter(world: World, **form: str) -> Letter:
    """A unit's mail as the notice asks for it: the form, the ID copy, the certificate and the deeds."""
    application = filled_application(
        world.notice, complete_form(world.notice, "unit", {"name": NAME, **form}), UNIT
    )
    letter = Letter().attach_as(f"{NAME}-附件1-申请表.docx", application)
    letter.attach_as(f"{NAME}{NUMBER}身份证正反面.jpg", picture())
    letter.attach_as(f"{NAME}无犯罪记录证明.pdf", pdf("no crime"))
    return letter.attach_as(f"{NAME}事迹材料.docx", docx())


def taken(world: World, raw: bytes) -> Incoming | None:
    with transaction() as session:
        return take_in(session, session.get_one(Season, world.season_id), raw, "upload")


def received(world: World, letter: Letter | bytes) -> Incoming:
    mail = taken(world, letter if isinstance(letter, bytes) else letter.bytes())
    assert mail is not None
    return mail


def parts(mail: Incoming) -> list[PartRow]:
    with reading() as session:
        return parts_of(session, mail)


def now_in(mail: Incoming) -> Incoming:
    with reading() as session:
        return session.get_one(Incoming, mail.id)


def unit_header(name: str = NAME) -> Application:
    with reading() as session:
        unit = session.exec(select(Organisation).where(Organisation.name == UNIT)).one()
    return Application(name=name, channel="unit", route="county", county="yufeng", unit_id=unit.id)


def guessed(mail: Incoming) -> dict[UUID, str]:
    """Every attachment as the document that it seems to be."""
    return {row.part.id: row.part.looks_like for row in parts(mail) if row.part.looks_like}


def claim(world: World, mail: Incoming, person: Person | None = None, name: str = NAME) -> Case:
    placings = guessed(mail)
    form = next(i for i, document in placings.items() if document == "application_form")
    with transaction() as session:
        by = person or world.person("office")
        return claim_as_case(session, mail.id, unit_header(name), placings, by, form_part=form)


def events(chain: UUID, kind: EventKind = EventKind.MAIL_SETTLED) -> list[Event]:
    with reading() as session:
        wanted = select(Event).where(Event.chain == chain, Event.kind == kind).order_by(col(Event.seq))
        return list(session.exec(wanted))


def refused(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as error:
        call()
    return [r.code for r in error.value.reasons]


def viewer_of(session: Session, world: World, body: str) -> Viewer:
    return read_viewer(session, world.person(body), world.season, world.notice)
