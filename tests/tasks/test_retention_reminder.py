"""Is the schedule read as it is meant, is the office reminded, and what do the commands say and do?"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner

from cli import app
from models.data_words import DataClass
from models.database import reading, transaction
from models.mail import Message
from models.season import Season
from notices.problems import NoticeError
from notices.retention import FILE, read_schedule
from tasks.retention_reminder import remind_due
from tests.tasks.test_retention import SENSITIVE, confirmed, due_now, over, refused_case
from tests.world import World


def test_months_end_where_the_month_is_shorter() -> None:
    period = next(p for p in read_schedule().classes if p.key is DataClass.UNSUCCESSFUL)
    assert period.until(datetime(2026, 8, 31, 4, tzinfo=UTC)).date().isoformat() == "2027-02-28"


def test_a_schedule_with_a_class_left_out_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "retention.yaml"
    file.write_text(FILE.read_text(encoding="utf-8").replace("key: typed", "key: mails"), encoding="utf-8")
    with pytest.raises(NoticeError, match="写齐各类"):
        read_schedule(file)


def test_the_office_is_reminded_once_a_month_and_nothing_goes_by_itself(world: World) -> None:
    refused_case(world)
    over(world)
    for _ in range(2):
        with transaction() as session:
            remind_due(session, session.get_one(Season, world.season_id))
    with reading() as session:
        wanted = select(Message).where(Message.season_id == world.season_id)
        mails = session.exec(wanted.where(col(Message.template) == "erasure_due")).all()
    assert len(mails) == len(world.people("office"))
    assert mails[0].context["items"] == 1 + len(SENSITIVE)
    assert due_now(world)


def test_the_command_previews_and_carries_on(world: World) -> None:
    case = refused_case(world)
    over(world)
    words = ["retention", "--preview", "--season", world.season.key]
    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    [one] = [c for c in told["seasons"][0]["classes"] if c["due"]]
    assert len(told["seasons"][0]["things"]) == 1 + len(SENSITIVE)
    assert (one["class"], one["cases"], one["period"]) == ("unsuccessful", [case.number], "6个月")
    assert f"个人号码1、材料文件3。{case.number}" in CliRunner().invoke(app, words).stdout

    confirmed(world)
    done = CliRunner().invoke(app, ["retention", "--carry-on", "--season", world.season.key, "--json"])
    assert json.loads(done.stdout) == {"carried_on": 1, "done": True}
    assert due_now(world) == {}
