"""What does an office see in which half of the work lies? `python -m simulation.scene [CASES] [DAYS] [SEED] [LYING]`.

Plays the first days of a practice season in the installation of the environment, whose database runs and whose engine
may rest: the pump stands in for the flows.
"""

import sys

from models.database import transaction
from models.migrate import upgrade
from notices.reader import read_notice
from simulation.child import say
from simulation.engine import stages
from simulation.pump import Pump
from simulation.slow import SlowPlay
from tasks.practice import NOTICE, open_practice, practice_password, today

CASES, DAYS, SEED, LYING = 200, 10, 1, 0.5


def play(cases: int = CASES, days: int = DAYS, seed: int = SEED, lying: float = LYING) -> None:
    upgrade()
    with transaction() as session:
        season = open_practice(session, read_notice(NOTICE), today())
    playing = SlowPlay(season.id, cases, seed, Pump(), say, lying=lying)
    playing.run_days(days)
    say(f"{stages(season.id)}；账号 office 的密码：{practice_password()}")


if __name__ == "__main__":
    given = sys.argv[1:]
    numbers = [*map(int, given[:3]), *(CASES, DAYS, SEED)[len(given) :]]
    play(numbers[0], numbers[1], numbers[2], float(given[3]) if len(given) > 3 else LYING)
