"""How is the text of the joint document written (五): edited by the office, kept in versions, sent to the hosts?"""

from uuid import UUID

from sqlmodel import Session

from models.actions import Task
from models.hosts import drafting_step
from models.joint import JointText, latest_text, names_now, text_digest
from models.notice import JointDocument, Notice
from models.people import Person
from models.placeholders import DOCUMENT_MARKS, LIST, list_lines, unknown_marks
from models.progress import Progress
from models.season import Season, notice_of, now
from models.seats import is_office
from models.text import tidy_line, tidy_text
from models.verdict import OPEN, Reason, Verdict, require
from models.words import EventKind, GateState
from tasks.record import lock_season, record

LONGEST = {"title": 200, "addressee": 500, "body": 10_000}


def check_write(session: Session, season: Season, person: Person) -> Verdict:
    """The office writes the text while it is being drafted, and at no other time: nobody signs what changes."""
    notice = notice_of(session, season)
    step = drafting_step(notice)
    if step is None or notice.joint_document is None:
        return (Reason("no_document", "本年度的通知没有联合发文。"),)
    clause = notice.joint_document.clause
    if not is_office(session, season, notice, person):
        return (Reason("office_only", "联合发文由办公室拟稿。", clause, "forbidden"),)
    gate = Progress(session, season, notice, None).gates.get(step.key)
    if gate is None or gate.state != GateState.OPEN:
        return (Reason("not_in_draft", f"只有在“{step.label}”时才能修改文稿。", clause),)
    return OPEN


def write_text(
    session: Session, season_id: UUID, person: Person, *, title: str, addressee: str, body: str
) -> JointText:
    """Keep the text as a new version with the list as it stands; the earlier ones stay."""
    season = lock_season(session, season_id)
    require(check_write(session, season, person))
    notice = notice_of(session, season)
    said = {"title": tidy_text(title), "addressee": tidy_line(addressee), "body": tidy_text(body)}
    require(_worded(notice, said))
    return _append(session, season, notice, person, said)


def _worded(notice: Notice, said: dict[str, str]) -> Verdict:
    clause = notice.joint_document.clause if notice.joint_document else ""
    labels = {"title": "标题", "addressee": "主送", "body": "正文"}
    found: list[Reason] = []

    def wrong(code: str, text: str, field: str) -> None:
        found.append(Reason(code, text, clause, "invalid", field))

    for name in ("title", "body"):
        if not said[name]:
            wrong("text_missing", f"请填写{labels[name]}。", name)
    for name, longest in LONGEST.items():
        if len(said[name]) > longest:
            wrong("text_too_long", f"{labels[name]}最多{longest}字，现在有{len(said[name])}字。", name)
        known = (*DOCUMENT_MARKS, LIST.strip("【】")) if name == "body" else DOCUMENT_MARKS
        for mark in unknown_marks(said[name], known):
            wrong("mark_unknown", f"{labels[name]}里的“【{mark}】”不能自动填入，请改正。", name)
    if said["body"] and (list_lines(said["body"]) != 1 or said["body"].count(LIST) != 1):
        wrong("list_missing", f"正文里须有一行只写“{LIST}”，名单自动放在那里，而且只写一次。", "body")
    return tuple(found)


def _append(
    session: Session, season: Season, notice: Notice, person: Person, said: dict[str, str]
) -> JointText:
    names, list_digest = names_now(session, season, notice)
    before = latest_text(session, season)
    written = JointText(
        season_id=season.id,
        version=before.version + 1 if before else 1,
        round=_round(session, season, notice),
        title=said["title"],
        addressee=said["addressee"],
        body=said["body"],
        names=names,
        list_digest=list_digest,
        digest=text_digest(notice, **said, names=names),
        written_by=person.id,
        written_at=now(season),
    )
    session.add(written)
    record(
        session,
        EventKind.DOCUMENT_DRAFTED,
        season=season,
        actor=person,
        version=written.version,
        names=len(names),
        digest=written.digest,
    )
    session.flush()
    return written


def _round(session: Session, season: Season, notice: Notice) -> int:
    step = drafting_step(notice)
    gate = Progress(session, season, notice, None).gates.get(step.key) if step else None
    return gate.round if gate else 1


def first_text(wanted: JointDocument) -> dict[str, str]:
    """The notice's own words, from which the office starts."""
    return {"title": wanted.title, "addressee": wanted.addressee, "body": wanted.text.strip()}


def text_to_edit(session: Session, season: Season, notice: Notice) -> dict[str, str]:
    """The latest version, or the notice's words."""
    latest = latest_text(session, season)
    if latest is not None:
        return {"title": latest.title, "addressee": latest.addressee, "body": latest.body}
    return first_text(notice.joint_document) if notice.joint_document else {}


def settle_text(session: Session, task: Task, person: Person) -> None:
    """The draft goes to the hosts: as it was written in this round, or else as a new version with the list of now."""
    latest = latest_text(session, task.season)
    names, _ = names_now(session, task.season, task.notice)
    if latest is None or latest.round != task.gate.round or latest.names != names:
        _append(session, task.season, task.notice, person, text_to_edit(session, task.season, task.notice))
