"""What does the public notice say, and what the result (三（七）、五)? Put together from what was released."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session

from documents.file_texts import NEVER, texts_in
from documents.layouts.official import day
from documents.layouts.public_notice import NEW, REVOKED, PaperRow, PublicPaper, public_notice
from documents.to_word import word
from models.gates import Gate
from models.hearing import public_days
from models.leaks import leaks
from models.notice import Notice, Step, day_of
from models.progress import latest_list
from models.publication import PublicRow, Shown, ShownRow
from models.result import Result
from models.season import Season
from models.verdict import Reason, Verdict
from settings import settings

CLAUSE = "七（二）"
PUBLIC_PATH = "/public"
ORDERS = {"strokes": "（按姓氏笔画为序）", "number": ""}


def notice_paper(
    session: Session, season: Season, notice: Notice, window: Step, shown: Shown, gate: Gate | None
) -> PublicPaper:
    """The public notice; before it opens with the days that the notice file names."""
    listed = latest_list(session, season, notice, before=window.key) is not None
    what = "拟认定人选" if listed else "申报人选"
    first, last = _days(notice, window, gate)
    passed = _stages_before(notice, window)
    by = f"经{'、'.join(passed)}，" if passed else ""
    publishing = window.publishing
    opening = (
        f"根据《关于开展{notice.title}认定工作的通知》（{notice.number}），{by}"
        f"现将{len(shown.rows)}名{what}名单{ORDERS[publishing.order]}予以公示，接受社会监督。"
    )
    return PublicPaper(
        title=(f"关于{notice.title}", f"{what}的公示"),
        practice=season.practice,
        opening=opening,
        period=f"{day(first)}至{day(last)}（均含当日）" if first else f"至{day(last)}（含当日）",
        columns=[c.label for c in publishing.columns],
        rows=_rows(window, shown.rows),
        notes=_notes(window, shown),
        how=publishing.how.replace("{authority}", notice.authority),
        contact=_contact(notice),
        signed=notice.authority,
        dated=first,
        address=publishing.address or f"{settings().base_url}{PUBLIC_PATH}",
    )


def result_paper(notice: Notice, window: Step, result: Result, *, practice: bool) -> PublicPaper:
    """Who was recognised (五), with what was put right since, and whose title was taken back since (C18)."""
    shown, document = result.shown, "由主办单位联合发文" if notice.joint_document else ""
    opening = (
        f"根据《关于开展{notice.title}认定工作的通知》（{notice.number}），经评审、审定和社会公示，"
        f"{document}{f'（{result.number}）' if result.number else ''}{'，' if document else ''}"
        f"认定{notice.title}{len(shown.rows)}名。现将名单{ORDERS[window.publishing.order]}公布如下。"
    )
    return PublicPaper(
        title=(f"关于{notice.title}", "认定结果的公告"),
        practice=practice,
        opening=opening,
        period="",
        columns=[c.label for c in window.publishing.columns],
        rows=_rows(window, shown.rows, result.revoked),
        notes=[*_notes(window, shown), *_revocations(notice, result)],
        how="",
        contact=(),
        signed=notice.authority,
        dated=result.dated,
        address="",
    )


def _days(notice: Notice, window: Step, gate: Gate | None) -> tuple[date | None, date]:
    if gate is not None:
        return public_days(notice, window, gate)
    return (notice.dates[window.opens].day if window.opens else None), notice.dates[window.due].day


def _stages_before(notice: Notice, step: Step) -> list[str]:
    """The stages that have led to this public notice."""
    keys = [s.key for s in notice.stages]
    return [s.label for s in notice.stages[: keys.index(step.stage)]]


def _rows(window: Step, rows: Sequence[ShownRow], revoked: Collection[UUID] = ()) -> list[PaperRow]:
    keys = [c.key for c in window.publishing.columns]
    return [
        PaperRow(
            [one.row.cells.get(k, "") for k in keys],
            frozenset(n for n, k in enumerate(keys) if k in one.corrected),
            REVOKED if one.row.case_id in revoked else NEW if one.is_new else "",
        )
        for one in rows
    ]


def _notes(window: Step, shown: Shown) -> list[str]:
    """What has changed since the release, in whole sentences: corrections, who is new, and that somebody has left."""
    labels = {c.key: c.label for c in window.publishing.columns}
    place = {r.row.case_id: n for n, r in enumerate(shown.rows, 1)}
    names = {r.row.case_id: r.row.name for r in shown.rows}
    found = [
        f"更正（{day(day_of(c.settled_at))}）：第{place[c.case_id]}号{names[c.case_id]}的"
        f"“{labels.get(c.column, c.column)}”更正为“{c.new or '（空）'}”。"
        for c in shown.corrections
        if c.settled_at is not None
    ]
    if new := [r.row.name for r in shown.rows if r.is_new]:
        found.append(f"本次公示新增{len(new)}名人选：{'、'.join(new)}；其余人选此前已经公示。")
    if shown.gone:
        found.append(f"准予公示以后，原名单中有{shown.gone}名人选不再列入。")
    return found


def _revocations(notice: Notice, result: Result) -> list[str]:
    """A title taken back stays in the list that was announced, and is marked."""
    named = [(n, r.row) for n, r in enumerate(result.shown.rows, 1) if r.row.case_id in result.revoked]
    return [
        f"第{n}号{row.name}的“{notice.award_name}”称号已于{day(revocation.decided_on)}撤销（{revocation.paper}）。"
        for n, row in named
        if (revocation := result.revoked[row.case_id])
    ]


def _contact(notice: Notice) -> list[str]:
    contact = notice.contact
    return [
        f"联系电话：{contact.phone}",
        f"电子邮箱：{contact.email}",
        f"地址：{contact.address}（邮编：{contact.postcode}）",
    ]


# --- what must not be in it --------------------------------------------------------------------------------------


def paper_is_clean(
    session: Session, season: Season, notice: Notice, window: Step, rows: Sequence[PublicRow]
) -> Verdict:
    """The paper made of these rows, looked into as a file: its text, properties, comments and custom parts."""
    shown = Shown([ShownRow(r) for r in rows], [], 0, None)
    paper = notice_paper(session, season, notice, window, shown, None)
    return file_is_clean(paper, "公示.docx", word([public_notice(paper)]))


def file_is_clean(paper: PublicPaper, name: str, content: bytes) -> Verdict:
    """A reason for each personal number, mailbox or address in a file that is to be published, shown or hidden.

    The office's own telephone, mailbox and address belong there.
    """
    found: list[Reason] = []
    for where, text in texts_in(name, content):
        for own in (*paper.contact, paper.address):
            text = text.replace(own, "")
        if where in NEVER and text.strip():
            said = f"文件“{name}”带有{where}，不得公布，请清除后再办理。"
            found.append(Reason("hidden_part", said, CLAUSE, field="public"))
        for leak in leaks(text):
            said = f"文件“{name}”的{where}含有{leak.what}（{leak.shown}），不得公布。"
            found.append(Reason("leak_found", said, CLAUSE, field="public"))
    return tuple(found)
