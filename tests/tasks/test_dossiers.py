"""Is a dossier whole, verifiable with nothing but the file, and is nothing personal in what goes outside?"""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from documents.dossier_check import check_dossier
from models.case import Case
from models.database import transaction
from models.people import Person
from models.personal import whole_form
from models.season import Season, notice_of
from models.verdict import Refused
from models.viewer import Viewer, read_viewer
from models.words import AttachmentKind
from simulation.papers import picture
from tasks.anchoring import anchor_day
from tasks.dossiers import make_at_once
from tasks.inspections import add_photo
from tasks.objections import conclude_objection, verify_objection
from tasks.printing import Format
from tests.publishing import published as publish
from tests.refusals import codes
from tests.tasks.test_inspections import first
from tests.tasks.test_objections import objection as objected
from tests.world import World, open_world

PROJECT = Path(__file__).resolve().parents[2]
Files = dict[str, bytes]


ALL_AT_ONCE = """
import sys
from cli import app
from typer.testing import CliRunner
for words in sys.argv[1:]:
    result = CliRunner().invoke(app, ["dossier", "verify", "--json", *words.split("|")])
    print(result.stdout.replace("\\n", " "), flush=True)
"""


def verified_elsewhere(home: Path, *commands: str) -> list[dict[str, Any]]:
    """What the command says on a machine where nothing else is: no settings, no database, an empty home."""
    done = subprocess.run(
        [sys.executable, "-c", ALL_AT_ONCE, *commands],
        cwd=PROJECT,
        env={"HOME": str(home), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def verified(content: bytes, tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "one.zip"
    file.write_bytes(content)
    return check_dossier(file).as_json()


def viewed(session: Any, world: World, person: Person) -> Viewer:
    season = session.get_one(Season, world.season_id)
    return read_viewer(session, person, season, notice_of(session, season))


def by_hand(world: World, case: Case | None, *, redacted: bool = False) -> bytes:
    with transaction() as session:
        season = session.get_one(Season, world.season_id)
        one = session.get_one(Case, case.id) if case else None
        return b"".join(make_at_once(session, season, one, redacted=redacted).content)


def unpacked(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


@pytest.fixture(scope="module")
def told(database: object) -> tuple[World, Case]:
    world = open_world()
    case = world.bring_to(world.enter(), "office_review")
    with transaction() as session:
        anchor_day(session, session.get_one(Season, world.season_id))
    return world, world.case(case)


@pytest.fixture(scope="module")
def dossier(told: tuple[World, Case]) -> Files:
    return unpacked(by_hand(*told))


def test_the_dossier_of_a_case_holds_everything(
    told: tuple[World, Case], dossier: Files, tmp_path: Path
) -> None:
    case = told[1]
    said = verified(packed(dossier), tmp_path)
    folders = {name.partition("/")[0] for name in dossier}
    manifest = json.loads(dossier["manifest.json"])

    assert (said["ok"], said["faults"]) == (True, [])
    assert folders == {"表格", "材料", "数据", "流转记录", "manifest.json"}
    assert (said["case"], said["events"], said["withheld"]) == (case.number, case.event_seq, 0)
    assert manifest["head"] == {"seq": case.event_seq, "hash": case.event_head}
    assert whole_form(case)["id_number"] in dossier["数据/申报.json"].decode()


def test_it_holds_what_inspectors_saw_and_what_the_mails_said(world: World, tmp_path: Path) -> None:
    case = world.bring_to(world.enter(route="city"), "office_review")
    world.answer("office_review", case, "pass_inspect")
    world.pump()
    task, inspector = first(world, case)
    photo = picture(AttachmentKind.JPG)
    with transaction() as session:
        add_photo(session, task.id, "现场.jpg", photo, inspector)
    world.pass_step("inspection", case)

    content = by_hand(world, case)
    files = unpacked(content)
    mails = files["数据/邮件.json"].decode()

    assert verified(content, tmp_path)["ok"]
    assert [files[n] for n in files if n.startswith("现场查验/照片")] == [photo]
    assert len([n for n in files if "现场查验报告" in n]) == len(Format)
    assert "请您查验" in mails or "现场查验" in mails
    assert "（链接略去）" in mails
    assert not re.search(r"/t/[\w.-]{20,}", mails)


def test_it_holds_what_was_objected_and_never_who_did(world: World, tmp_path: Path) -> None:
    [case] = publish(world, "样例公示人")
    made = objected(world, case, objector="样例异议人", text="样例：年限不足")
    with transaction() as session:
        verify_objection(session, made.id, world.person("office"), "经核实")
        conclude_objection(session, made.id, world.person("office"), upheld=True, conclusion="样例结论")
    content = by_hand(world, case)
    told = unpacked(content)["数据/异议与申诉.json"].decode()

    assert verified(content, tmp_path)["ok"]
    assert "年限不足" in told
    assert "样例结论" in told
    assert not [n for n, c in unpacked(content).items() if "样例异议人".encode() in c]
    outside = unpacked(by_hand(world, case, redacted=True))["数据/异议与申诉.json"].decode()
    assert "年限不足" not in outside


def flip(files: Files) -> None:
    content = files["数据/申报.json"]
    files["数据/申报.json"] = content[:-5] + b"x" + content[-4:]


def add(files: Files) -> None:
    files["材料/新.pdf"] = b"x"


def remove(files: Files) -> None:
    del files[next(n for n in files if n.startswith("表格/"))]


def climb(files: Files) -> None:
    files["../../x.txt"] = b"x"


def no_manifest(files: Files) -> None:
    del files["manifest.json"]


def reorder(files: Files) -> None:
    """The record in another order, with a manifest that knows of it."""
    record = json.loads(files["流转记录/流转记录.json"])
    record["events"][1], record["events"][2] = record["events"][2], record["events"][1]
    relist(files, "流转记录/流转记录.json", json.dumps(record).encode())


def other_document(files: Files) -> None:
    """Another ID copy, with a manifest that knows of it."""
    relist(files, next(n for n in files if n.startswith("材料/id_copy/")), b"%PDF-1.7 another")


def relist(files: Files, name: str, content: bytes) -> None:
    manifest = json.loads(files["manifest.json"])
    for file in manifest["files"]:
        if file["name"] == name:
            file.update(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    files[name] = content
    files["manifest.json"] = json.dumps(manifest).encode()


SPOILT = [
    (flip, "文件“数据/申报.json”与清单中的散列不符，已被改动。"),
    (add, "多出文件“材料/新.pdf”，清单里没有。"),
    (remove, "缺少文件“表格/"),
    (climb, "文件名“../../x.txt”不合规。"),
    (no_manifest, "没有清单 manifest.json。"),
    (reorder, "流转记录第2条应在的位置上是第3条"),
    (other_document, "在流转记录中没有登记，不是当时上传的那一份。"),
]


def test_it_is_verified_with_nothing_but_the_file_and_what_is_wrong_is_named(
    dossier: Files, tmp_path: Path
) -> None:
    good = tmp_path / "good.zip"
    good.write_bytes(packed(dossier))
    anchor = json.loads(dossier["manifest.json"])["anchor"]["hash"]
    record = tmp_path / "record.json"
    record.write_bytes(dossier["流转记录/流转记录.json"])
    files = []
    for spoil, _ in SPOILT:
        spoilt = dict(dossier)
        spoil(spoilt)
        files.append(tmp_path / f"{spoil.__name__}.zip")
        files[-1].write_bytes(packed(spoilt))
    (home := tmp_path / "home").mkdir()

    asked = [str(good), str(record), f"{good}|--anchor|{anchor[:16]}", f"{good}|--anchor|{'0' * 64}"]
    fine, alone, kept, unknown, *told = verified_elsewhere(home, *asked, *map(str, files))

    assert [t["faults"] for t in (fine, alone, kept)] == [[], [], []]
    assert unknown["faults"] == [f"档案里没有您保存的记录锚 {'0' * 16}。"]
    for (_, said), facts in zip(SPOILT, told, strict=True):
        assert (facts["ok"], [f for f in facts["faults"] if said in f] != []) == (False, True), facts


def test_a_zip_bomb_a_double_and_rubbish_are_refused(dossier: Files, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("材料/0.bin", bytes(40_000_000))
    double = io.BytesIO()
    with zipfile.ZipFile(double, "w") as package:
        package.writestr("manifest.json", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            package.writestr("manifest.json", b"2")
    for content, said in (
        (out.getvalue(), "解开后过大"),
        (double.getvalue(), "有2份"),
        (b"PK rubbish", "不是完整的 zip 文件"),
        (packed(dossier)[:-50], "不是完整的 zip 文件"),
        (b"{" * 100_000, "读不出来"),
    ):
        told = verified(content, tmp_path)
        assert (told["ok"], [f for f in told["faults"] if said in f] != []) == (False, True), told


# --- for people outside ------------------------------------------------------------------------------------------


def test_nothing_personal_is_in_the_redacted_dossier_and_it_verifies(world: World, tmp_path: Path) -> None:
    case = world.bring_to(world.enter(), "expert_review")
    world.pass_step("expert_review", case)
    case = world.case(case)
    content = by_hand(world, case, redacted=True)

    said = verified(content, tmp_path)
    files = unpacked(content)
    words = " ".join(c.decode() for n, c in files.items() if n.endswith(".json"))
    form = whole_form(case)
    experts = world.people(world.notice.step("expert_review").deciders[0].body)

    assert (said["faults"], said["redacted"]) == ([], True)
    for key in ("id_number", "phone", "home_address", "email"):
        assert str(form[key]) not in words
    assert [e.name for e in experts if e.name in words or str(e.id) in words] == []
    assert "专家1" in words
    assert not [n for n in files if n.startswith(("表格/", "材料/id_copy", "材料/no_crime", "材料/photo"))]
    assert said["withheld"] > 0


def test_a_telephone_number_in_a_text_stops_the_redacted_dossier(world: World) -> None:
    case = world.bring_to(world.enter(summary="有事请打13800002345"), "unit_review")

    with pytest.raises(Refused) as refusal:
        by_hand(world, case, redacted=True)

    assert codes(refusal) == ["leak_found"]
    assert "13800002345" not in str(refusal.value)
