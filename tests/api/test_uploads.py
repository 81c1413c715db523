"""What becomes of files that are sent with a form: kept in memory while read, counted, refused when too large?"""

import re
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api.deps import TypedForm
from api.errors import add_handlers
from api.uploads import LARGEST_REQUEST
from models.filenames import safe_filename
from models.filestore import LARGEST_FILE
from processes.probes import free_port
from settings import LOOPBACK


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """A visitor with a cookie, of a real server that tells what it was sent."""
    app = FastAPI()
    add_handlers(app)

    @app.post("/form")
    def form(typed: TypedForm) -> dict[str, object]:
        return {
            "opinion": typed.text("opinion"),
            "files": [[u.filename, len(u.content)] for u in typed.uploads("files")],
            "single": typed.upload("single") is not None,
        }

    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host=LOOPBACK, port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    with httpx.Client(base_url=f"http://{LOOPBACK}:{port}", cookies={"session": "x"}, timeout=20) as visitor:
        yield visitor
    server.should_exit = True
    thread.join(timeout=10)


def send(client: httpx.Client, *files: tuple[str, bytes], **fields: str) -> httpx.Response:
    return client.post("/form", data=fields, files=[("files", (name, content)) for name, content in files])


def test_texts_and_files_come_together(client: httpx.Client) -> None:
    answer = send(client, ("证书.pdf", b"one"), ("照片.jpg", b"x" * 3_000_000), opinion=" 同意 ")
    assert answer.json() == {
        "opinion": "同意",
        "files": [["证书.pdf", 3], ["照片.jpg", 3_000_000]],
        "single": False,
    }


def test_an_empty_file_control_is_no_file(client: httpx.Client) -> None:
    boundary = "xyz"
    part = (
        'Content-Disposition: form-data; name="files"; filename=""\r\nContent-Type: application/octet-stream'
    )
    body = f"--{boundary}\r\n{part}\r\n\r\n\r\n--{boundary}--\r\n"
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    assert client.post("/form", content=body, headers=headers).json()["files"] == []


def test_a_file_that_is_too_large_is_refused_and_the_text_kept(client: httpx.Client) -> None:
    answer = send(client, ("大.pdf", b"x" * (LARGEST_FILE + 1)), opinion="写了很久的意见")
    assert answer.status_code == 413
    assert "大.pdf" in answer.text
    assert "20MB" in answer.text
    assert "写了很久的意见" in answer.text


def test_an_endless_request_is_answered_and_not_kept(client: httpx.Client) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="opinion"\r\n\r\nkept\r\n'
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'
        while sent < 4 * LARGEST_REQUEST:
            sent += 1_000_000
            yield b"x" * 1_000_000

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = client.post("/form", content=endless(), headers=headers)
    assert answer.status_code == 413
    assert "kept" in answer.text


def test_an_announced_length_is_refused_before_reading(client: httpx.Client) -> None:
    with socket.create_connection((client.base_url.host, client.base_url.port or 0)) as line:
        line.sendall(
            b"POST /form HTTP/1.1\r\nHost: x\r\nCookie: session=x\r\nContent-Length: 2000000000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        )
        line.settimeout(10)
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_texts_together_are_limited_too(client: httpx.Client) -> None:
    answer = client.post("/form", data={"opinion": "x" * 2_100_000}, files={"files": ("a.pdf", b"1")})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body", [b"", b"--b\r\n", b"nonsense", b"--b\r\nX: y\r\n\r\n\r\n--b--\r\n", b"\xff" * 50]
)
def test_a_garbled_form_is_no_fault_of_ours(client: httpx.Client, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert client.post("/form", content=body, headers=headers).status_code in (200, 400)


def test_files_of_a_stranger_are_not_taken_in(client: httpx.Client) -> None:
    with httpx.Client(base_url=client.base_url) as stranger:
        assert send(stranger, ("a.pdf", b"x" * 2_100_000)).status_code == 413


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\材料\\证书.pdf", "证书.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("..", "未命名文件"),
        ("长" * 400 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_a_filename_is_only_a_name(given: str, kept: str) -> None:
    assert safe_filename(given) == kept


@pytest.mark.parametrize("charset", ["undefined", "idna", "unicode_escape", "utf-16", "nothing"])
def test_no_encoding_but_ours_is_gone_by(client: httpx.Client, charset: str) -> None:
    body = '--x\r\nContent-Disposition: form-data; name="opinion"\r\n\r\n同意\\ud800\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"

    answer = client.post("/form", content=body.encode(), headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["opinion"]) == (200, "同意\\ud800")


def test_no_personal_number_is_repeated_from_a_filename() -> None:
    for name in (
        "450203198803129917身份证.exe",
        "样例甲 138-0000-0001.exe",
        "４５０２０３１９８８０３１２９９１Ｘ.exe",
    ):
        assert not re.search(r"\d{4}", safe_filename(name))
        assert safe_filename(name).endswith(".exe")
