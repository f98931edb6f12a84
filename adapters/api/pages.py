"""Lists that are answered page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query, Response

from orderloom.adapters.api.answers import answer, granted
from orderloom.adapters.paging import Kinds, Part, key_of, key_text

After = Annotated[str | None, Query(description="The `next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1000)]

T = TypeVar("T")


def page(
    name: str, ask: Callable[[Any], Sequence[T]], key: Callable[[T], tuple[Part, ...]], begins: tuple[str | None, Kinds],
    limit: int, told: Callable[[T], object] = lambda row: row,
) -> Response:  # fmt: skip
    """The rows behind a key, of which one more than `limit` is asked for; with the key of the last where there are more."""
    rows = ask(granted(key_of(*begins), 422))
    found: dict[str, object] = {name: [told(row) for row in rows[:limit]]}
    return answer(found | {"next": key_text(key(rows[limit - 1]))} if len(rows) > limit else found)
