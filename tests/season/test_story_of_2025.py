"""How does 2025年度 go? The season of 柳工字〔2026〕1号 from the notice to the closing, by those who decide
each step.

Six candidates, all of them made up: 样例甲 is recommended by a unit through 鱼峰区 and corrects his deeds
once; 样例乙 comes from a unit straight to the city union and is inspected; 样例丙 is recommended by
professionals and loses the place to an objection; 样例丁 nominates himself, comes late, and moves up from the
reserve; 样例戊 is rejected by the county union; 样例己 withdraws.
"""

import pytest

from models.database import reading, transaction
from models.invariants import check
from models.objection import Account
from models.verdict import Refused
from models.words import Outcome, Place
from processes.supervise import Stack
from settings import settings
from simulation.runs import PrefectRuns
from tasks.audit import verify
from tasks.intake import admit_late, edit_case, submit_case
from tasks.leaving import withdraw
from tasks.objections import conclude_objection, register_objection, verify_objection
from tasks.outcomes import release_results
from tests.refusals import codes
from tests.season.story import Story
from tests.world import World


def test_the_season_of_2025(running: Stack, world: World) -> None:
    story = Story(world)
    clerk, applicant, office = world.filler(), world.applicant(), world.person("office")

    # ── 3月3日：印发通知，各单位和个人开始填报 ──
    jia = world.enter(name="样例甲")
    yi = world.enter(name="样例乙", route="city")
    bing = world.enter(name="样例丙", channel="professional", route="city", person=applicant)
    ding = world.enter(name="样例丁", channel="self", route="city", person=applicant)
    wu = world.enter(name="样例戊")
    ji = world.enter(name="样例己", channel="self", route="city", person=applicant)
    everyone = (jia, yi, bing, ding, wu, ji)
    story.arrives("application", *everyone)

    # ── 3月9日：基层申报截止（三（一）） ──
    story.day("application")
    for case in (jia, yi, wu, bing, ji):
        world.supply(case)
        with transaction() as session:
            submit_case(session, case.id, world.enterer(case))
    story.arrives("unit_review", jia, yi, wu)
    story.arrives("office_review", bing, ji)
    assert story.mailed("推荐单位审查", jia, to=str(clerk.email))
    with transaction() as session:
        withdraw(session, ji.id, applicant, "本人放弃申报")
    story.ends(Outcome.WITHDRAWN, ji)

    # ── 3月10日：逾期的被拒绝，办公室写明理由后准予 ──
    story.evening_after("application")
    world.supply(ding, applicant)
    with pytest.raises(Refused) as refusal, transaction() as session:
        submit_case(session, ding.id, applicant)
    assert codes(refusal) == ["too_late"]
    with transaction() as session:
        admit_late(session, ding.id, office, "邮路延误，有邮戳为证")
    with transaction() as session:
        submit_case(session, ding.id, applicant)

    # ── 3月11日：推荐单位审查（三（二）） ──
    story.day("unit_review")
    story.says("unit_review", jia, yi, wu)

    # ── 3月12日：县（区）部门意见，县（区）总工会审核（三（二）、附件3） ──
    story.day("county_review")
    story.arrives("department_opinions", jia, wu)
    asked = [a.body for a in world.assignments("department_opinions", jia)]
    assert asked == ["industry", "organisation", "personnel", "police", "science"]
    story.says("department_opinions", jia, wu)
    story.arrives("county_review", jia, wu)
    assert story.is_called(f"{jia.number}·县（区）总工会审核")
    world.answer("county_review", wu, "reject", reason="不符合推荐条件")
    story.ends(Outcome.REJECTED, wu)
    with transaction() as session:
        release_results(session, world.season_id, office, [wu.id])
    assert story.mailed("办理结果通知", wu, to=str(clerk.email))

    # 样例甲的事迹材料退回补正；看过事迹的推荐单位重新审查，部门意见仍然有效
    world.answer("county_review", jia, "return", reason="事迹不够具体", items=("简要事迹",))
    story.arrives("application", jia)
    assert story.mailed("请补正申报材料", jia, to=str(clerk.email))
    with transaction() as session:
        edit_case(session, jia.id, {"summary": "样例事迹，已写明年份和数字"}, clerk)
        submit_case(session, jia.id, clerk)
    story.says("unit_review", jia)
    story.says("county_review", jia)
    assert world.gate("department_opinions", jia).round == 1

    # ── 3月13日：办公室资格初审（三（二）），样例乙需现场查验 ──
    story.day("office_review")
    story.says("office_review", jia, bing, ding)
    story.says("office_review", yi, answer="pass_inspect")

    # ── 3月14日：现场查验（三（三）） ──
    story.day("inspection")
    story.says("inspection", yi)

    # ── 3月21日：专家评审，提出建议名单（三（四）） ──
    story.day("expert_review")
    for case, score in ((jia, 95), (yi, 90), (bing, 85), (ding, 80)):
        scores = {c.key: score for c in world.notice.step("expert_review").criteria}
        story.says("expert_review", case, facts={"scores": scores})
    story.arrives("proposed_list", jia, yi, bing, ding)
    story.says("proposed_list")

    # ── 3月24日、26日：市总工会党组会议、主席办公会议评定（三（五）） ──
    story.day("party_meeting")
    story.says("party_meeting")
    story.day("chair_meeting")
    story.says("chair_meeting")

    # ── 3月31日：领导小组审定，样例丁列为后备（三（六）） ──
    story.day("leading_meeting")
    story.says("leading_meeting", facts={"places": {str(ding.id): [Place.RESERVE.value, "集体研究决定"]}})
    story.arrives("public_notice", jia, yi, bing)
    assert world.open_steps(ding) == ["leading_meeting"]

    # ── 4月1日：公示前脱密审核，先暂缓，再准予（七（二）） ──
    story.day("release")
    story.says("release", answer="hold", reason="照片背景须处理")
    story.reopens("release", 2)
    story.says("release")

    # ── 4月2日至9日：社会公示（三（七）），一件异议成立，一件不成立 ──
    story.day("notice_opens")
    story.arrives("public_notice")
    with pytest.raises(Refused) as refusal:
        world.answer("public_notice")
    assert codes(refusal) == ["window_open"]
    for case, upheld in ((bing, True), (yi, False)):
        with transaction() as session:
            told = {"objector": "样例群众", "contact": "a@example.org", "text": "反映的情况"}
            objection = register_objection(session, case.id, office, Account(**told))
        with transaction() as session:
            verify_objection(session, objection.id, office, "已到单位核实")
        with transaction() as session:
            conclude_objection(session, objection.id, office, upheld=upheld, conclusion="集体研究")
    story.ends(Outcome.DISQUALIFIED, bing)
    story.evening_after("notice_closes")
    story.says("public_notice")

    # ── 4月13日：空额由后备第一名样例丁递补，再次审核、再次公示 ──
    story.day("vacancy")
    story.says("vacancy", answer="promote", reason="按后备次序")
    story.arrives("public_notice", ding)
    story.says("release")
    story.arrives("public_notice")
    world.move_to(world.gate("public_notice").due_at)
    story.says("public_notice")
    story.arrives("joint_document", jia, yi, ding)

    # ── 4月22日：八家主办单位会签（五），一家退回修改一次，会签完成即为认定 ──
    story.says("joint_draft")
    story.day("joint_document")
    story.says("joint_document", answer="return", reason="文号有误")
    story.reopens("joint_draft", 2)
    story.says("joint_draft")
    story.arrives("joint_document")
    assert len(world.assignments("joint_document")) == 8
    story.says("joint_document")
    for case in (jia, yi, ding):
        story.ends(Outcome.RECOGNISED, case)
    story.arrives("publicity", jia, yi, ding)

    # ── 4月30日：激励金与“广西工匠”后备登记（五） ──
    story.day("award")
    story.says("award")

    # ── 12月31日：宣传展示结束（三（八）），年度办结 ──
    story.day("publicity")
    story.says("publicity")
    assert world.season.closed_at is not None
    assert all(world.case(case).closed_at for case in everyone)

    # ── 此后：记录完整，什么都没有少，也没有多 ──
    with reading() as session:
        assert verify(session, [world.season]) is None
        assert check(session, world.season, PrefectRuns(settings())).broken == ()
