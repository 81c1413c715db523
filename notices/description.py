"""What does a season's file amount to: how many places, which gates, which dates?

`describe` gives the facts as plain data, `render` the same as text.
"""

from datetime import date
from typing import Any

from models.notice import CONDITIONS, Answer, Notice, NoticeDate, Step
from models.words import Need
from notices.fields import WORDS
from notices.warnings import warnings

WEEKDAYS = "一二三四五六日"
SIZES = {"ratio": "名额×比例", "places": "名额"}


def describe(notice: Notice) -> dict[str, Any]:
    """The facts that `gongjiang notice check` prints; every value is fit for JSON."""
    return {
        "key": notice.key,
        "title": notice.title,
        "number": notice.number,
        "issued": notice.issued.isoformat(),
        "digest": notice.digest,
        "quota": {
            "places": notice.quota.places,
            "ratio": str(notice.quota.ratio),
            "ratio_places": notice.quota.ratio_places,
            "clause": notice.quota.clause,
        },
        "lists": [_list(notice, s) for s in notice.steps if s.is_list],
        "dates": [_date(key, d) for key, d in notice.dates.items()],
        "channels": [_channel(notice, c.key) for c in notice.channels],
        "gates": [_gate(notice, s) for s in notice.steps],
        "categories": [
            {"label": c.label, "count": c.count, "occupations": len(c.occupations)} for c in notice.categories
        ],
        "hosts": len(notice.hosts),
        "co_hosts": len(notice.co_hosts),
        "members": _members(notice),
        "warnings": warnings(notice),
        "remarks": list(notice.remarks),
    }


def _list(notice: Notice, step: Step) -> dict[str, Any]:
    return {"step": step.key, "label": step.label, "size": notice.list_size(step), "by": step.list_size}


def _date(key: str, day: NoticeDate) -> dict[str, Any]:
    return {
        "key": key,
        "label": day.label,
        "day": day.day.isoformat(),
        "weekday": _weekday(day.day),
        "clause": day.clause,
        "basis": day.basis,
    }


def _weekday(day: date) -> str:
    return f"星期{WEEKDAYS[day.weekday()]}"


def _channel(notice: Notice, key: str) -> dict[str, Any]:
    channel = notice.channel(key)
    return {
        "key": key,
        "label": channel.label,
        "clause": channel.clause,
        "documents": list(channel.documents),
        "recommenders": channel.recommenders,
        "routes": {r: [s.key for s in notice.case_steps(key, r)] for r in channel.routes},
    }


def _gate(notice: Notice, step: Step) -> dict[str, Any]:
    return {
        "step": step.key,
        "label": step.label,
        "kind": str(step.kind),
        "scope": str(step.scope),
        "stage": step.stage,
        "clause": step.clause,
        "basis": step.basis,
        "channels": step.channels,
        "routes": step.routes,
        "when": step.when,
        "deciders": [
            {"body": d.body, "label": notice.body(d.body).label, "when": d.when, "assign": d.assign}
            for d in step.deciders
        ],
        "need": str(step.need) if isinstance(step.need, Need) else step.need,
        "answers": [_answer(a) for a in step.answers],
        "opens": notice.dates[step.opens].day.isoformat() if step.opens else None,
        "due": notice.dates[step.due].day.isoformat(),
        "remind": list(step.remind.days),
        "remind_superior": step.remind.superior,
        "remind_office": step.remind.office,
        "superior": step.superior,
        "needs_documents": list(step.needs_documents),
        "makes_documents": list(step.makes_documents),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "key": answer.key,
        "label": answer.label,
        "effect": str(answer.effect),
        "reason": answer.reason,
        "to": answer.to,
        "outcome": str(answer.outcome) if answer.outcome else None,
    }


def _members(notice: Notice) -> dict[str, int]:
    return {b.key: n for b in notice.bodies if (n := sum(m.body == b.key for m in notice.members))}


def render(facts: dict[str, Any]) -> str:
    """The facts of `describe` as a text in Chinese for a terminal."""
    quota = facts["quota"]
    lines = [
        f"{facts['title']}　{facts['number']}　印发于 {facts['issued']}",
        f"名额 {quota['places']} 名，比例 1:{quota['ratio']}（{quota['ratio_places']} 名）",
        *[f"名单　{x['label']}：{x['size']} 名（{SIZES[x['by']]}）" for x in facts["lists"]],
        "",
        "日期",
        *[_date_line(d) for d in facts["dates"]],
        "",
        "步骤",
        *[line for g in facts["gates"] for line in _gate_lines(g)],
        "",
        *[f"提醒：{w}" for w in facts["warnings"]],
        f"指纹 {facts['digest']}",
    ]
    return "\n".join(lines)


def _date_line(day: dict[str, Any]) -> str:
    return f"  {day['day']} {day['weekday']}　{day['label']}　{_source(day)}"


def _gate_lines(gate: dict[str, Any]) -> list[str]:
    span = f"{gate['opens']} 至 {gate['due']}" if gate["opens"] else f"截至 {gate['due']}"
    condition = f"　仅当{CONDITIONS[gate['when']]}" if gate["when"] else ""
    return [
        f"  {gate['label']}　{span}　{_source(gate)}{condition}",
        f"    由 {_deciders(gate)}　答复：{'／'.join(a['label'] for a in gate['answers'])}",
    ]


def _deciders(gate: dict[str, Any]) -> str:
    names = [_decider(d) for d in gate["deciders"]]
    if len(names) == 1 and gate["deciders"][0]["assign"] is None:
        return names[0]
    need = gate["need"]
    how = f"至少 {need} 个答复" if isinstance(need, int) else WORDS[Need(need)]
    return f"{'、'.join(names)}（{how}）"


def _decider(decider: dict[str, Any]) -> str:
    number = f"{decider['assign']}名" if decider["assign"] else ""
    when = f"（{CONDITIONS[decider['when']]}时）" if decider["when"] else ""
    return f"{decider['label']}{number}{when}"


def _source(part: dict[str, Any]) -> str:
    return f"{part['clause']}（办公室自定）" if part["basis"] == "office" else str(part["clause"])
