"""Who does the long work that somebody asked for on a page? The leading engine, piece by piece, beside the rest."""

import asyncio
import logging
from collections.abc import Callable

from flows.quiet import Patience

LOOK_SECONDS = 5.0

log = logging.getLogger("gongjiang.background")


async def keep_at(work: Callable[[], bool], what: str) -> None:
    """Do the next piece for ever, as long as `work` says that it did one; `what` is for the log.

    Ended between two pieces or within one, it is gone on with by whoever leads next.
    """
    patience = Patience(log, what)
    while True:
        worked = False
        with patience:
            worked = await asyncio.to_thread(work)
        if not worked:
            await asyncio.sleep(patience.pause or LOOK_SECONDS)
