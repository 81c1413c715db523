"""How is a name found by its pinyin? Full spelling and initials, with the surnames that dictionaries misread."""

from pypinyin import Style, lazy_pinyin

SURNAMES = {
    "覃": "qin",
    "单": "shan",
    "仇": "qiu",
    "解": "xie",
    "区": "ou",
    "曾": "zeng",
    "查": "zha",
    "盖": "ge",
    "朴": "piao",
    "尉": "yu",
}


def searchable(name: str) -> str:
    """`覃立恒` → `qinliheng qlh`; what is no Chinese character stays as it is."""
    if not name:
        return ""
    parts = lazy_pinyin(name, style=Style.NORMAL)
    if name[0] in SURNAMES:
        parts[0] = SURNAMES[name[0]]
    return f"{''.join(parts)} {''.join(p[:1] for p in parts)}".lower()
