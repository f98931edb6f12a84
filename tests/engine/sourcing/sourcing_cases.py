"""Random orders over whole policies, and the least cost of each by trying everything.

The brute force knows nothing of the planner: it puts every unit of every line into every place (a node on a day, or nowhere),
tries every service for each shipment, and works out what the policy below says, in a few lines each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import chain, product
from math import comb, prod

from hypothesis import strategies as st
from programs import program_of

from orderloom.dsl.program import Program
from orderloom.engine import views
from orderloom.engine.catalog import Item, Node
from orderloom.engine.ledger.stock import Position, Stock, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.plan import Plan
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.world import World

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
TODAY = NOW.date()
PREFERENCES = (
    "fewer shipments, earlier last delivery, node id",
    "earlier last delivery, nearer",
    "node id",
)
CANCEL = Decimal(9)
ITEMS = ("A", "B")

_POLICY = """\
orderloom: 1
workspace: laws
currency: USD
timezone: UTC
---
kind: attributes
name: laws
order: {{ most: number, places: number, whole: boolean, split: number, late: number }}
line: {{ set: string, room: string }}
node: {{ base: number, handling: number, transit: number, room: number, floor: number, counter: boolean, scarce: number }}
---
kind: calendar
name: daily
timezone: UTC
hours: {{ mon-sun: 00:00-24:00 }}
closed: []
---
kind: promising
name: laws
supply: {{ on-hand: {{ trust: 1 }}, in-transit: {{ trust: 1 }} }}
floor: node.floor
services:
  - {{ service: parcel, method: ship, transit days: node.transit }}
  - {{ service: express, method: ship, transit days: 1 }}
  - {{ service: counter, method: pickup, when: node.counter, transit days: 0 }}
---
kind: sourcing
name: laws
promise by: laws
candidates: [{{ pool: all, nodes: true }}]
limits:
  late: {late}
  shipments: order.most
  all or nothing: order.whole
  ship together: line.set
  deliver together: line.room
  pickup places: order.places
minimise:
  per shipment:
    base: if service = "counter" then 1 else node.base + (if service = "express" then 2 else 0)
  per unit:
    handling: node.handling
    late: order.late * days_late
    busy: "if load > node.room then 1.50 else 0"
    scarce: node.scarce * (if left < 2 then 2 - left else 0)
  per extra shipment:
    split: order.split
  per cancelled unit:
    cancel: 9
then prefer: [{prefer}]
if nothing fits: {fallback}
"""


@dataclass(frozen=True, eq=False)
class At:
    """A node: its figures, what it has on hand, and what comes to it, if anything: item, units, day."""

    name: str
    base: int
    handling: int
    transit: int
    room: int
    floor: int
    scarce: int
    counter: bool
    on_hand: Mapping[str, int]
    coming: tuple[str, int, date] | None

    def usable(self, item: str, day: date) -> int:
        """Units that may leave by the day."""
        coming = self.coming[1] if self.coming and self.coming[0] == item and self.coming[2] <= day else 0
        return max(0, self.on_hand[item] + coming - self.floor)


@dataclass(frozen=True)
class Wish:
    """A line."""

    item: str
    quantity: int
    want_by: date | None
    set: str | None
    room: str | None


@dataclass(frozen=True)
class Case:
    """An order, the nodes, and the policy's figures."""

    nodes: tuple[At, ...]
    wishes: tuple[Wish, ...]
    most: int | None
    places: int | None
    whole: bool
    split: int
    late: int
    hard: bool
    weighed: bool
    prefer: str


days = st.sampled_from([TODAY + timedelta(days=n) for n in (1, 2, 3)])


