"""What becomes public, and by whose hand (三（七）、七（二）)?"""

import hashlib
import io
import json
import zipfile

import pytest
from sqlmodel import col, select

from models.case import Case
from models.database import reading, transaction
from models.event import Event
from models.hearing import last_window
from models.objection import Account
from models.people import Person
from models.publication import on_show, published_at
from models.published import Correction, Publication
from models.season import Season
from models.verdict import Refused
from models.words import EventKind, Outcome
from tasks.leaving import withdraw
from tasks.objections import conclude_objection, register_objection, verify_objection
from tasks.printing import Format
from tasks.public_files import Public, export, print_public
from tasks.publicity import ask_correction, settle_correction
from tests.publishing import chosen, published
from tests.refusals import codes
from tests.world import World

SAID = Account("样例群众", "objector@example.org", "样例异议")


def releases_of(world: World) -> list[Publication]:
    with reading() as session:
        wanted = select(Publication).where(Publication.season_id == world.season_id)
        return list(session.exec(wanted.order_by(col(Publication.released_at))))


def shown(world: World) -> list[tuple[str, bool]]:
    """Who stands in the public notice now, and who of them for the first time."""
    with reading() as session:
        season = session.get_one(Season, world.season_id)
        gate = last_window(session, season, world.notice)
        assert gate is not None
        step = world.notice.step(gate.step)
        found = on_show(session, season, world.notice, step, published_at(session, season, step, gate))
        return [(r.row.name, r.is_new) for r in found.rows]


def ask(
    world: World,
    case: Case,
    person: Person | None = None,
    *,
    column: str = "employer",
    text: str = "样例更正后的单位",
    reason: str = "样例理由",
) -> Correction:
    given = {"column": column, "text": text, "reason": reason}
    with transaction() as session:
        by = person or world.person("office")
        return ask_correction(session, world.season_id, by, window="public_notice", case_id=case.id, **given)


def settle(world: World, correction: Correction, person: Person, *, released: bool = True) -> Correction:
    with transaction() as session:
        return settle_correction(session, correction.id, person, released=released)


def leave(world: World, case: Case) -> None:
    with transaction() as session:
        withdraw(session, case.id, world.person("office"), "样例理由")
    world.pump()


# --- the release -------------------------------------------------------------------------------------------------


def test_what_is_released_is_kept_in_the_order_of_strokes_with_its_hash(world: World) -> None:
    cases = published(world, "覃样例", "丁样例", "韦样例")

    [kept] = releases_of(world)
    assert [row["cells"]["name"] for row in kept.rows] == ["丁样例", "韦样例", "覃样例"]
    assert set(kept.rows[0]["cells"]) == {"name", "sex", "employer", "work", "recommended_by"}
    with reading() as session:
        events = select(Event.facts).where(
            Event.season_id == world.season_id, Event.kind == EventKind.LIST_RELEASED
        )
        assert session.exec(events).one()["digest"] == kept.digest
    assert {row["case"] for row in kept.rows} == {c.number for c in cases}


def test_number_in_a_published_text_stops_the_release_and_is_named(world: World) -> None:
    [case] = chosen(world, "丁样例", post="班组长13800000000")

    with pytest.raises(Refused) as refusal:
        world.answer("release")

    assert codes(refusal) == ["leak_found"]
    assert f"第1行（{case.number}）“职务／工种”含有手机号码（138****00）" in str(refusal.value)
    assert releases_of(world) == []


def test_corrected_text_is_released_with_the_list(world: World) -> None:
    [case] = chosen(world, "丁样例", post="班组长13800000000")
    correction = ask(world, case, column="work", text="班组长")

    world.pass_step("release")

    assert releases_of(world)[0].rows[0]["cells"]["work"] == "班组长"
    with reading() as session:
        found = session.get_one(Correction, correction.id)
        assert (found.state, found.settled_by) == ("released", world.person("releaser").id)


def test_list_that_changed_while_it_was_looked_at_is_not_released(world: World) -> None:
    chosen(world, "丁样例")

    with pytest.raises(Refused) as refusal:
        world.answer("release", facts={"public": "0" * 64})

    assert codes(refusal) == ["public_changed"]


def test_who_leaves_after_the_release_stops_the_notice_until_it_is_released_again(world: World) -> None:
    first, second = chosen(world, "丁样例", "韦样例")
    world.pass_step("release")
    leave(world, first)

    world.move_to(world.notice.starts("notice_opens"))
    world.pump()
    assert world.open_steps() == ["release"]
    with reading() as session, pytest.raises(Refused) as refusal:
        export(session, world.season, Public.NOTICE)
    assert codes(refusal) == ["nothing_released"]

    world.pass_step("release")
    assert world.open_steps() == ["public_notice"]
    assert shown(world) == [("韦样例", False)]
    assert world.case(second).live


def test_who_leaves_while_the_notice_runs_is_shown_no_longer(world: World) -> None:
    first, _ = published(world, "丁样例", "韦样例")
    leave(world, first)

    assert world.open_steps() == ["public_notice"]
    assert shown(world) == [("韦样例", False)]


# --- corrections -------------------------------------------------------------------------------------------------


def test_published_error_is_put_right_by_two_persons_and_the_old_text_stays(world: World) -> None:
    [case] = published(world, "丁样例")
    correction = ask(world, case)
    assert "更正" not in paper_text(world)

    settle(world, correction, world.person("releaser"))

    told = paper_text(world)
    assert "丁样例的“工作单位”更正为“样例更正后的单位”" in told
    assert correction.old not in told.split("更正（")[1].split("公示期间")[0]
    with reading() as session:
        assert session.get_one(Correction, correction.id).old == correction.old
    assert releases_of(world)[0].rows[0]["cells"]["employer"] == correction.old


