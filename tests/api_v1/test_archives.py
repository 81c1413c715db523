"""Does a program get the whole of a case, and no more than its person may read?"""

import hashlib
import io
import json
import zipfile
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from models.attachment import Attachment
from models.case import Case
from models.database import reading
from models.event import Event
from models.filestore import drop, get, path_of, put
from models.words import EventKind
from tests.api_v1.conftest import Client, Login
from tests.world import World


def fetched(http: TestClient, client: Client, case: Case) -> dict[str, bytes]:
    answer = http.get(f"{client.base}/exports/cases/{case.number}.zip", headers=client.headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def manifest(files: dict[str, bytes]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(files["manifest.json"])
    return told


def times_seen(case: Case) -> int:
    with reading() as session:
        wanted = select(Event).where(Event.chain == case.id, Event.kind == EventKind.NUMBERS_SEEN)
        return len(session.exec(wanted).all())


def test_the_manifest_lists_every_file_with_its_digest(http: TestClient, login: Login, world: World) -> None:
    case = world.bring_to(world.enter(), "unit_review")

    files = fetched(http, login(world.filler()), case)

    listed = manifest(files)["files"]
    assert {f["name"] for f in listed} == set(files) - {"manifest.json"}
    assert [f["sha256"] for f in listed] == [hashlib.sha256(files[f["name"]]).hexdigest() for f in listed]
    papers = {n.removeprefix(f"表格/{case.number}{case.name}") for n in files if n.startswith("表格/")}
    assert papers == {f"{t}.{f}" for t in ("报送封面", "申请表", "推荐部门意见表") for f in ("pdf", "docx")}
    assert {f["document"] for f in listed} >= {"id_copy", "photo", "deeds"}
    assert (manifest(files)["left_out"], times_seen(case)) == ([], 0)


def test_the_office_is_put_on_record(http: TestClient, login: Login, world: World) -> None:
    case = world.enter()

    fetched(http, login(world.person("office")), case)

    assert times_seen(case) == 1


def test_who_only_decides_gets_no_numbers_and_no_id_copy(
    http: TestClient, login: Login, world: World
) -> None:
    case = world.bring_to(world.enter(), "department_opinions")

    files = fetched(http, login(world.person("science")), case)

    assert [n for n in files if n.startswith(("表格/", "材料/id_copy"))] == []
    left_out = {(part["document"], part["code"]) for part in manifest(files)["left_out"]}
    assert {("application_form", "numbers_hidden"), ("id_copy", "document_hidden")} <= left_out
    assert times_seen(case) == 0


def test_a_lost_file_is_named_and_the_rest_comes(http: TestClient, login: Login, world: World) -> None:
    case = world.enter()
    world.supply(case)
    before = manifest(fetched(http, login(world.filler()), case))["files"]
    [lost] = [f for f in before if f["document"] == "deeds"]
    content = get(_attachment(case, "deeds"))
    drop(_attachment(case, "deeds"))

    files = fetched(http, login(world.filler()), case)

    put(_attachment(case, "deeds"), content)
    assert lost["name"] not in files
    assert manifest(files)["left_out"] == [{"document": "deeds", "code": "file_gone"}]


def test_a_spoilt_file_is_named_and_the_rest_comes(http: TestClient, login: Login, world: World) -> None:
    case = world.enter()
    world.supply(case)
    spoilt = path_of(_attachment(case, "deeds"))
    whole = spoilt.read_bytes()
    spoilt.write_bytes(b"GJ1")

    files = fetched(http, login(world.filler()), case)

    spoilt.write_bytes(whole)
    assert manifest(files)["left_out"] == [{"document": "deeds", "code": "file_gone"}]


@pytest.mark.parametrize("number", ["2026-9999", "nothing", "%00"])
def test_what_is_not_in_view_is_not_found(http: TestClient, login: Login, world: World, number: str) -> None:
    client = login(world.person("office"))

    answer = http.get(f"{client.base}/exports/cases/{number}.zip", headers=client.headers)

    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def _attachment(case: Case, document: str) -> UUID:
    with reading() as session:
        wanted = select(Attachment.id).where(Attachment.case_id == case.id, Attachment.document == document)
        return session.exec(wanted).one()
