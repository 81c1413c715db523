"""Is nobody handed in or published without consent, and is what was said kept as it was said?"""

import hashlib
import json
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col
from typer.testing import CliRunner

from cli import app
from models.case import Case
from models.consent import Consent, acts, candidate_standing, check_consent, text_body, text_in_force
from models.consent_list import lacking
from models.data_words import ConsentScope, ConsentWay, Subject
from models.database import reading, transaction
from models.people import Person
from models.season import Season
from models.verdict import Refused
from models.words import Outcome
from notices.consent import FILE
from notices.problems import NoticeError
from simulation.papers import docx, pdf
from tasks.consent import Scan, expert_consents, give_consent, take_back
from tasks.consent_text import set_text
from tasks.intake import edit_case, submit_case
from tests.refusals import codes
from tests.world import World

ALL = list(ConsentScope)


def give(case: Case, person: Person, *said: str, scan: Scan | None = None) -> list[Consent]:
    with transaction() as session:
        return give_consent(session, case.id, person, said, scan)


def standing(case: Case) -> frozenset[str]:
    with reading() as session:
        return candidate_standing(session, case).scopes


def said_of(case: Case) -> list[Consent]:
    with reading() as session:
        return list(acts(session, case.id))


def submit(world: World, case: Case) -> None:
    with transaction() as session:
        submit_case(session, case.id, world.enterer(case))


def newer(tmp_path: Path, grows: str = "[]") -> Path:
    """The file with a second version after the first."""
    text = FILE.read_text(encoding="utf-8")
    head, _, first = text.partition("versions:\n")
    second = first.replace("version: 1", "version: 2").replace("grows: []", f"grows: {grows}")
    file = tmp_path / "consent.yaml"
    file.write_text(f"{head}versions:\n{first}{second}", encoding="utf-8")
    return file


def test_without_consent_nothing_is_handed_in(world: World) -> None:
    case = world.enter()
    give(case, world.filler(), ConsentScope.HANDLING)

    with pytest.raises(Refused) as refusal:
        submit(world, case)
    [reason] = [r for r in refusal.value.reasons if r.code == "consent_missing"]
    assert "向有关部门提供、公示和宣传" in reason.text
    assert reason.field == "consent"

    world.submit(case)
    assert standing(case) == set(ALL)


def test_what_was_shown_is_known_by_its_version_and_hash(world: World) -> None:
    case = world.enter(channel="self", route="city", person=world.applicant())

    [act] = give(case, world.applicant(), *ALL)

    with reading() as session:
        text = text_in_force(session, world.season_id)
        assert text is not None
        assert (act.version, act.digest) == (text.version, text.digest)
        assert hashlib.sha256(text_body(text.body).encode()).hexdigest() == text.digest
        assert world.notice.contact.phone in text_body(text.body)
    assert (act.way, act.subject, act.recorded_by) == (ConsentWay.PAGE, case.name, world.applicant().id)


def test_a_unit_declares_what_was_signed_or_brings_the_paper(world: World) -> None:
    case, clerk = world.enter(), world.filler()

    [declared] = give(case, clerk, *ALL)
    [paper] = give(case, clerk, *ALL, scan=Scan("签名件.pdf", pdf("signed")))

    assert declared.way == ConsentWay.DECLARED
    assert paper.way == ConsentWay.PAPER
    assert paper.attachment_id is not None
    with pytest.raises(Refused) as refusal:
        give(case, clerk, *ALL, scan=Scan("签名件.docx", docx()))
    assert codes(refusal) == ["wrong_kind"]


def test_nobody_else_says_so_for_them(world: World) -> None:
    case = world.enter()

    with pytest.raises(Refused) as refusal:
        give(case, world.applicant(), *ALL)
    assert codes(refusal) == ["not_yours"]
    give(case, world.person("office"), *ALL)


