"""Do the fields of the application fit together: each by its kind, each asked once, each where it belongs?"""

from collections.abc import Iterator

from models.form_field import FieldColumn, FormField
from models.words import FieldKind
from notices.draft import Draft
from notices.references import Found, walk
from notices.tree import Loc

WITH_CHOICES = {FieldKind.SELECT, FieldKind.TICKS}
WRITTEN = {
    FieldKind.TEXT,
    FieldKind.AREA,
    FieldKind.DATE,
    FieldKind.NUMBER,
    FieldKind.EMAIL,
    FieldKind.PHONE,
    FieldKind.ID_NUMBER,
}
IN_COLUMNS = WRITTEN | {FieldKind.SELECT}
# What other parts of the system read by name.
OF_ITS_NAME = {
    FieldKind.INDICATORS: "indicators",
    FieldKind.CONDITION: "condition",
    FieldKind.CATEGORY: "category",
    FieldKind.OCCUPATION: "occupation",
}
RESERVED = {"csrf", "action", "version", "channel", "route", "county", "unit_id"}


def fields_fit_their_kind(draft: Draft) -> Found:
    for i, field in draft.fields:
        loc: Loc = ("fields", i)
        yield from _choices_fit(loc, field)
        yield from _columns_fit(loc, field)
        if field.sealed and field.kind not in WRITTEN:
            yield (*loc, "sealed"), "只有填写文字、号码的字段才能加密保存；rows 的加密请写在它的 columns 里"
        if field.suggestions and field.kind is not FieldKind.TEXT:
            yield (*loc, "suggestions"), "只有 kind: text 的字段才有可选的填法，请删去或改用 choices"
        if field.advised is not None and field.advised > field.longest:
            yield (*loc, "advised"), f"宜写的字数不能超过最多字数 {field.longest}，请改小"


def _choices_fit(loc: Loc, field: FormField | FieldColumn) -> Found:
    if field.kind in WITH_CHOICES and not field.choices:
        yield (*loc, "kind"), f"kind: {field.kind} 须用 choices 列出选项，请补上"
    if field.choices and field.kind not in WITH_CHOICES:
        yield (*loc, "choices"), "只有 kind: select 和 ticks 才有选项，请删去或改 kind"
    for n, choice in enumerate(field.choices):
        if choice.blank and field.kind is FieldKind.SELECT:
            yield (*loc, "choices", n, "blank"), "只有 kind: ticks 的选项后才有填空，请删去 blank 或改 kind"


def _columns_fit(loc: Loc, field: FormField) -> Found:
    if field.kind is FieldKind.ROWS and not field.columns:
        yield (*loc, "kind"), "kind: rows 须用 columns 列出各列，请补上"
    if field.columns and field.kind is not FieldKind.ROWS:
        yield (*loc, "columns"), "只有 kind: rows 才有各列，请删去或改 kind"
    for n, column in enumerate(field.columns):
        if column.kind not in IN_COLUMNS:
            names = "、".join(sorted(IN_COLUMNS))
            yield (*loc, "columns", n, "kind"), f"列的 kind 只能是 {names}，请改正"
        else:
            yield from _choices_fit((*loc, "columns", n), column)


def names_of_fields_are_kept(draft: Draft) -> Found:
    """The candidate's name has to be asked, and what the system reads by name has to be called so."""
    for i, field in draft.fields:
        if field.key in RESERVED:
            yield ("fields", i, "key"), f"“{field.key}”是系统自用的名字，请换一个键"
        name = OF_ITS_NAME.get(field.kind, field.key)
        if field.key != name:
            yield ("fields", i, "key"), f"kind: {field.kind} 的字段，键必须写成 {name}，请改正"
    listed = isinstance(draft.data.get("fields"), list) and len(draft.data["fields"]) == len(draft.fields)
    if listed and "name" not in {f.key for _, f in draft.fields}:
        yield ("fields",), "缺少键为 name 的字段（姓名），请补上"


def each_field_is_asked_once(draft: Draft) -> Found:
    groups: dict[str, str] = {}
    for loc, key in walk(draft.data, "groups.*.fields.*"):
        group = draft.data["groups"][loc[1]].get("key")
        if isinstance(key, str) and groups.setdefault(key, group) != group:
            yield loc, f"“{key}”已列在字段组 {groups[key]} 里，请只保留一处"
    for i, field in draft.fields:
        if field.key not in groups:
            yield ("fields", i, "key"), f"没有字段组列出“{field.key}”，填报人看不到它；请列入 groups 里的一组"


def cells_are_shared_within_a_group(draft: Draft) -> Found:
    """One cell of the paper, or one column of the table, may hold several fields, but only those asked together."""
    group_of = {
        key: draft.data["groups"][loc[1]].get("key") for loc, key in walk(draft.data, "groups.*.fields.*")
    }
    for name, title in (("paper", "附件1的“{}”"), ("column", "附件2的“{}”列")):
        seen: dict[str, str] = {}
        for i, field in draft.fields:
            cell = getattr(field, name)
            if cell is None or field.key not in group_of:
                continue
            first = seen.setdefault(cell, field.key)
            if group_of[first] != group_of[field.key]:
                text = f"{title.format(cell)}已由另一组的字段 {first} 使用，请核对名称，或把两者列入同一组"
                yield ("fields", i, name), text


def recommenders_have_their_lines(draft: Draft) -> Found:
    """四（二）: a channel that asks for recommenders has a field in which to name them."""
    rows = [f for _, f in draft.fields if f.key == "recommenders" and f.kind is FieldKind.ROWS]
    for loc, key in _asking(draft):
        if not any(f.channels is None or key in f.channels for f in rows):
            yield loc, "此渠道须有推荐人，请在 fields 里写上键为 recommenders、kind: rows 的字段"


def _asking(draft: Draft) -> Iterator[tuple[Loc, str]]:
    for loc, count in walk(draft.data, "channels.*.recommenders"):
        key = draft.data["channels"][loc[1]].get("key")
        if isinstance(count, int) and count > 0 and isinstance(key, str):
            yield loc, key
