"""Does a season of slow people still keep its invariants, and does some of the work lie?"""

from sqlmodel import select

from models.board.days import Days
from models.board.forecast import read_forecast
from models.database import reading, transaction
from models.gates import Gate
from models.invariants import check
from models.season import Season, notice_of, now
from models.viewer import read_viewer
from models.words import GateState
from notices.reader import read_notice
from simulation.pump import Pump
from simulation.slow import SlowPlay
from tasks.practice import NOTICE, open_practice, today
from tests.world import World


def test_ten_days_of_slow_people(pumped: None) -> None:
    with transaction() as session:
        season_id = open_practice(session, read_notice(NOTICE), today()).id
    SlowPlay(season_id, 8, 7, Pump(), lambda line: None, lying=0.5).run_days(10)

    with reading() as session:
        season = session.get_one(Season, season_id)
        gates = session.exec(select(Gate).where(Gate.season_id == season_id)).all()
        late = [g for g in gates if g.state == GateState.OPEN and g.due_at <= now(season)]
        assert check(session, season).broken == ()
        assert late
        notice = notice_of(session, season)
        office = World(season_id, notice).person("office")
        viewer = read_viewer(session, office, season, notice)
        told = read_forecast(viewer, Days(session, viewer.moment))
        waiting = [g for g in gates if g.state == GateState.OPEN and g.step != "application"]
        assert sum(s.open for s in told.steps) == len(waiting)
        assert sum(s.late for s in told.steps) == len([g for g in late if g.step != "application"])
        assert told.answers > 0
