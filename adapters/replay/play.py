"""Plays a part on a stage of its own: the worker and the code of production, simulated time and partners."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from msgspec.structs import replace

from orderloom.adapters.demo import TICK
from orderloom.adapters.dry_run import LONGEST
from orderloom.adapters.replay.outcome import Outcome, outcomes
from orderloom.adapters.replay.part import Cancelling, News, Part, Past
from orderloom.adapters.simulator import simulated
from orderloom.adapters.stage import Stage, stage
from orderloom.dsl.program import Program
from orderloom.engine.desk.books import Books
from orderloom.engine.ledger.stock import Entry, Position
from orderloom.engine.shell.asking import cancel
from orderloom.engine.shell.inbox import capture

_BEFORE = timedelta(microseconds=1)


def play(part: Part, program: Program, seed: int) -> tuple[Outcome, ...]:
    """What becomes of the orders that were asked for. The same arguments, the same outcomes, wherever it is played.

    What happened besides the orders happens again at its moment, before the orders of that moment, to as much stock as is there.
    """
    play = stage(program, part.props, part.orders[0].at, simulated(program, seed), TICK)
    _capture(play, part.orders)
    for _, together in groupby(part.happened, lambda each: each.at):
        _happen(play, list(together))
    play.run(max(play.now, part.orders[-1].at) + LONGEST)
    found = tuple(outcomes(play, part))
    play.store.close()
    return found


def _capture(play: Stage, orders: Sequence[Past]) -> None:
    for at, together in groupby(orders, lambda past: None if past.at == past.order.placed_at else past.at):
        capture(play.store, [past.order for past in together], play.program.digest, at)


def _happen(play: Stage, together: Sequence[News | Cancelling]) -> None:
    at = together[0].at
    if at > play.now:
        play.run(at - _BEFORE)
    _enter(play, [each for each in together if isinstance(each, News)])
    for each in together:
        if isinstance(each, Cancelling):
            cancel(play.store, each.order, each.by, at, each.reason)  # who may not cancel any more has come too late


def _enter(play: Stage, news: Sequence[News]) -> None:
    """Enters what was told of stock, and freezes positions where more is reserved now than is there."""
    if not news:
        return
    entries = [each.entry for each in news]
    with play.store.writing() as connection:
        books = Books(connection, play.store.shard, {(entry.item, entry.node) for entry in entries})
        for entry in entries:
            books.post(_possible(entry, books.position((entry.item, entry.node))), news[0].at)
        touched = {(entry.item, entry.node) for entry in entries}
        counted = {(entry.item, entry.node) for entry in entries if entry.kind in ("adjust", "recount")}
        books.settle(touched, counted, news[0].at)
        books.close()


def _possible(entry: Entry, position: Position | None) -> tuple[Entry, ...]:
    """The entry, of as many units as this stock allows; other orders may have taken them here than did then.

    What a position's quarantine comes of, orders and counts, is played itself.
    """
    supply = position.supply(entry.supply) if position else None
    if entry.kind in ("quarantine", "recount", "confirm") or (supply is None and entry.quantity <= 0):
        return ()
    if supply is None:
        return (entry,) if entry.kind in ("expect", "adjust") else ()
    least = {"expect": max(supply.reserved, supply.received) - supply.quantity, "adjust": -supply.received}.get(entry.kind, 0)
    most = {"withdraw": min(supply.unreserved, supply.quantity - supply.received), "receive": supply.quantity - supply.received}
    quantity = max(least, min(entry.quantity, most.get(entry.kind, entry.quantity)))
    return (replace(entry, quantity=quantity),) if quantity else ()
