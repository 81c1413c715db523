"""Who may put which file into a case, take it out again, and note its paper original?"""

import resource
from uuid import uuid4

import pytest
from sqlmodel import select

from models.attachment import Attachment, PaperReceipt
from models.case import Case
from models.checklist import checklist, kept_files, missing_documents, not_yet_there
from models.database import reading, transaction
from models.event import Event
from models.filestore import LARGEST_FILE, get, path_of
from models.people import Person
from models.verdict import Refused
from models.viewer import read_viewer
from models.words import AttachmentKind, EventKind
from simulation.papers import docx, pdf, picture
from tasks.attachments import attach, read_attachment, remove_attachment
from tasks.intake import submit_case
from tasks.originals import receive_paper, undo_paper
from tests.refusals import codes
from tests.world import World


def add(
    case: Case,
    person: Person,
    document: str = "certificates",
    filename: str = "证书.pdf",
    content: bytes | None = None,
    *,
    sealed_and_signed: bool = False,
) -> Attachment:
    with transaction() as session:
        return attach(
            session,
            case.id,
            document,
            filename,
            content if content is not None else pdf(str(uuid4())),
            person,
            sealed_and_signed=sealed_and_signed,
        )


def remove(file: Attachment, person: Person) -> Attachment:
    with transaction() as session:
        return remove_attachment(session, file.id, person)


def refused(case: Case, person: Person, *args: object, **options: bool) -> list[str]:
    with pytest.raises(Refused) as refusal:
        add(case, person, *args, **options)  # type: ignore[arg-type]
    return codes(refusal)


def events(case: Case, kind: EventKind) -> list[Event]:
    with reading() as session:
        return list(session.exec(select(Event).where(Event.chain == case.id, Event.kind == kind)))


# --- who and when ------------------------------------------------------------------------------------------------


def test_filler_adds_and_removes_while_the_form_is_with_them(world: World) -> None:
    case, clerk = world.enter(), world.filler()
    file = add(case, clerk)
    assert get(file.id).startswith(b"%PDF-")
    remove(file, clerk)

    assert not path_of(file.id).exists()
    with reading() as session:
        kept = session.get_one(Attachment, file.id)
        assert kept.removed_by == clerk.id
    assert [len(events(case, k)) for k in (EventKind.ATTACHMENT_ADDED, EventKind.ATTACHMENT_REMOVED)] == [
        1,
        1,
    ]
    with pytest.raises(Refused, match="已经移除"):
        remove(file, clerk)


def test_after_handing_in_only_sealed_scans_are_added(world: World) -> None:
    case = world.bring_to(world.enter(), "unit_review")
    clerk = world.filler()
    assert refused(case, clerk) == ["not_editable"]
    scan = add(case, clerk, "application_form", "盖章.pdf", sealed_and_signed=True)
    assert scan.sealed_and_signed
    remove(scan, clerk)

    with reading() as session:
        handed_in = session.exec(
            select(Attachment).where(Attachment.document == "deeds", Attachment.case_id == case.id)
        )
        file = handed_in.one()
    with pytest.raises(Refused) as refusal:
        remove(file, clerk)
    assert codes(refusal) == ["not_editable"]


