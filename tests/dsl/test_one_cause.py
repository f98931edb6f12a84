"""One cause, one message: what follows from something misspelt is not told beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orderloom.dsl.compile import Compiled

HOLD = """kind: holds
name: shop
order:
  big-ticket:
    because: large orders are looked at
    apply: { wen: order.total > 500 }
    resolve: { by: [customer-service] }
"""
ROLE = """kind: holds
name: shop
order:
  big-ticket:
    because: large orders are looked at
    apply: { when: order.total > 500 }
    resolve: { by: [sales-desk] }
---
kind: participants
name: staff
roles:
  sales-desk: { title: Sells, may: [relaese] }
"""
PROCESS = """kind: process
name: own-order
for: order
steps:
  - step: done
    end: done
---
kind: decision
name: process-for-order
inputs: { type: order.document_type }
outputs: { process: name of process }
hit: unique
table: |
  type    || process
  "sales" || "own-ordr"
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HOLD, ["E101"]),
        (HOLD.replace("wen: order.total > 500", ""), ["E671"]),
        (HOLD.replace("resolve: { by: [customer-service] }", "resolve: {}"), ["E101", "E671"]),
        (ROLE, ["E711"]),
        (ROLE.replace("relaese", "work"), ["W526"]),
        (PROCESS, ["E416"]),
        (PROCESS.replace("own-ordr", "sales-order"), ["W412"]),
    ],
)
def test_what_follows_is_not_told(text: str, told: list[str], compile_file: Callable[..., Compiled]) -> None:
    found = compile_file(text, "mine").diagnostics
    assert [d.code for d in found] == told, [d.message for d in found]
