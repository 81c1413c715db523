"""Who won the title in an earlier year? The office keeps the list; a candidate of the same name is pointed out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from documents.limits import TooMuch, Unreadable, run_limited
from models.notice import Notice
from models.people import Person
from models.sameness import PastWinner
from models.season import Season, notice_of
from models.seats import is_office
from models.verdict import OPEN, Reason, Refused, Verdict, require

PASTED = "名单.csv"
READ_AS = (".xlsx", ".xls", ".csv", ".txt")


def add_winners(session: Session, season: Season, person: Person, content: bytes, filename: str) -> int:
    """Add everyone on the list who is not known yet, or nobody; returns how many are new."""
    notice = notice_of(session, season)
    require(check_winners(session, season, notice, person))
    known = {(w.year, w.name, w.employer) for w in winners(session, notice)}
    new = {}
    for row in _read(content, filename):
        key = (int(row["year"]), str(row["name"]), str(row.get("employer") or ""))
        if key not in known:
            new[key] = str(row.get("occupation") or "")
    session.add_all(
        PastWinner(award=notice.award_name, year=year, name=name, employer=employer, occupation=occupation)
        for (year, name, employer), occupation in new.items()
    )
    return len(new)


def _read(content: bytes, filename: str) -> list[dict[str, Any]]:
    if not content.strip():
        raise Refused(Reason("nothing_given", "请选择文件，或者粘贴名单。", "", "invalid", "list"))
    if not filename.lower().endswith(READ_AS):
        text = "名单只能是 .xlsx、.xls 或 .csv 文件，也可以直接粘贴。"
        raise Refused(Reason("wrong_kind", text, "", "invalid", "list"))
    try:
        read = run_limited("documents.winners_table:read", content, name=filename)
    except (TooMuch, Unreadable):
        text = "文件打不开，请另存为 .xlsx 或 .csv，或者直接粘贴名单。"
        raise Refused(Reason("unreadable", text, "", "invalid", "list")) from None
    if read["problems"]:
        raise Refused(*(Reason(p["code"], p["message"], "", "invalid", "list") for p in read["problems"]))
    rows: list[dict[str, Any]] = read["rows"]
    return rows


def winners(session: Session, notice: Notice) -> Sequence[PastWinner]:
    """Everyone on the list, the latest year first."""
    return session.exec(
        select(PastWinner)
        .where(PastWinner.award == notice.award_name)
        .order_by(col(PastWinner.year).desc(), col(PastWinner.name))
    ).all()


def strike_winner(session: Session, season: Season, winner_id: UUID, person: Person) -> PastWinner:
    """Take someone off the list who stood there by mistake."""
    require(check_winners(session, season, notice_of(session, season), person))
    winner = session.get(PastWinner, winner_id)
    if winner is None:
        raise Refused(Reason("unknown_winner", "名单里没有这个人。", kind="missing"))
    session.delete(winner)
    return winner


def check_winners(session: Session, season: Season, notice: Notice, person: Person) -> Verdict:
    if is_office(session, season, notice, person):
        return OPEN
    return (Reason("office_only", "往年名单由办公室维护。", "", "forbidden"),)
