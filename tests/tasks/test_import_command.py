"""What does `gongjiang import` print, and with which exit code?"""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from cli import app
from models.case import Case
from models.database import reading
from models.event import Event
from models.words import EventKind
from tests.documents.sheets import SUMMARY, people, sheet
from tests.world import CITY_UNIT, UNIT, World

DONE, FAILED, UNUSABLE = 0, 1, 2


def gongjiang(*words: str) -> Result:
    return CliRunner().invoke(app, ["import", *words])


@pytest.fixture
def good(tmp_path: Path) -> str:
    file = tmp_path / "鱼峰区总工会申报2025年度柳州工匠材料.xlsx"
    file.write_bytes(sheet(people(3)))
    return str(file)


@pytest.fixture
def bad(tmp_path: Path) -> str:
    rows = people(12)
    rows[2]["联系电话"] = None
    rows[5] |= {"推荐优先顺序": 5, SUMMARY: "事" * 420}
    file = tmp_path / "有两处待改.xlsx"
    file.write_bytes(sheet(rows))
    return str(file)


def facts(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def drafts(world: World) -> list[Case]:
    with reading() as session:
        return list(session.exec(select(Case).where(Case.season_id == world.season_id)))


def test_a_dry_run_makes_nothing(good: str, world: World) -> None:
    result = gongjiang(good, "--dry-run", "--json")
    found = facts(result)
    assert (result.exit_code, found["accepted"], found["rejected"]) == (DONE, 3, 0)
    assert [r["row"] for r in found["rows"]] == [4, 5, 6]
    assert found["rows"][0]["values"]["姓名"] == "样例甲"
    assert drafts(world) == []


def test_faults_are_told_by_row_and_column(bad: str, world: World) -> None:
    result = gongjiang(bad, "--dry-run", "--json")
    found = facts(result)
    assert (result.exit_code, found["accepted"], found["rejected"]) == (FAILED, 10, 2)
    errors = [
        (r["row"], p["column"], p["code"])
        for r in found["rows"]
        for p in r["problems"]
        if p["severity"] == "error"
    ]
    assert errors == [
        (6, "联系电话", "missing"),
        (9, "推荐优先顺序", "priority_duplicate"),
        (9, SUMMARY, "too_long"),
    ]


def test_the_same_person_twice_is_told_also_where_nobody_is_seated(tmp_path: Path, world: World) -> None:
    rows = people(2)
    rows[1]["姓名"] = rows[0]["姓名"]
    file = tmp_path / "表.xlsx"
    file.write_bytes(sheet(rows))
    found = facts(gongjiang(str(file), "--unit", "没有的单位", "--dry-run", "--json"))
    assert [p["code"] for p in found["rows"][1]["problems"]] == ["same_person_in_file"]


def test_a_file_with_faults_makes_nothing(bad: str, world: World) -> None:
    result = gongjiang(bad)
    assert result.exit_code == FAILED
    assert "第6行“联系电话”没有填写，请补上。" in result.stdout
    assert "可以导入10名，有错误2名" in result.stdout
    assert drafts(world) == []


def test_a_good_file_makes_its_drafts_once(good: str, world: World) -> None:
    result = gongjiang(good, "--json")
    assert (result.exit_code, len(facts(result)["imported"])) == (DONE, 3)
    assert len(drafts(world)) == 3
    again = gongjiang(good, "--json")
    assert (again.exit_code, [p["code"] for p in facts(again)["problems"]]) == (FAILED, ["already_imported"])
    assert len(drafts(world)) == 3


def test_it_imports_for_a_unit_its_own_people(good: str, tmp_path: Path, world: World) -> None:
    foreign = tmp_path / "别的单位.xlsx"
    foreign.write_bytes(sheet(people(3, 推荐单位=CITY_UNIT)))
    refused = gongjiang(str(foreign), "--unit", UNIT)
    assert refused.exit_code == FAILED
    assert f"不是本单位。请改成“{UNIT}”" in refused.output

    told = gongjiang(good, "--unit", UNIT)
    assert told.exit_code == DONE
    assert f"“鱼峰区总工会”不是推荐人选的单位，将由“{UNIT}”推荐" in told.output
    with reading() as session:
        event = session.exec(
            select(Event).where(Event.chain == world.season_id, Event.kind == EventKind.SHEET_IMPORTED)
        ).one()
    assert (event.facts["organisation"], event.actor_id) == (UNIT, world.filler().id)


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty"), (b"%PDF-1.4\n%%EOF", "unknown_kind"), (b"hello", "unknown_kind")]
)
def test_what_is_no_spreadsheet_is_told(tmp_path: Path, world: World, content: bytes, code: str) -> None:
    file = tmp_path / "表.xlsx"
    file.write_bytes(content)
    result = gongjiang(str(file), "--dry-run", "--json")
    found = facts(result)
    assert (result.exit_code, found["rows"], len(found["problems"])) == (FAILED, [], 1)
    assert found["problems"][0]["code"] == code


def test_a_unit_that_nobody_knows_is_told(good: str, world: World) -> None:
    result = gongjiang(good, "--unit", "没有的单位")
    assert (result.exit_code, "单位名录里没有“没有的单位”" in result.stdout) == (FAILED, True)


def test_a_file_that_is_not_there_is_told(world: World) -> None:
    result = gongjiang("/nowhere/表.xlsx")
    assert result.exit_code == UNUSABLE
    assert "打不开文件" in result.stderr
