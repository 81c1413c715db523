"""What does a monitoring program read? Figures in Prometheus' text format (ADR 0027).

They are told to this machine itself, or to whoever shows the token; for everybody else the address does not exist.
"""

import time
from collections.abc import Iterator
from secrets import choice

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from api.deps import Missing
from api.security import AroundRequests, asking_address, tokens_match
from processes.logs import request_id
from settings import LOOPBACK, settings
from tasks.figures import figures

PREFIX = "gongjiang_"
PATH = "/metrics"
KINDS = {"/static/": "static", "/api/": "api", "/prefect/": "dashboard"}
# An id is read out on the telephone, and must not look like a number of somebody's in a log.
LETTERS = "bcdfghjkmnpqrstvwxyz"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

router = APIRouter()


class Figures(Collector):
    """Asked anew whenever somebody reads."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for figure in figures():
            family = GaugeMetricFamily(PREFIX + figure.name, figure.about, labels=figure.labels)
            for labels, value in figure.values:
                family.add_metric(labels, value)
            yield family


REGISTRY = CollectorRegistry()
REGISTRY.register(Figures())
SECONDS = Histogram(
    PREFIX + "request_seconds",
    "How long requests took.",
    ("kind", "method", "status"),
    buckets=BUCKETS,
    registry=REGISTRY,
)


@router.get(PATH)
def metrics(request: Request) -> Response:
    if not _may_read(request):
        raise Missing
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(request: Request) -> bool:
    """This machine itself, not through a proxy on it; others by the token."""
    token = settings().metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return asking_address(request) == LOOPBACK or (token is not None and tokens_match(given, token))


class Measured(AroundRequests):
    """Gives each request an id, which stands in its answer and in what is logged meanwhile, and takes its time."""

    async def around(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Each request has a context of its own, so that nothing has to be taken back.
        name = "".join(choice(LETTERS) for _ in range(10))
        request_id.set(name)
        began, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = name
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            if scope["path"] != PATH:
                labels = (kind_of(scope["path"]), scope["method"], f"{status // 100}xx")
                SECONDS.labels(*labels).observe(time.perf_counter() - began)


def kind_of(path: str) -> str:
    """Addresses may hold tokens, so only their kind is counted."""
    return next((kind for start, kind in KINDS.items() if path.startswith(start)), "page")
