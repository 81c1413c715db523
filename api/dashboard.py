"""How do administrators reach Prefect's dashboard? By our own address and login, and nothing leaves the building.

Prefect's server knows one password and no roles, so browsers never speak with it: each request is passed on here, for
administrators only, with that password added. The answers forbid the page to speak with any other host.
"""

import json
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
from fastapi import Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from api.deps import ForeignPage, LimitedLogin, Missing, NotLoggedIn, current_login
from api.errors import told
from api.security import SAFE_METHODS, comes_from_here
from models.administering import administers
from models.database import reading
from settings import DASHBOARD, settings

POLICY = "; ".join(
    (
        "default-src 'self'",
        # Prefect's graph of a run compiles its shaders' uniforms.
        "script-src 'self' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
ASKED = {"accept", "content-type", "if-none-match", "if-modified-since", "range"}
ANSWERED = {
    "content-type",
    "content-length",
    "content-encoding",
    "content-range",
    "etag",
    "last-modified",
    "vary",
}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
TIMEOUT = httpx.Timeout(30.0, connect=3.0)
HOME = f"{DASHBOARD}/v2/"
# Added to the dashboard's page: the way back to ours.
WAY_BACK = (
    b'<link rel="stylesheet" href="/static/dashboard.css">'
    b'<script src="/static/dashboard.js" defer></script></head>'
)

# The server is on this machine, without TLS: an empty context spares reading the authorities for each request.
_no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def dashboard(request: Request) -> Response:
    """Pass one request on to Prefect's server."""
    await run_in_threadpool(check_administrator, request)
    path = request.url.path.removeprefix(DASHBOARD).lstrip("/")
    if path.startswith("api/admin/") and request.method not in SAFE_METHODS:
        raise Missing
    if not path.startswith(("api/", "v2/")) and path != "ui-settings":
        return RedirectResponse(HOME)
    try:
        return await _answer(request, path)
    except httpx.TransportError:
        text = "流程服务没有应答，流程看板暂时打不开；办理不受影响。请到“系统状态”查看原因和办法。"
        return told(503, "流程看板打不开", text)


def check_administrator(request: Request) -> None:
    """Raises unless an administrator asks, and from a page of this address if anything is to be changed."""
    found = current_login(request, "session")
    if found is None:
        raise NotLoggedIn
    if found[0].assignment_id is not None:
        raise LimitedLogin
    if request.method not in SAFE_METHODS and not comes_from_here(request):
        raise ForeignPage
    with reading() as session:
        if not administers(session, found[1]):
            raise Missing


def artifact_page(key: str) -> str | None:
    """The address in the dashboard of the newest artifact of this key; None if there is none, or nobody to ask."""
    where, wanted = (
        f"{settings().prefect_api_url}/artifacts/latest/filter",
        {"artifacts": {"key": {"any_": [key]}}},
    )
    try:
        answer = httpx.post(where, json=wanted, headers=_password(), timeout=TIMEOUT, trust_env=False)
        answer.raise_for_status()
    except httpx.HTTPError:
        return None
    found = answer.json()
    return f"{DASHBOARD}/v2/artifacts/artifact/{found[0]['latest_id']}" if found else None


async def _answer(request: Request, path: str) -> Response:
    client = httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(verify=_no_tls), timeout=TIMEOUT)
    async with AsyncExitStack() as unless_passed_on:
        await unless_passed_on.enter_async_context(client)
        answer = await client.send(await _asked(client, request, path), stream=True)
        headers = {name: value for name, value in answer.headers.items() if name in ANSWERED} | _policy(path)
        if path != "ui-settings" and "text/html" not in answer.headers.get("content-type", ""):
            unless_passed_on.pop_all()
            return StreamingResponse(_passed_on(client, answer), answer.status_code, headers)
        content = _adapted(path, await answer.aread())
        for name in ("content-length", "content-encoding"):
            headers.pop(name, None)
    return Response(content, answer.status_code, headers)


async def _asked(client: httpx.AsyncClient, request: Request, path: str) -> httpx.Request:
    """The same request for Prefect's server: no cookie of ours goes along, its password does."""
    where = f"{settings().prefect_url}{'' if path.startswith('api/') else DASHBOARD}/{path}"
    query = f"?{request.url.query}" if request.url.query else ""
    headers = {name: value for name, value in request.headers.items() if name in ASKED}
    headers |= _password()
    headers["accept-encoding"] = (
        "gzip" if "gzip" in request.headers.get("accept-encoding", "") else "identity"
    )
    return client.build_request(request.method, where + query, headers=headers, content=await request.body())


def _password() -> dict[str, str]:
    return {"authorization": f"Basic {b64encode(settings().prefect_auth.encode()).decode()}"}


async def _passed_on(client: httpx.AsyncClient, answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for part in answer.aiter_raw():
            yield part
    finally:
        await client.aclose()


def _policy(path: str) -> dict[str, str]:
    """What the browser may do with the answer; files whose names hold their digest are kept."""
    kept = {"cache-control": "private, max-age=31536000, immutable"} if path.startswith("v2/assets/") else {}
    return {"content-security-policy": POLICY} | kept


def _adapted(path: str, content: bytes) -> bytes:
    """The page with a way back to ours; and its settings: it needs no password and offers one look only."""
    if path != "ui-settings":
        return content.replace(b"</head>", WAY_BACK, 1)
    ours = {"auth": None, "available_uis": ["v2"], "v1_base_url": None}
    return json.dumps(json.loads(content) | ours).encode()


ROUTE = Route(DASHBOARD + "/{path:path}", dashboard, methods=METHODS)
