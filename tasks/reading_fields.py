"""What would the application say if what was read were saved, where does each value come from, and what is doubtful?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from documents.expert_letter import FIELD as RECOMMENDERS
from documents.expert_letter import to_rows
from documents.field_map import check_read, derived, label_of, to_form, unplaced
from documents.problems import Problem, Severity
from models.changes import Change, changed_fields
from models.form import is_filled
from models.form_rules import check_form
from models.notice import Notice
from models.personal import clean_number
from models.tidy import tidy_form
from models.verdict import Reason, Verdict
from tasks.reading import Reading

NOT_PLACED = "not_placed"
NOT_YET = {"field_missing", "cell_missing", "blank_missing", "indicator_missing", "not_chinese"}
FROM_FORM, FROM_LETTER, DIFFERENT, ELSEWHERE = "附件1", "附件4", "与已保存的不同", "附件1没有此栏"


@dataclass(frozen=True)
class Gathered:
    """`form` holds only what was read; `sources` says by field where it stood; `left` has no field."""

    form: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    doubts: Verdict = ()
    left: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def gather(
    notice: Notice, channel: str, reading: Reading, saved: Mapping[str, Any] | None = None
) -> Gathered:
    """All that was read, as fields of an application of this channel; compared with what is saved already."""
    fields = {f.key: f for f in notice.fields_of(channel)}
    form: dict[str, Any] = {}
    problems: list[Problem] = []
    left: list[str] = []
    sources: dict[str, str] = {}
    if reading.form is not None:
        found = reading.form.found
        form, _ = to_form(notice, channel, found)
        problems += [*map(_problem, found["problems"]), *check_read(notice, channel, found)]
        left += [
            f"{label}：{' '.join(text.split())}" for label, text in unplaced(notice, channel, found).items()
        ]
        sources = {k: FROM_FORM for k, f in fields.items() if f.paper}
    sources |= derived(
        form, {k: v for k, v in form.items() if k in sources and k not in _told_by_id(reading)}
    )
    if reading.letters and RECOMMENDERS in fields:
        rows = [row for letter in reading.letters for row in to_rows(notice, letter.found)]
        form |= tidy_form(notice, {RECOMMENDERS: rows})
        problems += _letter_problems(form, reading)
        sources[RECOMMENDERS] = FROM_LETTER
    elif reading.letters:
        text = "这个申报渠道不需要附件4，推荐函没有读入；专业人士推荐的，请先把申报渠道改为专业人士推荐。"
        problems.append(Problem("", "letter_not_asked", text, Severity.WARNING))
    form = {k: v for k, v in form.items() if k in fields and is_filled(fields[k], v)}
    left += [p.message for p in problems if p.code == NOT_PLACED]
    changes = changed_fields(
        (fields[k] for k in form if is_filled(fields[k], (saved or {}).get(k))), saved or {}, form
    )
    return Gathered(
        form,
        {k: text for k, text in sources.items() if k in form}
        | {c.field.key: DIFFERENT for c in changes}
        | {k: ELSEWHERE for k, f in fields.items() if f.required and not f.paper and k not in sources},
        (*_reasons(notice, problems), *_recommender_reasons(notice, channel, form)),
        left,
        changes,
    )


def _told_by_id(reading: Reading) -> set[str]:
    """Fields whose own line on the form is empty, so that their value was taken from the ID number."""
    found = reading.form.found["fields"] if reading.form else {}
    return {"sex"} if not found.get("性别") else set()


def _problem(given: Mapping[str, str]) -> Problem:
    return Problem(given["field"], given["code"], given["message"], Severity(given["severity"]))


def _letter_problems(form: Mapping[str, Any], reading: Reading) -> Iterable[Problem]:
    for letter in reading.letters:
        for given in letter.found["problems"]:
            problem = _problem(given)
            yield Problem(RECOMMENDERS, problem.code, f"{letter.name}：{problem.message}", problem.severity)
        candidate = letter.found["candidate"]
        name, number = candidate.get("姓名", ""), clean_number(candidate.get("身份证号", ""))
        if name and form.get("name") and name != form["name"]:
            text = f"{letter.name}推荐的是“{name}”，申请表的姓名是“{form['name']}”，请核对是否是同一人。"
            yield Problem(RECOMMENDERS, "other_candidate", text)
        elif number and form.get("id_number") and number != form["id_number"]:
            text = f"{letter.name}上被推荐人的身份证号与申请表的不同，请核对。"
            yield Problem(RECOMMENDERS, "other_candidate", text)


def _recommender_reasons(notice: Notice, channel: str, form: Mapping[str, Any]) -> Verdict:
    """What the rules say of each expert that was read."""
    if RECOMMENDERS not in form:
        return ()
    found = check_form(notice, channel, form)
    return tuple(r for r in found if r.field.startswith(f"{RECOMMENDERS}-") and r.code not in NOT_YET)


def _reasons(notice: Notice, problems: Iterable[Problem]) -> Iterable[Reason]:
    """Errors first; each with the field where it is mended. What is only not filled in yet is no doubt."""
    keys: dict[str, str] = {}
    for f in notice.fields:
        keys.setdefault(label_of(f) or f.key, f.key)
    seen: set[str] = set()
    for problem in sorted(problems, key=lambda p: p.severity is not Severity.ERROR):
        if problem.code in NOT_YET or problem.code == NOT_PLACED or problem.message in seen:
            continue
        seen.add(problem.message)
        yield Reason(problem.code, problem.message, "", "invalid", keys.get(problem.field, ""))
