"""Does the season's file say what 柳工字〔2026〕1号 says?"""

from datetime import date, datetime
from decimal import Decimal

import pytest

from models.notice import SHANGHAI, Notice
from models.words import Need, Scope, StepKind
from notices.reader import read_notice
from notices.warnings import warnings
from tests.notices.files import LIUZHOU

HOSTS = [
    "中共柳州市委组织部",
    "中共柳州市委宣传部",
    "柳州市总工会",
    "柳州市工业和信息化局",
    "柳州市科学技术局",
    "柳州市人力资源和社会保障局",
    "共青团柳州市委员会",
    "柳州市妇女联合会",
]


@pytest.fixture(scope="module")
def liuzhou() -> Notice:
    return read_notice(LIUZHOU)


def test_title_and_number(liuzhou: Notice) -> None:
    assert (liuzhou.title, liuzhou.number, liuzhou.issued) == (
        "2025年度“柳州工匠”",
        "柳工字〔2026〕1号",
        date(2026, 3, 3),
    )


def test_quota(liuzhou: Notice) -> None:
    assert (liuzhou.quota.places, liuzhou.quota.ratio, liuzhou.quota.ratio_places) == (30, Decimal("1.3"), 39)
    assert {s.key: liuzhou.list_size(s) for s in liuzhou.steps if s.is_list} == {
        "proposed_list": 39,
        "party_meeting": 39,
        "chair_meeting": 39,
        "leading_meeting": 30,
    }


def test_dates_of_the_notice(liuzhou: Notice) -> None:
    assert {key: d.day for key, d in liuzhou.dates.items() if d.basis == "notice"} == {
        "application": date(2026, 3, 9),
        "unit_review": date(2026, 3, 11),
        "county_review": date(2026, 3, 12),
        "inspection": date(2026, 3, 14),
        "expert_review": date(2026, 3, 21),
        "leading_meeting": date(2026, 3, 31),
        "publicity": date(2026, 12, 31),
    }


def test_public_notice_is_in_early_april(liuzhou: Notice) -> None:
    assert (liuzhou.dates["notice_opens"].day, liuzhou.dates["notice_closes"].day) == (
        date(2026, 4, 2),
        date(2026, 4, 9),
    )
    assert (liuzhou.dates["notice_opens"].basis, liuzhou.dates["notice_closes"].basis) == ("office", "office")


def test_a_deadline_includes_its_day(liuzhou: Notice) -> None:
    assert liuzhou.due("application") == datetime(2026, 3, 10, tzinfo=SHANGHAI)


def test_steps_in_the_order_of_the_notice(liuzhou: Notice) -> None:
    assert [(s.key, s.kind, s.clause) for s in liuzhou.steps] == [
        ("application", StepKind.FORM, "三（一）"),
        ("unit_review", StepKind.GATE, "三（二）"),
        ("department_opinions", StepKind.GATE, "四（一）、附件3"),
        ("county_review", StepKind.GATE, "三（二）"),
        ("office_review", StepKind.GATE, "三（二）"),
        ("inspection", StepKind.GATE, "三（三）"),
        ("expert_review", StepKind.GATE, "三（四）"),
        ("proposed_list", StepKind.RANKING, "三（四）"),
        ("party_meeting", StepKind.MEETING, "三（五）"),
        ("chair_meeting", StepKind.MEETING, "三（五）"),
        ("leading_meeting", StepKind.MEETING, "三（六）"),
        ("release", StepKind.GATE, "三（七）、七（二）"),
        ("public_notice", StepKind.WINDOW, "三（七）"),
        ("vacancy", StepKind.GATE, "—"),
        ("joint_draft", StepKind.RECORD, "五"),
        ("joint_document", StepKind.GATE, "五"),
        ("award", StepKind.RECORD, "五"),
        ("publicity", StepKind.RECORD, "三（八）"),
    ]


def test_six_departments_answer_and_discipline_only_for_public_officials(liuzhou: Notice) -> None:
    step = liuzhou.step("department_opinions")
    assert [(liuzhou.body(d.body).label, d.when) for d in step.deciders] == [
        ("纪检监察部门", "public_power"),
        ("组织部门", None),
        ("公安部门", None),
        ("工信部门", None),
        ("科技部门", None),
        ("人社部门", None),
    ]
    assert (step.need, step.scope, step.routes) == (Need.ALL, Scope.CASE, ["county"])


