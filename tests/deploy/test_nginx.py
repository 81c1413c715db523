"""Does the site of nginx in `deploy/` work: with TLS, before two web processes, and without a token in its log?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from processes.environment import environment
from processes.plan import plan
from processes.probes import free_port, web_answers
from processes.supervise import Stack
from settings import LOOPBACK, settings
from tests.administrators import PASSWORD, account
from tests.api.conftest import CSRF
from tests.api.test_links import path_of
from tests.together import PROJECT, Together
from tests.world import World

SITE = PROJECT / "deploy" / "nginx" / "gongjiang.conf"
LOGINS = 4


@dataclass
class Site:
    """The address people open, nginx's log, and the two processes behind it."""

    address: str
    log: Path
    behind: list[str]

    def answered(self) -> list[float]:
        """How many requests each of the two has answered, these questions left out."""
        return [asked(address) for address in self.behind]


def asked(address: str) -> float:
    said = httpx.get(f"{address}/metrics").text
    counts = re.findall(r'^gongjiang_request_seconds_count\{kind="page".*?\} (\S+)', said, re.MULTILINE)
    return sum(map(float, counts))


@pytest.fixture(scope="module")
def site(database: Stack) -> Iterator[Site]:
    """The file of `deploy/` with ports, a certificate and folders of its own; nothing else is changed."""
    with Together() as together:
        plain, tls, first, second = (free_port() for _ in range(4))
        address = f"https://{LOOPBACK}:{tls}"
        for number, port in enumerate((first, second), 1):
            own = settings().model_copy(update={"web_port": port, "given_base_url": address})
            [web] = [p for p in plan(own) if p.name == "web"]
            together.start(f"web {number}", web.command, environment(own))
        write_certificate(together.folder)
        text = SITE.read_text()
        for old, new in (
            ("server 127.0.0.1:8700;", f"server {LOOPBACK}:{first}; server {LOOPBACK}:{second};"),
            ("listen 80;", f"listen {LOOPBACK}:{plain};"),
            ("listen 443 ssl http2;", f"listen {LOOPBACK}:{tls} ssl http2;"),
            ("    listen [::]:80;\n", ""),
            ("    listen [::]:443 ssl http2;\n", ""),
            ("/etc/gongjiang/tls/", f"{together.folder}/"),
            ("/var/log/nginx/", f"{together.folder}/"),
        ):
            assert old in text
            text = text.replace(old, new)
        together.nginx(text)
        for number, port in enumerate((first, second), 1):
            own = settings().model_copy(update={"web_port": port})
            together.ready(f"web {number}", partial(web_answers, own, 0))
        behind = [f"http://{LOOPBACK}:{port}" for port in (first, second)]
        yield Site(address, together.folder / "gongjiang.log", behind)


def write_certificate(folder: Path) -> None:
    """For this machine, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, LOOPBACK)]), datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    (folder / "fullchain.pem").write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    plain = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    (folder / "privkey.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, plain[1], plain[0]))


def test_a_login_holds_whichever_of_two_processes_answers(site: Site, world: World) -> None:
    before = site.answered()
    for _ in range(LOGINS):
        person = account()
        with httpx.Client(base_url=site.address, verify=False) as visitor:
            page = visitor.get("/login")
            found = CSRF.search(page.text)
            fields = {"login": person.login, "password": PASSWORD, "csrf": found[1] if found else ""}
            answer = visitor.post("/login", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code == 303, answer.text
            seen = {visitor.get("/account").status_code for _ in range(4)}
        assert seen == {200}

    assert [after > 4 for after in map(lambda a, b: b - a, before, site.answered())] == [True, True]


def test_no_token_and_no_query_stands_in_the_log_of_nginx(site: Site, world: World) -> None:
    case = world.bring_to(world.enter(), "county_review")
    where = path_of(world.assignments("county_review", case)[0])

    with httpx.Client(base_url=site.address, verify=False) as visitor:
        assert visitor.get(where).status_code == 200
        assert visitor.get(f"{where}x").status_code == 404
        assert visitor.get("/public?q=450203198406179910").status_code == 200

    logged = "".join(path.read_text() for path in site.log.parent.glob("*.log"))
    assert '"GET /public" 200' in logged
    assert [said for said in (where, where.rpartition("/")[2], "450203198406179910") if said in logged] == []
