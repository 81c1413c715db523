"""Does a single value say what its kind of field asks for: a day, a number, a telephone, an address?"""

import re
from datetime import date

from models.form_field import FieldColumn, FormField
from models.identity import Fault, Identity, read_id
from models.tidy import POSTCODE
from models.words import FieldKind

_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"\(?(?:0\d{2,3})?\)?\d{7,8}")
_EMAIL = re.compile(r"[^@\s<>\"',;:]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_POSTCODE = re.compile(r"\d{6}")


def check_value(field: FormField | FieldColumn, value: str) -> Fault | None:
    """What is wrong with a cleaned text that is not empty."""
    if field.key == POSTCODE:
        return None if _matches(_POSTCODE, value) else Fault("postcode_form", "应为6位数字，如 545000。")
    check = _CHECKS.get(field.kind)
    return check(value) if check else None


def _matches(pattern: re.Pattern[str], value: str) -> bool:
    return value.isascii() and pattern.fullmatch(value) is not None


def _check_id(value: str) -> Fault | None:
    read = read_id(value)
    return None if isinstance(read, Identity) else read


def _check_phone(value: str) -> Fault | None:
    if _matches(_MOBILE, value) or _matches(_LANDLINE, value):
        return None
    return Fault("phone_form", "应为11位手机号码，或固定电话（可带区号，如 0772-2825115），请核对。")


def _check_email(value: str) -> Fault | None:
    if _matches(_EMAIL, value):
        return None
    return Fault("email_form", "不是完整的邮箱地址，应为 name@example.org 这样的写法，请核对。")


def _check_number(value: str) -> Fault | None:
    if value.isascii() and value.isdigit():
        return None
    return Fault("number_form", "应填整数，只写数字，如 21。")


def _check_day(value: str) -> Fault | None:
    if read_day(value) is None:
        return Fault("date_form", "应为 1985-06-15 这样的年-月-日，并且确有这一天，请核对。")
    return None


def read_day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


_CHECKS = {
    FieldKind.ID_NUMBER: _check_id,
    FieldKind.PHONE: _check_phone,
    FieldKind.EMAIL: _check_email,
    FieldKind.NUMBER: _check_number,
    FieldKind.DATE: _check_day,
}