def test_the_countys_union_adds_the_departments_opinions(world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    union = world.person("county_union")
    scan = add(case, union, "department_opinions", "附件3.pdf", sealed_and_signed=True)
    remove(scan, union)
    assert refused(case, union) == ["not_editable"]
    assert refused(case, world.person("county_union", "liunan"), "department_opinions") == ["not_yours"]


def test_departments_and_experts_add_nothing(world: World) -> None:
    case = world.bring_to(world.enter(), "department_opinions")
    for body in ("police", "science", "expert", "leading_group"):
        assert refused(case, world.person(body), "department_opinions") == ["not_yours"]


def test_the_office_adds_and_removes_until_the_case_is_closed(world: World) -> None:
    case = world.bring_to(world.enter(), "unit_review")
    office = world.person("office")
    remove(add(case, office), office)

    file = add(case, office)
    world.answer("unit_review", case, "decline", reason="样例理由")
    assert world.case(case).closed_at is not None
    assert refused(case, office) == ["case_closed"]
    with pytest.raises(Refused) as refusal:
        remove(file, office)
    assert codes(refusal) == ["case_closed"]


def test_another_units_clerk_is_refused(world: World) -> None:
    mine = world.enter()
    other = world.filler("样例钢铁集团有限公司")
    assert refused(mine, other) == ["not_yours"]
    with pytest.raises(Refused, match="没有找到"), transaction() as session:
        attach(session, uuid4(), "photo", "a.jpg", picture(), other)


# --- what --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "filename", "content", "code"),
    [
        ("joint_document", "a.pdf", pdf(), "unknown_document"),
        ("expert_letters", "a.pdf", pdf(), "unknown_document"),
        ("nonsense", "a.pdf", pdf(), "unknown_document"),
        ("photo", "照片.pdf", pdf(), "wrong_kind"),
        ("photo", "照片.jpg", picture(size=(200, 300)), "photo_too_small"),
        ("deeds", "事迹.png", picture(AttachmentKind.PNG), "wrong_kind"),
        ("deeds", "事迹.docx", docx("字" * 3001), "too_long"),
        ("id_copy", "身份证.exe", b"MZ", "executable"),
        ("id_copy", "身份证.pdf", b"%PDF-" + b"0" * LARGEST_FILE, "file_too_large"),
    ],
)
def test_what_the_document_does_not_ask_for_is_refused(
    world: World, document: str, filename: str, content: bytes, code: str
) -> None:
    case = world.enter()
    assert refused(case, world.filler(), document, filename, content) == [code]
    assert events(case, EventKind.ATTACHMENT_ADDED) == []


def test_three_thousand_characters_are_not_too_many(world: World) -> None:
    assert add(world.enter(), world.filler(), "deeds", "事迹.docx", docx("字" * 3000)).size


def test_the_same_file_is_kept_once_but_may_come_back(world: World) -> None:
    case, clerk = world.enter(), world.filler()
    file = add(case, clerk, content=pdf("same"))
    assert refused(case, clerk, "certificates", "另一个名字.pdf", pdf("same")) == ["same_file"]
    add(case, clerk, "indicator_proof", content=pdf("same"))
    remove(file, clerk)
    add(case, clerk, content=pdf("same"))


def test_a_case_holds_no_more_than_its_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.attachments.LARGEST_CASE", 1500)
    case, clerk = world.enter(), world.filler()
    file = add(case, clerk)
    add(case, clerk)
    assert refused(case, clerk) == ["case_too_large"]
    remove(file, clerk)
    add(case, clerk)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("450203198803129917身份证.pdf", "****身份证.pdf"),
        ("样例甲 199-0000-0001.pdf", "样例甲 ****.pdf"),
        ("2025年证书.pdf", "2025年证书.pdf"),
        ("无扩展名", "无扩展名.pdf"),
    ],
)
def test_no_personal_number_stands_in_a_name(world: World, given: str, kept: str) -> None:
    case = world.enter()
    assert add(case, world.filler(), filename=given).filename == kept
    [event] = events(case, EventKind.ATTACHMENT_ADDED)
    assert event.facts["filename"] == kept


def test_a_refused_transaction_leaves_no_file(world: World) -> None:
    case, clerk = world.enter(), world.filler()
    with reading() as session:
        session.begin()
        file = attach(session, case.id, "certificates", "证书.pdf", pdf("undone"), clerk)
        assert path_of(file.id).exists()
        session.rollback()
    assert not path_of(file.id).exists()


# --- the list ----------------------------------------------------------------------------------------------------


def test_handing_in_waits_for_every_required_document(world: World) -> None:
    case = world.enter(channel="self", route="city", person=world.applicant())
    applicant = world.applicant()
    for document, content in (("photo", picture()), ("deeds", docx())):
        add(case, applicant, document, "", content)
    with reading() as session:
        found = [d.key for d in missing_documents(session, world.notice, session.get_one(Case, case.id))]
    assert found == ["id_copy", "no_crime", "indicator_proof"]

    with pytest.raises(Refused) as refusal, transaction() as session:
        submit_case(session, case.id, applicant)
    assert codes(refusal) == ["document_missing"] * 3 + ["consent_missing"]
    assert [r.field for r in refusal.value.reasons] == [*found, "consent"]
    assert "身份证复印件" in str(refusal.value)


