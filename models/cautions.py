"""To what does a case draw the attention of those who see every case? Nothing here stops anything by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.case import Case
from models.doubles import folded, pairs_of, recommending_candidates
from models.labels import label
from models.notice import Notice
from models.sameness import PastWinner
from models.season import notice_by_digest
from models.viewer import Viewer


@dataclass(frozen=True)
class Caution:
    """One sentence, and the page on which the office can do something about it."""

    code: str
    text: str
    href: str = ""


def cautions(viewer: Viewer, case: Case) -> list[Caution]:
    """What the office should look at before it goes on with this case; nobody else is told."""
    if not viewer.sees_all:
        return []
    notice = notice_by_digest(viewer.session, case.notice_digest)
    return [*_of_the_record(viewer.session, notice, case), *_of_earlier_years(viewer.session, notice, case)]


def _of_the_record(session: Session, notice: Notice, case: Case) -> Iterator[Caution]:
    if case.live and case.channel_doubted:
        text = f"从他人的汇总表录入，申报渠道（{notice.channel(case.channel).label}）待确认。"
        yield Caution("channel_doubted", text, f"/channels#case-{case.id}")
    for pair in pairs_of(session, case):
        other = pair.other(case)
        grounds = "，".join(label(g) for g in pair.grounds)
        need = "须先核定保留哪一个，才能通过初审" if pair.certain else "请核对是不是同一个人"
        text = f"与{other.number}（{other.name}）{grounds}，{need}。"
        yield Caution("double", text, f"/doubles#pair-{pair.first.id}-{pair.second.id}")
    for other in recommending_candidates(session, notice, case):
        text = f"推荐人中有一位（{other.number} {other.name}）本人也是本年度的人选，请核对推荐是否合适。"
        yield Caution("recommender", text, f"/cases/{other.id}")


def _of_earlier_years(session: Session, notice: Notice, case: Case) -> Iterator[Caution]:
    earlier = session.exec(
        select(PastWinner).where(PastWinner.award == notice.award_name).order_by(col(PastWinner.year))
    )
    employer = folded(str(case.form.get("employer") or ""))
    for winner in earlier:
        if folded(winner.name) != folded(case.name):
            continue
        if employer and folded(winner.employer) == employer:
            yield Caution("won_before", f"曾于{winner.year}年度获认定（姓名、单位相同）。")
        else:
            where = f"“{winner.employer}”" if winner.employer else "单位不详"
            text = f"与{winner.year}年度获认定者（{where}）同名，请核对是不是同一个人。"
            yield Caution("same_name", text)
