"""Whatever is killed, frozen or pressed twice while a season runs, does it end as if nothing had been?"""

import pytest

from processes.supervise import Stack
from tests.faults.storm import Storm


@pytest.mark.timeout(400)
def test_season_comes_through(engine: Stack, seed: int, told: list[Storm]) -> None:
    storm = Storm(engine, seed)
    told.append(storm)

    storm.play()

    assert storm.troubles() == []
