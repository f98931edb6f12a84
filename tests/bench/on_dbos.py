"""The process of eight requests as a DBOS workflow of eight steps: `on_dbos.py ADDRESS ORDERS`, prints the seconds that it took.

A process of its own, since DBOS is one of a kind in a process. Written as its guide shows it: workflows that a queue hands out,
a step for each call to a participant, its answer kept by DBOS. What is asked of a participant is the same as ours.
"""

from __future__ import annotations

import sys
from time import perf_counter

from dbos import DBOS, DBOSConfig

STEPS = 8
AT_ONCE = 16  #: orders under way in the process at any moment


@DBOS.step()
def ask(order: dict[str, object], step: int) -> dict[str, object]:
    """A participant that answers at once."""
    return {"order": order["id"], "step": step, "reply": "done"}


@DBOS.workflow()
def life(order: dict[str, object]) -> str:
    """An order, from its capture to its end."""
    for step in range(1, STEPS + 1):
        assert ask(order, step)["reply"] == "done"
    return "done"


def main() -> None:
    address, orders = sys.argv[1], int(sys.argv[2])
    config: DBOSConfig = {"name": "eight", "system_database_url": address, "log_level": "ERROR", "console_log_level": "ERROR"}
    DBOS(config=config)
    DBOS.launch()
    queue = DBOS.register_queue("orders", worker_concurrency=AT_ONCE, polling_interval_sec=0.05)
    queue.enqueue(life, _order(0)).get_result()  # whatever the first one sets up
    started = perf_counter()
    handles = [queue.enqueue(life, _order(n)) for n in range(1, orders + 1)]
    assert all(handle.get_result(polling_interval_sec=0.05) == "done" for handle in handles)
    print(perf_counter() - started)
    DBOS.destroy()


def _order(n: int) -> dict[str, object]:
    lines = [{"line": str(k), "item": f"item-{k}", "quantity": 2, "unit_price": "12.50"} for k in (1, 2)]
    return {"id": f"o-{n:07}", "channel": "web", "currency": "USD", "customer": f"customer-{n}", "lines": lines}


if __name__ == "__main__":
    main()
