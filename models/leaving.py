"""What is lost if a candidate leaves now, by his own will or by the office's? Said before it is done."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from models.casefile import CaseFile
from models.lists import Entry, Shortlist
from models.progress import current_list, final_step, listed
from models.viewer import Viewer
from models.words import ListState, Place, StepKind


def losses(viewer: Viewer, file: CaseFile) -> list[str]:
    """Whole sentences, as far as this viewer may know: lists are for those who read places."""
    found = list(_tasks(file))
    if viewer.reads_opinions:
        found += _places(viewer, file)
    found.append("案件随即终结，不能恢复；填报人、推荐单位和县（区）总工会收到邮件。")
    return found


def _tasks(file: CaseFile) -> Iterator[str]:
    for opened in file.open:
        waiting = "、".join(a.body for a in opened.waiting)
        answered = f"，已有的{len(opened.answered)}份答复留在记录里" if opened.answered else ""
        if waiting:
            yield f"正在办理的“{opened.step.label}”取消，{waiting}不再需要答复{answered}。"
        elif opened.step.kind is StepKind.WINDOW:
            yield f"正在“{opened.step.label}”，公示名单上随即不再显示。"
        else:
            yield f"正在等候“{opened.step.label}”，不再等候。"


def _places(viewer: Viewer, file: CaseFile) -> Iterator[str]:
    session, notice = viewer.session, viewer.notice
    for entry, shortlist in _entries(session, viewer, file):
        step = notice.step(shortlist.step)
        if shortlist.state == ListState.DRAFT:
            if entry.place != Place.OFF:
                yield f"“{step.label}”的名单正在拟定，他在草案第{entry.position}位，须移出后才能确认。"
        elif entry.place == Place.RESERVE:
            yield f"“{step.label}”的名单上他是后备第{entry.position}名，后面的后备依次向前。"
        elif entry.place == Place.ON:
            yield f"“{step.label}”的名单上他列第{entry.position}名，名额空出。{_follower(viewer, shortlist)}"


def _entries(session: Session, viewer: Viewer, file: CaseFile) -> list[tuple[Entry, Shortlist]]:
    """His places on the latest round of each list, in the order in which the lists were made."""
    rows = session.exec(
        select(Entry, Shortlist)
        .join(Shortlist, col(Shortlist.id) == col(Entry.shortlist_id))
        .where(Entry.case_id == file.case.id, Shortlist.season_id == viewer.season.id)
        .order_by(col(Shortlist.drafted_at), col(Shortlist.round))
    ).all()
    return list({shortlist.step: (entry, shortlist) for entry, shortlist in rows}.values())


def _follower(viewer: Viewer, shortlist: Shortlist) -> str:
    """Who could move up: only the last list has a reserve whose first is asked about."""
    step = final_step(viewer.notice)
    if step is None or shortlist.step != step.key:
        return "这份名单不递补，下一次会议可以从其余人选中增列。"
    current = current_list(viewer.session, viewer.season.id, step.key)
    reserve = listed(viewer.session, current, Place.RESERVE) if current else []
    if not reserve:
        return "后备名单已空，名额空缺。"
    first = reserve[0][1]
    vacancy = next((s for s in viewer.notice.season_steps if s.when == "place_free"), None)
    whose = "、".join(viewer.notice.body(d.body).label for d in vacancy.deciders) if vacancy else "办公室"
    return f"后备第一名是{first.number} {first.name}，是否递补由{whose}决定。"