@st.composite
def nodes(draw: st.DrawFn) -> tuple[At, ...]:
    """Two or three nodes; something comes to the first of them at most."""
    found = []
    for name in draw(st.sampled_from(["PQ", "PQR"])):
        coming = draw(st.none() | st.tuples(st.sampled_from(ITEMS), st.integers(1, 2), days)) if name == "P" else None
        found.append(
            At(
                name, draw(st.integers(0, 5)), draw(st.integers(0, 2)), draw(st.integers(1, 3)), draw(st.sampled_from([1, 2, 9])),
                draw(st.sampled_from([0, 0, 1])), draw(st.sampled_from([0, 0, 1])), draw(st.booleans()),
                {item: draw(st.integers(0, 3)) for item in ITEMS}, coming,
            )
        )  # fmt: skip
    return tuple(found)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Up to four units on up to three lines, or three units where lines are to be delivered together."""
    rooms = st.sampled_from([None, None, None, "r"]) if draw(st.booleans()) else st.none()
    left, wishes = 3, []
    for _ in range(draw(st.integers(1, 3))):
        quantity = draw(st.integers(1, 2))
        wish = Wish(
            draw(st.sampled_from(ITEMS)), quantity, draw(st.none() | days), draw(st.sampled_from([None, None, "s"])), draw(rooms)
        )
        if quantity <= left:
            wishes.append(wish)
            left -= quantity
    return Case(
        draw(nodes()), tuple(wishes), draw(st.sampled_from([None, None, 1, 2])), draw(st.sampled_from([None, 0, 1])),
        draw(st.sampled_from([False, False, True])), draw(st.integers(0, 2)), draw(st.integers(0, 2)), draw(st.booleans()),
        draw(st.booleans()), draw(st.sampled_from(PREFERENCES)),
    )  # fmt: skip


# --- the planner's side ------------------------------------------------------------------------------------------------


@cache
def program(late: str, prefer: str, fallback: str) -> Program:
    """The policy, compiled."""
    return program_of(_POLICY.format(late=late, prefer=prefer, fallback=fallback))


def planned(case: Case, backwards: bool = False) -> Plan:
    """The plan; with `backwards`, rows of nodes and stock come in the other order."""
    own = program("hard" if case.hard else "soft", case.prefer, "cancel" if case.weighed else "backorder")
    step = -1 if backwards else 1
    found = {at.name: _node(at) for at in case.nodes[::step]}
    items = {item: Item(item) for item in ITEMS[::step]}
    positions = {(item, at.name): _position(item, at) for at in case.nodes[::step] for item in ITEMS[::step]}
    stock = Stock({key: Position(*key, supplies=supplies) for key, supplies in positions.items()}, {})
    world = World(own, views.catalog(items, found, own.attributes), stock)
    lines = tuple(_line(number, wish) for number, wish in enumerate(case.wishes))
    mine = {
        "most": case.most and Decimal(case.most), "places": None if case.places is None else Decimal(case.places),
        "whole": case.whole, "split": Decimal(case.split), "late": Decimal(case.late),
    }  # fmt: skip
    order = Order("O1", "web", NOW, Customer("C1"), lines, "USD", ship_to=Address(region="EAST"), attributes=mine)
    demand = Demand(order, tuple((line.id, line.quantity) for line in lines))
    return plan(own.sourcing["laws"], demand, world, NOW)


def _node(at: At) -> Node:
    mine: dict[str, object] = {name: Decimal(getattr(at, name)) for name in ("base", "handling", "room", "floor", "scarce")}
    return Node(at.name, "store", calendar="daily", attributes=mine | {"transit": Decimal(at.transit), "counter": at.counter})


def _line(number: int, wish: Wish) -> Line:
    mine: dict[str, object] = {"set": wish.set, "room": wish.room}
    return Line(str(number), wish.item, wish.quantity, Decimal(20), want_by=wish.want_by, attributes=mine)


def _position(item: str, at: At) -> tuple[Supply, ...]:
    """The supplies in the order in which every store lists them."""
    on_hand = Supply(f"{at.name}-{item}", item, at.name, "on-hand", at.on_hand[item])
    if at.coming is None or at.coming[0] != item:
        return (on_hand,)
    _, units, day = at.coming
    return (on_hand, Supply(f"{at.name}-{item}-PO", item, at.name, "in-transit", units, day))


# --- brute force -------------------------------------------------------------------------------------------------------

Place = tuple[At, date]
Counts = tuple[int, ...]  #: units of a line in each place
TRANSIT = {"parcel": None, "express": 1, "counter": 0}
MOST_SPREADS = 100_000  #: ways to spread the lines over the places that brute force looks at


def _spreads(quantity: int, places: int) -> Iterator[Counts]:
    """A line's units over the places; what is missing is left out."""
    if not places:
        yield ()
    else:
        for count in range(quantity + 1):
            yield from ((count, *rest) for rest in _spreads(quantity - count, places - 1))


