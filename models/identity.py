"""Is this an ID number, and what does it say of the person: born when, of which sex (GB 11643)?

Only the form of the number is judged, never the district: districts are renamed, numbers are not.
"""

from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric

LENGTH, OLD_LENGTH = 18, 15
YOUNGEST, OLDEST = 16, 100


@dataclass(frozen=True)
class Fault:
    """What is wrong with a value: a code, and the end of a sentence that begins with the field's name."""

    code: str
    text: str


@dataclass(frozen=True)
class Identity:
    born: date
    sex: str


def read_id(number: str) -> Identity | Fault:
    """What a cleaned number says; the fault never repeats the number."""
    if len(number) == OLD_LENGTH and number.isascii() and number.isdigit():
        return Fault("id_15", "是15位的旧号码，已经停用，请填写现在的18位号码。")
    if len(number) != LENGTH:
        return Fault("id_length", f"应为18位，现在是{len(number)}位，请核对。")
    body = number[:-1]
    if not (number.isascii() and body.isdigit() and (number[-1].isdigit() or number[-1] == "X")):
        return Fault("id_characters", "前17位应为数字，最后一位应为数字或X，请核对。")
    if str(ric.calc_check_digit(number)) != number[-1]:
        return Fault("id_checksum", "的校验位不对，多半有一位数字写错了，请对照身份证核对。")
    born = _day(number[6:14])
    if born is None:
        return Fault("id_date", "中的出生日期不存在，请对照身份证核对。")
    return Identity(born, "男" if int(number[16]) % 2 else "女")


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def age_on(born: date, day: date) -> int:
    """Full years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_fault(born: date, day: date) -> Fault | None:
    """二（二）: someone who works; a birth date in the future is no birth date."""
    if born > day:
        return Fault("born_in_future", "中的出生日期晚于今天，请核对。")
    age = age_on(born, day)
    if not YOUNGEST <= age <= OLDEST:
        return Fault("age_odd", f"算出的年龄是{age}岁，应在{YOUNGEST}至{OLDEST}岁之间，请核对。")
    return None
