"""How is what someone types kept before it is saved? Sealed, for that person and that form alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from models.case import Case
from models.crypto import seal_json, unseal_json
from models.database import real_now
from models.people import Person
from models.season import Season
from models.submission import Typed, typed_seal
from models.verdict import Reason, Verdict


def of_case(case_id: UUID) -> str:
    """What the form of a case is called."""
    return f"case:{case_id}"


def of_task(assignment_id: UUID) -> str:
    """What the form of a task is called."""
    return f"task:{assignment_id}"


def of_new(season: Season) -> str:
    """What the form for a new candidate of a season is called."""
    return f"new:{season.id}"


def check_version(case: Case, version: str) -> Verdict:
    """What is typed on a page that is older than what was saved must not come back later."""
    if version == str(case.form_version):
        return ()
    text = "这份材料已在别处保存过，本页内容不再自动保存。请刷新页面后再修改。"
    return (Reason("version_changed", text, "", "conflict"),)


def keep_typed(session: Session, person: Person, about: str, content: Mapping[str, Any]) -> datetime:
    """Keep what is typed now in place of what was typed before."""
    typed = session.get(Typed, (person.id, about), with_for_update=True)
    sealed = seal_json(dict(content), typed_seal(person.id, about))
    if typed is None:
        typed = Typed(person_id=person.id, about=about, content=sealed)
    typed.content = sealed
    typed.saved_at = real_now()
    session.add(typed)
    session.flush()
    return typed.saved_at


def read_typed(session: Session, person: Person, about: str) -> tuple[dict[str, Any], datetime] | None:
    """What this person has typed into the form and not saved, and when it was kept."""
    typed = session.get(Typed, (person.id, about))
    if typed is None:
        return None
    content: dict[str, Any] = unseal_json(typed.content, typed_seal(person.id, about))
    return content, typed.saved_at


def drop_typed(session: Session, person: Person, about: str) -> None:
    """It was saved, or is not wanted."""
    typed = session.get(Typed, (person.id, about))
    if typed is not None:
        session.delete(typed)
