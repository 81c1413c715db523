"""What does a season's notice say of the time after the lists: joint document, certificates, award, publicity (五)?"""

from typing import Literal

from pydantic import Field

from models.notice_part import Clause, Key, Part

AwardNeed = Literal["document", "amount", "paid"]


class JointDocument(Part):
    """The document by which the hosts recognise together, as it is first drafted; the office edits it from there.

    In its texts 【年度】, 【称号】, 【人数】 and 【通知文号】 are filled in, and the line 【名单】 becomes the list.
    """

    clause: Clause
    draft: Key = Field(description="拟稿步骤的键（steps）")
    sign: Key = Field(description="会签步骤的键（steps），在拟稿之后")
    title: str = Field(min_length=1, max_length=200, description="标题，换行处照印")
    addressee: str = Field("", max_length=500, description="主送，不写冒号")
    text: str = Field(min_length=1, max_length=10_000, description="正文，每行一段；【名单】独占一行")


class CertificateForm(Part):
    """How certificates are numbered and worded; 【年度】, 【称号】, 【姓名】 and 【文号】 are filled in."""

    clause: Clause
    number: str = Field(
        max_length=60,
        pattern=r"\{n(:[^}]*)?\}",
        description="证书编号格式，含 {n}，如 柳工匠证〔2025〕{n:03d}号",
    )
    heading: str = Field(min_length=1, max_length=40, description="证书名称")
    text: str = Field(min_length=1, max_length=500, description="证书正文，每行一段")
    issuer: str = Field(min_length=1, max_length=200, description="落款")


class Award(Part):
    label: str
    clause: Clause
    amount_yuan: int | None = Field(None, ge=0, description="一次性激励金；通知未写金额时留空")
    reserve: str | None = Field(None, description="获认定者优先作为哪一称号的后备人选；没有的不写")
    step: Key | None = Field(None, description="登记发放的步骤的键（steps）")
    needs: list[AwardNeed] = Field(
        [], description="登记完成须有：document 联合发文文号，amount 金额，paid 每人已发放或写明不发放"
    )


class Appeals(Part):
    """Until when an appeal against a refusal is to be answered."""

    clause: Clause
    days: int = Field(ge=1, le=365, description="登记后多少天内答复")


class CoverageKind(Part):
    key: Key
    label: str


class Publicity(Part):
    """Who records what media bring about the candidates, of which kinds, and when the office is reminded."""

    clause: Clause
    step: Key = Field(description="宣传展示步骤的键（steps）")
    kinds: list[CoverageKind] = Field(min_length=1, description="报道种类，如报纸、电视")
    bodies: list[Key] = Field([], description="除办公室外还可登记的机构的键（bodies）")
    remind: list[Key] = Field([], description="提醒办公室尚无报道的人选的日期的键（dates）")
