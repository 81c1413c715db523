"""What should whoever reviews a case look at, line by line, as the notice asks it (三（二）、四)?

The lines are computed and decide nothing; they say what the checks of the form, the papers and the doubles say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from models.case import Case
from models.checklist import documents_of
from models.form import check_shape
from models.form_advice import advise_form
from models.form_rules import check_form
from models.notice import Notice
from models.personal import whole_form
from models.reading import reviews
from models.review_matters import Matter
from models.verdict import Reason, Verdict
from models.viewer import Viewer
from models.words import FieldKind, Ground

Grade = Literal["good", "look", "bad"]
LINES = ("form", "indicators", "condition", "identity", "recommenders")
LABELS = {
    "documents": "必交材料",
    "originals": "纸质原件",
    "form": "申请表填写",
    "indicators": "四项指标",
    "condition": "推荐条件",
    "words": "字数",
    "identity": "身份证号",
    "recommenders": "推荐专家",
    "opinions": "部门意见",
    "doubles": "重复申报",
    "channel": "申报渠道",
}
IDENTITY = {"birth_mismatch", "sex_mismatch", "age_odd", "born_in_future"}


@dataclass(frozen=True)
class Line:
    """One thing to look at: `bad` is against a rule, `look` is for a person to judge; `href` is where it is shown."""

    key: str
    label: str
    grade: Grade
    text: str
    clause: str
    href: str


def may_see_lines(viewer: Viewer, case: Case) -> bool:
    """Those who review the case: its unit, its county union, and who sees every case."""
    return viewer.sees_all or reviews(viewer, case)


def review_lines(viewer: Viewer, notice: Notice, case: Case, matter: Matter) -> list[Line]:
    """The lines that apply to this case; doubles and doubted channels are the office's alone."""
    form = whole_form(case)
    found = [
        *_papers(notice, case, matter),
        *_application(notice, case, form),
        *(_opinions(notice, matter) if viewer.reads(case) else ()),
    ]
    if viewer.sees_all:
        found += [_doubles(case, matter), _channel(notice, case)]
    return found


# --- papers ------------------------------------------------------------------------------------------------------


def _papers(notice: Notice, case: Case, matter: Matter) -> Iterator[Line]:
    asked = [notice.document(key) for key in notice.channel(case.channel).documents]
    there = {f.document for f in matter.files}
    required = [d for d in asked if d.required]
    missing = [d for d in required if d.key not in there]
    if required:
        text = f"{len(required) - len(missing)}/{len(required)}"
        text += f"，缺{'、'.join(d.label for d in missing)}" if missing else "，已齐"
        href = f"#{missing[0].key}" if missing else "#files"
        yield Line("documents", LABELS["documents"], "bad" if missing else "good", text, "四", href)
    papers = [d for d in documents_of(notice, case) if d.paper and d in asked]
    received = {r.document for r in matter.receipts} & {d.key for d in papers}
    if papers:
        whole = len(received) == len(papers)
        text = f"已收 {len(received)}/{len(papers)}"
        yield Line("originals", LABELS["originals"], "good" if whole else "look", text, "七（三）", "#files")


# --- the application ---------------------------------------------------------------------------------------------


def _application(notice: Notice, case: Case, form: Mapping[str, Any]) -> Iterator[Line]:
    """The reasons of the form's own checks, each at the line to which it belongs."""
    left: dict[str, list[Reason]] = {key: [] for key in LINES}
    for reason in check_form(notice, case.channel, form):
        left[_line_of(notice, reason)].append(reason)
    fields = {f.key: f for f in notice.fields_of(case.channel)}
    yield _line("form", LABELS["form"], left["form"], "各栏已填齐", "附件1", "#facts-title")
    if notice.indicators:
        chosen = [c.label for c in notice.indicators if c.key in (form.get("indicators") or [])]
        yield _line(
            "indicators",
            LABELS["indicators"],
            left["indicators"],
            "、".join(chosen) or "未填",
            "附件1",
            "#fact-indicators",
        )
    if "condition" in fields:
        label = next((c.label for c in notice.conditions if c.key == form.get("condition")), "未选")
        yield _line("condition", LABELS["condition"], left["condition"], label, "二（二）", "#fact-condition")
    yield _words(notice, case, form)
    if "id_number" in fields:
        yield _line(
            "identity",
            LABELS["identity"],
            left["identity"],
            "校验位、出生日期、性别相符",
            "附件1",
            "#fact-id_number",
        )
    if needed := notice.channel(case.channel).recommenders:
        text = f"{len(form.get('recommenders') or [])}名，至少{needed}名，级别相符"
        yield _line(
            "recommenders",
            LABELS["recommenders"],
            left["recommenders"],
            text,
            "四（二）",
            "#fact-recommenders",
        )


