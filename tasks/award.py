"""How is the one-off award put on record (五): how much, to whom, on which day, and who is in the reserve?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from documents.award_tables import Column, Table, write_table
from models.case import Case
from models.honours import AwardAmount, Honoured, Payment, amount_in_force, honoured
from models.notice import Notice
from models.people import Organisation, Person
from models.personal import whole_form
from models.reading import may_read_numbers
from models.season import Season, notice_of, now
from models.seats import is_office
from models.text import tidy_line
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.viewer import Viewer
from models.words import EventKind
from tasks.joint import read_past_day
from tasks.printing import Printed
from tasks.record import lock_cases, lock_season, record

MOST_YUAN = 10_000_000


def check_award(session: Session, season: Season, person: Person) -> Verdict:
    """The office records the award of those who hold the title."""
    notice = notice_of(session, season)
    if notice.award is None:
        return (Reason("no_award", "本年度的通知没有激励。"),)
    if not is_office(session, season, notice, person):
        return (Reason("office_only", "激励金由办公室登记。", notice.award.clause, "forbidden"),)
    return OPEN


# --- the amount --------------------------------------------------------------------------------------------------


def set_amount(
    session: Session, season_id: UUID, person: Person, *, amount: str, paper: str, reason: str = ""
) -> AwardAmount:
    """Record what each person gets and on which paper; another amount later needs a reason, payments keep theirs."""
    season = lock_season(session, season_id)
    require(check_award(session, season, person))
    before = amount_in_force(session, season)
    yuan = _yuan(amount)
    found: list[Reason] = []
    if yuan is None:
        text = f"请填写每人金额，为0至{MOST_YUAN}之间的整数（元）。"
        found.append(Reason("amount_wrong", text, "五", "invalid", "amount"))
    if not tidy_line(paper):
        text = "通知没有写明金额，请填写确定金额的依据，如会议纪要或文件编号。"
        found.append(Reason("paper_missing", text, "五", "invalid", "paper"))
    if before is not None and not reason.strip():
        text = f"金额已登记为每人{before.amount_yuan}元，更正必须写明理由。"
        found.append(Reason("reason_missing", text, "五", "invalid", "reason"))
    require(tuple(found))
    kept = AwardAmount(
        season_id=season.id,
        revision=before.revision + 1 if before else 1,
        amount_yuan=yuan or 0,
        paper=tidy_line(paper)[:200],
        reason=tidy_line(reason)[:500],
        recorded_by=person.id,
        recorded_at=now(season),
    )
    session.add(kept)
    record(
        session,
        EventKind.AMOUNT_SET,
        season=season,
        actor=person,
        amount=kept.amount_yuan,
        paper=kept.paper,
        reason=kept.reason,
    )
    session.flush()
    return kept


def _yuan(text: str) -> int | None:
    bare = text.strip().replace(",", "").replace("，", "").removesuffix("元")
    value = int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 12 else -1
    return value if 0 <= value <= MOST_YUAN else None


# --- the payments ------------------------------------------------------------------------------------------------


def settle_payments(
    session: Session,
    season_id: UUID,
    person: Person,
    case_ids: Sequence[UUID],
    *,
    paid_on: str = "",
    note: str = "",
) -> list[Payment]:
    """Record for these people on which day they were paid; without a day, why nothing is paid.

    Whoever has an entry already needs a note that says why it changes.
    """
    season = lock_season(session, season_id)
    require(check_award(session, season, person))
    notice, amount = notice_of(session, season), amount_in_force(session, season)
    known = {h.case.id: h for h in honoured(session, season, notice)}
    chosen = [known[i] for i in dict.fromkeys(case_ids) if i in known]
    require(_payable(chosen, amount, paid_on, note))
    day = read_past_day(season, paid_on, "paid_on", "发放日期") if paid_on.strip() else None
    lock_cases(session, [h.case.id for h in chosen])
    made = [_payment(session, season, person, h, amount, day, tidy_line(note)[:500]) for h in chosen]
    session.flush()
    return made


def _payable(chosen: Sequence[Honoured], amount: AwardAmount | None, paid_on: str, note: str) -> Verdict:
    found: list[Reason] = []
    if amount is None:
        found.append(Reason("amount_missing", "请先登记激励金的金额。", "五", "conflict", "amount"))
    if not chosen:
        found.append(Reason("nobody_chosen", "请先勾选要登记的人。", "五", "invalid", "people"))
    if not paid_on.strip() and not note.strip():
        text = "请填写发放日期；不发放的，在“说明”里写明原因。"
        found.append(Reason("date_missing", text, "五", "invalid", "paid_on"))
    if (again := [h.case.name for h in chosen if h.payment]) and not note.strip():
        text = f"{'、'.join(again)}已经登记过，更正请在“说明”里写明原因。"
        found.append(Reason("note_missing", text, "五", "invalid", "note"))
    if paid_on.strip() and (gone := [h.case.name for h in chosen if h.revocation]):
        text = f"{'、'.join(gone)}的称号已撤销，不能登记发放。"
        found.append(Reason("title_revoked", text, "五", "conflict", "people"))
    return tuple(found)


def _payment(
    session: Session,
    season: Season,
    person: Person,
    whose: Honoured,
    amount: AwardAmount | None,
    day: date | None,
    note: str,
) -> Payment:
    payment = Payment(
        season_id=season.id,
        case_id=whose.case.id,
        revision=whose.payment.revision + 1 if whose.payment else 1,
        amount_yuan=amount.amount_yuan if amount and day else 0,
        paid_on=day,
        note=note,
        recorded_by=person.id,
        recorded_at=now(season),
    )
    session.add(payment)
    record(
        session,
        EventKind.AWARD_SETTLED,
        season=season,
        case=whose.case,
        actor=person,
        amount=payment.amount_yuan,
        paid_on=day.isoformat() if day else "",
        note=note,
    )
    return payment


@dataclass(frozen=True)
class Totals:
    """How many were paid how much, how many are not to be paid, how many wait."""

    paid: int
    yuan: int
    waived: int
    waiting: int


def totals(people: Sequence[Honoured]) -> Totals:
    paid = [h.payment for h in people if h.payment and h.payment.paid_on]
    return Totals(
        len(paid),
        sum(p.amount_yuan for p in paid),
        sum(1 for h in people if h.settled and not (h.payment and h.payment.paid_on)),
        sum(1 for h in people if not h.settled),
    )


# --- the sheets --------------------------------------------------------------------------------------------------

PAYMENTS = (
    Column("序号", 6),
    Column("姓名", 12),
    Column("工作单位", 34),
    Column("金额（元）", 12, number=True),
    Column("身份证号", 24),
    Column("开户银行", 22),
    Column("银行账号", 26),
    Column("发放日期", 14),
    Column("签收", 14),
    Column("备注", 24),
)
RESERVE = (
    Column("序号", 6),
    Column("姓名", 12),
    Column("性别", 8),
    Column("出生日期", 14),
    Column("工作单位", 34),
    Column("职务", 16),
    Column("职业（工种）", 20),
    Column("推荐单位", 30),
    Column("证书编号", 26),
    Column("备注", 20),
)


def payment_list(viewer: Viewer, *, with_numbers: bool = False) -> Printed:
    """Who gets how much. Accounts are filled in by hand; ID numbers only on demand, which is put on record."""
    session, notice = viewer.session, viewer.notice
    require(check_award(session, viewer.season, viewer.person))
    amount, people = amount_in_force(session, viewer.season), honoured(session, viewer.season, notice)
    rows = [
        _paid_row(n, h, amount, _id_number(viewer, h.case) if with_numbers else "")
        for n, h in enumerate(people, 1)
    ]
    if with_numbers:
        record(
            session,
            EventKind.NUMBERS_SEEN,
            season=lock_season(session, viewer.season.id),
            actor=viewer.person,
            reason=f"导出激励金发放表，含{len(rows)}名人选的身份证号",
        )
    title = f"{notice.title}一次性激励金发放表"
    note = f"依据：{amount.paper}。" if amount else "金额尚未登记。"
    table = Table(title, PAYMENTS, rows, f"{note}银行账号不在系统中保存，由经办人填写。", total="合计")
    return Printed(f"{title}.xlsx", write_table(table), len(rows))


def _paid_row(number: int, one: Honoured, amount: AwardAmount | None, id_number: str) -> list[str | int]:
    paid, note = one.payment, ""
    due = amount.amount_yuan if amount else ""
    if one.revocation:
        due, note = 0, "称号已撤销"
    elif paid:
        due, note = paid.amount_yuan, paid.note
    employer = str(one.case.form.get("employer") or "")
    day = paid.paid_on.isoformat() if paid and paid.paid_on else ""
    return [number, one.case.name, employer, due, id_number, "", "", day, "", note]


def _id_number(viewer: Viewer, case: Case) -> str:
    return str(whole_form(case).get("id_number") or "") if may_read_numbers(viewer, case) else ""


def reserve_list(viewer: Viewer) -> Printed:
    """Everybody who holds the title is first in line for the next higher one (五)."""
    session, notice = viewer.session, viewer.notice
    require(check_award(session, viewer.season, viewer.person))
    holders = [h for h in honoured(session, viewer.season, notice) if not h.revocation]
    rows = [_reserve_row(session, notice, n, h) for n, h in enumerate(holders, 1)]
    reserve = notice.award.reserve if notice.award else None
    if reserve is None:
        raise Refused(Reason("no_reserve", "本年度的通知没有后备人选。", kind="missing"))
    title, note = f"“{reserve}”后备人选名册", f"{notice.title}获认定人员。"
    return Printed(f"{title}.xlsx", write_table(Table(title, RESERVE, rows, note)), len(rows))


def _reserve_row(session: Session, notice: Notice, number: int, one: Honoured) -> list[str | int]:
    def text(key: str) -> str:
        return str(one.case.form.get(key) or "")

    unit = session.get(Organisation, one.case.unit_id) if one.case.unit_id else None
    return [
        number,
        one.case.name,
        text("sex"),
        text("birth_date"),
        text("employer"),
        text("post"),
        text("occupation"),
        unit.name if unit else notice.channel(one.case.channel).label,
        one.certificate.number if one.certificate else "",
        "",
    ]
