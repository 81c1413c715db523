"""How are ID numbers, telephone numbers, addresses and every uploaded file kept from whoever holds the disk?

Each is sealed with AES-256-GCM under the data key; `about` names where it belongs, so that a sealed text moved to
another row can't be opened. What must be found again (the same person twice) is looked up by a keyed digest, the blind
index. Both keys are kept outside the data folder and outside the backup (`settings.keys_folder`).
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from settings import Settings, settings
from settings.disk import write_durably

FORMAT = b"GJ1"
NONCE_BYTES = 12
KEY_BYTES = 32


class KeysMissing(Exception):
    """The keys are not there, or are not those with which the data was sealed; the text says so in Chinese."""


class Unreadable(Exception):
    """Something sealed was changed, or moved to where it does not belong."""


class Keyring:
    """The data keys and index keys of an installation: `current` ones are written with, all are read with."""

    def __init__(self, data: dict[str, bytes], index: dict[str, bytes], current: dict[str, str]) -> None:
        self.data, self.index, self.current = data, index, current

    @property
    def data_key(self) -> str:
        return self.current["data"]

    @property
    def index_key(self) -> str:
        return self.current["index"]

    def fingerprints(self) -> dict[str, str]:
        """What the record keeps of each key, to know it again: nothing can be opened with it."""
        return {name: fingerprint(key) for name, key in (self.data | self.index).items()}

    def text(self) -> str:
        def shown(keys: dict[str, bytes]) -> dict[str, str]:
            return {name: base64.b64encode(key).decode() for name, key in keys.items()}

        return json.dumps(
            {"current": self.current, "data": shown(self.data), "index": shown(self.index)}, indent=2
        )


def fingerprint(key: bytes) -> str:
    return hmac.new(key, b"gongjiang key fingerprint", hashlib.sha256).hexdigest()[:32]


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def keys_file(of: Settings | None = None) -> Path:
    return (of or settings()).keys_folder / "keys.json"


def write_keys(ring: Keyring) -> None:
    """Keep the keys in a file that only its owner may read."""
    path = keys_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_durably(path, ring.text())


def keyring() -> Keyring:
    """The keys of this installation; read again when their file has changed."""
    path = keys_file()
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise KeysMissing(
            f"找不到密钥文件 {path}。身份证号、证件扫描件用它加密，没有它就打不开已有的数据。"
            "请把保管的密钥文件放回原处，或用 GONGJIANG_KEYS 指明它所在的目录。"
        ) from None
    return _read(path, changed)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Keyring:
    try:
        held: dict[str, Any] = json.loads(path.read_text())
        data = {name: _key(key) for name, key in held["data"].items()}
        index = {name: _key(key) for name, key in held["index"].items()}
        current = {purpose: str(held["current"][purpose]) for purpose in ("data", "index")}
        if current["data"] in data and current["index"] in index:
            return Keyring(data, index, current)
    except PermissionError:
        raise KeysMissing(f"没有读密钥文件 {path} 的权限，请把它交给运行系统的用户。") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise KeysMissing(f"密钥文件 {path} 已损坏，请换回保管的副本。")


def _key(text: str) -> bytes:
    key = base64.b64decode(text)
    if len(key) != KEY_BYTES:
        raise ValueError("not the length of a key")
    return key


def seal(plain: bytes, about: str) -> bytes:
    """`plain` as only this installation can read it, and only as what `about` says it is."""
    ring = keyring()
    name = ring.data_key.encode()
    nonce = os.urandom(NONCE_BYTES)
    body = AESGCM(ring.data[ring.data_key]).encrypt(nonce, plain, about.encode())
    return FORMAT + bytes([len(name)]) + name + nonce + body


def unseal(sealed: bytes, about: str) -> bytes:
    """Raises `Unreadable` when the text was changed or belongs elsewhere, `KeysMissing` when its key is not there."""
    name, rest = _key_and_rest(sealed)
    key = keyring().data.get(name)
    if key is None:
        raise KeysMissing(f"密钥文件里没有编号为 {name} 的密钥，打不开用它加密的数据。请换回保管的密钥文件。")
    try:
        return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError):
        raise Unreadable(f"加密的内容已损坏或被改动：{about}") from None


def key_of(sealed: bytes) -> str:
    """Under which data key this was sealed."""
    return _key_and_rest(sealed)[0]


def _key_and_rest(sealed: bytes) -> tuple[str, bytes]:
    start = len(FORMAT) + 1
    if sealed[: len(FORMAT)] != FORMAT or len(sealed) < start:
        raise Unreadable("不是本系统加密的内容。")
    end = start + sealed[len(FORMAT)]
    return sealed[start:end].decode("ascii", "replace"), sealed[end:]


def seal_json(value: Any, about: str) -> bytes:
    return seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), about)


def unseal_json(sealed: bytes | None, about: str) -> Any:
    """None for nothing."""
    return None if sealed is None else json.loads(unseal(sealed, about))


def blind(kind: str, value: str) -> str | None:
    """A digest by which an equal value of the same kind is found, and nothing else learnt; None for no value."""
    if not value:
        return None
    ring = keyring()
    digest = hmac.new(ring.index[ring.index_key], f"{kind}:{value}".encode(), hashlib.sha256)
    return f"{ring.index_key}:{digest.hexdigest()}"
