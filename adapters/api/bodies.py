"""What comes in the body of a request: a record, or a list of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec
from fastapi import Depends, Request

from orderloom.adapters.api.answers import Problem

LARGEST = 10_000_000  #: bytes of a body
MOST = 1_000  #: records of a request

Record = dict[str, object]
_DECODER: msgspec.json.Decoder[list[Record] | Record] = msgspec.json.Decoder(list[Record] | Record, float_hook=Decimal)


async def _records(request: Request) -> list[Record]:
    found = _decoded(await _body(request))
    records = found if isinstance(found, list) else [found]
    if not 1 <= len(records) <= MOST:
        raise Problem(422, f"a request has from 1 to {MOST:,} records, not {len(records):,}")
    return records


async def _record(request: Request) -> Record:
    body = await _body(request)
    found = _decoded(body) if body else {}
    if isinstance(found, list):
        raise Problem(422, "the body must be one object, { ... }")
    return found


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise Problem(413, f"the body has more than {LARGEST:,} bytes")
    return bytes(body)


def _decoded(body: bytes) -> list[Record] | Record:
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise Problem(422, f"the body is no JSON object, nor a list of them: {fault}") from None


Records = Annotated[list[Record], Depends(_records)]  #: the body: one object, or a list of them
OneRecord = Annotated[Record, Depends(_record)]  #: the body: one object, or nothing


def body_of(what: str, example: Record, many: bool = True) -> dict[str, object]:
    """The description of a body for OpenAPI: the fields of `what`, as an import has them, by an example."""
    schema: dict[str, object] = {"type": "object", "title": what, "additionalProperties": True, "example": example}
    if many:
        schema = {"oneOf": [schema, {"type": "array", "items": schema, "minItems": 1, "maxItems": MOST}]}
    return {"requestBody": {"required": many, "content": {"application/json": {"schema": schema, "example": example}}}}
