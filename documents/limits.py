"""How is a stranger's file read without danger? In a process of its own, with little memory, time and no rights.

`run_limited("documents.summary_table:parse", content, name="表.xlsx")` imports the function in a fresh process, calls
it with the bytes and the keyword arguments, and gives back what it returns. Arguments and result are JSON; a result
of bytes comes back as bytes.
"""

import json
import os
import resource
import subprocess
import sys
from importlib import import_module
from typing import Any

MEGABYTE = 1_000_000
FILE_BYTES = 300 * MEGABYTE
KILLED_BY_LIMIT = "limit"


class TooMuch(Exception):
    """Reading the file needed more time or memory than any honest file does."""


class Unreadable(Exception):
    """The reader broke on the file: it is damaged, or made to do harm."""


def run_limited(
    function: str, content: bytes, *, seconds: int = 10, megabytes: int = 1000, **arguments: Any
) -> Any:
    """Call `module:function(content, **arguments)` in a limited process. Raises `TooMuch` or `Unreadable`."""
    head = json.dumps(
        {"function": function, "arguments": arguments, "megabytes": megabytes, "seconds": seconds}
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "documents.limits"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "PYTHONPATH", "TMPDIR")},
        cwd=os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
        start_new_session=True,
    )
    try:
        answer, _ = process.communicate(head.encode() + b"\n" + content, timeout=seconds + 5)
    except subprocess.TimeoutExpired:
        raise TooMuch from None
    finally:
        process.kill()
        process.wait()
    kind, _, body = answer.partition(b"\n")
    if kind == KILLED_BY_LIMIT.encode() or process.returncode < 0:
        raise TooMuch
    if kind == b"bytes":
        return body
    if kind == b"json":
        return json.loads(body)
    raise Unreadable(body.decode("utf-8", "replace"))


def _limit(megabytes: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, megabytes * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """The child: reads one order and the content from its input, writes the result to its output."""
    order = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    module, _, name = order["function"].partition(":")
    call = getattr(import_module(module), name)
    _limit(order["megabytes"], order["seconds"])
    out = sys.stdout.buffer
    try:
        result = call(content, **order["arguments"])
    except MemoryError:
        out.write(KILLED_BY_LIMIT.encode() + b"\n")
    except Exception as error:  # noqa: BLE001 -- whatever a reader trips over on a stranger's file
        out.write(b"broken\n" + type(error).__name__.encode())
    else:
        if isinstance(result, bytes):
            out.write(b"bytes\n" + result)
        else:
            out.write(b"json\n" + json.dumps(result, ensure_ascii=False).encode())
    out.flush()


if __name__ == "__main__":
    main()