def test_each_recommender_is_asked_too_also_one_who_comes_later(world: World) -> None:
    applicant = world.applicant()
    case = world.enter(channel="professional", route="city", person=applicant)
    give(case, applicant, *ALL)
    with reading() as session:
        [reason] = check_consent(session, world.notice, world.case(case))
    assert reason.code == "recommender_consent_missing"

    give(case, applicant, "recommenders")
    named = [a.subject for a in said_of(case) if a.role == Subject.RECOMMENDER]
    assert named == sorted(r["name"] for r in world.case(case).form["recommenders"])

    rows = [{**r, "name": "样例后来者"} for r in world.case(case).form["recommenders"][:1]]
    with transaction() as session:
        edit_case(session, case.id, {"recommenders": rows}, applicant)
    with reading() as session:
        [reason] = check_consent(session, world.notice, world.case(case))
    assert "样例后来者" in reason.text


def test_what_is_on_record_is_never_changed(world: World) -> None:
    case = world.enter()
    give(case, world.filler(), *ALL)

    with pytest.raises(DBAPIError, match=r"append-only|permission denied"), transaction() as session:
        session.execute(update(Consent).where(col(Consent.case_id) == case.id).values(scopes=[]))


def test_taken_back_consent_lets_the_case_leave_and_stays_on_record(world: World) -> None:
    case = world.enter()
    world.submit(case)

    with transaction() as session:
        take_back(session, case.id, world.filler(), "本人不愿公示")

    assert world.case(case).outcome == Outcome.WITHDRAWN
    assert [a.given for a in said_of(case)] == [True, False]
    assert standing(case) == frozenset()
    with pytest.raises(Refused) as refusal, transaction() as session:
        take_back(session, case.id, world.filler(), "")
    assert codes(refusal) == ["no_consent"]


def test_a_newer_text_leaves_older_consent_alone_unless_its_scope_has_grown(
    world: World, tmp_path: Path
) -> None:
    case = world.enter()
    world.submit(case)

    with transaction() as session:
        set_text(session, world.season_id, newer(tmp_path), None)
    assert standing(case) == set(ALL)

    grown = tmp_path / "grown"
    grown.mkdir()
    file = newer(grown, "[publicity]")
    file.write_text(file.read_text(encoding="utf-8").replace("version: 2", "version: 3"), encoding="utf-8")
    with transaction() as session:
        set_text(session, world.season_id, file, None)
    assert standing(case) == {ConsentScope.HANDLING, ConsentScope.SHARING}
    with reading() as session:
        [row] = lacking(session, session.get_one(Season, world.season_id))
        assert (row.case.id, row.scopes) == (case.id, [ConsentScope.PUBLICITY])

    give(case, world.person("office"), ConsentScope.PUBLICITY)
    assert standing(case) == set(ALL)


def test_the_same_text_is_not_taken_into_use_twice_and_a_broken_file_is_told(
    world: World, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refusal, transaction() as session:
        set_text(session, world.season_id, FILE, None)
    assert codes(refusal) == ["nothing_newer"]

    broken = tmp_path / "broken.yaml"
    broken.write_text("versions: [{version: one}]", encoding="utf-8")
    with pytest.raises(NoticeError), transaction() as session:
        set_text(session, world.season_id, broken, None)


def test_an_expert_consents_himself_or_the_office_keeps_his_paper(world: World) -> None:
    one, other, *_ = world.people("expert")
    office = world.person("office")

    with transaction() as session:
        assert expert_consents(session, world.season_id, one.id, one).way == ConsentWay.PAGE
        assert expert_consents(session, world.season_id, other.id, office).way == ConsentWay.PAPER
    with pytest.raises(Refused) as refusal, transaction() as session:
        expert_consents(session, world.season_id, one.id, office)
    assert codes(refusal) == ["already_given"]


def test_the_command_shows_the_versions_and_takes_a_newer_one_into_use(world: World, tmp_path: Path) -> None:
    season = ["--season", world.season.key]
    adopted = CliRunner().invoke(app, ["consent", "adopt", str(newer(tmp_path)), *season])
    assert "已启用第2版；须重新取得同意的人选0名" in adopted.stdout
    shown = json.loads(CliRunner().invoke(app, ["consent", "show", *season, "--json"]).stdout)
    assert [v["version"] for v in shown["versions"]] == [2, 1]
    again = CliRunner().invoke(app, ["consent", "adopt", *season])
    assert again.exit_code == 2
    assert "没有更新的版本" in again.stderr
