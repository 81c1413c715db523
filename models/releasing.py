"""May this list be made public (七（二）)? A second person looks at every field; what is personal stops it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from models.case import Case
from models.consent import without_scope
from models.data_words import ConsentScope
from models.leaks import leaks
from models.notice import Answer, Notice, Step
from models.personal import sealed_form
from models.publication import PublicRow, draft_rows_digest, drafted
from models.season import Season
from models.verdict import OPEN, Reason, Verdict
from models.words import Effect

CLAUSE = "七（二）"
PERSONAL = ("id_number", "phone", "home_address", "email", "handler_phone")


def check_release(
    session: Session, season: Season, notice: Notice, step: Step, answer: Answer, facts: Mapping[str, Any]
) -> Verdict:
    """Reasons against releasing the list as it is now; `facts.public` is the digest of what was looked at."""
    window = notice.window_of(step)
    if window is None or answer.effect is not Effect.PASS:
        return OPEN
    rows = drafted(session, season, notice, window)
    if facts.get("public") not in (None, draft_rows_digest(rows)):
        text = (
            "您打开页面之后，拟公示的内容有了变动（有人退出或更正）。下面是最新的内容，请逐项核对后重新办理。"
        )
        return (Reason("public_changed", text, step.clause, "invalid", "public"),)
    return (*_consent_is_there(session, season, step, rows), *rows_are_clean(session, notice, window, rows))


def _consent_is_there(session: Session, season: Season, step: Step, rows: Sequence[PublicRow]) -> Verdict:
    """One reason for each who has not consented to being published, or took it back (个人信息保护法第25条)."""
    silent = without_scope(session, season.id, [r.case_id for r in rows], ConsentScope.PUBLICITY)
    return tuple(
        Reason(
            "consent_missing",
            f"第{n}行（{row.number} {row.name}）没有有效的公示同意，不得公示。请办公室在“个人信息”中取得同意后再审核。",
            step.clause,
            field="public",
        )
        for n, row in enumerate(rows, 1)
        if row.case_id in silent
    )


def rows_are_clean(session: Session, notice: Notice, window: Step, rows: Sequence[PublicRow]) -> Verdict:
    """One reason for each personal number, mailbox or address, naming row, column and what was found."""
    wanted = select(Case).where(col(Case.id).in_([r.case_id for r in rows]))
    cases = {c.id: c for c in session.exec(wanted)}
    labels = {c.key: c.label for c in window.publishing.columns}
    found: list[Reason] = []
    for n, row in enumerate(rows, 1):
        own = own_values(notice, cases[row.case_id])
        for key, text in row.cells.items():
            found += [
                _leaked(f"第{n}行（{row.number}）“{labels.get(key, key)}”", leak.what, leak.shown)
                for leak in leaks(text, own)
            ]
    return tuple(found)


def text_is_clean(notice: Notice, case: Case, label: str, text: str) -> Verdict:
    """The same for one text of one candidate."""
    found = leaks(text, own_values(notice, case))
    return tuple(_leaked(f"“{label}”", leak.what, leak.shown) for leak in found)


def own_values(notice: Notice, case: Case) -> list[tuple[str, str]]:
    """The candidate's own sealed values, which no pattern need know."""
    held = sealed_form(case)
    return [(notice.field(k).label, str(held[k])) for k in PERSONAL if held.get(k)]


def _leaked(where: str, what: str, shown: str) -> Reason:
    text = f"{where}含有{what}（{shown}），不得公示。请办公室在“公示管理”中更正后再审核。"
    return Reason("leak_found", text, CLAUSE, field="public")
