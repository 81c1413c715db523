"""How is a code drawn that telephones and scanners read? As SVG for pages and Typst, as PNG for Word."""

from io import BytesIO

import segno

QUIET = 2
SCALE = 8


def drawn(code: str) -> tuple[str, bytes]:
    """The QR code of a text: SVG and PNG."""
    made = segno.make(code, error="m", boost_error=False, micro=False)
    svg, png = BytesIO(), BytesIO()
    made.save(svg, kind="svg", border=QUIET, xmldecl=False, svgns=True)
    made.save(png, kind="png", border=QUIET, scale=SCALE)
    return svg.getvalue().decode(), png.getvalue()
