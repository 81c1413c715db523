"""Do the pages say what the virus scanner said, is a held file offered to nobody, and does the state of the system?"""

from collections.abc import Iterator

import pytest
from sqlmodel import delete

from models.account_words import AdminRole
from models.case import Case
from models.database import transaction
from models.file_scan import FileScan
from processes.supervise import Stack
from simulation.papers import pdf
from tasks.taking import scan_waiting
from tests.administrators import administrator
from tests.api.conftest import Visitor, errors_of, soup, text_of
from tests.api.test_attachments import kept, upload
from tests.api.test_metrics import read
from tests.clamd import Scanner, infected, scanning
from tests.elsewhere import set_to
from tests.world import World


@pytest.fixture(scope="module")
def scanner(database: Stack) -> Iterator[Scanner]:
    """What other tests left shut away would be seen in the state of the system."""
    with transaction() as session:
        session.exec(delete(FileScan))
    with scanning() as running:
        yield running


def downloads(visitor: Visitor, case: Case) -> list[str]:
    page = soup(visitor.get(f"/cases/{case.id}/files"))
    return [str(a["href"]) for a in page.select("#certificates .files-name a, #certificates a[download]")]


def test_a_virus_is_refused_with_its_reason_and_who_sent_it_is_in_the_log(
    scanner: Scanner, address: str, unit: Visitor, world: World
) -> None:
    case = world.enter()
    unit.get(f"/cases/{case.id}/files")

    answer = upload(unit, case, "certificates", ("证书.pdf", infected()), ("好的.pdf", pdf("good")))

    assert answer.status_code == 422
    assert "“证书.pdf”：文件里查出病毒" in errors_of(answer)["#certificates"]
    assert [a.filename for a in kept(case)] == ["好的.pdf"]
    assert "已查毒" in text_of(answer, "#certificates")
    audit = Visitor(address, world).log_in(administrator(AdminRole.AUDIT))
    row = text_of(audit.get("/audit?kind=virus_found"), "tbody tr")
    assert all(word in row for word in (world.filler().name, "上传的文件查出病毒", "证书.pdf", "拒绝"))


def test_without_a_scanner_the_list_says_unscanned(unit: Visitor, world: World) -> None:
    case = world.enter()
    with set_to(CLAMD_ADDRESS=""):
        unit.get(f"/cases/{case.id}/files")
        upload(unit, case, "certificates", ("证书.pdf", pdf("x")))

    assert "未扫描" in text_of(unit.get(f"/cases/{case.id}/files"), "#certificates")
    assert len(downloads(unit, case)) == 2


def test_a_held_file_is_shown_as_such_and_opened_by_nobody(
    scanner: Scanner, unit: Visitor, office: Visitor, world: World
) -> None:
    case = world.enter()
    unit.get(f"/cases/{case.id}/files")
    scanner.stop()
    upload(unit, case, "certificates", ("证书.pdf", pdf("held")))
    [file] = kept(case)
    where = f"/cases/{case.id}/files/{file.id}"

    assert "待查毒 查过以后才能打开" in text_of(unit.get(f"/cases/{case.id}/files"), "#certificates")
    assert downloads(unit, case) == []
    for visitor in (unit, office):
        for path in (where, f"{where}/view", f"{where}/pages/1"):
            assert (path, visitor.get(path).status_code) == (path, 409)
    assert "还没有查毒" in text_of(office.get(where), "body")
    status = office.get("/status")
    assert text_of(status, "#part-virus .tag") == "故障"
    assert "没有应答" in text_of(status, "#part-virus")
    figures = read(office)
    assert figures["gongjiang_virus_scanner_up"] == 0
    assert figures['gongjiang_scanned_files{state="waiting"}'] >= 1

    scanner.start()
    assert "有文件还没有查毒" in text_of(office.get("/status"), "#part-virus")
    scan_waiting()

    assert office.get(where).content == pdf("held")
    assert text_of(office.get("/status"), "#part-virus .tag") == "正常"
    assert read(office)["gongjiang_virus_scanner_up"] == 1


def test_no_scanner_is_said_to_be_none(office: Visitor) -> None:
    with set_to(CLAMD_ADDRESS=""):
        assert text_of(office.get("/status"), "#part-virus .tag") == "暂无"
        assert "gongjiang_virus_scanner_up" not in read(office)
