"""How is a dossier asked for, made part by part, taken away, stopped and thrown away?"""

import json
from pathlib import Path

import pytest
from sqlmodel import select

from models.case import Case
from models.database import reading, transaction
from models.dossier import Dossier, parts_of
from models.event import Event
from models.filestore import path_of
from models.orphans import orphans
from models.season import Season
from models.verdict import Refused
from models.words import DossierState, EventKind
from tasks.anchoring import anchor_day
from tasks.dossiers import ask, forget_old, stop, take, work_once
from tests.refusals import codes
from tests.tasks.test_dossiers import packed, unpacked, verified, viewed
from tests.world import World


def test_the_office_has_a_season_made_part_by_part_and_takes_it_on_record(
    world: World, tmp_path: Path
) -> None:
    cases = [world.enter(), world.enter()]
    office = world.person("office")
    with transaction() as session:
        anchor_day(session, session.get_one(Season, world.season_id))
        dossier_id = ask(session, viewed(session, world, office), None, redacted=False).id

    def states() -> tuple[str, int]:
        with reading() as session:
            made = session.get_one(Dossier, dossier_id)
            return made.state, sum(p.file_id is not None for p in parts_of(session, made))

    seen = [states()]
    while work_once():
        seen.append(states())
    with transaction() as session:
        taken = take(session, viewed(session, world, office), dossier_id)
        content = b"".join(taken.content)

    assert seen == [("waiting", 0), ("working", 0), ("working", 1), ("working", 2), ("ready", 3)]
    said = verified(content, tmp_path)
    assert (taken.filename, said["faults"], said["dossiers"]) == (f"{world.season.key}档案.zip", [], 3)
    assert set(unpacked(content)) == {"年度.zip", *(f"案件/{c.number}.zip" for c in cases), "manifest.json"}
    with reading() as session:
        taken_events = select(Event.actor_id).where(
            Event.chain == world.season_id, Event.kind == EventKind.DOSSIER_TAKEN
        )
        assert session.exec(taken_events).one() == office.id

    lost = unpacked(content)
    relisted = json.loads(lost["manifest.json"])
    gone = f"案件/{cases[0].number}.zip"
    relisted["files"] = [f for f in relisted["files"] if f["name"] != gone]
    left = {n: c for n, c in lost.items() if n != gone} | {"manifest.json": json.dumps(relisted).encode()}
    faults = verified(packed(left), tmp_path)["faults"]
    assert faults == ["记录锚记有3条记录链，档案里只有2份分卷，缺了案件。"]


def test_one_that_is_stopped_or_killed_leaves_nothing_behind(world: World) -> None:
    world.enter()
    office = world.person("office")
    with transaction() as session:
        viewer = viewed(session, world, office)
        dossier_id = ask(session, viewer, None, redacted=False).id
        with pytest.raises(Refused) as again:
            ask(session, viewer, None, redacted=False)
    work_once()
    work_once()
    with reading() as session:
        [kept] = [p.file_id for p in parts_of(session, session.get_one(Dossier, dossier_id)) if p.file_id]
    there = path_of(kept).exists()
    with transaction() as session:
        stop(session, viewed(session, world, office), dossier_id)

    assert codes(again) == ["dossier_under_way"]
    assert (there, path_of(kept).exists(), work_once()) == (True, False, False)
    with reading() as session:
        assert session.get_one(Dossier, dossier_id).state == DossierState.STOPPED
        assert path_of(kept) not in orphans(session, 0)


def test_one_that_is_refused_or_fails_again_and_again_ends_with_its_reason(world: World) -> None:
    case = world.bring_to(world.enter(summary="有事请打13800002345"), "unit_review")
    with transaction() as session:
        viewer = viewed(session, world, world.person("office"))
        refused = ask(session, viewer, session.get_one(Case, case.id), redacted=True).id
        killed = ask(session, viewer, session.get_one(Case, case.id), redacted=False)
        killed.attempts = 3
    while work_once():
        pass

    with reading() as session:
        ended, gave_up = session.get_one(Dossier, refused), session.get_one(Dossier, killed.id)
        assert gave_up.problem.startswith(f"生成“案件/{case.number}.zip”时连续3次没有成功")
        assert ended.state == DossierState.FAILED
        assert ended.problem.startswith(f"案件/{case.number}：脱密版中仍有个人信息")


def test_nobody_but_the_office_has_dossiers_and_old_ones_are_thrown_away(world: World) -> None:
    case = world.enter()
    with transaction() as session:
        with pytest.raises(Refused) as refusal:
            ask(
                session,
                viewed(session, world, world.filler()),
                session.get_one(Case, case.id),
                redacted=False,
            )
        viewer = viewed(session, world, world.person("office"))
        dossier_id = ask(session, viewer, session.get_one(Case, case.id), redacted=False).id
    while work_once():
        pass
    with transaction() as session:
        made = session.get_one(Dossier, dossier_id)
        [part] = parts_of(session, made)
        assert made.finished_at is not None
        made.finished_at = made.finished_at.replace(year=2020)
        session.add(made)
    with transaction() as session:
        assert forget_old(session) == 1

    assert codes(refusal) == ["office_only"]
    assert part.file_id is not None
    assert not path_of(part.file_id).exists()
    with reading() as session:
        assert session.get_one(Dossier, dossier_id).state == DossierState.GONE
