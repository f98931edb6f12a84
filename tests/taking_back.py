"""A shop that ships everything at once, and takes it back for ever."""

from __future__ import annotations

#: Everything is shipped at once, and taken back for ever.
RULES = """kind: attributes
name: serials
line: { serials: list<string> }
---
kind: event
name: parcel-came
about: unit
fields: { quantity: number, condition: string }
---
kind: process
name: at-once
for: fulfillment
steps:
  - step: hand-over
    do: ship
  - step: invoice
    do: invoice
  - step: delivered
    status: delivered
    end: delivered
---
kind: decision
name: process-for-unit
value: '"at-once"'
---
kind: returns
name: standard
title: For ever
reasons: [colour, size, shape, lost and found]
conditions: [resellable, damaged]
places: { counter: node.type = "store" or node.type = "dc" }
refund shipping: false
serials: line.serials
fees: { wear: if request.reason = "colour" then 1.00 else 0 }
blind:
  lowest price of: P9999D
  when: request.condition = "resellable"
  because: damaged goods need their order
disposition: disposition
process: at-the-counter
---
kind: process
name: at-the-counter
for: return
steps:
  - step: notice
    when: request.reason = "shape"
    ask: fulfiller
    message: return-notice
    on: { not-received: done }
  - { step: again, do: receive-return, when: request.reason = "shape", on: { nothing: done } }
  - step: parcel
    when: request.reason = "lost and found"
    wait: parcel-came
    within: P30D
    on: { late: done }
    status: on its way back
  - { step: take-in, do: receive-return, on: { nothing: done } }
  - { step: give-back, do: refund-return }
  - { step: decide, do: dispose-return, on: { moved: done, gone: done } }
  - { step: done, status: returned, end: returned }
"""
ORDER = {
    "id": "W1",
    "channel": "web",
    "division": "RETAIL",
    "placed_at": "2026-03-02T10:00:00Z",
    "customer": {"id": "C1", "tier": "gold"},
    "ship_to": {"zip": "60601", "lat": 41.88, "lon": -87.62},
    "lines": [{"id": 1, "item": "TEE", "quantity": 3, "unit_price": 33.33}],
}
