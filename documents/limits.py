"""How is a stranger's file read without danger? In a process of its own, with little memory, time and no rights.

`run_limited("documents.summary_table:parse", content, name="表.xlsx")` calls the function in a fresh process with the
bytes and the keyword arguments, and gives back what it returns. Arguments and result are JSON; a result of bytes comes
back as bytes. The process is a fork of `documents.nursery`, which has the libraries loaded and none of our secrets.
"""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

MEGABYTE = 1_000_000
FILE_BYTES = 300 * MEGABYTE
KILLED_BY_LIMIT = b"limit"
KEPT_FROM_ENVIRONMENT = ("PATH", "HOME", "LANG", "PYTHONPATH", "TMPDIR")
LONGEST_START = 60.0
PROJECT = Path(__file__).resolve().parents[1]


class TooMuch(Exception):
    """Reading the file needed more time or memory than any honest file does."""


class Unreadable(Exception):
    """The reader broke on the file: it is damaged, or made to do harm."""


def run_limited(
    function: str, content: bytes, *, seconds: int = 10, megabytes: int = 1000, **arguments: Any
) -> Any:
    """Call `module:function(content, **arguments)` in a limited process. Raises `TooMuch` or `Unreadable`."""
    order = {"function": function, "arguments": arguments, "megabytes": megabytes, "seconds": seconds}
    with _nursery.child(function.partition(":")[0]) as child:
        answer = child.ask(json.dumps(order).encode() + b"\n" + content, seconds + 5)
    head, _, body = answer.partition(b"\n")
    kind, _, size = head.partition(b" ")
    if kind == KILLED_BY_LIMIT or size != str(len(body)).encode():
        raise TooMuch
    if kind == b"bytes":
        return body
    if kind == b"json":
        return json.loads(body)
    raise Unreadable(body.decode("utf-8", "replace"))


# --- this side ----------------------------------------------------------------------------------------------------


class Child:
    """A process that waits for its order at the other end of `line`."""

    def __init__(self, line: socket.socket, pid: int) -> None:
        self.line, self.pid = line, pid

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def ask(self, order: bytes, seconds: float) -> bytes:
        """The whole answer; nothing, or half of one, when the process was ended by its limits."""
        deadline = monotonic() + seconds
        found: list[bytes] = []
        try:
            self.line.settimeout(seconds)
            self.line.sendall(order)
            self.line.shutdown(socket.SHUT_WR)
            while piece := self._piece(deadline):
                found.append(piece)
        except TimeoutError:
            # It holds its end of the line, so it lives and the number is its own.
            os.kill(self.pid, signal.SIGKILL)
            raise TooMuch from None
        except ConnectionError:
            return b""
        return b"".join(found)

    def _piece(self, deadline: float) -> bytes:
        if (left := deadline - monotonic()) <= 0:
            raise TimeoutError
        self.line.settimeout(left)
        return self.line.recv(MEGABYTE)


class _Nursery:
    """The process whose forks read the files; started when first needed, and anew if it was killed."""

    def __init__(self) -> None:
        self._alone = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._of = 0

    def child(self, module: str) -> Child:
        with self._alone:
            try:
                return self._new_child(module)
            except OSError:
                self._start()
                return self._new_child(module)

    def _new_child(self, module: str) -> Child:
        if self._of != os.getpid():
            # A fork of ours starts its own: two on one line would get each other's readers.
            self._control = self._process = None
            self._start()
        assert self._control is not None
        ours, its = socket.socketpair()
        with its:
            socket.send_fds(self._control, [module.encode()], [its.fileno()])
        told = self._control.recv(32)
        if not told:
            ours.close()
            raise ConnectionError
        return Child(ours, int(told))

    def _start(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._of = os.getpid()
        self._control, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(LONGEST_START)
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "documents.nursery", str(its.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[its.fileno()],
                env={k: v for k, v in os.environ.items() if k in KEPT_FROM_ENVIRONMENT},
                cwd=PROJECT,
                start_new_session=True,
            )


_nursery = _Nursery()


# --- the other side -----------------------------------------------------------------------------------------------


def answer_order() -> None:
    """In the child: read one order and the content from the input, write the result to the output."""
    order = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    module, _, name = order["function"].partition(":")
    try:
        call = getattr(import_module(module), name)
        _limit(order["megabytes"], order["seconds"])
        result = call(content, **order["arguments"])
    except MemoryError:
        _say(KILLED_BY_LIMIT, b"")
    except Exception as error:  # noqa: BLE001 -- whatever a reader trips over on a stranger's file
        _say(b"broken", type(error).__name__.encode())
    else:
        if isinstance(result, bytes):
            _say(b"bytes", result)
        else:
            _say(b"json", json.dumps(result, ensure_ascii=False).encode())


def _say(kind: bytes, body: bytes) -> None:
    sys.stdout.buffer.write(b"%s %d\n" % (kind, len(body)) + body)
    sys.stdout.buffer.flush()


def _limit(megabytes: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, megabytes * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
