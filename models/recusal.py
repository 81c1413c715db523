"""Who may not judge whom?"""

from models.case import Case
from models.people import Person


def recused(person: Person, case: Case) -> bool:
    """三（四）: nobody judges a colleague, oneself, or the person one recommended."""
    same_employer = bool(person.employer) and person.employer == case.form.get("employer")
    recommended = person.name in {r.get("name") for r in case.form.get("recommenders") or []}
    return same_employer or recommended or person.id == case.entered_by
