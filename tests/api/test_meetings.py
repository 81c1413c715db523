"""Can a meeting be recorded and confirmed on the pages, and does nobody else see it?"""

import io

import docx
from sqlmodel import select

from models.database import reading, transaction
from models.filestore import path_of
from models.meeting import Meeting
from models.orphans import orphans
from models.people import Person
from models.season import Season
from models.words import Attendance
from simulation.papers import picture
from tasks.anchoring import anchor_day
from tasks.meetings import find_sitting
from tests.api.conftest import Visitor, errors_of, sent_by, text_of
from tests.tasks.test_lists import on_list
from tests.tasks.test_meetings import case_of
from tests.tasks.test_meetings import meeting as meeting
from tests.world import World

STEP = "meeting"


def visitor(address: str, world: World, person: Person) -> Visitor:
    return Visitor(address, world).log_in(person)


def where(world: World) -> str:
    return f"/meetings/{world.gate(STEP).id}"


def everybody(world: World) -> dict[str, str]:
    with reading() as session:
        people = find_sitting(session, world.gate(STEP).id).members
    return {f"attendance_{p.id}": Attendance.PRESENT for p in people}


def test_meeting_is_recorded_by_the_office_and_confirmed_by_a_member(address: str, meeting: World) -> None:
    office = visitor(address, meeting, meeting.person("office"))
    path = where(meeting)
    office.get(path)
    head = {"number": "样例1号", "held_on": f"{meeting.now():%Y-%m-%d}", "place": "样例会议室"}
    office.follow(office.post(path, head | everybody(meeting)))
    third, fourth = case_of(meeting, "样例丙").id, case_of(meeting, "样例丁").id
    rows = sent_by(office.get(path), f"form[action='{path}/list']")
    rows |= {f"place_{third}": "reserve", f"reason_{third}": "材料存疑"}
    rows |= {f"place_{fourth}": "on", f"reason_{fourth}": "技艺突出", "unanimous": "yes"}
    saved = office.follow(office.post(f"{path}/list", rows))
    assert "会议记录已经齐全" in text_of(saved)

    [assignment] = meeting.assignments(STEP)
    member = visitor(address, meeting, meeting.person("meeting"))
    shown = member.get(f"/tasks/{assignment.id}")
    assert "移出 1 名" in text_of(shown)
    assert "赞成 5，反对 0，弃权 0" in text_of(shown)
    answered = member.post(f"/tasks/{assignment.id}", sent_by(shown, "#decide") | {"answer": "confirm"})
    assert answered.status_code == 303

    assert on_list(meeting, STEP) == ["样例甲", "样例乙", "样例丁"]
    after = office.get(path)
    assert "已确认" in text_of(after)
    assert "还没有上传" in text_of(after)


def test_wrong_number_keeps_what_was_typed(address: str, meeting: World) -> None:
    office = visitor(address, meeting, meeting.person("office"))
    path, first = where(meeting), case_of(meeting, "样例甲").id
    rows = sent_by(office.get(path), f"form[action='{path}/list']")

    refused = office.post(f"{path}/list", rows | {f"for_{first}": "五", f"reason_{first}": "样例"})

    assert refused.status_code == 422
    assert list(errors_of(refused)) == [f"#for_{first}"]
    assert sent_by(refused, f"form[action='{path}/list']")[f"reason_{first}"] == ["样例"]


def test_record_that_changed_after_the_page_was_opened_is_looked_at_again(
    address: str, meeting: World
) -> None:
    meeting.hold(STEP)
    [assignment] = meeting.assignments(STEP)
    member = visitor(address, meeting, meeting.person("meeting"))
    shown = sent_by(member.get(f"/tasks/{assignment.id}"), "#decide")
    meeting.hold(STEP)

    refused = member.post(f"/tasks/{assignment.id}", shown | {"answer": "confirm"})

    assert refused.status_code == 409
    assert list(errors_of(refused)) == ["#places"]


def test_signed_minutes_are_kept_also_after_the_list_is_confirmed(address: str, meeting: World) -> None:
    path = where(meeting)
    meeting.pass_step(STEP)
    office = visitor(address, meeting, meeting.person("office"))
    office.get(path)
    token = {"csrf": office.csrf}
    files = {"scan": ("纪要.jpg", picture(), "image/jpeg")}
    headers = {"Sec-Fetch-Site": "same-origin"}

    sent = office.client.post(f"{path}/scan", data=token, files=files, headers=headers)

    assert "纪要.jpg" in text_of(office.follow(sent))
    assert office.get(f"{path}/scan").content == picture()
    with reading() as session:
        kept = session.exec(select(Meeting.scan_id).where(Meeting.gate_id == meeting.gate(STEP).id)).one()
        assert kept is not None
        assert path_of(kept) not in orphans(session, seconds=-60)


def test_meeting_does_not_exist_for_others(address: str, meeting: World) -> None:
    stranger = visitor(address, meeting, meeting.applicant())
    assert [stranger.get(p).status_code for p in ("/meetings", where(meeting))] == [404, 404]


def test_list_of_meetings_shows_what_is_missing(address: str, meeting: World) -> None:
    office = visitor(address, meeting, meeting.person("office"))
    assert "待记录" in text_of(office.get("/meetings"))
    meeting.pass_step(STEP)
    assert "缺" in text_of(office.get("/meetings"))


def test_draft_minutes_bear_the_newest_anchor_of_the_record(address: str, meeting: World) -> None:
    with transaction() as session:
        anchor = anchor_day(session, session.get_one(Season, meeting.season_id))
    office = visitor(address, meeting, meeting.person("office"))

    paper = office.get(f"{where(meeting)}/papers/minutes.docx").content

    assert anchor is not None
    lines = [paragraph.text for paragraph in docx.Document(io.BytesIO(paper)).paragraphs]
    assert f"记录锚 {anchor.day} {anchor.hash[:16]}" in lines


def test_papers_are_for_those_who_record_and_meet(address: str, meeting: World) -> None:
    meeting.hold(STEP)
    path = f"{where(meeting)}/papers"
    for body in ("office", "meeting"):
        reader = visitor(address, meeting, meeting.person(body))
        assert reader.get(f"{path}/booklet.pdf").content[:4] == b"%PDF"
        assert reader.get(f"{path}/minutes.docx").content[:2] == b"PK"
        assert reader.get(f"{path}/unknown.pdf").status_code == 404
    stranger = visitor(address, meeting, meeting.applicant())
    assert stranger.get(f"{path}/booklet.pdf").status_code == 404
