"""How does a public notice look as a page of its own, without any script? The same here and on the union's website."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from documents.layouts.official import day
from documents.layouts.public_notice import CORRECTED, PublicPaper

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def public_page(paper: PublicPaper, *, style: str, code: str, links: dict[str, str]) -> str:
    """The page; `style` and `code` are the addresses of the style sheet and of the QR code, `links` stand below."""
    template = _templates.get_template("public_page.html")
    return template.render(paper=paper, style=style, code=code, links=links, day=day, corrected=CORRECTED)
