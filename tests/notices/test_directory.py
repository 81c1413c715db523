"""Does the season's file hold all of 附件5, as printed?

The printed text stands below: `、` and `，` part the occupations, and 等 ends an open list. Words that share
one noun stay together in the file, so both sides are compared without any separator.
"""

import re

import pytest

from models.notice import Category
from notices.reader import read_notice
from tests.notices.files import LIUZHOU

PRINTED = {
    "manufacturing": (
        "汽车制造，铁路、船舶、航空航天设备制造及零部件加工，电焊工、数控工、车工、铣工、刨工、磨工、钻工、"
        "铆工、镗工、钣金工、冲压工、铸造工、锻造工、维修电工、模具制造（加工）、喷漆工、吊装工、机械结构设计、"
        "机械设备安装维护（检修）、板材加工、冲压、总装、汽车维修、工业机器人应用技术、"
        "机器人焊接、3D 打印等。"
        "风能原动设备制造、内燃机及配件制造、汽轮机及辅机制造、水轮机及辅机制造、机械设备数据采集及应用等。"
        "炼钢、铁合金冶炼、稀土冶炼、金属制品制造、有色金属冶炼和压延加工、有色金属再生技术、"
        "非金属矿物制品制造等。石油加工炼化、煤化生产、化学制品制造、化学检验、化工设备维修、化学纤维制造、"
        "橡胶和塑料制品制造及加工等。制糖工、品酒师、调酒师、酿酒师等。医疗设备及器械制造、生物药品制造、"
        "兽用药品制造、化学药品制剂制造、基因工程药物和疫苗制造、卫生材料及医药用品制造、"
        "环境保护专用设备制造等。农副产品加工、烟草及其制品加工、缫丝、印染、制衣、皮革制品加工、木材加工、"
        "编制加工、家具与木制品制作、纸浆制造及纸制品生产加工、玻璃制造及制品加工、陶瓷制造及制品加工、"
        "耐火材料制造及制品加工、石墨及碳素制品制造、印刷和记录媒介复制等。文教工美、体育和娱乐用品制作等。"
    ),
    "mining": "有色金属矿勘探、矿产测试（检验）、钻探、化学分析等。",
    "utilities": (
        "水利设备检修、水轮机安装（调试）、变电维护（检修）、船闸维修、管道检修、线路运检、营业用电、"
        "电力调度通信、水务观测、发电电气安装、送变电安装、发电运行、水电运检、线缆加工维修、水力发电值班员等。"
    ),
    "information": (
        "电子通信导航设备、电子测量仪器、电子通信设备制造维护、软件与信息技术、集成电路设计、"
        "集成电路封装测试、无线电通信、5G 通信技术、网络与信息安全、大数据工程技术等。"
    ),
    "construction": (
        "历史建筑、传统建筑营造修缮，砌筑工、钢筋工、抹灰工、施工工法发明、BIM 技术等。木雕、石雕、砖雕、"
        "嵌瓷雕（剪粘）、灰塑、彩绘、镶贴工、金属构件铸造、特殊工具制作等。现代装配式建筑、装饰装修等。"
        "园林、园艺等。"
    ),
    "transport": (
        "筑路工、公路养护工、公路收费与监控员、工程试验检测员、工程测量员、勘察测量员、挖掘机操作工、"
        "路桥设计与检测员、交通大数据、智慧交通软件大数据、施工检测员、城市轨道交通列车司机、"
        "城市轨道交通检修工、城市轨道交通通信工、城市轨道交通接触网工、船舶驾驶员、船舶机舱设备操作工、"
        "海事测绘、验船师等。"
    ),
    "medicine": (
        "针灸、推拿、按摩、修复传统手法等。壮、瑶、苗医等特色医术、手法。"
        "外科、骨科、肝肾脏、心脑血管等手术持刀医生。"
    ),
    "local_industry": "米粉加工制作、茶叶加工制作等。",
    "modern_services": (
        "快递处理与服务、电子商务、仓储装卸、物流信息处理等。厨师等。"
        "谷物、糖料、水果、中草药、花卉等育种、育苗、种植等。"
    ),
    "heritage": "铜鼓、贝雕、角雕、木雕、银饰、民族服饰、剪纸、编织、壮锦、绣球、瑶绣、侗绣等。",
    "teaching": "技能操作型或双师型教师。",
}
CATEGORIES = {c.key: c for c in read_notice(LIUZHOU).categories}


def bare(text: str) -> str:
    """The words alone: without separators and without the 等 that ends an open list."""
    return re.sub(r"[、，。]", "", text.replace("等。", ""))


@pytest.mark.parametrize("category", CATEGORIES.values(), ids=CATEGORIES)
def test_every_occupation_is_there_in_order(category: Category) -> None:
    assert bare("".join(category.occupations)) == bare(PRINTED[category.key])


def test_categories_and_their_printed_counts() -> None:
    assert [(c.label, c.count) for c in CATEGORIES.values()] == [
        ("制造业", 84),
        ("采矿业", 4),
        ("电力、热力、燃气及水生产和供应业", 15),
        ("信息传输、软件和信息技术服务业", 10),
        ("建筑业", 30),
        ("交通运输业", 19),
        ("医疗类", 8),
        ("特色产业", 2),
        ("现代服务业", 10),
        ("传承技艺类", 12),
        ("技工院校等教师类", 1),
    ]


def test_the_printed_counts_are_not_the_number_of_occupations() -> None:
    differing = [c.label for c in CATEGORIES.values() if c.count != len(c.occupations)]
    assert differing == ["制造业", "建筑业", "医疗类", "现代服务业"]
