"""How does the signed joint document get its number and its papers, and how is a version printed (五)?"""

from datetime import date
from uuid import UUID

from sqlmodel import Session

from documents.layouts.joint_document import joint_document
from models.hosts import signing_step
from models.joint import JointNumber, JointText, is_signed, latest_text, number_in_force, text_digest
from models.notice import Notice, day_of
from models.people import Person
from models.progress import Progress
from models.season import Season, notice_of, now
from models.season_file import SeasonFile
from models.seats import bodies_of, is_office
from models.text import tidy_line
from models.verdict import OPEN, Reason, Refused, Verdict, require
from models.words import EventKind, FilePurpose
from tasks.printing import Format, Printed, rendered
from tasks.record import lock_season, record
from tasks.season_files import file_paper

# --- its number --------------------------------------------------------------------------------------------------


def check_number(session: Session, season: Season, person: Person) -> Verdict:
    """The office records the number once all hosts have signed."""
    notice = notice_of(session, season)
    if notice.joint_document is None:
        return (Reason("no_document", "本年度的通知没有联合发文。"),)
    clause = notice.joint_document.clause
    if not is_office(session, season, notice, person):
        return (Reason("office_only", "文号由办公室登记。", clause, "forbidden"),)
    if not is_signed(session, season, notice):
        return (Reason("not_signed", "主办单位还没有全部会签，不能登记文号。", clause),)
    return OPEN


def record_number(
    session: Session, season_id: UUID, person: Person, *, number: str, dated: str, reason: str = ""
) -> JointNumber:
    """Record under which number and date the document went out; a correction needs a reason and is kept beside it."""
    season = lock_season(session, season_id)
    require(check_number(session, season, person))
    notice = notice_of(session, season)
    before, latest = number_in_force(session, season), latest_text(session, season)
    day = read_past_day(season, dated, "dated", "成文日期")
    found: list[Reason] = []
    if not tidy_line(number):
        found.append(
            Reason("number_missing", "请填写文号，如 柳工字〔2026〕12号。", "五", "invalid", "number")
        )
    if before is not None and not reason.strip():
        text = f"文号已登记为{before.number}，更正必须写明理由。"
        found.append(Reason("reason_missing", text, "五", "invalid", "reason"))
    require(tuple(found))
    kept = JointNumber(
        season_id=season.id,
        revision=before.revision + 1 if before else 1,
        number=tidy_line(number)[:60],
        dated=day,
        digest=latest.digest if latest else text_digest(notice, "", "", "", []),
        reason=tidy_line(reason)[:500],
        recorded_by=person.id,
        recorded_at=now(season),
    )
    session.add(kept)
    record(
        session,
        EventKind.DOCUMENT_NUMBERED,
        season=season,
        actor=person,
        number=kept.number,
        dated=day.isoformat(),
        reason=kept.reason,
    )
    session.flush()
    return kept


def read_past_day(season: Season, text: str, field: str, label: str) -> date:
    """A day that has come, as typed; anything else is refused at `field`."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        said = f"请填写{label}，格式如 2026-04-25。"
        raise Refused(Reason("not_a_date", said, "五", "invalid", field)) from None
    if day > day_of(now(season)):
        raise Refused(Reason("date_to_come", f"{label}不能晚于今天。", "五", "invalid", field))
    return day


# --- its papers --------------------------------------------------------------------------------------------------


def check_scan(session: Session, season: Season, person: Person, body: str) -> Verdict:
    """The sealed document is filed once it is signed; a host's own copy by the office or that host."""
    notice = notice_of(session, season)
    step = signing_step(notice)
    if step is None or (body and body not in {d.body for d in step.deciders}):
        return (Reason("unknown_host", "没有这个主办单位。", "五", "missing"),)
    if body and Progress(session, season, notice, None).gates.get(step.key) is None:
        text = "文稿还没有送主办单位会签，不能存会签件。"
        return (Reason("not_sent", text, "五"),)
    mine = body in bodies_of(session, season.id, person, now(season))
    if body and not mine and not is_office(session, season, notice, person):
        return (Reason("not_your_copy", "会签件由该主办单位或办公室上传。", "五", "forbidden"),)
    return OPEN if body else check_number(session, season, person)


def file_scan(
    session: Session, season: Season, person: Person, *, body: str, filename: str, content: bytes
) -> SeasonFile:
    """Keep the scan of the sealed document, or of one host's sealed copy (`body`)."""
    require(check_scan(session, season, person, body))
    purpose = FilePurpose.HOST_COPY if body else FilePurpose.JOINT_SCAN
    return file_paper(session, season, purpose, body, filename, content, person)


def print_document(
    session: Session, season: Season, notice: Notice, written: JointText, form: Format
) -> Printed:
    """One version as Word or PDF; the one that was signed carries its number."""
    number = number_in_force(session, season)
    mine = number if number and number.digest == written.digest else None
    sheet = joint_document(notice, written, mine, practice=season.practice)
    name = sheet.title + ("" if mine else f"（会签稿第{written.version}版）")
    return Printed(f"{name}.{form}", rendered([sheet], form))
