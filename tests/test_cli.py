"""What do the commands say, and with which exit code?"""

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from typer.testing import CliRunner, Result

from cli import app
from models.account_words import AdminRole, Waits
from models.database import transaction
from models.migrate import upgrade
from models.season import Season
from processes.supervise import Stack
from settings import settings
from settings.urls import rendered
from tasks.accounts import next_wait
from tasks.logging_in import authenticate
from tests.administrators import account, administrator, retire_administrators
from tests.publishing import published
from tests.world import World

LIUZHOU = "notices/liuzhou-2025.yaml"
DONE, FAILED, UNUSABLE = 0, 1, 2


def gongjiang(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_notice_check_prints_the_facts_of_the_notice() -> None:
    result = gongjiang("notice", "check", LIUZHOU, "--json")

    facts = json.loads(result.stdout)
    assert result.exit_code == DONE
    assert facts["quota"]["places"] == 30


def test_notice_check_names_line_and_field(tmp_path: Path) -> None:
    lines = Path(LIUZHOU).read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines, 1) if 'ratio: "1.3"' in line)
    lines[at - 1] = lines[at - 1].replace('"1.3"', '"0.9"')
    file = tmp_path / "notice.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")

    result = gongjiang("notice", "check", str(file))

    assert result.exit_code == UNUSABLE
    assert f"第 {at} 行 quota.ratio" in result.stderr


def test_notice_schema_is_a_json_schema() -> None:
    assert json.loads(gongjiang("notice", "schema").stdout)["type"] == "object"


def test_season_is_opened_once_under_its_key(database: Stack, tmp_path: Path) -> None:
    file = tmp_path / "notice.yaml"
    text = Path(LIUZHOU).read_text(encoding="utf-8")
    file.write_text(
        text.replace("key: liuzhou-2025\n", f"key: {tmp_path.name.replace('_', '-')}\n", 1), encoding="utf-8"
    )

    first, second = gongjiang("season", "open", str(file)), gongjiang("season", "open", str(file))

    assert first.exit_code == DONE
    assert "还没有办理人" in first.stdout
    assert second.exit_code == UNUSABLE
    assert "不能重复开启" in second.stderr


def test_practice_season_has_someone_in_every_seat(database: Stack) -> None:
    result = gongjiang("season", "open", LIUZHOU, "--practice-from", "2027-03-01", "--json")

    facts = json.loads(result.stdout)
    assert result.exit_code == DONE
    assert facts["gaps"] == []
    assert facts["practice"] is True


def test_account_is_added_and_seated(world: World) -> None:
    login = f"zhang{world.season.key[-6:]}"
    added = gongjiang("user", "add", login, "--name", "样例张")
    seated = gongjiang("user", "seat", login, "--body", "office", "--season", world.season.key)

    assert (added.exit_code, seated.exit_code) == (DONE, DONE)
    assert "初始密码" in added.stdout
    assert "样例张" in [p.name for p in world.people("office")]


def test_the_first_administrator_gets_a_password_for_one_login_and_there_is_no_second_first(
    database: Stack,
) -> None:
    retire_administrators()
    first = gongjiang("user", "first", "xitong.yi", "--name", "样例系统管理员", "--json")
    second = gongjiang("user", "first", "xitong.er", "--name", "样例")
    facts = json.loads(first.stdout)
    with transaction() as session:
        person = authenticate(session, "xitong.yi", facts["password"])
        assert person is not None
        assert (person.admin_role, next_wait(session, person)) == ("system", Waits.PASSWORD)

    assert (second.exit_code, "已经有系统管理员" in second.stderr) == (UNUSABLE, True)


def test_a_seat_of_a_real_season_takes_two_people_once_there_is_somebody_to_confirm(
    world: World,
) -> None:
    retire_administrators()
    person = account()
    set_practice(world, False)
    words = ("user", "seat", person.login or "", "--body", "expert", "--season", world.season.key)
    first = gongjiang(*words)
    administrator(AdminRole.SECURITY)
    second = gongjiang(*words)
    set_practice(world, True)

    assert (first.exit_code, second.exit_code) == (DONE, UNUSABLE)
    assert "由安全管理员确认" in second.stderr


def set_practice(world: World, practice: bool) -> None:
    with transaction() as session:
        session.get_one(Season, world.season_id).practice = practice


def test_a_fresh_record_has_nobody_who_can_log_in(database: Stack) -> None:
    own = make_url(settings().database_url)
    admin = create_engine(own, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE fresh"))
    upgrade(rendered(own.set(database="fresh")))
    fresh = create_engine(own.set(database="fresh"))
    with fresh.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
    fresh.dispose()
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE fresh WITH (FORCE)"))
    admin.dispose()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["user", "seat", "nobody", "--body", "office"], "没有登录名"),
        (["token", "create", "nobody"], "没有登录名"),
        (["doctor", "--season", "nowhere"], "没有年度"),
        (["audit", "verify", "--season", "nowhere"], "没有年度"),
        (["run", "kettle"], "没有名为"),
        (["notice", "check", "missing.yaml"], "没有这个文件"),
    ],
)
def test_what_does_not_exist_is_named(world: World, words: list[str], said: str) -> None:
    result = gongjiang(*words)

    assert result.exit_code == UNUSABLE
    assert said in result.stderr


@pytest.mark.parametrize(
    ("body", "organisation", "said"),
    [
        ("kings", None, "没有机构"),
        ("county_union", None, "写明单位全称"),
        ("county_union", "月球总工会", "名录里没有"),
    ],
)
def test_seat_that_does_not_exist_is_refused(
    world: World, body: str, organisation: str | None, said: str
) -> None:
    words = ["user", "seat", "office", "--body", body, "--season", world.season.key]

    result = gongjiang(*words, *(["--organisation", organisation] if organisation else []))

    assert result.exit_code == UNUSABLE
    assert said in result.stderr


def test_doctor_and_audit_find_nothing_wrong(world: World) -> None:
    world.bring_to(world.enter(), "county_review")

    key = world.season.key

    assert gongjiang("audit", "verify", "--season", key).exit_code == DONE
    assert json.loads(gongjiang("doctor", "--season", key, "--json").stdout)["broken"] == []


def test_notice_and_result_are_exported_once_they_may_be(world: World, tmp_path: Path) -> None:
    file, key = tmp_path / "public.zip", world.season.key
    before = gongjiang("public", "export", str(file), "--season", key)
    published(world, "丁样例")

    made = gongjiang("public", "export", str(file), "--season", key, "--json")
    nobody = gongjiang("public", "export", str(file), "--result", "--season", key)
    nowhere = gongjiang("public", "export", str(tmp_path / "none" / "x.zip"), "--season", key)

    assert (before.exit_code, nobody.exit_code, nowhere.exit_code) == (UNUSABLE, UNUSABLE, UNUSABLE)
    assert "还没有准予公示的名单" in before.stderr
    assert "认定之后才能导出" in nobody.stderr
    assert "写不了" in nowhere.stderr
    assert json.loads(made.stdout)["bytes"] == file.stat().st_size
