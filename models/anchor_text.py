"""How is an anchor written for people who keep it outside, and read again from what they kept?

A text of a few lines, the same in the mail and in the file; what a mail program puts around or before the lines does no
harm. A hash alone, or its first 16 characters as minutes print them, can be kept as well.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.anchor import SHORT, Anchor, anchor_body, head_line
from models.event import told_hash
from models.merkle import root_of
from models.verdict import Reason, Refused

FIELDS = (
    ("season", "年度"),
    ("number", "序号"),
    ("day", "日期"),
    ("made_at", "时间"),
    ("chains", "记录链"),
    ("events", "流转记录"),
    ("moved", "变动的链"),
    ("digest", "摘要"),
    ("previous", "上一锚"),
    ("hash", "本锚"),
)
NUMBERS = {"number", "chains", "events", "moved"}
HASH = re.compile(rf"[0-9a-f]{{{SHORT},64}}")
HEAD = re.compile(r"(\S+) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (\d{1,9}) ([0-9a-f]{64})")
# Longer lists are left out of the mail: the file on the page has them all.
MOST_LINES = 500


@dataclass(frozen=True)
class KeptHead:
    label: str
    chain: str
    seq: int
    hash: str


@dataclass(frozen=True)
class Kept:
    """An anchor that somebody kept: at least the beginning of its hash, with the text also season, day and heads."""

    hash: str
    season: str = ""
    day: str = ""
    heads: tuple[KeptHead, ...] = ()


def anchor_text(anchor: Anchor, season: str, lines: Sequence[str]) -> str:
    """The anchor with the heads that had moved, as `lines_of` gives them."""
    body = {**anchor_body(anchor, season), "hash": anchor.hash}
    return "\n".join([*(f"{label}：{body[key]}" for key, label in FIELDS), *lines]) + "\n"


def read_kept(text: str) -> Kept:
    """What was kept: a hash, or the text of an anchor. Refused when it is neither, or no longer what it was."""
    if HASH.fullmatch(text.strip().lower()):
        return Kept(text.strip().lower())
    lines = [re.sub(r"^[>\s]+", "", line).strip() for line in text.splitlines()]
    said = _fields(lines)
    if set(said) != {key for key, _ in FIELDS}:
        text = "这不是记录锚：请给出记录锚邮件（或下载的记录锚文件）的全文，或者至少16位的散列。"
        raise Refused(Reason("no_anchor", text, "", "invalid"))
    body = {key: int(value) if key in NUMBERS else value for key, value in said.items() if key != "hash"}
    heads = [KeptHead(m[1], m[2], int(m[3]), m[4]) for m in map(HEAD.fullmatch, lines) if m]
    told = sorted(head_line(h.label, h.chain, h.seq, h.hash) for h in heads)
    whole = len(heads) == body["moved"]
    if told_hash(body) != said["hash"] or (whole and root_of(told) != said["digest"]):
        text = "这份记录锚自己就对不上：其中的内容被改动过，不能用来核对。请换一份保存的记录锚。"
        raise Refused(Reason("anchor_spoilt", text, "", "invalid"))
    return Kept(said["hash"], said["season"], said["day"], tuple(heads) if whole else ())


def _fields(lines: Sequence[str]) -> dict[str, str]:
    """What the lines say; of what a mail says twice, the latter, since the anchor stands below its summary."""
    keys = {label: key for key, label in FIELDS}
    found: dict[str, str] = {}
    for line in lines:
        label, colon, value = line.partition("：")
        if colon and label in keys and (keys[label] not in NUMBERS or value.isdecimal()):
            found[keys[label]] = value
    return found
