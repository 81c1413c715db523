"""What does the application ask, and what stands in 附件2? The shape of those parts of a notice file."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from models.notice_part import Clause, Key, Part
from models.words import FieldKind


class FieldChoice(Part):
    """One box that may be ticked. A plain text is its key and its label; a label printed twice needs two keys."""

    key: str = Field(description="记录中保存的值；同一名称印了两次的，用不同的键区分")
    label: str
    blank: bool = Field(False, description="选项后是否有填空")

    @model_validator(mode="before")
    @classmethod
    def text_is_key_and_label(cls, given: Any) -> Any:
        return {"key": given, "label": given} if isinstance(given, str) else given


class FieldColumn(Part):
    """One column of a field of kind `rows`."""

    key: Key
    label: str
    kind: FieldKind = FieldKind.TEXT
    choices: list[FieldChoice] = Field([])
    longest: int = Field(100, ge=1, description="最多字数")
    required: bool = False
    sealed: bool = Field(False, description="是否加密保存")


class FormField(Part):
    """One field of the application (附件1、附件2); which group it stands in, the groups say."""

    key: Key
    label: str
    clause: Clause
    kind: FieldKind = FieldKind.TEXT
    choices: list[FieldChoice] = Field([], description="select、ticks 的选项")
    suggestions: list[str] = Field([], description="可选的填法，也可自行填写")
    columns: list[FieldColumn] = Field([], description="rows 的各列")
    longest: int = Field(100, ge=1, description="最多字数，超过不能保存")
    advised: int | None = Field(None, ge=1, description="宜在多少字左右，超过只提示")
    required: bool = Field(False, description="提交申报时是否必填")
    sealed: bool = Field(False, description="是否加密保存，页面上默认遮盖")
    hint: str | None = None
    paper: str | None = Field(None, description="附件1表格中的名称（不含空格）；不写则不在附件1中")
    column: str | None = Field(None, description="附件2的列名；不写则不在附件2中")
    indicator: Key | None = Field(None, description="填了此项即为选填了哪项指标（indicators）")
    channels: list[Key] | None = Field(None, description="适用的申报渠道；不写表示全部")

    @classmethod
    def plain(cls, key: str) -> FormField:
        """A field of which only its name is known: a line of text."""
        return cls(key=key, label=key, clause="—", basis="office")


class SummarySheet(Part):
    """汇总表 (附件2): one row for each person whom an organisation recommends, its columns in the notice's order."""

    title: str = Field(description="表题，照通知原文")
    clause: Clause
    headings: list[str] = Field(
        min_length=1, description="列名，按次序照印；除推荐顺序、推荐单位外都是字段的 column"
    )
    widths: list[float] = Field([], description="各列的宽度（字符），与 headings 一一对应；不写时一样宽")
    priority: str = Field(description="哪一列填推荐顺序")
    recommender: str = Field(description="哪一列填推荐单位")
    example: dict[str, str] = Field({}, description="样例行：列名与所印的内容")
    note: str = Field("", description="表末的注，照通知原文")


class FieldGroup(Part):
    """A group of fields of the application, and of documents with it, that a gate may watch."""

    key: Key
    label: str
    fields: list[Key]
    documents: list[Key] = Field(
        [], description="随这一组审看的材料（documents）；补正时换了材料也须重新征求"
    )
