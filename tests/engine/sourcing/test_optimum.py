"""The planner against brute force: every way to spread a few units over a few nodes and days, priced by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.engine.ledger.stock import Supply

MONDAY, WANTED_BY = date(2026, 3, 2), date(2026, 3, 5)
BASE = {"DC1": "5.00", "DC2": "9.00", "S1": "6.00", "S2": "6.00"}
HANDLING = {"DC1": "1.00", "DC2": "1.00", "S1": "2.50", "S2": "2.50"}
TRANSIT = {"DC1": 2, "DC2": 4, "S1": 1, "S2": 1}
OUT = ("", MONDAY)  #: where units go that are left out
Place = tuple[str, date]


def by_unit(quantity: int) -> Decimal:
    return Decimal("0.50") * (quantity - 1)


def by_carton(quantity: int) -> Decimal:
    return Decimal(3) * -(-quantity // 2)


#: What a shipment costs above its base, and how the policy says it: linear, and not.
SHIPPING = {
    "node.base + 0.50 * (shipment.quantity - 1)": by_unit,
    "node.base + 3 * ceiling(shipment.weight / 2)": by_carton,
}

#: What a unit costs by what is left on hand and by the load: scarcer is dearer; an odd one; busier is dearer.
SCARCE = {
    "": lambda left: Decimal(0),
    "    scarce: if left < 2 then 1.25 * (2 - left) else 0\n": lambda left: Decimal("1.25") * max(0, 2 - left),
    "    odd: if left = 1 then 4 else 0\n": lambda left: Decimal(4 if left == 1 else 0),
}
BUSY = {
    "": lambda load: Decimal(0),
    "    busy: if load > 2 then 1.50 else 0\n": lambda load: Decimal("1.50" if load > 2 else 0),
}
#: Beside parcels, nothing or letters at 4.00 for up to two units.
LETTERS = {
    False: "  - service: parcel\n    method: ship\n    transit days: node.transit",
    True: """\
  - service: letter
    method: ship
    when: shipment.weight <= 2
    transit days: node.transit
  - service: parcel
    method: ship
    transit days: node.transit""",
}
EXTRA = "  per extra shipment:\n    split: 1.00\n"
CANCEL = "  per cancelled unit:\n    cancel: 7.00\n"

stocks = st.fixed_dictionaries({node: st.fixed_dictionaries({"A": st.integers(0, 3), "B": st.integers(0, 2)}) for node in BASE})
due_days = st.none() | st.sampled_from([date(2026, 3, 3), date(2026, 3, 5)])
wishes = st.fixed_dictionaries({"A": st.integers(1, 3), "B": st.integers(0, 2)})


def supplies_of(due: date | None) -> tuple[Supply, ...]:
    return () if due is None else (Supply("PO", "A", "DC1", "in-transit", 2, due),)


class Brute:
    """The least cost by trying everything."""

    def __init__(self, stock, due, wanted, costs, hard, most, weigh, letters) -> None:
        self.letters = letters
        self.stock, self.due, self.wanted, self.hard, self.most, self.weigh = stock, due, wanted, hard, most, weigh
        self.shipping, self.scarce, self.busy, self.late = costs
        self.inbound = Counter({("DC1", "A"): 2} if due else {})

    def best(self) -> tuple[int, Decimal]:
        """Units left out (0 where that is weighed as cost) and the cost without them."""
        spreads = [list(self.spread(item, quantity)) for item, quantity in self.wanted.items() if quantity]
        return min(self.priced(way) for way in product(*spreads) if self.allowed(way))

    def on_hand(self, node: str, item: str) -> int:
        return max(0, self.stock[node][item] - (1 if node[0] == "S" else 0))

    def days(self, node: str) -> set[date]:
        """A day on which supply comes counts only where a line cannot do with what was there before."""
        short = node == "DC1" and self.due and self.wanted["A"] > 0 and self.on_hand(node, "A") < self.wanted["A"]
        return {MONDAY} | ({date.fromordinal(self.due.toordinal() + 1)} if short else set())

    def spread(self, item: str, quantity: int) -> Iterator[tuple[str, dict[Place, int]]]:
        places = [OUT, *((node, day) for node in BASE for day in sorted(self.days(node)))]
        for counts in product(range(quantity + 1), repeat=len(places)):
            if sum(counts) == quantity and all(self.has(item, places, counts)):
                yield item, {place: count for place, count in zip(places, counts, strict=True) if count}

    def has(self, item: str, places: list[Place], counts: tuple[int, ...]) -> Iterator[bool]:
        by_node: Counter[str] = Counter()
        for (node, day), count in zip(places, counts, strict=True):
            if node:
                by_node[node] += count
                yield by_node[node] <= self.on_hand(node, item) + (self.inbound[node, item] if day > MONDAY else 0)

    def allowed(self, way: tuple[tuple[str, dict[Place, int]], ...]) -> bool:
        shipments = {place for _, parts in way for place in parts if place != OUT}
        late = any(arrives(place) > WANTED_BY for place in shipments)
        return not (self.hard and late) and (self.most is None or len(shipments) <= self.most)

    def priced(self, way: tuple[tuple[str, dict[Place, int]], ...]) -> tuple[int, Decimal]:
        shipments: Counter[Place] = Counter()
        for _, parts in way:
            shipments.update(parts)
        out = shipments.pop(OUT, 0)
        cost = Decimal(max(0, len(shipments) - 1)) + sum((self.shipment(*each) for each in shipments.items()), Decimal(0))
        cost += sum((self.taken(item, node, parts) for item, parts in way for node in BASE), Decimal(0))
        return (0, cost + 7 * out) if self.weigh else (out, cost)

    def shipment(self, place: Place, quantity: int) -> Decimal:
        late = max(0, (arrives(place) - WANTED_BY).days)
        busy = sum((self.busy(load) for load in range(1, quantity + 1)), Decimal(0))
        handling = quantity * Decimal(HANDLING[place[0]])
        parcel = Decimal(BASE[place[0]]) + self.shipping(quantity)
        carriage = min(parcel, Decimal(4)) if self.letters and quantity <= 2 else parcel
        return carriage + handling + self.late * late + busy

    def taken(self, item: str, node: str, parts: Mapping[Place, int]) -> Decimal:
        """What the units of a position cost by what is left on hand: a day that waits may take all that comes first."""
        held = sum(count for (at, day), count in parts.items() if at == node and day > MONDAY)
        at_once = parts.get((node, MONDAY), 0)
        here = self.stock[node][item]
        ways = [
            sum((self.scarce(here - k) for k in range(1, at_once + held - new + 1)), new * self.scarce(here))
            for new in range(min(held, self.inbound[node, item]) + 1)
            if at_once + held - new <= self.on_hand(node, item)
        ]
        return min(ways, default=Decimal(0))


def arrives(place: Place) -> date:
    node, day = place
    return date.fromordinal(day.toordinal() + TRANSIT[node])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stock=stocks, due=due_days, wanted=wishes, shipping=st.sampled_from(list(SHIPPING)), scarce=st.sampled_from(list(SCARCE)),
    busy=st.sampled_from(list(BUSY)), late=st.sampled_from(["0", "2.00"]), hard=st.booleans(),
    most=st.sampled_from([None, 1, 2]), weigh=st.booleans(), letters=st.booleans(),
)  # fmt: skip
def test_no_plan_is_cheaper(world_w, stock, due, wanted, shipping, scarce, busy, late, hard, most, weigh, letters):
    world = world_w(
        stock, *supplies_of(due), base=f'if service = "letter" then 4.00 else {shipping}', late=late,
        services=LETTERS[letters], terms=scarce + busy + EXTRA + CANCEL,
        limits=f"late: {'hard' if hard else 'soft'}" + (f", shipments: {most}" if most else ""),
        fallback="cancel" if weigh else "backorder",
    )  # fmt: skip
    plan = world.plan(wanted, WANTED_BY)
    costs = SHIPPING[shipping], SCARCE[scarce], BUSY[busy], Decimal(late)
    out, cost = Brute(stock, due, wanted, costs, hard, most, weigh, letters).best()
    assert plan.optimal
    assert plan.cost == cost
    if not weigh:
        assert sum(each.quantity for each in plan.unfilled) == out
    conserved(plan, wanted)
    within_stock(plan, stock)
    assert most is None or len(plan.shipments) <= most
    assert not hard or all(shipment.deliver_on <= WANTED_BY for shipment in plan.shipments)


def conserved(plan, wanted) -> None:
    units = Counter({each.line: each.quantity for each in plan.unfilled})
    for shipment in plan.shipments:
        units.update({part.line: 0 for part in shipment.allocations})
        for part in shipment.allocations:
            units[part.line] += part.quantity
    assert units == Counter({item: quantity for item, quantity in wanted.items() if quantity})
    assert plan.cost == sum(plan.terms.values())


def within_stock(plan, stock) -> None:
    taken: Counter[str] = Counter()
    for shipment in plan.shipments:
        for part in shipment.allocations:
            taken[part.supply] += part.quantity
    assert taken.pop("PO", 0) <= 2
    for supply, quantity in taken.items():
        node, item = supply.split("-")
        assert quantity <= stock[node][item] - (1 if node[0] == "S" else 0)
