"""Which rules must a season's file keep, beyond the form of each field?

`RULES` is the whole list, in the order in which a reader would check. Rules of order run once every step is
well formed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from models.notice import Notice
from models.words import Relation
from notices import field_rules, order_rules, recognition_rules, step_rules
from notices.draft import Draft
from notices.references import Found, check_references, known_keys, walk


@dataclass(frozen=True)
class Rule:
    """`check` yields the place and the message of each fault; `order` means that it needs all steps."""

    check: Callable[[Draft], Found]
    order: bool = False


def pairs_are_of_two_steps(draft: Draft) -> Found:
    for loc, pair in walk(draft.data, "exclusive.*"):
        if (
            isinstance(pair, dict)
            and pair.get("first") is not None
            and pair.get("first") == pair.get("second")
        ):
            yield (*loc, "second"), "不得兼办的两步写成了同一步，请改其中一个"


def case_number_can_be_made(draft: Draft) -> Found:
    pattern = draft.data.get("case_number")
    if not isinstance(pattern, str) or "{n" not in pattern:
        return
    try:
        pattern.format(n=1)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        yield ("case_number",), f"编号格式“{pattern}”写不出编号，只能含 {{n}} 或 {{n:04d}} 这样的序号，请改正"


def office_is_a_season_body(draft: Draft) -> Found:
    """Withdrawals, late entries and objections go to the office, so there has to be one."""
    key = draft.data.get("office", Notice.model_fields["office"].default)
    if not isinstance(key, str):
        return
    if "office" not in draft.data and key not in known_keys(draft.data, "bodies"):
        yield ("bodies",), f"没有负责日常工作的机构“{key}”，请在 bodies 里补上，或用 office 写明是哪一个"
    elif draft.relations.get(key, Relation.SEASON) is not Relation.SEASON:
        yield ("office",), f"负责日常工作的机构“{key}”须是 relation: season，请换一个机构"


def emphases_say_whom(draft: Draft) -> Found:
    for loc, emphasis in walk(draft.data, "emphases.*"):
        if isinstance(emphasis, dict) and bool(emphasis.get("values")) == bool(emphasis.get("oldest")):
            yield loc, "突出培养的一类人选须写 values（取哪些值）或 oldest（不超过多少周岁），二者写一项"


def summary_columns_are_fields(draft: Draft) -> Found:
    """Each heading is a field's column, or one of the two that are not of the application; none is left out."""
    summary = draft.data.get("summary")
    if not isinstance(summary, dict) or not isinstance(summary.get("headings"), list):
        return
    columns = {value for _, value in walk(draft.data, "fields.*.column") if isinstance(value, str)}
    known = columns | {summary.get("priority"), summary.get("recommender")}
    for loc, heading in walk(draft.data, "summary.headings.*"):
        if isinstance(heading, str) and heading not in known:
            yield loc, f"没有字段的 column 是“{heading}”，请在 fields 里写明这一列对应的字段，或改正列名"
    for loc, column in walk(draft.data, "fields.*.column"):
        if isinstance(column, str) and column not in summary["headings"]:
            yield loc, f"summary 的 headings 里没有“{column}”，请补上或改正"


def summary_parts_fit_headings(draft: Draft) -> Found:
    """What else the sheet says of its columns is said of columns that it has."""
    summary = draft.data.get("summary")
    if not isinstance(summary, dict) or not isinstance(summary.get("headings"), list):
        return
    headings = summary["headings"]
    for name in ("priority", "recommender"):
        if isinstance(summary.get(name), str) and summary[name] not in headings:
            yield ("summary", name), f"headings 里没有“{summary[name]}”，请补上或改正"
    for heading in summary["example"] if isinstance(summary.get("example"), dict) else {}:
        if heading not in headings:
            yield ("summary", "example"), f"headings 里没有样例所用的“{heading}”，请补上或改正"
    widths = summary.get("widths")
    if isinstance(widths, list) and widths and len(widths) != len(headings):
        yield ("summary", "widths"), f"有{len(widths)}个宽度、{len(headings)}列，请一一对应"


RULES = (
    Rule(summary_columns_are_fields),
    Rule(emphases_say_whom),
    Rule(summary_parts_fit_headings),
    Rule(field_rules.fields_fit_their_kind),
    Rule(field_rules.names_of_fields_are_kept),
    Rule(field_rules.each_field_is_asked_once),
    Rule(field_rules.cells_are_shared_within_a_group),
    Rule(field_rules.recommenders_have_their_lines),
    Rule(office_is_a_season_body),
    Rule(case_number_can_be_made),
    Rule(step_rules.scope_fits_kind),
    Rule(step_rules.effect_fits_scope),
    Rule(step_rules.some_answer_goes_on),
    Rule(step_rules.assign_fits_relation),
    Rule(step_rules.season_steps_have_season_bodies),
    Rule(step_rules.need_is_within_reach),
    Rule(step_rules.points_are_for_those_who_go_there),
    Rule(step_rules.criteria_go_with_scores),
    Rule(step_rules.weights_sum_to_one),
    Rule(step_rules.method_is_for_rankings),
    Rule(step_rules.lists_have_a_size),
    Rule(step_rules.meeting_rules_can_be_kept),
    Rule(step_rules.times_are_in_order),
    Rule(step_rules.conditions_fit_scope),
    Rule(step_rules.promotion_fills_a_place),
    Rule(step_rules.public_columns_are_public),
    Rule(order_rules.application_comes_first, order=True),
    Rule(order_rules.returns_lead_back, order=True),
    Rule(order_rules.rankings_have_scores, order=True),
    Rule(order_rules.rankings_precede_meetings, order=True),
    Rule(order_rules.first_list_gathers, order=True),
    Rule(order_rules.lists_only_narrow, order=True),
    Rule(order_rules.reserve_is_ordered_last, order=True),
    Rule(order_rules.steps_come_to_an_end, order=True),
    Rule(order_rules.endings_hold_for_all, order=True),
    Rule(order_rules.documents_have_a_source, order=True),
    Rule(order_rules.conditions_have_a_source, order=True),
    Rule(pairs_are_of_two_steps),
    Rule(recognition_rules.marks_are_known),
    Rule(recognition_rules.list_has_its_line),
    Rule(recognition_rules.certificate_number_can_be_made),
    Rule(recognition_rules.document_is_drafted_before_it_is_signed, order=True),
)


def check(data: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every fault against the references and the rules, each with its place."""
    yield from check_references(data)
    draft = Draft(data)
    for rule in RULES:
        if draft.whole or not rule.order:
            yield from rule.check(draft)
