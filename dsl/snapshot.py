"""The sources of a version as bytes, to be stored and compiled again."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable

from orderloom.dsl.source import Source


def pack(sources: Iterable[Source]) -> bytes:
    """Equal sources give equal bytes."""
    rows = [[source.path, source.pack, b64encode(source.content).decode("ascii")] for source in sources]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode("ascii"), 9)


def unpack(snapshot: bytes) -> tuple[Source, ...]:
    """The sources that were packed."""
    rows = json.loads(zlib.decompress(snapshot))
    return tuple(Source(path, b64decode(content), origin) for path, origin, content in rows)
