"""A process that holds the morning round of a season for each line that it reads, and writes how many it told."""

import sys
from uuid import UUID

from models.database import transaction
from models.season import Season
from tasks.deadlines import hold_morning

if __name__ == "__main__":
    for _ in sys.stdin:
        with transaction() as session:
            print(hold_morning(session, session.get_one(Season, UUID(sys.argv[1]))), flush=True)
