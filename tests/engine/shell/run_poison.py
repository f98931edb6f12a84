"""A worker process on the toys' store at an address. The event `die` ends the process, as a fault in a library would."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "store"))

import toy
from shop import opened

from orderloom.engine.advance import Step
from orderloom.engine.events import Event, Happened
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.worker import Worker
from orderloom.engine.state import OrderState
from orderloom.engine.world import World


def deadly(world: World, state: OrderState | None, event: Event) -> Step:
    if isinstance(event, Happened) and event.name == "die":
        os._exit(9)
    return toy.advance(world, state, event)


if __name__ == "__main__":
    store = opened(sys.argv[1])
    Worker(store, Programs(store, toy.program), {}, DatabaseClock(store), deadly).run_until_idle()
