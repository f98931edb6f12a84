"""The compile-time negatives of scenario 15: each fails with its place, and with a case that shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from lanes import MANIFEST, RULES, Quiet, order
from msgspec.structs import replace

from orderloom.adapters.versions import versions
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.programs import current
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store

Run = Callable[..., Result]
ON_RETAIL = "orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
BACKORDER = "kind: process\nname: backorder\nfor: fulfillment\nsteps:\n"

HOLDS = """\
kind: holds
name: reviews
order:
  a:
    because: it is looked at
    apply: { when: order.total > 100 }
    resolve: { by: [customer-service], into: b }
    blocks: [ship]
  b:
    because: it is looked at again
    apply: { when: order.total > 200 }
    resolve: { by: [customer-service], into: a }
    blocks: [ship]
"""
AWAIT_SUPPLIER = f"""\
{BACKORDER}\
  - {{ step: pack, ask: fulfiller, message: pack-request }}
  - {{ step: await-supplier, wait: supplier-answered }}
  - {{ step: done, end: done }}
---
kind: event
name: supplier-answered
about: order
"""
JEOPARDY = """\
kind: jeopardy
name: deliveries
severities:
  - { severity: LOW, from: 1, to: 9 }
  - { severity: MEDIUM, from: 10, to: 210 }
  - { severity: HIGH, from: 200, to: 400 }
  - { severity: HIGH, from: 401 }
ask: customer-service
"""
SOURCING = """\
kind: attributes
name: hazards
order: { region: [EAST, WEST], hazardous: boolean }
---
kind: decision
name: sourcing-for-order
inputs: { region: order.region, hazardous: order.hazardous }
outputs: { sourcing: name of sourcing }
table: |
  region | hazardous || sourcing
  "EAST" | -         || "cheapest"
  "WEST" | false     || "fewest-shipments"
"""
DELIVERED = f"""\
{BACKORDER}\
  - {{ step: delivered, do: ship, on: {{ shipped: bill }}, next: close }}
  - {{ step: bill, do: invoice }}
  - {{ step: close, end: done }}
"""
DIVISION = """\
kind: division
name: northgate
override:
  promising.flor: 3
"""
NO_RETURN = f"""\
{BACKORDER}\
  - {{ step: hand-over, do: ship, undo: return-stock, point-of-no-return: hard }}
  - {{ step: bill, do: invoice }}
  - {{ step: deliver, ask: carrier, message: transport-request, on: {{ lost: back }} }}
  - {{ step: done, end: done }}
  - {{ step: back, take-back: everything }}
  - {{ step: lost, end: lost }}
"""


@pytest.mark.parametrize(
    ("text", "place", "witness"),
    [
        (HOLDS, "7:46: error[E672]", "a -> b -> a"),
        (AWAIT_SUPPLIER, "6:35: error[E512]", "pack > await-supplier"),
        (JEOPARDY, "6:17: error[E661]", "205 days late would be both MEDIUM and HIGH"),
        (SOURCING, "12:12: error[E822]", 'for example { order: { region: "WEST", hazardous: true } }'),
        (DELIVERED, "5:63: error[E514]", "shipped leads to bill and to close at once"),
        (DIVISION, "4:13: error[E900]", "did you mean promising.floor?"),
        (NO_RETURN, "6:13: error[E530]", "hand-over, bill, back"),
    ],
    ids=["holds", "wait", "ranges", "table", "transitions", "override", "point of no return"],
)
def test_it_fails_with_place_and_witness(run: Run, text: str, place: str, witness: str) -> None:
    Path("rules").mkdir()
    Path("orderloom.yaml").write_text(ON_RETAIL)
    Path("rules/example.yaml").write_text(text)
    result = run("validate")
    assert result.exit_code == 1
    assert f"rules/example.yaml:{place}" in result.output and witness in result.output
    assert "1 error, 0 warnings" in result.output
    assert run("deploy").exit_code == 1


# --- a state is gone in which instances stand --------------------------------------------------------------------------------

WITH_PACKED = b"""\
kind: process
name: sale
for: order
steps:
  - { step: approve, ask: sales, message: approve, when: order.total > 100 }
  - { step: packed, wait: collected, within: P9D, status: packed, on: { late: next } }
  - { step: done, end: sold }
"""
WITHOUT_PACKED = WITH_PACKED.replace(b"step: packed, wait: collected", b"step: settled, wait: settled")
MAP = "kind: migration\nprocesses:\n  sale: { steps: { packed: settled } }\n"


@pytest.mark.parametrize("standing", [3, 0])
def test_a_state_that_goes_while_orders_stand_in_it(run: Run, standing: int) -> None:
    for name, text in {"orderloom.yaml": MANIFEST, "rules/rules.yaml": RULES, "processes/sale.yaml": WITH_PACKED}.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(text.replace(b"adapter: office", b"adapter: simulator"))
    assert run("deploy").exit_code == 0
    _stand(standing)
    Path("processes/sale.yaml").write_bytes(WITHOUT_PACKED)
    result = run("validate", "--store", "orderloom.sqlite")
    if not standing:
        assert result.exit_code == 0, result.output
        return
    assert result.exit_code == 1
    assert "processes/sale.yaml:2:7: warning[W890]: 3 orders stand at sale / packed of version 1" in result.output
    run("deploy")
    refused = run("migrate", "--from", 1, "--to", 2, "--apply")
    assert refused.exit_code == 1 and "no place for whoever stands at sale / packed" in refused.output
    Path("map.yaml").write_text(MAP)
    assert run("migrate", "--from", 1, "--to", 2, "--map", "map.yaml", "--apply").exit_code == 0


def _stand(many: int) -> None:
    """So many orders come to where they are packed."""
    store = open_store("sqlite:///orderloom.sqlite")
    assert isinstance(store, Store)
    digest, now = current(store), store.now()
    assert digest is not None
    capture(store, [replace(order(n), placed_at=now) for n in range(many)], digest, now)
    Worker(store, versions(store), {"simulator": Quiet()}, DatabaseClock(store)).run_until_idle()
    store.close()
