"""What does the form ask by which one answer is given for many cases at once, and what does it say for each?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.decide_form import asked_to_correct
from api.deps import Visit
from api.fields import Section, sections
from models.actions import Given, Task
from models.notice import Document, Step
from models.returns import default_day
from models.words import Effect

PLACES = {"": "/", "review": "/review"}


@dataclass(frozen=True)
class Batch:
    """The answers of one step, and what may be ticked to be corrected, over all channels."""

    step: Step
    sections: Sequence[Section]
    documents: Sequence[Document]
    due_default: date
    back: str = ""

    @property
    def reasoned(self) -> list[str]:
        return [a.key for a in self.step.answers if a.reason]

    @property
    def returning(self) -> list[str]:
        return [a.key for a in self.step.answers if a.effect is Effect.RETURN]

    @property
    def labels(self) -> Mapping[str, str]:
        return {a.key: a.label for a in self.step.answers}


def batch_of(visit: Visit, step: Step, back: str = "") -> Batch:
    """`back` names the list to which the form belongs."""
    notice = visit.viewer.notice
    asked = {key for c in notice.channels for key in c.documents}
    return Batch(
        step=step,
        sections=sections(notice),
        documents=[d for d in notice.documents if d.key in asked],
        due_default=default_day(notice, visit.season),
        back=back,
    )


def given_for(visit: Visit, task: Task) -> Given:
    """The answer as it is for one of them: only what its own application holds can be asked for again."""
    form = visit.form
    answer = task.step.answer(form.text("answer"))
    items, facts = asked_to_correct(task, answer, form) if answer else ((), {})
    if facts and not facts["due"]:
        facts["due"] = str(default_day(task.notice, task.season))
    return Given(
        answer=form.text("answer"),
        opinion=form.text("opinion"),
        reason=form.text("reason"),
        items=items,
        facts=facts,
    )
