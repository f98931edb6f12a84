"""Returns that are asked: refused at once with the reason, or put in, to be worked on at their moment."""

from __future__ import annotations

from orderloom.engine import wire
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.desk.requests import look, requested
from orderloom.engine.events import ReturnAsked
from orderloom.engine.items import items_of
from orderloom.engine.refused import Refused
from orderloom.engine.returns.asked import Offered, offered
from orderloom.engine.shell.programs import Programs
from orderloom.engine.store import Store
from orderloom.engine.turn import Turn

KNOWN = Refused("it was asked already")  #: a return whose reference has come before


def ask_return(
    store: Store, programs: Programs, order: str, asked: ReturnAsked, *, preview: bool = False, version: int | None = None
) -> Offered | Refused:
    """What a return comes to, worked out as a worker will; unless it is a `preview`, it is put in.

    Whoever names the `version` that he has seen is refused where anything has happened to the order since.
    """
    with store.reading() as connection:
        found = look(connection, store.shard, order)
        if isinstance(found, Refused):
            return found
        state = wire.load_state(found.state)
        program = programs.get(connection, found.program).of(state.order.division)
    reference = asked.request.reference
    if reference is not None and any(each.request.reference == reference for each in state.returns.values()):
        return KNOWN
    world = Lookup(store, program).world(items_of(state, asked))
    made = offered(Turn(world, state, asked.at, world.stock), asked)
    if isinstance(made, Refused) or preview:
        return made
    busy = f"somebody else is about to return goods of order {order}; look at it again"
    refused = requested(
        store, programs, order, f"return/{reference or made.id}", lambda p, s: asked, version or found.version, busy
    )
    return refused or made
