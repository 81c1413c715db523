"""What does somebody hear who may not judge a case, and a place on a list, because he is recused from it?"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from models.case import Case
from models.gates import Assignment, Gate
from models.labels import label
from models.notice import Notice, Step
from models.people import Person
from models.recusal import grounds, recused_cases
from models.season import Season
from models.verdict import Reason, Verdict


def recused_from_case(
    session: Session, notice: Notice, case: Case | None, gate: Gate, assignment: Assignment, person: Person
) -> Verdict:
    """Nobody answers at a gate of a case from which he is recused, whatever he sits in."""
    relation = notice.body(assignment.body).relation
    held = grounds(session, person, case, relation) if case else ()
    if not held:
        return ()
    step = notice.step(gate.step)
    why = "、".join(label(g) for g in held)
    text = f"您应当回避本案（{why}），不能办理“{step.label}”，也看不到材料和意见。如有出入，请联系办公室。"
    return (Reason("recused", text, step.clause),)


def recused_from_places(
    session: Session, season: Season, step: Step, person: Person, facts: Mapping[str, Any]
) -> Verdict:
    """Whoever decides a list leaves the place of a case from which he is recused as it was drafted."""
    changed = facts.get("places") if step.is_list else None
    if not changed:
        return ()
    away = recused_cases(session, season, person)
    moved = [c for c in away if str(c) in changed]
    numbers = session.exec(select(Case).where(col(Case.id).in_(moved))).all() if moved else []
    return tuple(
        Reason(
            "recused",
            f"您应当回避{c.number}，不能改变它在名单上的位置；请由其他人办理，或恢复原来的位置。",
            step.clause,
            field=f"place_{c.id}",
        )
        for c in numbers
    )
