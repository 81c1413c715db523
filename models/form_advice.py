"""What in an application is worth a second look, though nothing forbids it?"""

from collections.abc import Iterator, Mapping
from typing import Any

from models.form import OTHER_CATEGORY
from models.form_rules import patents_counted, wrong
from models.identity import age_on
from models.notice import Notice
from models.tidy import count_characters
from models.values import read_day
from models.verdict import Reason, Verdict
from models.words import FieldKind

ADVISED_EXCESS = 110
LEAST_WORKING_AGE = 14


def advise_form(notice: Notice, channel: str, form: Mapping[str, Any]) -> Verdict:
    """Shown to who fills in and who reviews; never a reason to refuse, and without personal numbers."""
    return (
        *_longer_than_advised(notice, channel, form),
        *_occupation_is_elsewhere(notice, form),
        *_patents_without_yes(form),
        *_worked_since_childhood(notice, form),
        *_question_left_open(notice, channel, form),
        *_other_trade(notice, channel, form),
    )


def _longer_than_advised(notice: Notice, channel: str, form: Mapping[str, Any]) -> Iterator[Reason]:
    for field in notice.fields_of(channel):
        length = count_characters(str(form.get(field.key) or "")) if field.advised else 0
        if field.advised and length * 100 > field.advised * ADVISED_EXCESS:
            text = f"“{field.label}”宜在{field.advised}字左右，现在{length}字。"
            yield wrong("longer_than_advised", field.key, text, field.clause)


def _occupation_is_elsewhere(notice: Notice, form: Mapping[str, Any]) -> Iterator[Reason]:
    """附件5 is for guidance: another trade may be written."""
    chosen, occupation = form.get("category"), form.get("occupation")
    category = next((c for c in notice.categories if c.key == chosen), None)
    if category is None or chosen == OTHER_CATEGORY or not occupation:
        return
    if any(listed in occupation or occupation in listed for listed in category.occupations):
        return
    elsewhere = next((c.label for c in notice.categories if occupation in c.occupations), "")
    where = f"，它列在“{elsewhere}”" if elsewhere else ""
    text = f"“{category.label}”的目录里没有“{occupation}”{where}，请核对类别和工种。"
    yield wrong("occupation_elsewhere", "occupation", text, "附件5")


def _patents_without_yes(form: Mapping[str, Any]) -> Iterator[Reason]:
    if form.get("patented") == "否" and patents_counted(form):
        text = "填写了专利数量，但“是否获得专利”选的是“否”，请核对。"
        yield wrong("patents_without_yes", "patented", text, "附件1")


def _worked_since_childhood(notice: Notice, form: Mapping[str, Any]) -> Iterator[Reason]:
    born, years = read_day(str(form.get("birth_date") or "")), str(form.get("work_years") or "")
    if born and years.isdigit() and age_on(born, notice.issued) - int(years) < LEAST_WORKING_AGE:
        yield wrong("worked_since_childhood", "work_years", "“工作年限”与年龄不相称，请核对。", "附件1")


def _question_left_open(notice: Notice, channel: str, form: Mapping[str, Any]) -> Iterator[Reason]:
    for field in notice.fields_of(channel):
        if field.kind is FieldKind.YES_NO and form.get(field.key) is None:
            text = f"“{field.label}”没有选择，按“否”办理。"
            yield wrong("question_open", field.key, text, field.clause)


def _other_trade(notice: Notice, channel: str, form: Mapping[str, Any]) -> Iterator[Reason]:
    """四（二）: recommenders are of the candidate's trade, which only a person can tell for certain."""
    if not notice.channel(channel).recommenders:
        return
    own = str(form.get("occupation") or "")
    for n, row in enumerate(form.get("recommenders") or [], 1):
        trade = str(row.get("occupation") or "")
        if own and trade and not _share_a_word(own, trade):
            text = f"第{n}名推荐专家从事“{trade}”，人选从事“{own}”，请核对是否同专业。"
            yield wrong("other_trade", f"recommenders-{n}-occupation", text, "四（二）")


def _share_a_word(one: str, other: str) -> bool:
    """电焊工 and 焊工 do: two characters in common, standing together."""
    if one in other or other in one:
        return True
    return any(one[i : i + 2] in other for i in range(len(one) - 1))