def _line_of(notice: Notice, reason: Reason) -> str:
    head = reason.field.split("-")[0]
    if head == "recommenders":
        return "recommenders"
    kind = notice.field(head).kind if head else FieldKind.TEXT
    if kind is FieldKind.CONDITION:
        return "condition"
    if kind is FieldKind.INDICATORS:
        return "indicators"
    return "identity" if kind is FieldKind.ID_NUMBER or reason.code in IDENTITY else "form"


def _line(key: str, label: str, wrong: Sequence[Reason], right: str, clause: str, href: str) -> Line:
    """A line that says what is right, or each thing that is wrong and where the first of it stands."""
    if not wrong:
        return Line(key, label, "good", right, clause, href)
    first = wrong[0].field.split("-")[0]
    text = "".join(r.text for r in wrong[:3]) + (f"等{len(wrong)}处。" if len(wrong) > 3 else "")
    return Line(key, label, "bad", text, wrong[0].clause, f"#fact-{first}" if first else href)


def _words(notice: Notice, case: Case, form: Mapping[str, Any]) -> Line:
    """Texts longer than they may be are against a rule; longer than advised is for a person to judge."""
    over: Verdict = tuple(r for r in check_shape(notice, case.channel, form) if r.code == "too_long")
    if over:
        return _line("words", LABELS["words"], over, "", "附件1", "#facts-title")
    long = [r for r in advise_form(notice, case.channel, form) if r.code == "longer_than_advised"]
    if long:
        text = "".join(r.text for r in long)
        return Line("words", LABELS["words"], "look", text, long[0].clause, f"#fact-{long[0].field}")
    return Line("words", LABELS["words"], "good", "各栏都在限额以内", "附件1", "#facts-title")


# --- what others say, and the record -----------------------------------------------------------------------------


def _opinions(notice: Notice, matter: Matter) -> Iterator[Line]:
    if not matter.asked:
        return
    step = notice.step(matter.asked[-1][1].step)
    latest = max(g.round for _, g, _ in matter.asked)
    rows = [(a, d) for a, g, d in matter.asked if g.round == latest]
    objected = [
        notice.body(a.body).label
        for a, d in rows
        if d is not None and (given := step.answer(d.answer)) and given.objects
    ]
    waiting = [notice.body(a.body).label for a, d in rows if d is None]
    text = f"{len(rows) - len(waiting)}/{len(rows)} 已答复"
    text += f"，{'、'.join(objected)}不同意" if objected else "，没有不同意" if not waiting else ""
    grade: Grade = "bad" if objected else "look" if waiting else "good"
    yield Line("opinions", step.label, grade, text, step.clause, f"#gate-{step.key}")


def _doubles(case: Case, matter: Matter) -> Line:
    certain = [g for g in matter.doubles if Ground.ID_NUMBER in g]
    if certain:
        text = f"与{len(certain)}件申报身份证号相同，须先核定"
        return Line("doubles", LABELS["doubles"], "bad", text, "四", "/doubles")
    if matter.doubles:
        text = f"与{len(matter.doubles)}件申报疑似同一人，请核对"
        return Line("doubles", LABELS["doubles"], "look", text, "四", "/doubles")
    return Line("doubles", LABELS["doubles"], "good", "没有发现", "四", f"/cases/{case.id}")


def _channel(notice: Notice, case: Case) -> Line:
    label = notice.channel(case.channel).label
    if case.channel_doubted:
        text = f"{label}，从他人的汇总表录入，须先确认"
        return Line("channel", LABELS["channel"], "bad", text, "四", f"/channels#case-{case.id}")
    return Line("channel", LABELS["channel"], "good", label, "四", f"/cases/{case.id}/channel")
