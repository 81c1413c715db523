"""Do the generated documents still say what the code and the data say? Run by `make check`."""

import subprocess
import sys

GENERATORS = ("notices.manual", "docs.gates", "docs.controls", "docs.access")


def main() -> int:
    stale = [
        name
        for name in GENERATORS
        if subprocess.run([sys.executable, "-m", name, "--check"], check=False).returncode
    ]
    for name in stale:
        sys.stderr.write(f"The document of {name} is out of date: run python -m {name}\n")
    return len(stale)


if __name__ == "__main__":
    sys.exit(main())