class Brute:
    """Every plan of a case, one by one."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.wanted = Counter[str]()
        for wish in case.wishes:
            self.wanted[wish.item] += wish.quantity
        self.places = [(at, day) for at in case.nodes for day in self.days(at)]

    @property
    def can(self) -> bool:
        """Whether the plans are few enough to look at each."""
        return prod(comb(len(self.places) + wish.quantity, wish.quantity) for wish in self.case.wishes) <= MOST_SPREADS

    def best(self) -> tuple[int, Decimal]:
        """The fewest units left out (0 where that is weighed as cost), and the least cost of that."""
        ways = [list(_spreads(wish.quantity, len(self.places))) for wish in self.case.wishes]
        return min(chain.from_iterable(self.priced(lines) for lines in product(*ways) if self.in_stock(lines)))

    def natural(self, at: At) -> set[date]:
        """Today if it has something that is wanted, and the day on which more comes that is needed."""
        found = {TODAY} if any(at.usable(item, TODAY) for item in self.wanted) else set()
        if at.coming is not None:
            item, _, day = at.coming
            if at.usable(item, TODAY) < self.wanted[item] and at.usable(item, day) > at.usable(item, TODAY):
                found.add(day)
        return found

    def days(self, at: At) -> list[date]:
        """When it may ship: where lines are delivered together, any day until the last of all could be there."""
        found = self.natural(at)
        if found and any(wish.room for wish in self.case.wishes):
            last = max(self.arrivals(), default=min(found))
            found |= {day for n in range(9) if min(found) <= (day := TODAY + timedelta(days=n)) <= last}
        return sorted(found)

    def arrivals(self) -> Iterator[date]:
        """The days on which something that is wanted can be there, in time where that is asked for."""
        for at in self.case.nodes:
            for day, service in product(self.natural(at), services(at)):
                on = arrives(at, day, service)
                if any(at.usable(wish.item, day) and self.in_time(wish, on) for wish in self.case.wishes):
                    yield on

    def in_time(self, wish: Wish, day: date) -> bool:
        """Whether a line may be delivered on the day."""
        return not self.case.hard or wish.want_by is None or day <= wish.want_by

    def in_stock(self, lines: Sequence[Counts]) -> bool:
        """Whether each node has what is taken by each day, and no more shipments are made than may be."""
        used = {index for counts in lines for index, count in enumerate(counts) if count}
        if self.case.most is not None and len(used) > self.case.most:
            return False
        taken = Counter[tuple[str, At, date]]()
        for wish, counts in zip(self.case.wishes, lines, strict=True):
            for (at, day), count in zip(self.places, counts, strict=True):
                taken[wish.item, at, day] += count
        for (item, at, day), _ in list(taken.items()):
            before = sum(count for (other, node, when), count in taken.items() if (other, node) == (item, at) and when <= day)
            if before > at.usable(item, day):
                return False
        return True

    def priced(self, lines: Sequence[Counts]) -> Iterator[tuple[int, Decimal]]:
        """Units left out and cost, for every service that the shipments could go by."""
        missing = [wish.quantity - sum(counts) for wish, counts in zip(self.case.wishes, lines, strict=True)]
        if not self.whole_or_nothing(lines, missing):
            return
        used = sorted({index for counts in lines for index, count in enumerate(counts) if count})
        left = sum(missing)
        for chosen in product(*(services(self.places[index][0]) for index in used)):
            by = dict(zip(used, chosen, strict=True))
            if self.allowed(lines, by):
                cost = self.cost(lines, by)
                yield (0, cost + CANCEL * left) if self.case.weighed else (left, cost)

    def whole_or_nothing(self, lines: Sequence[Counts], missing: Sequence[int]) -> bool:
        """Whether the order and every group is served whole or not at all, and sets leave from one place."""
        for name in ("set", "room"):
            group = [index for index, wish in enumerate(self.case.wishes) if getattr(wish, name)]
            sent = [index for index in group if any(lines[index])]
            if sent and any(missing[index] for index in group):
                return False
            if name == "set" and len({place for index in group for place, count in enumerate(lines[index]) if count}) > 1:
                return False
        return not (self.case.whole and any(missing) and any(any(counts) for counts in lines))

    def allowed(self, lines: Sequence[Counts], by: Mapping[int, str]) -> bool:
        """Whether rooms are delivered on one day, nothing is too late where that is forbidden, and counters are few enough."""
        counters = {self.places[index][0].name for index, service in by.items() if service == "counter"}
        if self.case.places is not None and len(counters) > self.case.places:
            return False
        arrivals: set[date] = set()
        for wish, counts in zip(self.case.wishes, lines, strict=True):
            there = {arrives(*self.places[index], by[index]) for index, count in enumerate(counts) if count}
            arrivals |= there if wish.room else set()
            if self.case.hard and wish.want_by and any(day > wish.want_by for day in there):
                return False
        return len(arrivals) <= 1

    def cost(self, lines: Sequence[Counts], by: Mapping[int, str]) -> Decimal:
        """By the policy."""
        cost = Decimal(self.case.split * max(0, len(by) - 1))
        for index, service in by.items():
            at, day = self.places[index]
            units = sum(counts[index] for counts in lines)
            cost += 1 if service == "counter" else at.base + (2 if service == "express" else 0)
            cost += units * at.handling + Decimal("1.50") * max(0, units - at.room)
            for wish, counts in zip(self.case.wishes, lines, strict=True):
                if wish.want_by:
                    cost += self.case.late * counts[index] * max(0, (arrives(at, day, service) - wish.want_by).days)
        taken: dict[tuple[str, At], dict[date, int]] = defaultdict(dict)
        for wish, counts in zip(self.case.wishes, lines, strict=True):
            for (at, day), count in zip(self.places, counts, strict=True):
                if count:
                    of_day = taken[wish.item, at]
                    of_day[day] = of_day.get(day, 0) + count
        return cost + sum((self.scarce(item, at, of_day) for (item, at), of_day in taken.items()), Decimal(0))

    def scarce(self, item: str, at: At, of_day: Mapping[date, int]) -> Decimal:
        """What is left on hand behind each unit, at its best: what comes may be taken in its stead once it is there."""
        here = at.on_hand[item]
        units = sum(of_day.values())
        coming = at.coming[1] if at.coming and at.coming[0] == item else 0
        late = sum(count for day, count in of_day.items() if coming and at.coming and day >= at.coming[2])
        kept_back = max(0, at.floor - here)
        ways = []
        for new in range(min(late, coming - kept_back if coming else 0) + 1):
            if units - new <= max(0, here - at.floor):
                on_hand = sum(max(0, 2 - (here - n)) for n in range(1, units - new + 1))
                ways.append(on_hand + new * max(0, 2 - here))
        return at.scarce * Decimal(min(ways))


def services(at: At) -> tuple[str, ...]:
    """The ways from the node."""
    return ("parcel", "express", "counter") if at.counter else ("parcel", "express")


def arrives(at: At, day: date, service: str) -> date:
    """The day of delivery."""
    transit = TRANSIT[service]
    return day + timedelta(days=at.transit if transit is None else transit)
