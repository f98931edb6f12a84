"""What `do` steps do: one function for each row of `dsl.actions`, `(turn, instance) -> outcome`.

An action that queues the way on by itself returns None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orderloom.engine.chained import cancel_supply
from orderloom.engine.consolidation import consolidate
from orderloom.engine.process import order_actions, unit_actions
from orderloom.engine.returns import actions as returns
from orderloom.engine.state import Instance
from orderloom.engine.turn import Turn

ACTIONS: Mapping[str, Callable[[Turn, Instance], str | None]] = {
    "check-order": order_actions.check_order,
    "source": order_actions.source,
    "start-units": order_actions.start_units,
    "take-payment": order_actions.take_payment,
    "choose-process": unit_actions.choose_process,
    "ship": unit_actions.ship,
    "finish": unit_actions.finish,
    "complete": unit_actions.ship,
    "invoice": unit_actions.invoice,
    "refund": unit_actions.refund,
    "charge": unit_actions.charge,
    "release-stock": unit_actions.release_stock,
    "return-stock": unit_actions.return_stock,
    "source-again": unit_actions.source_again,
    "consolidate": consolidate,
    "cancel-supply": cancel_supply,
    "receive-return": returns.receive,
    "refund-return": returns.refund,
    "dispose-return": returns.dispose,
    "send-on": returns.send_on,
    "put-away": returns.put_away,
    "exchange": returns.exchange,
}
