"""Which keys has the record been written with? It keeps their fingerprints, to refuse wrong ones loudly."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from models.crypto import Keyring, KeysMissing, keyring, keys_file, new_key, write_keys
from models.database import Instant, real_now


class CipherKey(SQLModel, table=True):
    """A key that has been in use: its name and fingerprint, never the key."""

    __tablename__ = "cipher_key"

    name: str = Field(primary_key=True, max_length=40)
    purpose: str = Field(max_length=10)
    fingerprint: str = Field(max_length=64)
    made_at: datetime = Field(default_factory=real_now, sa_type=Instant)
    retired_at: datetime | None = Field(default=None, sa_type=Instant)


def ensure_keys(session: Session) -> None:
    """Make the first keys of a new installation; refuse to go on with others than those of the record."""
    known = session.exec(select(CipherKey).where(col(CipherKey.retired_at).is_(None))).all()
    if not known and not keys_file().exists():
        write_keys(Keyring({"d1": new_key()}, {"i1": new_key()}, {"data": "d1", "index": "i1"}))
    ring = keyring()
    held = ring.fingerprints()
    for key in known:
        if held.get(key.name) != key.fingerprint:
            raise KeysMissing(
                f"密钥文件 {keys_file()} 不是加密现有数据所用的那一份（{key.name}）。"
                "请换回保管的密钥文件再启动；用错密钥，身份证号和证件扫描件都打不开。"
            )
    note_keys(session, ring)


def note_keys(session: Session, ring: Keyring) -> None:
    """Note the fingerprints of keys that the record does not know yet."""
    noted = set(session.exec(select(CipherKey.name)).all())
    for purpose, keys in (("data", ring.data), ("index", ring.index)):
        for name in keys:
            if name not in noted:
                session.add(CipherKey(name=name, purpose=purpose, fingerprint=ring.fingerprints()[name]))
