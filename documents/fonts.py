"""Which fonts does the machine have for Chinese papers? Those of the system, and those that came with the program.

Rare characters of names stand in Noto only, so every face ends with it. Without any Chinese font nothing is printed:
empty boxes on an official form are worse than a refusal.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

from documents.grid import Face
from documents.problems import Problem, Refusal

PACKAGE = "pylopdf_fonts_zh_cn"
SERIF = ("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "FandolSong")
SANS = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "SimHei", "WenQuanYi Zen Hei")
PREFERRED = {
    Face.SONG: (),
    Face.FANG: ("FandolFang R", "FandolFang", "FangSong_GB2312", "FangSong", "STFangsong"),
    Face.HEI: SANS,
    Face.TITLE: ("FZXiaoBiaoSong-B05S", "方正小标宋简体"),
    Face.KAI: ("FandolKai", "KaiTi_GB2312", "KaiTi", "LXGW WenKai"),
}
NO_FONT = Problem(
    "",
    "no_font",
    "这台机器上没有中文字体，印出来会是空白方框，所以没有生成。"
    "请管理员安装字体（如 apt-get install fonts-noto-cjk）后再试；也可以先下载 Word 版，在装有中文字体的电脑上打印。",
)


@cache
def fonts() -> typst.Fonts:
    """All fonts of this machine; looked for once."""
    found = find_spec(PACKAGE)
    folders = [str(Path(place)) for place in found.submodule_search_locations or ()] if found else []
    return typst.Fonts(include_system_fonts=True, font_paths=folders)


@cache
def faces() -> dict[str, list[str]]:
    """The fonts to be tried for each face, in order. Refused when the machine has no Chinese font at all."""
    here = set(fonts().families())
    if not here.intersection((*SERIF, *SANS)):
        raise Refusal(NO_FONT)
    return {
        str(face): [name for name in dict.fromkeys((*first, *SERIF, *SANS)) if name in here]
        for face, first in PREFERRED.items()
    }
