"""At which steps may one answer be given alike for many cases at once?"""

from models.notice import Step
from models.words import Scope, StepKind


def is_given_alike(step: Step) -> bool:
    """Reviews and opinions; not what is each case's own: an application, marks, what was found on the spot."""
    return step.scope is Scope.CASE and step.kind is StepKind.GATE and not step.criteria and not step.points
