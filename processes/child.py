"""How does a process end together with the one that started it?

`python -m processes.child COMMAND…` becomes the command, and the kernel ends it when its parent is gone, even
if the parent was killed and could tell nobody.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
# In the environment of every process that runs under a stack.
SUPERVISED = "GONGJIANG_SUPERVISED"


def end_with_parent(signal_number: int = signal.SIGTERM) -> None:
    """Have the kernel send this signal when the thread that started this process ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)


def main() -> None:
    end_with_parent()
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 -- the command comes from the plan


if __name__ == "__main__":
    main()
