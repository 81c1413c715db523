"""How do many lines become one hash, so that one line alone can still be shown to belong to it?

A tree of hashes over the lines in their order: leaf = SHA-256(0x00, line), node = SHA-256(0x01, left, right); a node
without a neighbour goes up as it is. The proof of a line are the neighbours on its way to the root.
"""

import hashlib
from collections.abc import Sequence

LEFT, RIGHT = "left", "right"
Proof = list[tuple[str, str]]


def root_of(lines: Sequence[str]) -> str:
    """The hash of all lines; of none, that of nothing."""
    level = [_leaf(line) for line in lines]
    while len(level) > 1:
        level = _above(level)
    return level[0].hex() if level else hashlib.sha256(b"").hexdigest()


def proof_of(lines: Sequence[str], position: int) -> Proof:
    """The neighbours of the line at `position`, from the leaves up: on which side each stands, and its hash."""
    level, found = [_leaf(line) for line in lines], []
    while len(level) > 1:
        neighbour = position ^ 1
        if neighbour < len(level):
            found.append((LEFT if neighbour < position else RIGHT, level[neighbour].hex()))
        level, position = _above(level), position // 2
    return found


def root_by(line: str, proof: Proof) -> str:
    """The root to which this proof leads; `ValueError` when it is no proof."""
    node = _leaf(line)
    for side, neighbour in proof:
        other = bytes.fromhex(neighbour)
        node = _node(other, node) if side == LEFT else _node(node, other)
    return node.hex()


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [level[n : n + 2] for n in range(0, len(level), 2)]
    return [_node(*pair) if len(pair) == 2 else pair[0] for pair in pairs]


def _leaf(line: str) -> bytes:
    return hashlib.sha256(b"\0" + line.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
