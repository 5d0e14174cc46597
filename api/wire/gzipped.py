"""Bodies that come compressed: taken apart as they come, never further than a body may be long."""

import asyncio
import zlib
from collections.abc import AsyncIterator

from api.errors import Problem

GZIP = 16 + zlib.MAX_WBITS
STEP = 1 << 18
"""Bytes that are taken apart before others have their turn."""


async def gunzipped(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the text of a gzip stream in pieces; raise Problem where it is none.

    A piece has ``STEP`` bytes at most, so that whoever reads can stop a bomb while it unfolds.
    """
    unzip = zlib.decompressobj(GZIP)
    async for part in parts:
        while part:
            try:
                piece = unzip.decompress(part, STEP)
            except zlib.error:
                raise _no_gzip("it is not what the header says") from None
            yield piece
            if unzip.unused_data:
                raise _no_gzip("something follows its end")
            part = unzip.unconsumed_tail
            await asyncio.sleep(0)
    if not unzip.eof:
        raise _no_gzip("its end is missing")


def _no_gzip(why: str) -> Problem:
    return Problem(400, "not_gzip", f"the body is no sound gzip stream: {why}")
