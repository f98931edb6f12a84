"""A small shop with two versions of its one process.

Of the steps of the first version two are called otherwise in the second, one is split and one is gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from orderloom.engine.order import Customer, Line, Order
from orderloom.engine.shell.ports import Delivery, Outgoing

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
MANIFEST = b"orderloom: 1\nworkspace: lane\ncurrency: USD\ntimezone: UTC\n"
RULES = b"""\
kind: decision
name: process-for-order
value: '"sale"'
---
kind: decision
name: process-for-unit
value: '"unit"'
---
kind: decision
name: sourcing-for-order
value: '"none"'
---
kind: process
name: unit
for: fulfillment
steps: [{ step: done, end: done }]
---
kind: participants
name: partners
roles:
  sales: { receives: { approve: { replies: [approved] } }, sends: [checked, settled, packed, collected, labelled, sealed] }
organizations:
  - { name: office, roles: [sales], connect: { adapter: office } }
"""
FIRST = b"""\
kind: process
name: sale
for: order
steps:
  - step: route
    choose:
      - { when: order.channel = "approve", next: approve }
      - { when: order.channel = "check", next: check }
      - { when: order.channel = "pack", next: pack }
      - { when: order.channel = "settle", next: settle }
      - { otherwise: hand-over }
  - { step: approve, ask: sales, message: approve, within: P2D, status: new, on: { approved: next, late: next } }
  - { step: check, wait: checked, within: P2D, status: checking, on: { late: next } }
  - { step: pack, wait: packed, within: P2D, status: packing, on: { late: next } }
  - { step: settle, wait: settled, within: P3D, status: settling, on: { late: next } }
  - { step: hand-over, wait: collected, within: P9D, status: ready, on: { late: next } }
  - { step: done, end: sold }
"""
#: `approve` and `hand-over` have other names, `pack` is two steps, `check` is gone.
SECOND = b"""\
kind: process
name: sale
for: order
steps:
  - step: route
    choose:
      - { when: order.channel = "approve", next: agree }
      - { when: order.channel = "pack", next: label }
      - { when: order.channel = "settle", next: settle }
      - { otherwise: pick-up }
  - { step: agree, ask: sales, message: approve, within: P2D, status: new, on: { approved: next, late: next } }
  - { step: label, wait: labelled, within: P1D, status: packing, on: { late: next } }
  - { step: seal, wait: sealed, within: P1D, status: packing, on: { late: next } }
  - { step: settle, wait: settled, status: settling }
  - { step: pick-up, wait: collected, within: P9D, status: ready, on: { late: next } }
  - { step: done, end: sold }
"""
CHANNELS = ("approve", "check", "pack", "settle", "web")


class Quiet:
    """Takes every message and says nothing."""

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        return [Delivery(message.key) for message in messages]


def order(n: int) -> Order:
    lines = (Line("1", "TEE", 1, Decimal(9)),)
    return Order(f"L{n:05}", CHANNELS[n % 5], START, Customer(f"C{n}"), lines, "USD")


def content(process: bytes) -> dict[str, bytes]:
    return {":orderloom.yaml": MANIFEST, ":rules/rules.yaml": RULES, ":processes/sale.yaml": process}