def test_a_professional_recommendation_needs_its_letters(world: World) -> None:
    case = world.enter(channel="professional", route="city", person=world.applicant())
    with reading() as session:
        found = [d.key for d in missing_documents(session, world.notice, session.get_one(Case, case.id))]
    assert "expert_letters" in found


def test_the_list_shows_files_paper_and_what_the_way_makes(world: World) -> None:
    case = world.enter()
    world.supply(case)
    office = world.person("office")
    with transaction() as session:
        receive_paper(session, case.id, "deeds", office, "一式两份")
    with reading() as session:
        rows = {r.document.key: r for r in checklist(session, world.notice, session.get_one(Case, case.id))}
    assert list(rows)[-1] == "department_opinions"
    assert not rows["department_opinions"].asked
    assert [r for r in rows.values() if r.missing] == []
    assert rows["deeds"].received
    assert rows["deeds"].receiver == office.name
    assert not rows["id_copy"].received


def test_a_step_is_told_what_is_not_there_yet(world: World) -> None:
    case = world.bring_to(world.enter(), "unit_review")
    step = world.notice.step("unit_review")

    def lacking() -> list[str]:
        with reading() as session:
            now = session.get_one(Case, case.id)
            return [d.key for d in not_yet_there(session, world.notice, now, step)]

    assert lacking() == ["application_form", "certificates"]
    add(case, world.person("office"))
    with transaction() as session:
        receive_paper(session, case.id, "application_form", world.person("office"))
    assert lacking() == []
    world.answer("unit_review", case, "endorse")


def test_paper_originals_are_noted_by_the_office_alone(world: World) -> None:
    case, office = world.enter(), world.person("office")

    def tries(call: str, document: str, person: Person) -> list[str]:
        with pytest.raises(Refused) as refusal, transaction() as session:
            {"receive": receive_paper, "undo": undo_paper}[call](session, case.id, document, person)
        return codes(refusal)

    assert tries("receive", "deeds", world.filler()) == ["office_only"]
    assert tries("receive", "photo", office) == ["unknown_document"]
    assert tries("undo", "deeds", office) == ["not_received"]
    for _ in range(2):
        with transaction() as session:
            receive_paper(session, case.id, "deeds", office)
        assert tries("receive", "deeds", office) == ["already_received"]
        with transaction() as session:
            undo_paper(session, case.id, "deeds", office)
    with reading() as session:
        [receipt] = session.exec(select(PaperReceipt).where(PaperReceipt.case_id == case.id)).all()
    assert receipt.returned_at is not None
    assert [e.facts["received"] for e in events(case, EventKind.PAPER_RECEIVED)] == [True, False] * 2


def test_reading_is_for_those_who_see_the_case(world: World) -> None:
    case = world.enter()
    file = add(case, world.filler())

    def reads(person: Person) -> bytes:
        with reading() as session:
            return read_attachment(
                session, file.id, read_viewer(session, person, world.season, world.notice)
            )[1]

    assert reads(world.person("office")) == reads(world.filler())
    with pytest.raises(Refused, match="没有找到"):
        reads(world.filler("样例钢铁集团有限公司"))
    path_of(file.id).write_bytes(b"GJ1")
    with pytest.raises(Refused, match="或者已损坏"):
        reads(world.person("office"))
    path_of(file.id).unlink()
    with pytest.raises(Refused, match="不在文件夹里"):
        reads(world.person("office"))
    with transaction() as session:
        remove_attachment(session, file.id, world.filler())


@pytest.mark.parametrize("name", ["..", "../..", "/", "\u202e"])
def test_no_name_leads_out_of_the_folder_it_is_saved_to(world: World, name: str) -> None:
    assert add(world.enter(), world.filler(), filename=name).filename == "未命名文件.pdf"


def test_a_file_for_which_there_is_no_room_leaves_no_row(world: World) -> None:
    case = world.enter()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with transaction() as session:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
        try:
            with pytest.raises(Refused, match="磁盘写不进去"):
                attach(session, case.id, "certificates", "证书.jpg", picture(), world.filler())
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    with reading() as session:
        assert kept_files(session, case) == []
