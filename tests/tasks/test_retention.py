"""Does what is kept long enough go, only by two people, with every byte of it, and nothing else?"""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import select

from models.attachment import Attachment
from models.case import Case
from models.data_words import DataClass, ErasureState, Part
from models.database import engine, reading, transaction
from models.dossier import Dossier, DossierPart
from models.event import Event
from models.filestore import nothing_dropped, path_of, put_with
from models.incoming import Incoming
from models.invariants import check
from models.objection import Account, read_account
from models.personal import sealed_form, whole_form
from models.retention import Erasure, ErasureItem, items_of
from models.season import Season
from models.submission import Submission, Typed
from models.verdict import Refused
from models.words import DossierState, EventKind
from processes.postgres import SUPERUSER, url
from settings import settings
from tasks.audit import verify
from tasks.holds import lift_hold, set_hold
from tasks.keys import check_keys
from tasks.leaving import withdraw
from tasks.objections import conclude_objection, register_objection, verify_objection
from tasks.retention import Erased, carry_out, propose, settle
from tasks.retention_plan import ERASED, plan
from tests.flows.dashboard import until
from tests.publishing import published
from tests.refusals import codes
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
SENSITIVE = {"id_copy", "no_crime", "photo"}


def refused_case(world: World, name: str = "样例落选") -> Case:
    """Handed in, and turned down by the unit."""
    case = world.enter(name=name)
    world.submit(case)
    world.answer("unit_review", case, "decline", reason="样例理由")
    return world.case(case)


def over(world: World, days: int = 200) -> None:
    """The season was closed so many days ago."""
    with transaction() as session:
        season = session.get_one(Season, world.season_id)
        season.closed_at = world.now()
        session.add(season)
    world.move_to(world.now() + timedelta(days=days))


def due_now(world: World) -> dict[tuple[str, str], int]:
    with reading() as session:
        found = plan(session, session.get_one(Season, world.season_id))
    return {(c.period.key, p): n for c in found.classes for p, n in c.parts.items()}


def kept_now(world: World) -> list[str]:
    with reading() as session:
        found = plan(session, session.get_one(Season, world.season_id))
    return [k.why for c in found.classes for k in c.kept]


def proposed(world: World) -> Erasure:
    with transaction() as session:
        return propose(session, world.season_id, world.person("office"))


def confirmed(world: World) -> Erasure:
    erasure = proposed(world)
    with transaction() as session:
        return settle(session, erasure.id, world.person("releaser"), confirmed=True)


def purged(world: World) -> Erased:
    return carry_out(confirmed(world).id)


def files_of(case: Case, *documents: str) -> dict[str, UUID]:
    with reading() as session:
        wanted = select(Attachment).where(Attachment.case_id == case.id)
        return {f.document: f.id for f in session.exec(wanted) if not documents or f.document in documents}


def table_bytes(*tables: str) -> bytes:
    """What stands in the files of these tables on the disk, with what is kept beside them."""
    server = create_engine(url(settings(), role=SUPERUSER), isolation_level="AUTOCOMMIT")
    found = b""
    with server.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(str(connection.execute(text("SHOW data_directory")).scalar()))
        paths = text(
            "SELECT pg_relation_filepath(c.oid) FROM pg_class c WHERE c.relname = ANY(:names) OR c.oid IN "
            "(SELECT reltoastrelid FROM pg_class WHERE relname = ANY(:names))"
        )
        for path in connection.execute(paths, {"names": list(tables)}).scalars():
            if path:
                found += (folder / path).read_bytes()
    server.dispose()
    return found


# --- what goes ----------------------------------------------------------------------------------------------------


def test_nothing_is_due_before_its_time(world: World) -> None:
    refused_case(world)
    assert due_now(world) == {}
    over(world, days=150)
    assert due_now(world) == {}
    world.move_to(world.now() + timedelta(days=50))
    assert due_now(world) == {
        (DataClass.UNSUCCESSFUL, Part.NUMBERS): 1,
        (DataClass.UNSUCCESSFUL, Part.FILE): len(SENSITIVE),
    }


def test_after_the_purge_no_byte_is_left_and_the_record_still_verifies(world: World) -> None:
    case = refused_case(world)
    with reading() as session:
        before = session.get_one(Case, case.id)
        handed_in = session.exec(select(Submission).where(Submission.case_id == case.id)).one()
        assert before.sealed
        assert handed_in.sealed
        traces = [before.sealed[20:60], handed_in.sealed[-40:]]
    files = files_of(case, *SENSITIVE)
    bytes_before = [path_of(i).read_bytes()[20:80] for i in files.values()]
    assert all(trace in table_bytes("case", "submission") for trace in traces)

    over(world)
    result = purged(world)

    assert (result.done, result.erased) == (True, 1 + len(SENSITIVE))
    left = table_bytes("case", "submission")
    assert not any(trace in left for trace in traces)
    everything = b"".join(p.read_bytes() for p in settings().files_folder.glob("*/*/*") if p.is_file())
    assert not any(trace in everything for trace in bytes_before)
    with reading() as session:
        gone = session.get_one(Case, case.id)
        assert (sealed_form(gone), gone.id_index, gone.phone_index) == ({}, None, None)
        assert whole_form(gone)["name"] == case.name
        season = session.get_one(Season, world.season_id)
        assert verify(session, [season]) is None
        assert not [b for b in check(session, season).broken if b.number in (1, 7, 13)]
        assert not check_keys(session).problems
    assert path_of(files_of(case)["deeds"]).exists()


