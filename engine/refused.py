"""What is answered to a request that is not met."""

from __future__ import annotations

from msgspec import Struct


class Refused(Struct, frozen=True):
    """Why something was not done, in words for whoever asked for it. Nothing was changed.

    Where an older version of an order was seen, `since` is what has happened to it. `soft` where it would be done for somebody
    who agrees to what it costs.
    """

    because: str
    since: tuple[str, ...] = ()
    soft: bool = False
