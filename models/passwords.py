"""Which passwords are good enough? Two rules that contradict each other; the installation chooses (docs/adr/0025).

`dengbao` (等级保护): ten characters, three of four classes, a new one after 90 days, none of the last five. `asvs`:
fifteen characters, whatever they are, for as long as its owner likes. Both refuse what everybody tries first.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from models.verdict import Reason, Verdict
from settings import settings

LONGEST = 200
FIELD = "new"
# What stands for the city, the union, the award and this system, in characters and in letters.
OWN_WORDS = ("柳州", "工会", "工匠", "lzgh", "lzszgh", "liuzhou", "gonghui", "gongjiang")
LOOKALIKES = str.maketrans("@4301!5$7", "aaeoiisst")
COMMON = frozenset(FREQUENCY_LISTS["passwords"])


@dataclass(frozen=True)
class Policy:
    """`lasts`: how long a password may be used; `remembered`: how many of the last are not taken again."""

    shortest: int
    classes: int
    lasts: timedelta | None
    remembered: int

    @property
    def sentences(self) -> Sequence[str]:
        """The rule in Chinese, for the page."""
        said = [f"至少{self.shortest}个字符，可以很长，也可以用汉字和空格"]
        if self.classes:
            said.append(f"大写字母、小写字母、数字、符号（含汉字）四类中至少有{self.classes}类")
        said.append("不能是常见密码，不能含“柳州”“工会”、lzgh、liuzhou等字样，也不能含登录名和姓名")
        if self.lasts:
            said.append(f"每{self.lasts.days}天更换一次，不能与最近{self.remembered}次用过的相同")
        return said


POLICIES = {
    "dengbao": Policy(shortest=10, classes=3, lasts=timedelta(days=90), remembered=5),
    "asvs": Policy(shortest=15, classes=0, lasts=None, remembered=1),
}


def policy() -> Policy:
    return POLICIES[settings().password_policy]


def check_password(password: str, chosen: Policy, names: Sequence[str] = ()) -> Verdict:
    """Everything that is wrong with it, all at once; `names` are those of its owner."""
    found = []
    if len(password) < chosen.shortest:
        found.append(_wrong("too_short", f"密码至少{chosen.shortest}个字符，现在是{len(password)}个。"))
    if len(password) > LONGEST:
        found.append(_wrong("too_long", f"密码最多{LONGEST}个字符。"))
    if classes_in(password) < chosen.classes:
        text = f"密码须含大写字母、小写字母、数字、符号（含汉字）四类中的{chosen.classes}类。"
        found.append(_wrong("too_few_classes", text))
    if said := _contained(password, names):
        found.append(_wrong("guessable_word", f"密码不能含有“{said}”，别人容易猜到。"))
    if is_common(password):
        found.append(_wrong("common", "这是常见密码或只是在常见密码前后加了数字、符号，请换一个。"))
    return tuple(found)


def classes_in(password: str) -> int:
    kinds = (str.isupper, str.islower, str.isdigit)
    in_kinds = sum(any(kind(c) for c in password) for kind in kinds)
    return in_kinds + any(not any(kind(c) for kind in kinds) for c in password)


def is_common(password: str) -> bool:
    """In the list of what is used most, also with digits and signs around it or look-alikes for letters."""
    folded = _folded(password)
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    few = len(set(folded)) <= 3
    return few or any(
        form in COMMON
        for form in (folded, core, folded.translate(LOOKALIKES), core.translate(LOOKALIKES))
        if form
    )


def _contained(password: str, names: Sequence[str]) -> str:
    folded = _folded(password)
    plain = folded.translate(LOOKALIKES)
    own = [n for n in names if len(n) >= (2 if not n.isascii() else 4)]
    return next((w for w in (*OWN_WORDS, *own) if _folded(w) in folded or _folded(w) in plain), "")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _wrong(code: str, text: str) -> Reason:
    return Reason(code, text, kind="invalid", field=FIELD)
