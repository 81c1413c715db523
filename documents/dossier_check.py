"""Is a dossier whole and unchanged? Only the file is asked: no database, no settings, no keys, nothing on the disk.

Every file is read in portions up to the size that the manifest says, and no further; names that would lead out of a
folder are refused, and so is an archive that promises more than a dossier can hold.
"""

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from models.record_check import anchor_hashes, file_hashes, record_faults, withheld
from models.zips import DAMAGED, has_password

SCHEMA = "gongjiang-dossier/1"
MANIFEST = "manifest.json"
MEGABYTE = 1024 * 1024
LARGEST_FILE, LARGEST_DATA = 320 * MEGABYTE, 64 * MEGABYTE
MOST_FILES, MOST_RATIO = 20_000, 200
PORTION = MEGABYTE
DOSSIER, RECORD, DOCUMENTS = "dossier", "record", "材料/"
SEASON = "season"


@dataclass
class Checked:
    """What was looked at, and everything that is wrong with it."""

    kind: str = ""
    season: str = ""
    case: str = ""
    redacted: bool = False
    files: int = 0
    dossiers: int = 0
    events: int = 0
    withheld: int = 0
    chains: int = 0
    anchors: set[str] = field(default_factory=set)
    documents: set[str] | None = None
    faults: list[str] = field(default_factory=list)

    def add(self, where: str, inner: "Checked") -> None:
        self.files += inner.files
        self.dossiers += 1 + inner.dossiers
        self.events += inner.events
        self.withheld += inner.withheld
        self.chains = max(self.chains, inner.chains)
        self.anchors |= inner.anchors
        self.faults += [f"{where}：{fault}" for fault in inner.faults]

    def as_json(self) -> dict[str, Any]:
        told = {k: getattr(self, k) for k in ("kind", "season", "case", "redacted", "files", "dossiers")}
        checked = {"events": self.events, "withheld": self.withheld, "anchors": len(self.anchors)}
        return {"ok": not self.faults, **told, **checked, "faults": self.faults}

    def as_text(self) -> str:
        if self.faults:
            return "\n".join([f"档案有{len(self.faults)}处不符：", *(f"  {f}" for f in self.faults)])
        hidden = f"（其中{self.withheld}条不公开内容，只核对了次序和相连）" if self.withheld else ""
        inner = f"，含{self.dossiers}份分卷" if self.dossiers else ""
        return (
            f"档案完整，未发现改动：{self.season} {self.case or '全年度'}{inner}，"
            f"文件{self.files}个，流转记录{self.events}条{hidden}，记录锚{len(self.anchors)}个。"
        )


def check_dossier(file: Path) -> Checked:
    """Everything about the dossier, or the exported record (.json), in this file; `OSError` if it can't be opened."""
    with file.open("rb") as opened:
        if opened.read(1) == b"{":
            opened.seek(0)
            return _check_record_file(opened.read(LARGEST_DATA + 1))
        opened.seek(0)
        return _check(opened, deep=True)


def _check_record_file(content: bytes) -> Checked:
    checked = Checked(kind=RECORD, files=1)
    _check_record(checked, MANIFEST, content, {})
    return checked


def _check(file: IO[bytes], *, deep: bool) -> Checked:
    checked = Checked()
    try:
        with zipfile.ZipFile(file) as package:
            _check_package(checked, package, deep=deep)
    except DAMAGED:
        checked.faults.append("不是完整的 zip 文件，打不开或读到一半出错。")
    return checked


def _check_package(checked: Checked, package: zipfile.ZipFile, *, deep: bool) -> None:
    entries = package.infolist()
    checked.faults += _structure_faults(entries)
    if checked.faults:
        return
    manifest = _manifest(checked, package)
    if manifest is None:
        return
    listed = {f["name"]: f for f in manifest["files"]}
    there = {e.filename for e in entries} - {MANIFEST}
    checked.faults += [f"缺少文件“{n}”。" for n in sorted(set(listed) - there)]
    checked.faults += [f"多出文件“{n}”，清单里没有。" for n in sorted(there - set(listed))]
    for name in [e.filename for e in entries if e.filename in listed]:
        _check_file(checked, package, listed[name], manifest, deep=deep)
    checked.faults += _faults_of_the_whole(checked, listed)


def _faults_of_the_whole(checked: Checked, listed: dict[str, Any]) -> Iterator[str]:
    """The manifest could be written anew: what the record and its anchors say of files and cases can't."""
    if checked.kind == SEASON:
        if checked.dossiers < checked.chains:
            yield f"记录锚记有{checked.chains}条记录链，档案里只有{checked.dossiers}份分卷，缺了案件。"
    elif checked.documents is None:
        yield "没有流转记录，或者流转记录有误。"
    elif not checked.redacted and not checked.withheld:
        for name, file in listed.items():
            if name.startswith(DOCUMENTS) and file["sha256"] not in checked.documents:
                yield f"文件“{name}”在流转记录中没有登记，不是当时上传的那一份。"


