"""Is each step possible, taken by itself?

Every rule is a sentence that holds for a good file; it yields the place and the message where it doesn't.
"""

from decimal import Decimal

from models.notice import MeetingRules, starts_too_late
from models.publishing import RECOMMENDED_BY
from models.share import read_share
from models.words import Effect, FieldKind, Need, Relation, Scope, StepKind
from notices.draft import Draft, at, scores
from notices.references import Found

SCOPES: dict[StepKind, Scope] = {
    StepKind.FORM: Scope.CASE,
    StepKind.RANKING: Scope.SEASON,
    StepKind.MEETING: Scope.SEASON,
    StepKind.WINDOW: Scope.SEASON,
}
EFFECT_SCOPES: dict[Effect, Scope] = {
    Effect.RETURN: Scope.CASE,
    Effect.END: Scope.CASE,
    Effect.SCORE: Scope.CASE,
    Effect.BACK: Scope.SEASON,
    Effect.HOLD: Scope.SEASON,
}
INSTEAD = {Effect.RETURN: "（全年度步骤退回用 back）", Effect.BACK: "（每案步骤退回用 return）"}
SCOPE_NAMES = {Scope.CASE: "每案办理（scope: case）", Scope.SEASON: "全年度办理（scope: season）"}
NEVER_PUBLIC = {FieldKind.ID_NUMBER, FieldKind.PHONE, FieldKind.EMAIL, FieldKind.ROWS}
FORWARD = {Effect.PASS, Effect.NOTE, Effect.SCORE}


def scope_fits_kind(draft: Draft) -> Found:
    for i, step in draft.steps:
        wanted = SCOPES.get(step.kind, step.scope)
        if step.scope is not wanted:
            yield at(i, "scope"), f"种类为 {step.kind} 的步骤须是{SCOPE_NAMES[wanted]}，请改 scope"
        if step.cases_wait and step.scope is Scope.CASE:
            yield (
                at(i, "cases_wait"),
                "只有全年度办理的步骤才有案件等候，请删去 cases_wait，或把 scope 改成 season",
            )


def effect_fits_scope(draft: Draft) -> Found:
    for i, step in draft.steps:
        for j, answer in enumerate(step.answers):
            wanted = EFFECT_SCOPES.get(answer.effect, step.scope)
            if step.scope is not wanted:
                hint = INSTEAD.get(answer.effect, "")
                message = f"作用 {answer.effect} 只能用在{SCOPE_NAMES[wanted]}的步骤{hint}，请改 effect"
                yield at(i, "answers", j, "effect"), message
            if answer.to and answer.effect not in (Effect.RETURN, Effect.BACK):
                yield (
                    at(i, "answers", j, "to"),
                    "只有 effect 为 return 或 back 的答复才写 to，请删去 to 或改 effect",
                )
            if answer.outcome and answer.effect is not Effect.END:
                yield (
                    at(i, "answers", j, "outcome"),
                    "只有 effect 为 end 的答复才写 outcome，请删去 outcome 或改 effect",
                )


def some_answer_goes_on(draft: Draft) -> Found:
    for i, step in draft.steps:
        if not any(a.effect in FORWARD for a in step.answers):
            yield (
                at(i, "answers"),
                "没有能让这一步完成的答复，请至少写一种 effect 为 pass、note 或 score 的答复",
            )


def assign_fits_relation(draft: Draft) -> Found:
    for i, step in draft.steps:
        for j, decider in enumerate(step.deciders):
            relation = draft.relations.get(decider.body)
            if relation is Relation.ASSIGNED and decider.assign is None:
                yield at(i, "deciders", j), f"“{decider.body}”由指派产生，请用 assign 写明指派几人"
            if relation not in (None, Relation.ASSIGNED) and decider.assign is not None:
                message = f"“{decider.body}”不是指派产生的（relation 不是 assigned），请删去 assign"
                yield at(i, "deciders", j, "assign"), message


def season_steps_have_season_bodies(draft: Draft) -> Found:
    for i, step in draft.steps:
        for j, decider in enumerate(step.deciders):
            relation = draft.relations.get(decider.body, Relation.SEASON)
            if step.scope is Scope.SEASON and relation is not Relation.SEASON:
                message = f"“{decider.body}”的 relation 是 {relation}，全年度步骤只能由 season 机构答复"
                yield at(i, "deciders", j, "body"), f"{message}，请换机构或改 scope"


def need_is_within_reach(draft: Draft) -> Found:
    for i, step in draft.steps:
        reach = sum(d.assign or 1 for d in step.deciders)
        known = all(d.assign or draft.relations.get(d.body) is not Relation.ASSIGNED for d in step.deciders)
        if known and not isinstance(step.need, Need) and not 1 <= step.need <= reach:
            yield (
                at(i, "need"),
                f"至少 {step.need} 个答复不可能：这一步共有 {reach} 个答复者，请改成 1 到 {reach}",
            )


def points_are_for_those_who_go_there(draft: Draft) -> Found:
    for i, step in draft.steps:
        keys = [p.key for p in step.points]
        if len(keys) != len(set(keys)):
            yield at(i, "points"), "查验要点的键重复，请改成各不相同的键"
        named = all(draft.relations.get(d.body) is Relation.ASSIGNED for d in step.deciders)
        if step.points and (not named or step.criteria):
            message = "查验要点只用于由指派人员办理、不评分的步骤，请删去 points 或改由指派人员办理"
            yield at(i, "points"), message


