"""Is the record of a case, as it was exported, whole and unchanged? The file alone is asked, nothing else is read.

Whoever gets the file can do the same with any program: each hash is the SHA-256 of the values in JSON, names sorted,
without blanks, in UTF-8 (`models.event.told_hash`); moments are hashed as seconds since 1970.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from models.anchor import head_line
from models.event import GENESIS, told_hash
from models.merkle import root_by

SCHEMA = "gongjiang-record/1"
COMMITTED = ("season", "number", "day", "made_at", "chains", "events", "moved", "digest", "previous")
Json = Mapping[str, Any]
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)


def record_faults(record: Json) -> Iterator[str]:
    """Every fault in Chinese: of the chain up to its first, then of the decisions, then of the anchors."""
    try:
        if record["schema"] != SCHEMA:
            yield f"流转记录的格式是“{record['schema']}”，本程序只认识“{SCHEMA}”。"
            return
        found = [*_chain_faults(record), *_decision_faults(record), *_anchor_faults(record)]
    except UNREADABLE:
        yield "流转记录的格式不对，读不出来。"
        return
    yield from found


def anchor_hashes(record: Json) -> list[str]:
    return [str(a["hash"]) for a in record.get("anchors", [])]


def file_hashes(record: Json) -> set[str]:
    """The SHA-256 of every file that the record knows to have been added."""
    told = [e["facts"] for e in record["events"] if not e.get("withheld")]
    return {str(facts["sha256"]) for facts in told if "sha256" in facts}


def withheld(record: Json) -> int:
    """How many events are told without their facts: of these only the place in the chain can be checked."""
    return sum(bool(e.get("withheld")) for e in record.get("events", []))


def event_hash_of(chain: str, event: Json) -> str:
    """The hash that an exported event must have."""
    return told_hash(
        {
            "chain": chain,
            "seq": event["seq"],
            "kind": event["kind"],
            "at": datetime.fromisoformat(event["at"]).timestamp(),
            "recorded_at": datetime.fromisoformat(event["recorded_at"]).timestamp(),
            "actor": event["actor"],
            "facts": event["facts"],
            "previous": event["previous"],
        }
    )


def _chain_faults(record: Json) -> Iterator[str]:
    expected, previous = 1, GENESIS
    for event in record["events"]:
        if event["seq"] != expected:
            yield f"流转记录第{expected}条应在的位置上是第{event['seq']}条：有记录缺失、多出或次序被调换。"
            return
        if event["previous"] != previous:
            yield f"流转记录第{expected}条与前一条不相接，其中一条已被改动。"
            return
        if not event.get("withheld") and event_hash_of(record["chain"], event) != event["hash"]:
            yield f"流转记录第{expected}条与其散列不符，已被改动。"
            return
        expected, previous = expected + 1, event["hash"]
    if (record["head"]["seq"], record["head"]["hash"]) != (expected - 1, previous):
        yield f"流转记录应有{record['head']['seq']}条，最后的散列也应一致；文件中有{expected - 1}条，对不上。"


def _decision_faults(record: Json) -> Iterator[str]:
    open_events = [e for e in record["events"] if not e.get("withheld")]
    kept = {e["facts"]["decision"]: e for e in open_events if e["kind"] == "answer_given"}
    for decision in record["decisions"]:
        event = kept.pop(decision["id"], None)
        if event is None:
            yield f"决定{decision['id']}没有对应的流转记录。"
        elif what := _differs(decision, event):
            yield f"流转记录第{event['seq']}条所记决定的{what}与其摘要不符，已被改动。"
    for event in kept.values():
        yield f"流转记录第{event['seq']}条所记的决定不在文件里。"


def _differs(decision: Json, event: Json) -> str:
    said, facts = decision["said"], event["facts"]
    parts = [decision["salt"], *(said[k] for k in ("answer", "opinion", "reason", "items", "facts"))]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    if hashlib.sha256(text.encode()).hexdigest() != facts["digest"]:
        return "内容"
    signature = facts.get("signature")
    if signature and told_hash([decision["salt"], decision["circumstances"]]) != signature:
        return "办理人、时间或所依据的材料"
    return ""


def _anchor_faults(record: Json) -> Iterator[str]:
    hashes = {e["seq"]: e["hash"] for e in record["events"]}
    previous = GENESIS
    for number, anchor in enumerate(record["anchors"], 1):
        where = f"第{number}号记录锚（{anchor['day']}）"
        committed = {key: anchor[key] for key in COMMITTED}
        if anchor["number"] != number or anchor["previous"] != previous:
            yield f"{where}与前一号不相接。"
            return
        if told_hash(committed) != anchor["hash"]:
            yield f"{where}与其散列不符，已被改动。"
            return
        previous = anchor["hash"]
        if head := anchor.get("head"):
            yield from _head_faults(where, record["chain"], anchor, head, hashes)


def _head_faults(
    where: str, chain: str, anchor: Json, head: Json, hashes: Mapping[int, str]
) -> Iterator[str]:
    proof: Sequence[Any] = [(side, other) for side, other in head["proof"]]
    if root_by(head_line(head["label"], chain, head["seq"], head["hash"]), list(proof)) != anchor["digest"]:
        yield f"{where}所记的本案散列不能由其摘要证明，已被改动。"
    elif hashes.get(head["seq"]) is None:
        yield f"{where}记有{head['seq']}条流转记录，文件中只有{len(hashes)}条：末尾被截去。"
    elif hashes[head["seq"]] != head["hash"]:
        yield f"流转记录第{head['seq']}条与{where}不符，它或它之前的记录被改写过。"
