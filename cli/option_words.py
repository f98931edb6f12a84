"""Promise options in words."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.engine.promises.options import Menu, Option


def menu_words(menu: Menu, currency: str) -> Iterator[str]:
    """Every offer in a line, and what is not offered."""
    yield from (_offer(option, currency) for option in menu.offered)
    yield from (f"not offered: {each.what}: {each.because}" for each in menu.declined)


def _offer(option: Option, currency: str) -> str:
    nodes = ", ".join(dict.fromkeys(shipment.node for shipment in option.plan.shipments))
    priced = f"{option.price:,.2f} {currency}" + (f" (costs {option.cost:,.2f})" if option.cost != option.price else "")
    return f"{option.option}: {' and '.join(option.ways)} from {nodes} by {option.deliver_by} for {priced}: {option.because}"
