"""Do the files in `deploy/` know every setting, every process, and every address with a token in it?"""

import re
import subprocess
from pathlib import Path
from uuid import uuid4

from fastapi.routing import APIRoute
from pydantic import AliasChoices
from sqlalchemy import create_engine, text

from api.app import PAGES
from processes.plan import plan, shared_parts
from processes.postgres import ENVIRONMENT, SUPERUSER, program, url
from processes.supervise import Stack
from settings import Settings, settings
from tests.elsewhere import set_to

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
LINE = re.compile(r"#?(GONGJIANG_\w+)=(.*)")


def every_setting() -> set[str]:
    found = set()
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        found.add(str(alias.choices[0] if isinstance(alias, AliasChoices) else f"gongjiang_{name}").upper())
    return found


def test_the_example_explains_every_setting_and_no_other() -> None:
    lines = (DEPLOY / "gongjiang.env").read_text().splitlines()
    named = [match[1] for line in lines if (match := LINE.fullmatch(line))]

    assert sorted(named) == sorted(every_setting())


def test_the_example_can_be_read_and_holds_no_password() -> None:
    lines = (DEPLOY / "gongjiang.env").read_text().splitlines()
    active = dict(line.split("=", 1) for line in lines if line.startswith("GONGJIANG_"))

    with set_to(**{name.removeprefix("GONGJIANG_"): value for name, value in active.items()}):
        chosen = settings()
    assert chosen.base_url == "https://gongjiang.example.org"
    assert not chosen.keys_folder.is_relative_to(chosen.home)
    assert set(re.findall(r":([^:/@]+)@", "\n".join(lines))) == {"请改"}


def test_the_command_reads_the_settings_as_systemd_does(tmp_path: Path) -> None:
    env = tmp_path / "env"
    env.write_text("# 注释\nGONGJIANG_SMTP_URL=smtps://a%40b:$x 'y'#z@c:1\n#GONGJIANG_HOME=/no\nPATH=/no\n")
    script = (DEPLOY / "gongjiang").read_text().replace("/etc/gongjiang/gongjiang.env", str(env))
    script = re.sub(r"exec setpriv .* (/opt\S+)", "exec printenv", script)

    said = subprocess.run(
        ["sh", "-c", script, "gongjiang", "GONGJIANG_SMTP_URL"], capture_output=True, text=True, check=True
    )

    assert said.stdout == "smtps://a%40b:$x 'y'#z@c:1\n"


def test_every_process_but_the_database_has_a_unit() -> None:
    units = {f.name: f.read_text() for f in (DEPLOY / "systemd").iterdir()}
    started = {word for unit in units.values() for word in re.findall(r"gongjiang run (\w+)", unit)}
    wanted = set(re.findall(r"gongjiang-(\w+)\.service", units["gongjiang.target"]))

    assert started == wanted == {part.name for part in plan(settings())} - {"database"}
    assert all(f"gongjiang-{name}.service" in units for name in started)


def test_the_units_for_several_servers_start_processes_that_there_are() -> None:
    shared = settings().model_copy(update={"redis_url": "redis://127.0.0.1:6379"})
    units = "".join(f.read_text() for f in (DEPLOY / "several").glob("*.service"))

    assert set(re.findall(r"gongjiang run ([\w-]+)", units)) == {p.name for p in shared_parts(shared)}
    assert shared_parts(settings()) == ()


def test_no_address_with_a_token_gets_into_a_log_of_nginx() -> None:
    site = (DEPLOY / "nginx" / "gongjiang.conf").read_text()
    paths = [r.path for part in PAGES for r in part.router.routes if isinstance(r, APIRoute)]
    secret = [p for p in paths if "{token}" in p or "{receipt}" in p]
    [unlogged] = re.findall(r"location ~ (\S+) \{\n +access_log off;\n +error_log /dev/null", site)
    [shortened] = re.findall(r"~(\S+) /\$1/;", site)

    assert len(secret) >= 5
    assert [p for p in secret if not (re.search(unlogged, p) and re.search(shortened, p))] == []
    assert "$request_uri" not in site.split("log_format")[1].split(";")[0]


def test_the_databases_are_made_for_this_role_alone(database: Stack) -> None:
    mark = uuid4().hex[:8]
    statements = (DEPLOY / "postgresql" / "databases.sql").read_text()
    for name in ("gongjiang", "prefect"):
        statements = re.sub(rf"\b{name}\b", f"{name}_{mark}", statements)
    command = [program("psql"), "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--set=password=样例"]
    where = ["--host", str(settings().database_socket_folder), "--username", SUPERUSER, "--dbname=postgres"]

    done = subprocess.run(
        [*command, *where], env=ENVIRONMENT, input=statements, text=True, capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    server = create_engine(url(settings(), "postgres", SUPERUSER), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        made = connection.execute(
            text(
                "select datname, datdba::regrole::text, has_database_privilege('public', oid, 'connect')"
                " from pg_database where datname like :mark order by 1"
            ),
            {"mark": f"%{mark}"},
        ).all()
        for name in (f"gongjiang_{mark}", f"prefect_{mark}"):
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        connection.execute(text(f"DROP ROLE gongjiang_{mark}"))
    server.dispose()
    assert [tuple(row) for row in made] == [
        (f"gongjiang_{mark}", f"gongjiang_{mark}", False),
        (f"prefect_{mark}", f"gongjiang_{mark}", False),
    ]
