"""How are the pages served? uvicorn on this machine only; a reverse proxy stands before it where others come in."""

import uvicorn

from api.app import create_app
from processes.logs import write_logs
from settings import LOOPBACK, settings


def run_web() -> None:
    """Serve until asked to end. There is no access log: addresses of mailed tasks hold tokens."""
    app = create_app()
    write_logs()
    uvicorn.run(
        app,
        host=LOOPBACK,
        port=settings().web_port,
        access_log=False,
        log_level="warning",
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    run_web()
