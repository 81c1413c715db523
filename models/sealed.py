"""Where does the record keep sealed things, and under which keys do they lie now?"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import Session, SQLModel, col, or_, select

from models.accounts import SecondFactor, factor_about
from models.appeal import Appeal, appeal_about
from models.case import Case
from models.crypto import FORMAT, Unreadable, key_of, seal, unseal
from models.filestore import FileGone, about, read_sealed, stored, write_sealed
from models.importing import SheetImport, sheet_about
from models.incoming import Incoming, content_about
from models.objection import Objection, account_about
from models.personal import index_numbers, sealed_about, sealed_about_id, sealed_form
from models.submission import Submission, Typed, typed_seal


@dataclass(frozen=True)
class Place:
    """One column that holds sealed bytes; `about` says as what a row's are sealed."""

    label: str
    model: type[SQLModel]
    column: InstrumentedAttribute[Any]
    about: Callable[[Any], str]

    @property
    def key(self) -> ColumnElement[Any]:
        """The name of the key, which stands at the head of the sealed bytes."""
        length = func.get_byte(self.column, len(FORMAT))
        return func.convert_from(func.substring(self.column, len(FORMAT) + 2, length), "UTF8")


def _column(column: Any) -> InstrumentedAttribute[Any]:
    found: InstrumentedAttribute[Any] = column
    return found


PLACES = (
    Place("申报材料", Case, _column(Case.sealed), sealed_about),
    Place("提交的材料", Submission, _column(Submission.sealed), lambda row: sealed_about_id(row.case_id)),
    Place("自动保存", Typed, _column(Typed.content), lambda row: typed_seal(row.person_id, row.about)),
    Place("汇总表", SheetImport, _column(SheetImport.content), sheet_about),
    Place("申诉", Appeal, _column(Appeal.content), appeal_about),
    Place("异议", Objection, _column(Objection.sealed), account_about),
    Place("来信", Incoming, _column(Incoming.content), lambda row: content_about(row.id)),
    Place("动态口令", SecondFactor, _column(SecondFactor.sealed), factor_about),
)
FILES = "材料文件"


def reseal_rows(session: Session, place: Place, key: str, most: int) -> int:
    """Seal anew up to so many rows that do not lie under `key` yet; how many that were."""
    primary = place.model.__mapper__.primary_key  # type: ignore[attr-defined]
    rows = session.exec(
        select(place.model)
        .where(place.column.is_not(None), place.key != key)
        .order_by(*primary)
        .limit(most)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        plain = unseal(getattr(row, place.column.key), place.about(row))
        setattr(row, place.column.key, seal(plain, place.about(row)))
        session.add(row)
    return len(rows)


def reseal_file(file_id: UUID, key: str) -> bool:
    """Seal one file anew, unless it is gone or lies under `key` already."""
    try:
        sealed = read_sealed(file_id)
    except FileGone:
        return False
    if key_of(sealed) == key:
        return False
    write_sealed(file_id, seal(unseal(sealed, about(file_id)), about(file_id)))
    return True


def reindex_cases(session: Session, key: str, most: int) -> int:
    """Compute anew the blind indices of up to so many cases whose are not of `key` yet."""
    rows = session.exec(
        select(Case)
        .where(or_(*(_indexed_otherwise(column, key) for column in (Case.id_index, Case.phone_index))))
        .order_by(col(Case.id))
        .limit(most)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for case in rows:
        index_numbers(case, sealed_form(case))
        session.add(case)
    session.flush()
    return len(rows)


def _indexed_otherwise(column: Any, key: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = col(column).is_not(None) & (func.split_part(column, ":", 1) != key)
    return found


def data_keys_in_use(session: Session) -> dict[str, Counter[str]]:
    """Under which data keys each kind of sealed thing lies, and how many."""
    found: dict[str, Counter[str]] = {}
    for place in PLACES:
        found[place.label] = _counted(session, place.key, place.column)
    found[FILES] = Counter(_file_keys())
    return found


def _file_keys() -> list[str]:
    names: list[str] = []
    for _, file_id in stored():
        try:
            names += [key_of(read_sealed(file_id))] if file_id else []
        except (FileGone, Unreadable):
            continue
    return names


def index_keys_in_use(session: Session) -> Counter[str]:
    """With which index keys the blind indices were computed, and how many."""
    found: Counter[str] = Counter()
    for column in (Case.id_index, Case.phone_index):
        found.update(_counted(session, func.split_part(column, ":", 1), column))
    return found


def _counted(session: Session, key: ColumnElement[Any], column: Any) -> Counter[str]:
    names = select(key.label("name")).where(col(column).is_not(None)).subquery()
    rows = session.exec(select(names.c.name, func.count()).group_by(names.c.name))
    return Counter({str(name): number for name, number in rows})
