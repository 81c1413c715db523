"""Is a list, with the places that it is to have, one that may be confirmed (一（一）、三（四）–三（六）)?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.case import Case
from models.lists import Entry, placed
from models.notice import Step
from models.verdict import Reason, Verdict
from models.words import Place, StepKind

Rows = Sequence[tuple[Entry, Case]]
Places = Mapping[str, Sequence[Any]]


def check_list(step: Step, rows: Rows, places: Places) -> Verdict:
    """A list is no longer than its size, names only the living, and gives a reason for every change."""
    chosen: list[Case] = []
    found: list[Reason] = []
    for entry, case in rows:
        place, reason, position = placed(entry, places)
        if place == Place.ON:
            chosen.append(case)
        moved = place != entry.place or position not in (None, entry.position)
        if moved and not reason.strip() and not (entry.tied and step.kind is StepKind.RANKING):
            text = f"{case.number}改变了名单位置，请写明理由。"
            found.append(Reason("change_unexplained", text, step.clause, "invalid", f"reason_{case.id}"))
        if place == Place.ON and entry.place == Place.OFF:
            text = f"{case.number}没有评审得分，不能列入名单。"
            found.append(Reason("unscored", text, step.clause, "invalid", f"place_{case.id}"))
    size = min((e.size for e, _ in rows), default=0)
    if len(chosen) > size:
        text = f"名单共{size}名，现在选了{len(chosen)}名，请减去{len(chosen) - size}名。"
        found.append(Reason("over_quota", text, step.clause, "invalid", "places"))
    if gone := [c.number for c in chosen if not c.live]:
        text = f"{'、'.join(gone)}已经终结，不能列入名单；请移出后再确认。"
        found.append(Reason("member_gone", text, step.clause))
    return (*found, *_positions_are_free(rows, places, step), *_ties_are_settled(rows, places, step))


def _ties_are_settled(rows: Rows, places: Places, step: Step) -> Iterator[Reason]:
    """三（四）: who of those with the same score at the cut is on the list is said by people, with the reason."""
    if step.kind is not StepKind.RANKING:
        return
    tied = [(entry, case) for entry, case in rows if entry.tied]
    room = sum(entry.place == Place.ON for entry, _ in tied)
    for entry, case in tied:
        if str(case.id) not in places:
            text = (
                f"{case.number}在名额分界处与人同分，请逐一选定列入谁：同分的{len(tied)}人中可列入{room}人。"
            )
            yield Reason("tie_unsettled", text, step.clause, "invalid", f"place_{case.id}")
        elif not placed(entry, places)[1].strip():
            text = f"{case.number}在名额分界处与人同分，请写明列入或不列入的理由。"
            yield Reason("tie_unexplained", text, step.clause, "invalid", "tie_reason")


def _positions_are_free(rows: Rows, places: Places, step: Step) -> Iterator[Reason]:
    """Positions that were asked for lie within their place, and no two are the same."""
    standing = {e.case_id: placed(e, places)[0] for e, _ in rows}
    counts, taken = Counter(standing.values()), set()
    for entry, case in rows:
        place, _, position = placed(entry, places)
        if position is None:
            continue
        field = f"position_{case.id}"
        if not 1 <= position <= counts[place]:
            text = f"{case.number}的次序须在1至{counts[place]}之间。"
            yield Reason("order_beyond", text, step.clause, "invalid", field)
        elif (place, position) in taken:
            text = f"{case.number}的次序{position}已有别人，请改成不同的次序。"
            yield Reason("order_clash", text, step.clause, "invalid", field)
        taken.add((place, position))
