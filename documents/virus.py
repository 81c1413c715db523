"""Is there a virus in this file? The scanner on this machine or beside it is asked, if there is one: clamd.

It is asked once for a file while it is taken in: what was found clean is remembered for a minute. A scanner that does
not answer is left alone for some seconds, so that a pile of files is not held up one by one.
"""

import hashlib
import io
import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from clamdpy import ClamdNetworkSocket, ClamdUnixSocket
from clamdpy.exceptions import ClamdException

from models.words import ScanState
from settings import settings

REMEMBERED, REMEMBERED_SECONDS = 256, 60.0
LEFT_ALONE_SECONDS = 10.0
PING_SECONDS = 2.0
CHUNK = 1 << 16
LONGEST_NAME = 200

log = logging.getLogger("gongjiang.virus")


@dataclass(frozen=True)
class Looked:
    """`virus` is what the scanner calls what it found."""

    state: ScanState
    virus: str = ""


class _Memory:
    """What this process knows of the scanner and of the files seen last."""

    def __init__(self) -> None:
        self._clean: OrderedDict[str, float] = OrderedDict()
        self._silent: dict[str, float] = {}
        self._alone = threading.Lock()

    def is_clean(self, digest: str) -> bool:
        with self._alone:
            return time.monotonic() - self._clean.get(digest, -REMEMBERED_SECONDS) < REMEMBERED_SECONDS

    def note_clean(self, digest: str) -> None:
        with self._alone:
            self._clean[digest] = time.monotonic()
            self._clean.move_to_end(digest)
            if len(self._clean) > REMEMBERED:
                self._clean.popitem(last=False)

    def is_silent(self, address: str) -> bool:
        return time.monotonic() < self._silent.get(address, 0.0)

    def note_silence(self, address: str) -> None:
        self._silent[address] = time.monotonic() + LEFT_ALONE_SECONDS


_memory = _Memory()


def look(content: bytes, *, patiently: bool = False) -> Looked:
    """Ask about the content of a file; `patiently` asks also a scanner that has just not answered."""
    address = settings().clamd_address
    if address is None:
        return Looked(ScanState.UNSCANNED)
    digest = hashlib.sha256(content).hexdigest()
    if _memory.is_clean(digest):
        return Looked(ScanState.CLEAN)
    if _memory.is_silent(address) and not patiently:
        return Looked(ScanState.WAITING)
    try:
        result = _scanner(address, settings().clamd_seconds).instream(io.BytesIO(content))
    except (ClamdException, OSError) as error:
        log.warning("the virus scanner does not answer: %s", type(error).__name__)
        _memory.note_silence(address)
        return Looked(ScanState.WAITING)
    if result.status == "FOUND":
        return Looked(ScanState.FOUND, (result.reason or "")[:LONGEST_NAME])
    if result.status != "OK":
        log.warning("the virus scanner could not read a file: %s", result.reason)
        return Looked(ScanState.WAITING)
    _memory.note_clean(digest)
    return Looked(ScanState.CLEAN)


def scanner_version() -> str | None:
    """What the scanner says it is; None when there is none or it does not answer."""
    address = settings().clamd_address
    if address is None:
        return None
    try:
        return _scanner(address, PING_SECONDS).version(raw=True)
    except (ClamdException, OSError):
        return None


def _scanner(address: str, seconds: float) -> ClamdNetworkSocket:
    if address.startswith("/"):
        return ClamdUnixSocket(address, timeout=seconds, max_chunk_size=CHUNK)
    host, _, port = address.rpartition(":")
    return ClamdNetworkSocket(host, int(port), timeout=seconds, max_chunk_size=CHUNK)
