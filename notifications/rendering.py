"""How does a mail's text come from its folder and its context?"""

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from notifications.catalogue import MAILS
from notifications.contexts import Context
from notifications.plaintext import one_line, without_personal_numbers

TEMPLATES = Environment(
    loader=PackageLoader("notifications"),
    autoescape=select_autoescape(enabled_extensions=("html",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(key: str, context: Context) -> Rendered:
    """The mail as people will read it; in the HTML part nothing from the context is markup."""
    folder = MAILS[key].key
    subject = _prefix(context) + _fill(f"{folder}/subject.txt", context)
    return Rendered(
        subject=without_personal_numbers(one_line(subject)),
        text=_fill(f"{folder}/body.txt", context),
        html=_fill(f"{folder}/body.html", context),
    )


def _prefix(context: Context) -> str:
    """The same for every mail of an award, so that people can sort by it."""
    return f"【{context.award_name}】" + ("【演练】" if context.practice else "")


def _fill(template: str, context: Context) -> str:
    return TEMPLATES.get_template(template).render(mail=context)
