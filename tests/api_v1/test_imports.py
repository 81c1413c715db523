"""Does another program hand 附件2 in and fetch it by the same rules as a clerk?"""

from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import select

from models.case import Case
from models.database import reading
from tests.api_v1.conftest import Client, Login
from tests.documents.sheets import HEADINGS, opened, people, read, sheet
from tests.world import UNIT, World

NAME = "鱼峰区总工会申报2025年度柳州工匠材料.xlsx"


def send(client: Client, content: bytes, *, raw: bool = False, **query: Any) -> tuple[int, dict[str, Any]]:
    if raw:
        headers = {**client.headers, "Content-Type": "application/octet-stream"}
        answer = client.http.post(f"{client.base}/imports", content=content, params=query, headers=headers)
    else:
        answer = client.http.post(
            f"{client.base}/imports", files={"file": (NAME, content)}, params=query, headers=client.headers
        )
    return answer.status_code, answer.json()


def count(world: World) -> int:
    with reading() as session:
        return len(session.exec(select(Case).where(Case.season_id == world.season_id)).all())


def test_a_dry_run_answers_with_rows_and_faults(login: Login, world: World) -> None:
    rows = people(3)
    rows[1]["联系电话"] = None
    for raw in (False, True):
        status, body = send(login(world.person("county_union")), sheet(rows), raw=raw, dry_run=True)
        assert (status, body["accepted"], body["rejected"], body["imported"]) == (200, 2, 1, [])
        assert body["rows"][1]["problems"] == [
            {
                "column": "联系电话",
                "code": "missing",
                "severity": "error",
                "message": "第5行“联系电话”没有填写，请补上。",
            }
        ]
    assert count(world) == 0


def test_a_good_sheet_makes_its_drafts(login: Login, world: World) -> None:
    status, body = send(login(world.person("county_union")), sheet(people(3)))
    assert (status, body["imported"]) == (200, ["2026-0001", "2026-0002", "2026-0003"])
    assert count(world) == 3


def test_a_faulty_sheet_makes_none_and_keeps_none(login: Login, world: World) -> None:
    status, body = send(login(world.person("county_union")), sheet(people(2, 联系电话=None)))
    assert (status, [(r["code"], r["field"]) for r in body["reasons"]]) == (
        409,
        [("missing", "联系电话")] * 2,
    )
    assert count(world) == 0


def test_the_same_file_twice_is_told(login: Login, world: World) -> None:
    content, client = sheet(people(1)), login(world.person("county_union"))
    send(client, content)
    status, body = send(client, content)
    assert (status, body["reasons"][0]["code"]) == (409, "already_imported")


def test_who_may_not_import_is_refused(login: Login, world: World) -> None:
    status, body = send(login(world.person("expert")), sheet(people(1)))
    assert (status, body["reasons"][0]["code"]) == (403, "may_not_import")


def test_what_is_no_spreadsheet_is_refused(login: Login, world: World) -> None:
    client = login(world.person("county_union"))
    assert send(client, b"", raw=True)[1]["reasons"][0]["code"] == "empty"
    assert send(client, b"MZ..........", raw=True)[0] == 422
    assert send(client, b"x" * (20 * 1024 * 1024 + 1), raw=True)[1]["reasons"][0]["code"] == "too_large"


def test_the_list_is_fetched_by_unit_or_county(login: Login, http: TestClient, world: World) -> None:
    world.enter(name="样例甲")
    client = login(world.person("county_union"))
    for query, names in (
        ({"county": "yufeng"}, ["样例甲"]),
        ({"unit": UNIT}, ["样例甲"]),
        ({}, ["样例甲"]),
        ({"county": "liunan"}, []),
    ):
        answer = http.get(f"{client.base}/exports/summary.xlsx", params=query, headers=client.headers)
        assert answer.status_code == 200
        assert [c.value for c in opened(answer.content)["汇总表"][3]] == HEADINGS
        assert [r["values"]["姓名"] for r in read(answer.content)["rows"]] == names


def test_a_county_that_nobody_knows_is_told(login: Login, world: World) -> None:
    answer = login(world.person("office")).get("/exports/summary.xlsx", 422, county="nowhere")
    assert answer.codes == ["unknown_county"]


def test_a_list_of_a_practice_season_is_read_again(login: Login, http: TestClient, world: World) -> None:
    client = login(world.person("county_union"))
    names = ["覃立恒（样例）", "韦秀兰(样例)", "样例·阿依努尔"]
    rows = [{**row, "姓名": name} for row, name in zip(people(3), names, strict=True)]
    assert send(client, sheet(rows))[0] == 200
    answer = http.get(
        f"{client.base}/exports/summary.xlsx", params={"county": "yufeng"}, headers=client.headers
    )

    status, body = send(client, answer.content, dry_run=True)

    assert (status, body["accepted"], body["rejected"]) == (200, 3, 0)
    assert [r["values"]["姓名"] for r in body["rows"]] == names
    faults = [p for r in body["rows"] for p in r["problems"]]
    assert {p["severity"] for p in [*faults, *body["problems"]]} <= {"warning", "info"}
