"""What keeps requests and answers safe: headers, where a POST may come from, which cookies there are?"""

import secrets
from abc import ABC, abstractmethod
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.asking import ask_from
from settings import LOOPBACK, settings

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
SAFE_METHODS = {"GET", "HEAD"}
TASK_COOKIE = "task-"
TASK_COOKIE_SECONDS = 8 * 3600


def is_https() -> bool:
    return settings().base_url.startswith("https:")


def allowed_hosts() -> list[str]:
    """Which Host headers are answered: the address people open, and this machine."""
    return [urlsplit(settings().base_url).hostname or LOOPBACK, LOOPBACK, "localhost"]


class AroundRequests(ABC):
    """What is done around every request; what else the server says to the application goes through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        handle = self.around if scope["type"] == "http" else self.app
        await handle(scope, receive, send)

    @abstractmethod
    async def around(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, `self.app` included."""


class SecurityHeaders(AroundRequests):
    """Adds the headers to every answer; a page that set one of them itself keeps its own."""

    async def around(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if is_https():
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class RemembersAsker(AroundRequests):
    """Says for each request from where it comes, for what is put on record."""

    async def around(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        ask_from(asking_address(request), browser_named(request.headers.get("user-agent", "")))
        await self.app(scope, receive, send)


# --- where a POST comes from -------------------------------------------------------------------------------------


def comes_from_here(request: Request) -> bool:
    """Whether the browser says, as far as it says anything, that the page which sent this was one of ours.

    Without https browsers send no Sec-Fetch-Site, and from a page that wants no referrer the origin `null`: then the
    token of the page has to do.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin in (None, "null") or urlsplit(origin).netloc == request.headers.get("host")


def asking_address(request: Request) -> str:
    """Where a request comes from: the address that the proxy on this machine saw, otherwise the one that we see."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded if peer == LOOPBACK and forwarded else peer


BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("360SE", "360浏览器"),
    ("QQBrowser", "QQ浏览器"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_named(agent: str) -> str:
    """A browser in plain words, by what it says of itself."""
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    return " · ".join(part for part in (system, browser) if part) or "其他设备"


def tokens_match(first: str, second: str) -> bool:
    return bool(first) and secrets.compare_digest(first.encode(), second.encode())


# --- cookies -----------------------------------------------------------------------------------------------------


def cookie_name(name: str) -> str:
    """Browsers bind `__Host-` cookies to this very host, but only over https."""
    return f"__Host-{name}" if is_https() else name


def task_cookie(assignment_id: UUID) -> str:
    """A mailed task has a cookie of its own, so that it does not end an ordinary login in the same browser."""
    return f"{TASK_COOKIE}{assignment_id}"


def task_cookies(request: Request) -> list[UUID]:
    """The tasks of which this browser has a cookie."""
    prefix = cookie_name(TASK_COOKIE)
    found = []
    for name in request.cookies:
        try:
            found.append(UUID(name.removeprefix(prefix)))
        except ValueError:
            continue
    return found


def read_cookie(request: Request, name: str) -> str:
    return request.cookies.get(cookie_name(name), "")


def set_cookie(response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    response.set_cookie(
        cookie_name(name), value, max_age=seconds, path="/", secure=is_https(), httponly=True, samesite="lax"
    )


def forget_everything(response: Response) -> None:
    """After a login nothing of what was seen stays in the browser, not even for the button that goes back."""
    response.headers["Clear-Site-Data"] = '"cache"'


def drop_cookie(response: Response, name: str) -> None:
    response.delete_cookie(cookie_name(name), path="/", secure=is_https(), httponly=True, samesite="lax")
