"""Into which fields of the application does what was read go, and what is told of it?"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from documents.field_map import channel_of, check_read, to_form, unplaced
from models.form import check_shape
from models.form_rules import check_form
from tests.documents.word_files import (
    HANDLER,
    HEAD,
    ID_NUMBER,
    READ,
    document,
    form_rows,
    liuzhou,
    read_rows,
    with_value,
)


def test_every_line_of_the_form_goes_into_its_field() -> None:
    form, problems = to_form(liuzhou(), "unit", read_rows(form_rows()))

    assert problems == []
    assert form == {
        "name": "样例甲",
        "sex": "男",
        "id_number": ID_NUMBER,
        "birth_date": "1984-06-17",
        "ethnicity": "壮族",
        "political_status": "中共党员",
        "education": "大专",
        "household": "非农业户口",
        "migrant": "否",
        "phone": "19900000001",
        "home_address": "柳州市样例路0号",
        "handler": "样例丁",
        "handler_phone": "19900000090",
        "employer": "样例精工有限公司",
        "employer_nature": "民营企业",
        "industry": "制造业",
        "employer_address": "柳州市样例路1号",
        "postcode": "545005",
        "post": "班长",
        "category": "manufacturing",
        "occupation": "数控车工",
        "work_years": "21",
        "standing": "普通工人",
        "skill_grade": "高级技师",
        "title_grade": "中级职称",
        "history": [
            {"period": "2005年7月—2011年3月", "where": "样例机械厂", "post": "车工"},
            {"period": "2011年4月至今", "where": "样例精工有限公司", "post": "班长"},
        ],
        "craft": {"一技之长": "薄壁件精密车削"},
        "skill_level": "国内领先",
        "patented": "是",
        "patents_invention": "0",
        "patents_utility": "3",
        "patents_design": "",
        "passing_on": {"带徒": "", "培训": ""},
        "contribution": {"本行业": "", "本单位": ""},
        "indicators": ["craft", "skill", "lead", "contribution"],
        "statement": "我做了二十一年车工。",
        "spirit": "把零件车准。",
        "honours": "1. 2023年5月，样例奖章\n2. 2019年12月，样例称号",
        "trade_honours": "",
        "achievements": "",
    }


def test_what_was_read_may_be_kept_and_lacks_only_what_the_paper_does_not_ask() -> None:
    form, _ = to_form(liuzhou(), "unit", read_rows(form_rows()))

    assert check_shape(liuzhou(), "unit", form) == ()
    assert {r.field for r in check_form(liuzhou(), "unit", form)} == {"nationality", "condition", "summary"}


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("2005.7-2011.3\t样例厂\t车工", ("2005.7-2011.3", "样例厂", "车工")),
        ("2005年7月至2011年3月　样例厂　车工", ("2005年7月至2011年3月", "样例厂", "车工")),
        ("2005年7月—至今  样例厂", ("2005年7月—至今", "样例厂", "")),
        ("2005年7月至今 样例厂 车工", ("2005年7月至今", "样例厂", "车工")),
        ("2005年  样例厂  车工", ("2005年", "样例厂", "车工")),
    ],
)
def test_line_of_the_history_that_can_be_cut(line: str, row: tuple[str, str, str]) -> None:
    form, problems = to_form(liuzhou(), "unit", read_rows(with_value("工作简历", line)))

    assert form["history"] == [dict(zip(("period", "where", "post"), row, strict=True))]
    assert problems == []


@pytest.mark.parametrize(
    "line", ["一直在样例厂做车工", "2005年进样例厂，后来当班长", "2005年  甲  乙  丙  丁"]
)
def test_line_of_the_history_that_cannot_be_cut_stays_whole(line: str) -> None:
    form, problems = to_form(liuzhou(), "unit", read_rows(with_value("工作简历", line)))

    assert form["history"] == [{"period": "", "where": line, "post": ""}]
    assert [p.code for p in problems] == ["history_line"]


@pytest.mark.parametrize(
    ("start", "value", "found"),
    [
        ("身份证号", "450203198406179911", ("身份证号", "id_checksum")),
        ("身份证号", "45020319840617991", ("身份证号", "id_length")),
        ("身份证号", "450203840617991", ("身份证号", "id_15")),
        ("推荐人选", "字" * 101, ("推荐人选对“工匠精神”的理解(100字以内)", "too_long")),
    ],
)
def test_rules_of_the_application_are_asked(start: str, value: str, found: tuple[str, str]) -> None:
    read = read_rows(with_value(start, value))

    assert [(p.field, p.code) for p in check_read(liuzhou(), "unit", read)] == [found]


def test_sex_that_does_not_fit_the_number() -> None:
    read = read_rows(with_value("姓 名", "女", at=3))

    assert [(p.field, p.code) for p in check_read(liuzhou(), "unit", read)] == [("性别", "sex_mismatch")]


def test_what_has_no_field_is_listed() -> None:
    read = read_rows(form_rows())

    assert unplaced(liuzhou(), "unit", read) == {
        "推荐单位": "样例精工有限公司工会",
        "填表日期": "2026年3月6日",
    }


@pytest.mark.parametrize(
    ("unit", "channel"),
    [("个人自荐", "self"), ("专业人士 推荐", "professional"), ("样例公司工会", "unit"), ("", "unit")],
)
def test_channel_as_the_form_names_it(unit: str, channel: str) -> None:
    head = (*HEAD[:2], f"推荐单位：{unit}\t填表日期：2026年3月6日", HANDLER)

    assert channel_of(liuzhou(), read_rows(form_rows(), head)) == channel


# --- the command -------------------------------------------------------------------------------------------------


def read_form(path: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["read-form", str(path), *options])
    return result.exit_code, result.output


def test_command_prints_fields_and_problems(tmp_path: Path) -> None:
    file = tmp_path / "样例甲.docx"
    file.write_bytes(document(form_rows()))

    code, output = read_form(file, "--json")

    assert (code, json.loads(output)) == (0, {"fields": READ, "problems": []})


def test_command_says_with_its_exit_code_that_something_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "样例甲.docx"
    file.write_bytes(document(with_value("技能等级", "☑高级技师  ☑技师")))

    code, output = read_form(file, "--json")

    [problem] = json.loads(output)["problems"]
    assert code == 1
    assert problem == {
        "field": "技能等级",
        "code": "both_ticked",
        "severity": "error",
        "message": "“技能等级”同时勾选了“高级技师”“技师”，只能选一项，没有读入，请核对后选择。",
    }


def test_command_for_people(tmp_path: Path) -> None:
    file = tmp_path / "样例甲.docx"
    file.write_bytes(document(form_rows()))

    code, output = read_form(file, "--year", "2026")

    assert code == 1
    assert "姓名：样例甲" in output
    assert "是否做出突出贡献：本行业、本单位" in output
    assert "✗ 错误　这是2025年度的申请表，本次认定是2026年度。" in output


def test_command_on_what_is_no_form(tmp_path: Path) -> None:
    file = tmp_path / "样例.docx"
    file.write_bytes(b"%PDF-1.4 nothing")

    assert read_form(file)[0] == 2
    assert read_form(tmp_path / "没有.docx")[0] == 2
