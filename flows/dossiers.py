"""Who makes the dossiers that were asked for? The leading engine, one part after the other, beside its other work."""

import asyncio
import logging

from flows.quiet import Patience
from tasks.dossiers import work_once

LOOK_SECONDS = 5.0

log = logging.getLogger("gongjiang.dossiers")


async def bind_dossiers() -> None:
    """Work for ever; ended between two parts or within one, it is gone on with by whoever leads next."""
    patience = Patience(log, "making dossiers")
    while True:
        worked = False
        with patience:
            worked = await asyncio.to_thread(work_once)
        if not worked:
            await asyncio.sleep(patience.pause or LOOK_SECONDS)
