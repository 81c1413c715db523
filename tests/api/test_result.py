"""How is an error in the announced result put right, and how is a title that was taken back shown (C18)?"""

import re
import zipfile
from io import BytesIO

from models.case import Case
from models.database import reading, transaction
from models.notice import day_of
from models.season import Season
from simulation.papers import pdf
from tasks.joint import record_number
from tasks.public_files import Public, export
from tasks.revoking import revoke_title
from tests.api.conftest import Visitor, soup, text_of
from tests.season_after import to_award
from tests.world import World


def put_right(office: Visitor, releaser: Visitor, case: Case, text: str, answer: str = "yes") -> None:
    """The office asks, the second person answers."""
    said = {"window": "public_notice", "case": str(case.id), "column": "employer", "reason": "样例理由"}
    office.follow(office.post("/publication/corrections", said | {"text": text}))
    action = str(soup(releaser.get("/publication")).select_one('form[action*="/corrections/"]')["action"])  # type: ignore[index]
    releaser.follow(releaser.post(action, {"released": answer}))


def number_the_document(world: World) -> None:
    with transaction() as session:
        day = day_of(world.now()).isoformat()
        record_number(session, world.season_id, world.person("office"), number="样例〔2026〕1号", dated=day)


def take_back(world: World, case: Case) -> None:
    with transaction() as session:
        revoke_title(
            session,
            case.id,
            world.person("office"),
            paper="样例撤销〔2026〕2号",
            decided_on=day_of(world.now()).isoformat(),
            reason="样例理由：只留在记录里",
            filename="决定.pdf",
            content=pdf("revocation"),
        )


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_result_is_announced_with_the_number_and_put_right_in_sight_afterwards(
    anybody: Visitor, office: Visitor, releaser: Visitor, world: World
) -> None:
    first, second = to_award(world)
    assert "认定结果的内容" in text_of(office.get("/publication"))
    put_right(office, releaser, first, "样例公布前的单位")
    assert anybody.get("/public/result").status_code == 404
    number_the_document(world)

    announced = bare(text_of(anybody.get("/public/result")))
    assert "样例公布前的单位" in announced
    assert "更正" not in announced
    put_right(office, releaser, second, "样例不予更正的单位", answer="no")
    put_right(office, releaser, second, "样例公布后的单位")
    take_back(world, first)

    page = anybody.get("/public/result")
    told = bare(text_of(page))
    assert "<script" not in page.text
    assert "联合发文（样例〔2026〕1号），认定2025年度“柳州工匠”2名" in told
    assert "样例公布后的单位（更正）" in told
    assert f"{second.name}的“工作单位”更正为“样例公布后的单位”" in told
    assert f"{first.name}（称号已撤销）" in told
    assert f"{first.name}的“柳州工匠”称号已于" in told
    assert "样例撤销〔2026〕2号" in told
    assert "样例不予更正的单位" not in told
    assert "只留在记录里" not in told
    with reading() as session:
        made = export(session, session.get_one(Season, world.season_id), Public.RESULT)
    exported = bare(zipfile.ZipFile(BytesIO(made.content)).read("index.html").decode())
    assert '样例公布后的单位<emclass="mark">（更正）' in exported
    assert "更正为“样例公布后的单位”" in exported
    assert "更正" not in bare(text_of(anybody.get("/public")))
    assert soup(anybody.get("/public")).select_one('a[href="/public/result"]')