def test_the_record_says_what_went_by_hash_and_no_more(world: World) -> None:
    case = refused_case(world)
    with reading() as session:
        numbers = [str(v) for v in sealed_form(session.get_one(Case, case.id)).values() if isinstance(v, str)]
    over(world)
    erasure = confirmed(world)
    carry_out(erasure.id)

    with reading() as session:
        items = items_of(session, erasure.id)
        event = session.exec(
            select(Event).where(Event.chain == case.id, Event.kind == EventKind.DATA_ERASED)
        ).one()
        every = session.exec(select(Event).where(Event.season_id == world.season_id)).all()
    assert {i.data_class for i in items} == {DataClass.UNSUCCESSFUL}
    assert event.facts["parts"] == {Part.NUMBERS: 1, Part.FILE: len(SENSITIVE)}
    assert sorted(i.sha256 for i in items) == event.facts["hashes"]
    told = "".join(str(e.facts) for e in every)
    assert numbers
    assert not any(number in told for number in numbers)


def test_drafts_go_whole_and_recognised_people_keep_their_numbers(world: World) -> None:
    draft, titled = world.enter(name="样例草稿"), refused_case(world, "样例已认定")
    world.supply(draft)
    with transaction() as session:
        withdraw(session, draft.id, world.filler(), "样例理由")
        session.execute(
            text("UPDATE \"case\" SET outcome = 'recognised' WHERE id = :id"), {"id": str(titled.id)}
        )
    over(world, days=40)
    assert set(due_now(world)) == {(DataClass.DRAFTS, p) for p in (Part.NUMBERS, Part.FORM, Part.FILE)}
    purged(world)
    assert world.case(draft).form == {"name": "样例草稿"}
    assert not any(path_of(i).exists() for i in files_of(draft).values())

    world.move_to(world.now() + timedelta(days=800))
    assert due_now(world) == {(DataClass.RECOGNISED, Part.FILE): 2}
    purged(world)
    assert sealed_form(world.case(titled))


def test_mails_and_what_was_typed_and_never_saved_go_too(world: World) -> None:
    person = world.person("office")
    with transaction() as session:
        session.add(
            Typed(
                person_id=person.id,
                about=f"case:{world.season_id}",
                content=b"sealed",
                saved_at=datetime.now(UTC) - timedelta(days=91),
            )
        )
        for state in ("claimed", "waiting"):
            session.add(
                Incoming(
                    season_id=world.season_id,
                    sha256=f"{state}{world.season_id}",
                    sender="a@example.org",
                    subject="样例来信",
                    content=b"sealed",
                    received_at=world.now(),
                    state=state,
                )
            )
    over(world)
    assert due_now(world) == {(DataClass.MAILS, Part.MAIL): 1, (DataClass.TYPED, Part.TYPED): 1}
    assert purged(world).erased == 2
    with reading() as session:
        mails = session.exec(select(Incoming).where(Incoming.season_id == world.season_id)).all()
        assert sorted((m.state, m.sender) for m in mails) == [
            ("claimed", ERASED),
            ("waiting", "a@example.org"),
        ]
    assert due_now(world) == {}


def test_dossiers_that_hold_copies_go_with_what_they_copied(world: World) -> None:
    case, part = refused_case(world), uuid4()
    with transaction() as session:
        put_with(session, part, b"copies")
        made = Dossier(
            season_id=world.season_id,
            case_id=case.id,
            state=DossierState.READY,
            asked_by=world.person("office").id,
        )
        session.add(made)
        session.flush()
        session.add(DossierPart(dossier_id=made.id, position=1, case_id=case.id, name="全本", file_id=part))
    over(world)
    purged(world)
    assert not path_of(part).exists()
    with reading() as session:
        assert session.get_one(Dossier, made.id).state == DossierState.GONE


# --- what is kept -------------------------------------------------------------------------------------------------


