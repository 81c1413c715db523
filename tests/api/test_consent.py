"""Is consent asked for where an application is filled in, and may it be given on paper, taken back, looked after?"""

from typing import Any

import pytest

from models.case import Case
from models.consent import Consent, acts, candidate_standing
from models.data_words import ConsentScope, ConsentWay
from models.database import reading, transaction
from models.verdict import Refused
from models.words import Outcome
from notices.consent import FILE
from simulation.papers import pdf
from tasks.consent_text import set_text
from tests.api.conftest import Visitor, errors_of, sent_by, soup, text_of
from tests.api.test_apply import begun, case_of, link_of
from tests.api.test_cases import only_case, put_in
from tests.publishing import chosen
from tests.refusals import codes
from tests.world import World

ALL = [str(s) for s in ConsentScope]


def said_of(case: Case) -> list[Consent]:
    with reading() as session:
        return list(acts(session, case.id))


def standing(case: Case) -> frozenset[str]:
    with reading() as session:
        return candidate_standing(session, case).scopes


def ticks(response: Any) -> dict[str, bool]:
    return {
        str(t["value"]): t.has_attr("checked")
        for t in soup(response).select("#application input[name=consent]")
    }


def test_who_puts_a_candidate_in_reads_the_text_and_ticks_each_scope(unit: Visitor, world: World) -> None:
    page = unit.get("/cases/new")
    assert "无犯罪记录证明属于敏感个人信息" in text_of(page, ".consent-text")
    assert ticks(page) == dict.fromkeys(ALL, False)

    edit = put_in(unit, world, consent=["handling"])
    case = only_case(world)
    assert standing(case) == {"handling"}
    assert ticks(edit) == {"handling": True, "sharing": False, "publicity": False}

    refused = unit.post(f"/cases/{case.id}/edit", sent_by(edit) | {"action": "submit"})
    assert refused.status_code == 422
    assert "向有关部门提供、公示和宣传" in errors_of(refused)["#consent"]

    unit.post(f"/cases/{case.id}/edit", sent_by(edit) | {"consent": ALL, "action": "save"})
    assert standing(case) == set(ALL)
    assert {a.way for a in said_of(case)} == {ConsentWay.DECLARED}


def test_who_nominates_himself_by_a_mailed_link_ticks_for_himself(anybody: Visitor, world: World) -> None:
    invitation, link = link_of(world)
    task = begun(anybody, link)
    edit = anybody.get(task)
    assert "请阅读后逐项勾选" in text_of(edit, "#section-consent")

    anybody.post(task, sent_by(edit) | {"consent": ALL, "action": "save"})

    [act] = said_of(case_of(invitation))
    assert (act.way, act.recorded_by) == (ConsentWay.PAGE, invitation.person_id)


def test_recommenders_are_asked_for_where_the_channel_has_them(office: Visitor, world: World) -> None:
    edit = put_in(office, world, channel="professional", consent=ALL)
    assert ticks(edit) == {**dict.fromkeys(ALL, True), "recommenders": False}
    case = only_case(world)

    done = office.post(f"/cases/{case.id}/edit", sent_by(edit) | {"consent": ["recommenders"]})

    assert done.status_code == 303
    assert len([a for a in said_of(case) if a.role == "recommender"]) == 2


def test_a_signed_paper_is_kept_and_only_a_scan_is_taken(office: Visitor, world: World) -> None:
    case = world.enter()
    where = f"/cases/{case.id}"
    office.get(where)
    fields = {"csrf": office.csrf, "consent": ALL}
    headers = {"Sec-Fetch-Site": "same-origin"}

    refused = office.client.post(
        f"{where}/consent", data=fields, files={"consent_scan": ("签名.txt", b"signed")}, headers=headers
    )
    assert refused.status_code == 422
    office.client.post(
        f"{where}/consent", data=fields, files={"consent_scan": ("签名.pdf", pdf())}, headers=headers
    )

    [act] = said_of(case)
    page = office.get(where)
    assert "本人签名件" in text_of(page, "#consent-card")
    assert office.get(f"{where}/files/{act.attachment_id}").status_code == 200


def test_taking_consent_back_withdraws_the_case(unit: Visitor, world: World) -> None:
    case = world.enter()
    world.submit(case)
    assert "申报随之撤回" in text_of(unit.get(f"/cases/{case.id}"), "#consent-card")

    after = unit.follow(
        unit.post(f"/cases/{case.id}/consent/withdraw", {"consent_reason": "样例说明", "csrf": unit.csrf})
    )

    assert "申报已随之撤回" in text_of(after, ".note.good")
    assert world.case(case).outcome == Outcome.WITHDRAWN
    assert "撤回同意" in text_of(after, "#consent-card")


def test_a_name_without_consent_is_not_published_until_it_is_given(
    office: Visitor, world: World, tmp_path: Any
) -> None:
    cases = chosen(world, "甲样例", "乙样例")
    file = tmp_path / "grown.yaml"
    text = FILE.read_text(encoding="utf-8")
    file.write_text(text.replace("version: 1", "version: 2").replace("grows: []", "grows: [publicity]"))
    with transaction() as session:
        set_text(session, world.season_id, file, None)

    with pytest.raises(Refused) as refusal:
        world.answer("release")
    assert codes(refusal) == ["consent_missing"] * 2
    assert cases[0].number in text_of(office.get("/consents"), "[aria-labelledby=lacking-title]")

    for one in cases:
        office.post(f"/cases/{one.id}/consent", {"consent": ["publicity"]})
    world.pass_step("release")
    assert "已提交的人选都有有效的同意" in text_of(office.get("/consents"))


def test_experts_agree_themselves_and_the_office_sees_who_has(
    office: Visitor, address: str, world: World
) -> None:
    one, other, *_ = world.people("expert")
    expert = Visitor(address, world).log_in(one)
    assert "我已阅读并同意" in text_of(expert.get("/consents"))
    assert "缺少有效同意的人选" not in text_of(expert.get("/consents"))
    assert expert.post(f"/consents/experts/{other.id}").status_code == 404

    expert.follow(expert.post(f"/consents/experts/{one.id}"))
    office.get("/consents")
    office.follow(office.post(f"/consents/experts/{other.id}"))

    said = text_of(office.get("/consents"), "[aria-labelledby=experts-title]")
    assert "本人在网页上勾选" in said
    assert "本人签名件" in said


def test_nobody_else_finds_the_page(unit: Visitor) -> None:
    assert unit.get("/consents").status_code == 404