def test_eight_hosts_countersign(liuzhou: Notice) -> None:
    step = liuzhou.step("joint_document")
    assert [liuzhou.body(d.body).organisation for d in step.deciders] == HOSTS
    assert (step.need, liuzhou.hosts) == (Need.ALL, HOSTS)


def test_co_hosts(liuzhou: Notice) -> None:
    assert liuzhou.co_hosts == ["市融媒体中心", "市轻工业发展促进中心", "市群众艺术馆"]


def test_leading_group(liuzhou: Notice) -> None:
    group = [m for m in liuzhou.members if m.body == "leading_group"]
    assert [(m.position, m.name) for m in group] == [
        ("主任", "张建国"),
        ("副主任", "韦玮"),
        ("副主任", "管明春"),
        ("副主任", "吴怀辉"),
        ("副主任", "杨漾"),
        ("副主任", "陈新连"),
        ("副主任", "韦志革"),
        ("副主任", "庞诗宇"),
        ("副主任", "吕柳华"),
        ("成员", "肖尉阳"),
        ("成员", "白雪"),
        ("成员", "何江生"),
        ("成员", "彭彦"),
    ]


def test_office(liuzhou: Notice) -> None:
    names = {b: [m.name for m in liuzhou.members if m.body == b] for b in ("office_head", "office")}
    assert names == {
        "office_head": ["肖尉阳"],
        "office": [
            "黎斌",
            "钟俊峰",
            "赵旋",
            "赵新谕",
            "全翊魁",
            "曾智勇",
            "金洪哲",
            "刘婷婷",
            "潘洁",
            "魏晓静",
        ],
    }


def test_contact(liuzhou: Notice) -> None:
    contact = liuzhou.contact
    assert (contact.name, contact.phone, contact.address, contact.postcode, contact.email) == (
        "魏晓静",
        "2827587",
        "柳州市瑞康路5号职工之家",
        "545026",
        "LZSZGHLBB@163.com",
    )


def test_channels(liuzhou: Notice) -> None:
    assert [(c.label, c.clause, c.routes, c.recommenders) for c in liuzhou.channels] == [
        ("单位推荐", "四（一）", ["county", "city"], 0),
        ("专业人士推荐", "四（二）", ["city"], 2),
        ("个人自荐", "四（三）", ["city"], 0),
    ]
    only = set(liuzhou.channel("professional").documents) - set(liuzhou.channel("self").documents)
    assert only == {"expert_letters"}


def test_each_channel_walks_its_own_gates(liuzhou: Notice) -> None:
    shared = [s.key for s in liuzhou.case_steps("self", "city")]
    assert shared == [
        "application",
        "office_review",
        "inspection",
        "expert_review",
        "proposed_list",
        "party_meeting",
        "chair_meeting",
        "leading_meeting",
        "public_notice",
        "joint_document",
        "publicity",
    ]
    assert [s.key for s in liuzhou.case_steps("professional", "city")] == shared
    assert [s.key for s in liuzhou.case_steps("unit", "city")] == ["application", "unit_review", *shared[1:]]
    assert [s.key for s in liuzhou.case_steps("unit", "county")] == [
        "application",
        "unit_review",
        "department_opinions",
        "county_review",
        *shared[1:],
    ]


def test_indicators_and_conditions(liuzhou: Notice) -> None:
    assert [i.label for i in liuzhou.indicators] == [
        "具有工艺专长",
        "掌握高超技能",
        "体现领军作用",
        "做出突出贡献",
    ]
    assert liuzhou.indicators_min == 1
    assert [(c.label, c.clause, c.text[:6], c.text[-6:]) for c in liuzhou.conditions] == [
        ("具有工艺专长", "二（二）1", "在从事的岗位", "重要的地位。"),
        ("掌握高超技能", "二（二）2", "所具备的技能", "力和知名度。"),
        ("体现领军作用", "二（二）3", "善于解决疑难", "、共同成长。"),
        ("焕发传统技艺", "二（二）4", "具有出色的传", "表性传承人。"),
        ("突破技术难题", "二（二）5", "在同行业中,", "有一定影响。"),
        ("成绩出类拔萃", "二（二）6", "获得“中华技", "号的劳动者。"),
    ]


def test_the_file_raises_no_warning(liuzhou: Notice) -> None:
    assert warnings(liuzhou) == []