def criteria_go_with_scores(draft: Draft) -> Found:
    for i, step in draft.steps:
        if scores(step) and not step.criteria:
            yield at(i), f"步骤“{step.label}”要评分（effect: score），请用 criteria 写明评分项与权重"
        if step.criteria and not scores(step):
            yield (
                at(i, "criteria"),
                "写了评分项，却没有 effect 为 score 的答复，请补上这种答复或删去 criteria",
            )


def weights_sum_to_one(draft: Draft) -> Found:
    for i, step in draft.steps:
        total = sum((c.weight for c in step.criteria), Decimal(0))
        if step.criteria and total != 1:
            yield at(i, "criteria"), f"各评分项权重合计为 {total.normalize():f}，应为 1，请调整 weight"


def method_is_for_rankings(draft: Draft) -> Found:
    for i, step in draft.steps:
        if step.kind is StepKind.RANKING and step.method is None:
            yield at(i), "排名（ranking）须用 method 写明计分方法：mean、trimmed_mean 或 standardised"
        if step.kind is not StepKind.RANKING and step.method is not None:
            yield at(i, "method"), "只有排名（ranking）才写 method，请删去"


def lists_have_a_size(draft: Draft) -> Found:
    for i, step in draft.steps:
        if step.is_list and step.list_size is None:
            message = "形成名单的步骤须用 list_size 写明人数：ratio（名额×比例）或 places（名额）"
            yield at(i), message
        if not step.is_list and step.list_size is not None:
            yield at(i, "list_size"), "只有 ranking 和 meeting 形成名单，请删去 list_size"
        if step.is_list and not step.cases_wait:
            yield at(i), "案件须在此等候名单，请写上 cases_wait: true"


def meeting_rules_can_be_kept(draft: Draft) -> Found:
    for i, step in draft.steps:
        rules = step.meeting
        if step.kind is not StepKind.MEETING and rules != MeetingRules():
            yield at(i, "meeting"), "只有会议（meeting）才写会议的规则，请删去"
        for name, share in (("quorum", rules.quorum), ("majority", rules.majority)):
            if share and not read_share(share).is_possible:
                yield at(i, "meeting", name), f"“{share}”超过全体，无法达到，请改小"
        relation = draft.relations.get(rules.recorder) if rules.recorder else None
        if relation not in (None, Relation.SEASON):
            message = f"“{rules.recorder}”的 relation 是 {relation}，会议只能由 season 机构记录，请换机构"
            yield at(i, "meeting", "recorder"), message


def times_are_in_order(draft: Draft) -> Found:
    for i, step in draft.steps:
        if step.kind is StepKind.WINDOW and step.opens is None:
            yield at(i), "公示（window）须用 opens 写明起始日期（dates 的键）"
        words = {"opens": "开启日", "after": "须先过的截止日"}
        for field, key in starts_too_late(step, draft.dates):
            start, due = draft.dates[key], draft.dates[step.due]
            message = f"{words[field]}“{key}”（{start}）晚于截止日“{step.due}”（{due}），请改其中一个日期"
            yield at(i, field), message


def conditions_fit_scope(draft: Draft) -> Found:
    for i, step in draft.steps:
        whens = [(at(i, "when"), step.when)]
        whens += [(at(i, "deciders", j, "when"), d.when) for j, d in enumerate(step.deciders)]
        for loc, when in whens:
            wanted = Scope.SEASON if when == "place_free" else Scope.CASE
            if when and step.scope is not wanted:
                yield loc, f"条件 {when} 只能用在{SCOPE_NAMES[wanted]}的步骤，请改 when 或 scope"


def promotion_fills_a_place(draft: Draft) -> Found:
    for i, step in draft.steps:
        for j, answer in enumerate(step.answers):
            if answer.promotes and (step.when != "place_free" or answer.effect is not Effect.BACK):
                message = (
                    "递补（promotes）只能用在 when: place_free 的步骤，且 effect 为 back（退回到公示前一步）"
                )
                yield at(i, "answers", j, "promotes"), message


def public_columns_are_public(draft: Draft) -> Found:
    """七（二）: no personal number, address or mailbox among what is published, and always the name."""
    fields = {f.key: f for _, f in draft.fields}
    for i, step in draft.steps:
        if step.publishes is None:
            continue
        if step.kind is not StepKind.WINDOW:
            yield at(i, "publishes"), "只有公示（window）才写 publishes，请删去"
        if not any("name" in c.fields for c in step.publishes.columns):
            yield at(i, "publishes", "columns"), "公示的各栏中没有姓名（name），请补上"
        for n, column in enumerate(step.publishes.columns):
            for j, key in enumerate(column.fields):
                field = fields.get(key)
                loc = at(i, "publishes", "columns", n, "fields", j)
                if field is None and key not in {*draft.form_fields, "name", RECOMMENDED_BY}:
                    yield (
                        loc,
                        f"fields（申请表的字段）里没有“{key}”，请改用已有的；推荐单位写 {RECOMMENDED_BY}",
                    )
                elif field is not None and (field.sealed or field.kind in NEVER_PUBLIC):
                    yield loc, f"“{field.label}”是个人信息，不得公示，请删去"
