"""What does a gate of the season show that comes after the lists: the document to sign, what an award still lacks?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.case import Case
from models.coverage import without_coverage
from models.hosts import drafting_step, signing_step
from models.joint import JointText, latest_text
from models.notice import Notice, Step
from models.recognition_rules import award_gaps
from models.season import Season
from models.verdict import Verdict


@dataclass(frozen=True)
class AfterTheLists:
    """`document` to be read before it is signed; `drafts` where it is written; the rest for award and publicity."""

    document: JointText | None = None
    drafts: bool = False
    gaps: Verdict = ()
    awards: bool = False
    publicity: bool = False
    without: Sequence[Case] = ()


def after_the_lists(session: Session, season: Season, notice: Notice, step: Step) -> AfterTheLists:
    if step == signing_step(notice):
        return AfterTheLists(document=latest_text(session, season))
    if step == drafting_step(notice):
        return AfterTheLists(drafts=True, document=latest_text(session, season))
    if notice.award and step.key == notice.award.step:
        return AfterTheLists(awards=True, gaps=award_gaps(session, season, notice))
    if notice.publicity and step.key == notice.publicity.step:
        return AfterTheLists(publicity=True, without=without_coverage(session, season, notice))
    return AfterTheLists()