def test_an_open_objection_keeps_its_case_and_the_objector_goes_later(world: World) -> None:
    [case] = published(world, "样例甲")
    office = world.person("office")
    said = Account("样例群众", "objector@example.org", "样例异议")
    with transaction() as session:
        objection = register_objection(session, case.id, office, said)
    over(world, days=800)
    assert "有未办结的异议" in kept_now(world)
    assert (DataClass.HEARINGS, Part.OBJECTION) not in due_now(world)
    with transaction() as session:
        season = session.get_one(Season, world.season_id)
        season.closed_at = None
        session.add(season)
    with transaction() as session:
        verify_objection(session, objection.id, office, finding="样例核实")
    with transaction() as session:
        conclude_objection(session, objection.id, office, upheld=False, conclusion="样例结论")
    over(world, days=800)
    assert due_now(world)[DataClass.HEARINGS, Part.OBJECTION] == 1
    purged(world)
    with reading() as session:
        kept = read_account(session.get_one(type(objection), objection.id))
    assert (kept.objector, kept.contact, kept.text) == (ERASED, "", ERASED)
    assert (kept.finding, kept.conclusion) == ("样例核实", "样例结论")


def test_a_hold_keeps_a_case_until_it_is_lifted_also_after_the_list_was_confirmed(world: World) -> None:
    case, other = refused_case(world), refused_case(world, "样例另一人")
    over(world)
    erasure = confirmed(world)
    office = world.person("office")
    with transaction() as session:
        hold = set_hold(session, world.season_id, session.get_one(Case, case.id), office, "样例诉讼")

    carry_out(erasure.id)
    assert sealed_form(world.case(case))
    assert not sealed_form(world.case(other))
    assert kept_now(world)[0] == "暂缓清除：样例诉讼"

    with transaction() as session:
        lift_hold(session, hold.id, office)
    purged(world)
    assert not sealed_form(world.case(case))
    with pytest.raises(Refused) as refusal, transaction() as session:
        set_hold(session, world.season_id, None, office, " ")
    assert codes(refusal) == ["reason_missing"]


# --- two people, and half-way -------------------------------------------------------------------------------------


def test_it_takes_two_and_the_list_that_was_looked_at(world: World) -> None:
    refused_case(world)
    with pytest.raises(Refused) as nothing:
        proposed(world)
    over(world)
    office = world.person("office")
    with pytest.raises(Refused) as changed, transaction() as session:
        propose(session, world.season_id, office, "0" * 64)
    erasure = proposed(world)
    with pytest.raises(Refused) as again:
        proposed(world)
    with pytest.raises(Refused) as alone, transaction() as session:
        settle(session, erasure.id, office, confirmed=True)
    with pytest.raises(Refused) as early:
        carry_out(erasure.id)
    with pytest.raises(Refused) as stranger, transaction() as session:
        settle(session, erasure.id, world.filler(), confirmed=True)
    refusals = (nothing, changed, again, alone, early, stranger)
    assert [codes(r)[0] for r in refusals] == [
        "nothing_due",
        "list_changed",
        "already_open",
        "same_person",
        "not_confirmed",
        "not_second",
    ]
    with transaction() as session:
        assert settle(session, erasure.id, office, confirmed=False).state == ErasureState.DECLINED
    assert due_now(world)


CARRY_ON = (
    "import sys; from uuid import UUID; from tasks.retention import carry_out; carry_out(UUID(sys.argv[1]))"
)


def test_a_killed_purge_goes_on_where_it_stopped_and_repeating_is_harmless(world: World) -> None:
    cases = [refused_case(world, f"样例{n}") for n in "一二三"]
    over(world)
    erasure = confirmed(world)
    last = max(cases, key=lambda c: str(c.id))

    with engine().connect() as blocker:
        blocker.execute(text('SELECT 1 FROM "case" WHERE id = :id FOR UPDATE'), {"id": last.id})
        child = subprocess.Popen([sys.executable, "-c", CARRY_ON, str(erasure.id)], env=os.environ, cwd=ROOT)
        until(lambda: len(_erased(erasure)) == 2 * (1 + len(SENSITIVE)), "two cases are erased")
        child.kill()
        child.wait()
    assert sealed_form(world.case(last))

    assert carry_out(erasure.id).done
    assert not any(sealed_form(world.case(c)) for c in cases)
    assert len(_erased(erasure)) == 3 * (1 + len(SENSITIVE))
    before = _erased(erasure)
    assert carry_out(erasure.id).done
    assert _erased(erasure) == before


def _erased(erasure: Erasure) -> list[ErasureItem]:
    with reading() as session:
        return [i for i in items_of(session, erasure.id) if i.erased_at]


def test_while_a_backup_is_made_the_files_stay_and_go_when_it_is_taken_up_again(world: World) -> None:
    case = refused_case(world)
    over(world)
    erasure = confirmed(world)
    with nothing_dropped():
        assert carry_out(erasure.id).left == len(SENSITIVE)
    assert carry_out(erasure.id).done
    assert not any(path_of(i).exists() for i in files_of(case, *SENSITIVE).values())
