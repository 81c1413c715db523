"""How is a mail's own HTML shown? In a frame that runs nothing, loads nothing, and opens its links outside."""

import re

from fastapi import Response
from fastapi.responses import HTMLResponse

from api.render import private

FRAME_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    )
)
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
# The token of a mailed link: whoever has it may answer in the recipient's name.
TOKEN = re.compile(r"(/(?:t|a|welcome)/)[\w-]{20,}")
HIDDEN = r"\1（链接只在发出的邮件里）"


def framed(html: str) -> Response:
    response = HTMLResponse(HEAD.sub(lambda head: head[0] + '<base target="_blank">', html, count=1))
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return private(response)


def without_tokens(text: str) -> str:
    """The mail as its recipient reads it, but for what would let its reader act in his name."""
    return TOKEN.sub(HIDDEN, text)
