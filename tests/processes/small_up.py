"""`up` with a real database and one small process, as a program of its own."""

import sys

from processes.up import up
from settings import load
from tests.processes.parts import database, listener


def main() -> None:
    settings = load()
    parts = [database(settings)] if settings.embeds_database else []
    code = up(settings, lambda: ["经办人账号：样例"], [*parts, listener(settings)])
    sys.exit(code)


if __name__ == "__main__":
    main()