def test_refused_correction_changes_nothing(world: World) -> None:
    [case] = published(world, "丁样例")

    settle(world, ask(world, case), world.person("releaser"), released=False)

    assert "更正" not in paper_text(world)


def test_correction_needs_the_office_and_another_who_releases(world: World) -> None:
    [case] = published(world, "丁样例")
    with pytest.raises(Refused) as by_releaser:
        ask(world, case, world.person("releaser"))
    correction = ask(world, case)
    with pytest.raises(Refused) as by_office:
        settle(world, correction, world.person("office"))
    settle(world, correction, world.person("releaser"))
    with pytest.raises(Refused) as again:
        settle(world, correction, world.person("releaser"))

    refused = (codes(by_releaser), codes(by_office), codes(again))
    assert refused == (["office_only"], ["not_releaser"], ["already_settled"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": "样例13800000000"}, "leak_found"),
        ({"reason": " "}, "reason_missing"),
        ({"column": "id_number"}, "unknown_row"),
        ({"column": "name", "text": ""}, "text_missing"),
        ({"column": "name", "text": "丁样例"}, "same_text"),
        ({"text": "样" * 201}, "too_long"),
    ],
)
def test_unsound_correction_is_refused(world: World, changes: dict[str, str], code: str) -> None:
    [case] = published(world, "丁样例")

    with pytest.raises(Refused) as refusal:
        ask(world, case, None, **changes)

    assert codes(refusal) == [code]


# --- files -------------------------------------------------------------------------------------------------------


def paper_text(world: World) -> str:
    """The public notice as the exported page tells it."""
    with reading() as session:
        made = export(session, session.get_one(Season, world.season_id), Public.NOTICE)
    return zipfile.ZipFile(io.BytesIO(made.content)).read("index.html").decode()


def test_notice_goes_out_as_static_files_with_their_hashes(world: World) -> None:
    published(world, "丁一", "韦样例")

    with reading() as session:
        made = export(session, world.season, Public.NOTICE)
    archive = zipfile.ZipFile(io.BytesIO(made.content))
    manifest = json.loads(archive.read("manifest.json"))
    page = archive.read("index.html").decode()

    assert set(archive.namelist()) == {
        "index.html",
        "notice.css",
        "qr.svg",
        "notice.docx",
        "notice.pdf",
        "manifest.json",
    }
    assert manifest["released_digest"] == releases_of(world)[0].digest
    assert manifest["files"] == {
        name: hashlib.sha256(archive.read(name)).hexdigest() for name in manifest["files"]
    }
    assert "<script" not in page
    assert "style=" not in page
    assert 'href="notice.css"' in page
    assert "按姓氏笔画为序" in page
    assert world.notice.contact.phone in page


def test_nothing_goes_out_before_the_release(world: World) -> None:
    chosen(world, "丁样例")

    with reading() as session, pytest.raises(Refused) as refusal:
        print_public(session, world.season, Public.NOTICE, Format.DOCX)

    assert codes(refusal) == ["nothing_released"]


# --- a place that falls free -------------------------------------------------------------------------------------


def test_from_an_upheld_objection_to_the_joint_document_only_the_right_names_are_published(
    world: World,
) -> None:
    first, held, spare = published(world, "丁样例", "韦样例", "覃样例", reserve=1)
    object_to(world, first)
    world.move_to(world.notice.due("notice_closes"))
    world.pass_step("public_notice")
    assert world.open_steps() == ["vacancy"]

    world.answer("vacancy", answer="promote", reason="样例理由")
    world.pump()
    assert world.open_steps() == ["release"]
    world.pass_step("release")

    assert world.open_steps() == ["public_notice"]
    assert shown(world) == [("韦样例", False), ("覃样例", True)]
    assert "本次公示新增1名人选：覃样例" in paper_text(world)
    world.move_to(world.gate("public_notice").due_at)
    world.pass_step("public_notice")
    assert world.open_steps() == ["joint_draft"]
    world.pass_step("joint_draft")
    world.pass_step("joint_document")
    outcomes = [world.case(c).outcome for c in (first, held, spare)]
    assert outcomes == [Outcome.DISQUALIFIED, Outcome.RECOGNISED, Outcome.RECOGNISED]
    with reading() as session:
        made = export(session, world.season, Public.RESULT)
    page = zipfile.ZipFile(io.BytesIO(made.content)).read("index.html").decode()
    assert "韦样例" in page
    assert "覃样例" in page
    assert "丁样例" not in page
    assert "新增" not in page


def test_nobody_signs_for_a_list_from_which_somebody_has_fallen(world: World) -> None:
    first, _ = published(world, "丁样例", "韦样例")
    world.move_to(world.notice.due("notice_closes"))
    world.pass_step("public_notice")
    world.pass_step("joint_draft")
    world.answer("joint_document")

    leave(world, first)

    assert world.open_steps() == ["joint_draft"]
    world.pass_step("joint_draft")
    assert len(world.assignments("joint_document")) == 8


def object_to(world: World, case: Case, *, upheld: bool = True) -> None:
    office = world.person("office")
    with transaction() as session:
        objection = register_objection(session, case.id, office, SAID)
        verify_objection(session, objection.id, office, "样例核实")
        conclude_objection(session, objection.id, office, upheld=upheld, conclusion="样例结论")
    world.pump()