def _structure_faults(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    """What may be said from the table of contents alone."""
    if len(entries) > MOST_FILES:
        yield f"文件多达{len(entries)}个，不是本系统的档案。"
        return
    for name, times in Counter(e.filename for e in entries).items():
        if times > 1:
            yield f"文件“{name}”有{times}份。"
    for e in entries:
        path = PurePosixPath(e.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in e.filename or ":" in e.filename or e.is_dir():
            yield f"文件名“{e.filename}”不合规。"
        elif has_password(e):
            yield f"文件“{e.filename}”设有密码。"
        elif e.file_size > LARGEST_FILE or e.file_size > max(e.compress_size, 4096) * MOST_RATIO:
            yield f"文件“{e.filename}”解开后过大。"


def _manifest(checked: Checked, package: zipfile.ZipFile) -> dict[str, Any] | None:
    """The manifest, if it is one of this version."""
    try:
        told = json.loads(_read(package, MANIFEST, LARGEST_DATA))
        if told["schema"] != SCHEMA:
            checked.faults.append(f"档案的格式是“{told['schema']}”，本程序只认识“{SCHEMA}”。")
            return None
        checked.kind, checked.season, checked.case = str(told["kind"]), str(told["season"]), str(told["case"])
        checked.redacted = bool(told["redacted"])
        _ = [(f["name"], f["sha256"], f["size"], f["document"]) for f in told["files"]]
        _ = (told["head"]["seq"], told["head"]["hash"])
    except KeyError as error:
        missing = "没有清单 manifest.json。" if MANIFEST in str(error) else "清单 manifest.json 缺少内容。"
        checked.faults.append(missing)
        return None
    except (ValueError, TypeError, AttributeError, RecursionError):
        checked.faults.append("清单 manifest.json 读不出来。")
        return None
    checked_manifest: dict[str, Any] = told
    return checked_manifest


def _check_file(
    checked: Checked,
    package: zipfile.ZipFile,
    listed: dict[str, Any],
    manifest: dict[str, Any],
    *,
    deep: bool,
) -> None:
    name, kind = listed["name"], listed["document"]
    checked.files += 1
    kept = kind == DOSSIER or (kind == RECORD and name.endswith(".json"))
    try:
        digest, size, content = _hashed(package, name, keep=kept)
    except DAMAGED:
        checked.faults.append(f"文件“{name}”已损坏，读不出来。")
        return
    if (digest, size) != (listed["sha256"], listed["size"]):
        checked.faults.append(f"文件“{name}”与清单中的散列不符，已被改动。")
    elif kind == DOSSIER and deep:
        checked.add(name, _check(io.BytesIO(content), deep=False))
    elif kind == DOSSIER:
        checked.faults.append(f"文件“{name}”又是一份档案，分卷里不应再有分卷。")
    elif kept:
        _check_record(checked, name, content, manifest)


def _check_record(checked: Checked, name: str, content: bytes, manifest: dict[str, Any]) -> None:
    try:
        record = json.loads(content) if len(content) <= LARGEST_DATA else None
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        checked.faults.append(f"文件“{name}”读不出来。")
        return
    faults = list(record_faults(record))
    checked.faults += faults
    if faults:
        return
    checked.season, checked.case = checked.season or record["season"], checked.case or record["case"]
    checked.documents = file_hashes(record)
    checked.chains = max([checked.chains, *(a["chains"] for a in record["anchors"])])
    checked.events += len(record["events"])
    checked.withheld += withheld(record)
    checked.anchors |= set(anchor_hashes(record))
    if manifest and record["head"] != manifest["head"]:
        checked.faults.append("清单所记的最后一条流转记录与记录本身不符。")
    anchor = manifest.get("anchor")
    if anchor and anchor["hash"] not in anchor_hashes(record):
        checked.faults.append(f"清单所记的记录锚（{anchor.get('day')}）不在流转记录中。")


def _hashed(package: zipfile.ZipFile, name: str, *, keep: bool) -> tuple[str, int, bytes]:
    """SHA-256 and size of a file, and its bytes where they are looked into; never more than the contents promised."""
    digest, size, kept = hashlib.sha256(), 0, bytearray()
    with package.open(name) as file:
        while portion := file.read(PORTION):
            size += len(portion)
            if size > LARGEST_FILE:
                raise ValueError(name)
            digest.update(portion)
            if keep:
                kept += portion
    return digest.hexdigest(), size, bytes(kept)


def _read(package: zipfile.ZipFile, name: str, most: int) -> bytes:
    with package.open(name) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(name)
    return content
