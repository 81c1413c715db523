"""What does an objection need to be heard, and which evidence is taken in with it (三（七）)?"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from documents.problems import Refusal
from documents.sniff import Inspected
from models.filestore import LARGEST_FILE
from models.notice import Notice
from models.objection import Account, Objection, ObjectionFile
from models.text import count_characters, tidy_line, tidy_text
from models.verdict import Reason, Refused, Verdict
from notifications.letters import ADDRESS, LONGEST_ADDRESS
from tasks.taking import inspect_upload, keep_upload

CLAUSE = "三（七）"
MOST_FILES, MEGABYTE = 5, 1024 * 1024
LONGEST = {"objector": 80, "contact": 200, "text": 3000}
LABELS = {"objector": "异议人姓名或单位", "contact": "联系方式", "text": "异议内容"}
# Without letters and digits that look alike.
RECEIPT_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECEIPT_LENGTH = 8


def new_receipt(notice: Notice) -> str:
    """2025-K7Q4M2XH: tells nobody how many there are."""
    return f"{notice.year}-{''.join(secrets.choice(RECEIPT_SIGNS) for _ in range(RECEIPT_LENGTH))}"


def tidied(account: Account) -> Account:
    """As it is compared and kept: no blanks at the ends, nothing that is not seen."""
    return replace(
        account,
        objector=tidy_line(account.objector),
        contact=tidy_line(account.contact),
        text=tidy_text(account.text),
        email=tidy_line(account.email),
    )


def check_account(account: Account) -> Verdict:
    """By a real name, with a way to ask back, and what it is about; a mailbox is optional."""
    found: list[Reason] = []
    for name, label in LABELS.items():
        value = getattr(account, name)
        if not value:
            found.append(Reason("field_missing", f"请填写{label}。", CLAUSE, "invalid", name))
        elif count_characters(value) > LONGEST[name]:
            text = f"{label}最多{LONGEST[name]}字，现有{count_characters(value)}字，请删减。"
            found.append(Reason("too_long", text, CLAUSE, "invalid", name))
    if account.email and (len(account.email) > LONGEST_ADDRESS or not ADDRESS.fullmatch(account.email)):
        text = "电子邮箱的格式不对，应形如 name@example.org；不需要回执的可以不填。"
        found.append(Reason("email_malformed", text, CLAUSE, "invalid", "email"))
    return tuple(found)


def inspect_evidence(files: Sequence[tuple[str, bytes]]) -> list[Inspected]:
    """Look into every file; done before anything is locked, and quick when done again."""
    if len(files) > MOST_FILES:
        text = f"佐证材料最多{MOST_FILES}份，请合并后再提交。"
        raise Refused(Reason("too_many_files", text, CLAUSE, "invalid", "evidence"))
    return [_looked_into(name, content) for name, content in files]


def keep_evidence(session: Session, objection: Objection, files: Sequence[tuple[str, bytes]]) -> None:
    """Keep the files, sealed, under names of ours: what a stranger calls a file may tell who he is."""
    for number, (found, (_, content)) in enumerate(zip(inspect_evidence(files), files, strict=True), 1):
        file = ObjectionFile(
            id=uuid4(),
            objection_id=objection.id,
            filename=f"佐证材料{number}.{found.kind}",
            kind=found.kind,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        session.add(file)
        keep_upload(session, file.id, content)


def _looked_into(name: str, content: bytes) -> Inspected:
    if len(content) > LARGEST_FILE:
        text = f"“{name}”超过{LARGEST_FILE // MEGABYTE}MB，请压缩或拆分后再提交。"
        raise Refused(Reason("file_too_large", text, CLAUSE, "invalid", "evidence"))
    try:
        return inspect_upload(name, content)
    except Refusal as refusal:
        text = f"“{name}”：{refusal.problem.message}"
        raise Refused(Reason(refusal.problem.code, text, CLAUSE, "invalid", "evidence")) from None


def evidence_of(session: Session, objection_id: UUID) -> Sequence[ObjectionFile]:
    return session.exec(
        select(ObjectionFile)
        .where(ObjectionFile.objection_id == objection_id)
        .order_by(col(ObjectionFile.filename))
    ).all()
