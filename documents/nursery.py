"""From which process are those forked that read strangers' files?

It loads the module that is asked for, once, and reads no file itself; so a reader costs a fork instead of the start of
Python and of every library. It ends with the process that started it, whose end closes the control line; its readers
end with it.
"""

import contextlib
import ctypes
import os
import signal
import socket
import sys
from importlib import import_module

from documents.limits import answer_order

LONGEST_NAME = 200
# Linux: the signal that a process gets when its parent ends.
PR_SET_PDEATHSIG = 1


def serve(control: socket.socket) -> None:
    """For each module named on the control line, fork a reader on the line that came with it, and tell its number."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        name, lines, _, _ = socket.recv_fds(control, LONGEST_NAME, 1)
        if not name:
            return
        with contextlib.suppress(ImportError):  # the reader meets it again, and says so
            import_module(name.decode())
        pid = os.fork()
        if not pid:
            _read(lines[0], control)
        os.close(lines[0])
        control.send(str(pid).encode())


def _read(line: int, control: socket.socket) -> None:
    """One order, in a session of its own, with nothing open but its line."""
    code = 1
    try:
        control.close()
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(line, 0)
        os.dup2(line, 1)
        os.close(line)
        answer_order()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
