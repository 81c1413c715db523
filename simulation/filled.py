"""What does a complete application of a made-up candidate say? Whatever the notice's fields ask, marked 样例.

ID numbers are valid and belong to nobody: a sequence code of 990 to 999 is never given out.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from stdnum.cn import ric

from models.form_field import FieldColumn, FormField
from models.notice import Notice
from models.words import FieldKind

DISTRICTS = (
    "450202",
    "450203",
    "450204",
    "450205",
    "450206",
    "450222",
    "450223",
    "450224",
    "450225",
    "450226",
)
FIRST_YEAR, LAST_YEAR = 1966, 2000


def filled_form(notice: Notice, channel: str, rng: Random, **given: Any) -> dict[str, Any]:
    """A complete application of this channel; `given` values stand, the others fit to them."""
    sex = str(given.get("sex") or rng.choice("男女"))
    id_number = str(given.get("id_number") or made_up_id(rng, sex))
    known: dict[str, Any] = {
        "nationality": "中国",
        "sex": sex,
        "id_number": id_number,
        "birth_date": f"{id_number[6:10]}-{id_number[10:12]}-{id_number[12:14]}",
        "public_power": False,
        "patented": "否",
        **given,
    }
    form = {
        f.key: known[f.key] if f.key in known else _value(notice, f, rng) for f in notice.fields_of(channel)
    }
    if "recommenders" in form and "recommenders" not in given:
        form["recommenders"] = _recommenders(notice, channel, form, rng)
    return form | {k: v for k, v in given.items() if k not in form}


def made_up_id(rng: Random, sex: str) -> str:
    """A valid ID number that nobody has."""
    last = rng.choice("13579" if sex == "男" else "02468")
    born = f"{rng.randint(FIRST_YEAR, LAST_YEAR)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    body = f"{rng.choice(DISTRICTS)}{born}99{last}"
    return body + str(ric.calc_check_digit(body + "0"))


def made_up_phone(rng: Random) -> str:
    """A telephone number of a block that nobody is given."""
    return f"1990000{rng.randint(0, 9999):04d}"


def _value(notice: Notice, field: FormField, rng: Random) -> Any:
    kind = field.kind
    if kind is FieldKind.INDICATORS:
        return [i.key for i in notice.indicators]
    if kind is FieldKind.CONDITION:
        return rng.choice(notice.conditions).key if notice.conditions else ""
    if kind is FieldKind.CATEGORY:
        return rng.choice(notice.categories).key if notice.categories else ""
    if kind is FieldKind.TICKS:
        return {c.key: "样例" if c.blank else "" for c in field.choices[:1]}
    if kind is FieldKind.YES_NO:
        return False
    if kind is FieldKind.ROWS:
        return [_row(field.columns, rng)]
    return _text(field, rng)


def _text(field: FormField | FieldColumn, rng: Random) -> str:
    made: dict[FieldKind, Callable[[], str]] = {
        FieldKind.SELECT: lambda: rng.choice(field.choices).key if field.choices else "",
        FieldKind.NUMBER: lambda: str(rng.randint(5, 35)),
        FieldKind.DATE: lambda: "1985-06-15",
        FieldKind.PHONE: lambda: made_up_phone(rng),
        FieldKind.EMAIL: lambda: f"candidate{rng.randint(1, 99999)}@example.org",
        FieldKind.ID_NUMBER: lambda: made_up_id(rng, "男"),
    }
    if field.kind in made:
        return made[field.kind]()
    if field.key == "postcode":
        return "545000"
    suggestions = getattr(field, "suggestions", [])
    return str(rng.choice(suggestions)) if suggestions else f"样例{field.label}"[: field.longest]


def _row(columns: list[FieldColumn], rng: Random) -> dict[str, Any]:
    return {c.key: _text(c, rng) for c in columns}


def _recommenders(notice: Notice, channel: str, form: Mapping[str, Any], rng: Random) -> list[dict[str, Any]]:
    columns = notice.field("recommenders").columns
    asked = {c.key for c in columns}
    same = {"occupation": form.get("occupation", ""), "grade": "高级技师"}
    known = [
        {**same, "name": f"样例推荐人{'甲乙丙丁戊'[n % 5]}"}
        for n in range(notice.channel(channel).recommenders)
    ]
    return [{**_row(columns, rng), **{k: v for k, v in row.items() if k in asked}} for row in known]
