"""What in a good season's file should its writer look at once more?"""

from itertools import pairwise

from models.notice import Notice


def warnings(notice: Notice) -> list[str]:
    """Whole sentences; nothing here keeps the file from being used."""
    return [
        *_dates_going_back(notice),
        *_dates_before_issue(notice),
        *_unused_dates(notice),
        *_unused_bodies(notice),
    ]


def _dates_going_back(notice: Notice) -> list[str]:
    said = []
    for earlier, later in pairwise(notice.steps):
        first, second = notice.dates[earlier.due].day, notice.dates[later.due].day
        if second < first:
            said.append(
                f"“{later.label}”的截止日（{second}）早于前一步“{earlier.label}”的截止日（{first}），请核对。"
            )
    return said


def _dates_before_issue(notice: Notice) -> list[str]:
    return [
        f"日期“{d.label}”（{d.day}）早于印发日期（{notice.issued}），请核对。"
        for d in notice.dates.values()
        if d.day < notice.issued
    ]


def _unused_dates(notice: Notice) -> list[str]:
    used = {key for s in notice.steps for key in (s.due, s.opens, s.after) if key}
    used |= set(notice.publicity.remind) if notice.publicity else set()
    return [f"日期“{d.label}”（{key}）没有步骤使用。" for key, d in notice.dates.items() if key not in used]


def _unused_bodies(notice: Notice) -> list[str]:
    used = {d.body for s in notice.steps for d in s.deciders} | {s.superior for s in notice.steps}
    used |= set(notice.publicity.bodies) if notice.publicity else set()
    return [f"机构“{b.label}”（{b.key}）没有步骤由它办理。" for b in notice.bodies if b.key not in used]
