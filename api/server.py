"""How are the pages served? uvicorn on this machine only; a reverse proxy stands before it where others come in."""

import uvicorn

from api.app import create_app
from settings import LOOPBACK, settings


def run_web() -> None:
    """Serve until asked to end. There is no access log: addresses of mailed tasks hold tokens."""
    uvicorn.run(
        create_app(),
        host=LOOPBACK,
        port=settings().web_port,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    run_web()
