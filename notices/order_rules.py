"""Do the steps follow from one another, from the application to the end?

These rules judge the order of steps, so they run once every step is well formed by itself.
"""

from itertools import pairwise

from models.notice import Step
from models.words import Effect, Scope, StepKind
from notices.draft import Draft, at, scores
from notices.references import Found


def application_comes_first(draft: Draft) -> Found:
    for i, step in draft.steps:
        is_first = i == 0
        if is_first and step.kind is not StepKind.FORM:
            yield at(i, "kind"), "第一步须是申报表（kind: form），请把申报放在最前"
        if not is_first and step.kind is StepKind.FORM:
            yield at(i, "kind"), "申报表（form）只能有一步，且在最前，请改成 gate 或 record"
        if is_first and step.kind is StepKind.FORM and (step.channels or step.routes or step.when):
            yield at(i), "申报表适用于全部案件，请删去 channels、routes、when"


def returns_lead_back(draft: Draft) -> Found:
    """`return` leads a case, `back` the season, to an earlier step of its own."""
    for i, step in draft.steps:
        for j, answer in enumerate(step.answers):
            target = draft.position(answer.to) if answer.to else None
            if target is not None and answer.effect in (Effect.RETURN, Effect.BACK):
                message = _why_not_back(draft, step, i, draft.steps[target][1], target)
                if message:
                    yield at(i, "answers", j, "to"), message


def _why_not_back(draft: Draft, step: Step, index: int, target: Step, target_index: int) -> str | None:
    if target_index >= index:
        return f"只能退回较早的步骤，“{target.key}”不在这一步之前，请改 to"
    if target.scope is not step.scope:
        kind = "每案办理" if step.scope is Scope.CASE else "全年度办理"
        return f"只能退回同为{kind}的步骤，“{target.key}”不是，请改 to"
    if step.scope is Scope.CASE and not draft.ways(step) <= draft.ways(target):
        return f"有的渠道或路径不经过“{target.key}”，退不回去，请退回各渠道都经过的步骤"
    return None


def rankings_have_scores(draft: Draft) -> Found:
    for i, step in draft.steps:
        if step.kind is StepKind.RANKING and not any(scores(s) for s in draft.before(i)):
            message = (
                "排名（ranking）之前没有评分的步骤，请在前面加上有评分项（criteria）的评审，或改用 meeting"
            )
            yield at(i, "kind"), message


def rankings_precede_meetings(draft: Draft) -> Found:
    met = False
    for i, step in draft.lists():
        if met and step.kind is StepKind.RANKING:
            yield at(i, "kind"), "排名（ranking）须在全部会议（meeting）之前，请调整次序"
        met = met or step.kind is StepKind.MEETING


def first_list_gathers(draft: Draft) -> Found:
    """The first list is drawn from all cases that wait: it has to wait for them in turn."""
    for i, step in draft.lists()[:1]:
        if not step.gathers:
            message = "这是第一份名单，从全部等候的案件产生，请写上 gathers: true（等全部在办案件到达）"
            yield at(i), message


def lists_only_narrow(draft: Draft) -> Found:
    lists = draft.lists()
    for (_, earlier), (i, later) in pairwise(lists):
        if earlier.list_size == "places" and later.list_size == "ratio":
            message = f"名单只能由多到少：前一份（{earlier.key}）已是名额数，这里不能再放宽，请改成 places"
            yield at(i, "list_size"), message
    for i, step in lists[-1:]:
        if step.list_size == "ratio":
            yield at(i, "list_size"), "最后一份名单就是拟认定人选，人数须等于名额，请改成 list_size: places"


def reserve_is_ordered_last(draft: Draft) -> Found:
    lists = draft.lists()
    last = lists[-1][0] if lists else None
    for i, step in draft.steps:
        if step.orders_reserve and i != last:
            yield (
                at(i, "orders_reserve"),
                "后备次序由最后一份名单排定，请把 orders_reserve 移到最后形成名单的一步",
            )
        if step.when == "place_free" and not any(s.orders_reserve for s in draft.before(i)):
            message = "递补须先有后备次序，请在前面最后形成名单的一步写上 orders_reserve: true"
            yield at(i, "when"), message


def steps_come_to_an_end(draft: Draft) -> Found:
    """One step recognises, after the last list; the last step ends the season; none follows closing."""
    settling = [(i, s) for i, s in draft.steps if s.settles]
    closing = [(i, s) for i, s in draft.steps if s.closes]
    last_index, last = draft.steps[-1]
    if not settling:
        yield ("steps",), "没有一步写明认定（settles: true），案件不会有结果，请在认定的一步写上"
    for i, _ in settling[1:]:
        yield at(i, "settles"), "认定（settles）只能有一步，请删去多余的"
    for i, _ in closing:
        if i != last_index:
            yield at(i, "closes"), "办结（closes）只能写在最后一步，请移到最后"
    if not (last.settles or last.closes):
        yield at(last_index), "最后一步须写 closes: true（办结）或 settles: true（认定）"
    for i, _ in settling[:1]:
        if not any(s.is_list for s in draft.before(i)) or any(j > i for j, _ in draft.lists()):
            yield at(i, "settles"), "认定须在最后一份名单之后，请调整次序"


def endings_hold_for_all(draft: Draft) -> Found:
    """Lists, recognition and closing are for every case alike: all wait there."""
    for i, step in draft.steps:
        ends = step.settles or step.closes
        if ends and not (step.scope is Scope.SEASON and step.cases_wait):
            yield at(i), "认定和办结是全年度的步骤，案件在此等候，请写上 scope: season 和 cases_wait: true"
        if (ends or step.is_list) and (step.channels or step.routes or step.when):
            yield at(i), "名单、认定、办结对全部案件一样，请删去 channels、routes、when"


def documents_have_a_source(draft: Draft) -> Found:
    for i, step in draft.steps:
        for j, document in enumerate(step.needs_documents):
            lacking = sorted({c for c, r in draft.ways(step) if not _has_source(draft, i, document, c, r)})
            if lacking:
                message = (
                    f"“{document}”在渠道 {'、'.join(lacking)} 没有来源："
                    "请列入该渠道的 documents，或由较早的一步形成（makes_documents）"
                )
                yield at(i, "needs_documents", j), message


def _has_source(draft: Draft, index: int, document: str, channel: str, route: str) -> bool:
    made = any(
        document in s.makes_documents and (channel, route) in draft.ways(s) for s in draft.before(index)
    )
    return made or document in draft.channels[channel].documents


def conditions_have_a_source(draft: Draft) -> Found:
    """A condition is a field of the form, an earlier answer's `sets`, or the free place."""
    for i, step in draft.steps:
        given = (
            {a.sets for s in draft.before(i) for a in s.answers} | draft.form_fields | {"place_free", None}
        )
        whens = [(at(i, "when"), step.when)]
        whens += [(at(i, "deciders", j, "when"), d.when) for j, d in enumerate(step.deciders)]
        for loc, when in whens:
            if when not in given:
                yield loc, f"前面没有哪一步会使条件 {when} 成立，请在较早的答复里写上 sets: {when}"
