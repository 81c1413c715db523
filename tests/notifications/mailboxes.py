"""A real IMAP server, Dovecot, with a mailbox of its own; and a door before it that behaves like 163.com's."""

import datetime
import ipaddress
import os
import pwd
import select
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from imapclient import IMAPClient

from processes.probes import free_port
from settings import LOOPBACK

DOVECOT = "/usr/sbin/dovecot"
USER, PASSWORD = "office@example.org", "sample code/163"
SECONDS_TO_START = 20.0

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = {host}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
imap_id_log = *
mail_location = maildir:{folder}/mail
first_valid_uid = 1
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
"""


class Dovecot:
    """The server with one account, started in a folder of its own and ended by its process id."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gongjiang-imap-"))
        self.port, self.plain_port = free_port(), free_port()
        self.folder.chmod(0o755)
        self._process: subprocess.Popen[bytes] | None = None
        make_certificate(self.folder)
        self._configure()

    def _configure(self) -> None:
        """As root the server works for other users, otherwise for whoever runs the tests."""
        me = pwd.getpwuid(os.getuid()).pw_name
        root = os.getuid() == 0
        owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.getuid())
        mail = self.folder / "mail"
        mail.mkdir()
        os.chown(mail, owner.pw_uid, owner.pw_gid)
        (self.folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
        (self.folder / "dovecot.conf").write_text(
            CONFIG.format(
                folder=self.folder,
                host=LOOPBACK,
                plain=self.plain_port,
                tls=self.port,
                internal="dovecot" if root else me,
                login="dovenull" if root else me,
                group="dovecot" if root else "",
                uid=owner.pw_uid,
                gid=owner.pw_gid,
            )
        )

    @property
    def authority(self) -> Path:
        """The certificate that a client must trust to trust the server."""
        return self.folder / "cert.pem"

    @property
    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> None:
        self._process = subprocess.Popen(
            [DOVECOT, "-F", "-c", str(self.folder / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self.port, self.log)
        wait_for(self.plain_port, self.log)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def client(self) -> IMAPClient:
        """Somebody else who reads this mailbox."""
        client = IMAPClient(LOOPBACK, self.plain_port, ssl=False, timeout=20)
        client.login(USER, PASSWORD)
        return client

    def put(self, raw: bytes, when: datetime.datetime | None = None) -> None:
        """Deliver a mail."""
        with self.client() as client:
            client.append("INBOX", raw, msg_time=when)

    def flags(self) -> list[tuple[bytes, ...]]:
        with self.client() as client:
            client.select_folder("INBOX", readonly=True)
            found = client.fetch(client.search("ALL"), ["FLAGS"])
            return [tuple(f for f in row[b"FLAGS"] if f != b"\\Recent") for row in found.values()]

    def empty(self) -> None:
        """Another mailbox of the same name, with another UIDVALIDITY."""
        with self.client() as client:
            client.select_folder("INBOX")
            client.delete_messages(client.search("ALL"))
            client.expunge()


def wait_for(port: int, log: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"the IMAP server did not start: {log}")


def make_certificate(folder: Path) -> None:
    """A certificate for the loopback address, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.IPAddress(ipaddress.ip_address(LOOPBACK)), x509.DNSName("localhost")]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


class Door163:
    """Stands before the server, notes every command, and lets nobody open a folder before the ID command."""

    REFUSAL = b" NO %s Unsafe Login. Please contact kefu@188.com for help\r\n"

    def __init__(self, behind: Dovecot, *, hangs_up_at: bytes = b"") -> None:
        self.behind, self.hangs_up_at, self.hides_id = behind, hangs_up_at, False
        self.commands: list[str] = []
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = self._listener.getsockname()[1]
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(behind.authority, behind.folder / "key.pem")
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._guarded, args=(connection,), daemon=True).start()

    def _guarded(self, connection: socket.socket) -> None:
        with (
            suppress(OSError),
            self._context.wrap_socket(connection, server_side=True) as client,
            socket.create_connection((LOOPBACK, self.behind.plain_port)) as server,
        ):
            self._pass_on(client, server)

    def _pass_on(self, client: ssl.SSLSocket, server: socket.socket) -> None:
        """Both directions in one thread: an SSL socket is not made for two."""
        known, begun = False, b""
        while True:
            ready = [client] if client.pending() else select.select([client, server], [], [])[0]
            if server in ready:
                if not (answer := server.recv(65536)):
                    return
                client.sendall(answer.replace(b" ID ", b" ") if self.hides_id else answer)
            if client in ready:
                if not (said := client.recv(65536)):
                    return
                *lines, begun = (begun + said).split(b"\r\n")
                for line in lines:
                    command = line.partition(b" ")[2].split(b" ")[0].strip().upper()
                    self.commands.append(command.decode("ascii", "replace"))
                    known = known or command == b"ID"
                    if command == self.hangs_up_at:
                        return
                    if command in (b"SELECT", b"EXAMINE") and not known:
                        client.sendall(line.partition(b" ")[0] + self.REFUSAL % command)
                    else:
                        server.sendall(line + b"\r\n")
