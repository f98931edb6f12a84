"""A shop in which sales confirms orders over 500 by a task; what is refused becomes an exception of sales."""

from __future__ import annotations

PROCESS = """kind: process
name: sales-order
for: order
steps:
  - step: confirm
    title: Confirm an order over 500
    task: confirm-order
    when: order.total > 500
    to: sales
    form: { limit: number }
    within: PT4H
    on: { confirmed: done, refused: stop }
    next: done
  - step: stop
    raise: refused-by-sales
    on: { ask-again: confirm, give-up: done }
  - step: done
    end: done
---
kind: exceptions
name: ours
types:
  refused-by-sales:
    owner: sales
    priority: 3
    remedies:
      give-up: { title: Tell the customer, cost: order.total * 0.1, date: today }
---
kind: participants
name: staff
roles:
  sales: { title: Sells, may: [modify, cancel, hold, release, work, resolve] }
people:
  ann: { roles: [sales] }
  bob: { roles: [operations] }
"""

DATA = {
    "nodes": "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\nDC1,dc,41,-87,RETAIL,1,0,0\n",
    "items": "id,title,weight,unit_price,unit_cost\nTEE,T-shirt,0.4,20,8\n",
}


def order(id: str, quantity: int) -> dict[str, object]:
    """An order for so many T-shirts at 20.00."""
    line = {"id": 1, "item": "TEE", "quantity": quantity, "unit_price": 20}
    whose = {"division": "RETAIL", "customer": {"id": "C1", "tier": "standard"}, "ship_to": {"lat": 41.88, "lon": -87.62}}
    return {"id": id, "channel": "web", "placed_at": "2026-03-02T10:00:00Z", "lines": [line], **whose}
