"""Orders of World W whose plans were worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from orderloom.engine.ledger.stock import Supply
from orderloom.engine.order import Customer, Line, Order
from orderloom.engine.plan import Plan
from orderloom.engine.sourcing import Demand
from orderloom.engine.sourcing import plan as planned

THURSDAY = date(2026, 3, 5)
SPLIT_OR_WAIT = {"DC1": {"A": 2}, "DC2": {"A": 5, "B": 5}, "S1": {"A": 3, "B": 1}, "S2": {"A": 0, "B": 2}}
WANTED = {"A": 2, "B": 1}


def shipped(plan: Plan) -> dict[str, dict[str, int]]:
    """Units by node and line."""
    found: dict[str, dict[str, int]] = {}
    for shipment in plan.shipments:
        for part in shipment.allocations:
            lines = found.setdefault(shipment.node, {})
            lines[part.line] = lines.get(part.line, 0) + part.quantity
    return found


def because(plan: Plan, node: str) -> list[str]:
    return [candidate.because for candidate in plan.candidates if candidate.node == node]


@pytest.mark.parametrize(
    ("node", "quantity", "cost"),
    [
        ("DC1", 1, "6.00"), ("DC1", 2, "7.50"), ("DC1", 3, "9.00"), ("DC1", 6, "13.50"),
        ("DC2", 1, "10.00"), ("DC2", 2, "11.50"), ("DC2", 3, "13.00"), ("DC2", 6, "17.50"),
        ("S1", 1, "8.50"), ("S1", 2, "11.50"), ("S1", 3, "14.50"), ("S1", 6, "23.50"),
        ("V1", 1, "7.00"), ("V1", 2, "7.50"), ("V1", 3, "8.00"), ("V1", 6, "9.50"),
    ],
)  # fmt: skip
def test_the_cost_table(world_w, node, quantity, cost):
    plan = world_w({node: {"A": 20}}).plan({"A": quantity})
    assert plan.cost == Decimal(cost)
    assert plan.terms == {"base": plan.cost - plan.terms["handling"], "late": 0, "handling": plan.terms["handling"]}


def test_a_hard_date_splits(world_w):
    plan = world_w(SPLIT_OR_WAIT, limits="late: hard").plan(WANTED, THURSDAY)
    assert shipped(plan) == {"DC1": {"A": 2}, "S2": {"B": 1}}
    assert plan.cost == Decimal("16.00")
    assert [shipment.deliver_on for shipment in plan.shipments] == [date(2026, 3, 4), date(2026, 3, 3)]
    assert plan.outcome == "sourced"
    assert plan.optimal


@pytest.mark.parametrize(
    ("penalty", "nodes", "cost", "flip"),
    [
        ("2.00", {"DC2"}, "15.00", "DC1 + S2 win above 3.00 per day late"),
        ("4.00", {"DC1", "S2"}, "16.00", "DC2 wins below 3.00 per day late"),
        ("3.00", {"DC2"}, "16.00", "DC1 + S2 win above 3.00 per day late"),
    ],
)
def test_the_price_of_a_late_day_decides_and_its_flip_is_told(world_w, penalty, nodes, cost, flip):
    plan = world_w(SPLIT_OR_WAIT, late=penalty).plan(WANTED, THURSDAY)
    assert shipped(plan).keys() == nodes
    assert plan.cost == Decimal(cost)
    assert any(flip in said for said in plan.flips)


def test_a_hard_date_and_one_shipment_clash(world_w):
    plan = world_w(SPLIT_OR_WAIT, limits="late: hard, shipments: 1").plan(WANTED, THURSDAY)
    assert plan.outcome == "nothing"
    assert plan.shipments == ()
    assert {unfilled.line: unfilled.quantity for unfilled in plan.unfilled} == WANTED
    assert len(plan.clash) == 2
    assert any("wanted by 2026-03-05" in said for said in plan.clash)
    assert any("limit of shipments: 1" in said for said in plan.clash)
    assert plan.relaxations == ("2 shipments: 16.00", "1 day late: 13.00")


def test_the_alternatives_are_whole_plans_with_their_cost(world_w):
    plan = world_w(SPLIT_OR_WAIT, late="2.00").plan(WANTED, THURSDAY)
    split = plan.alternatives[0]
    assert (split.cost, split.last_delivery) == (Decimal("16.00"), date(2026, 3, 4))
    assert split.because == "costs 16.00, 1.00 more"
    assert [text.split(",")[0] for text in split.shipments] == ["DC1: 2 x A by parcel", "S2: 1 x B by parcel"]


def test_a_tie_is_decided_by_the_first_preference_that_differs(world_w):
    plan = world_w(SPLIT_OR_WAIT, late="3.00").plan(WANTED, THURSDAY)
    assert plan.alternatives[0].because == "is as cheap, with more shipments"
    other = world_w(SPLIT_OR_WAIT, late="3.00", prefer="earlier last delivery, node id").plan(WANTED, THURSDAY)
    assert shipped(other).keys() == {"DC1", "S2"}


def test_equal_plans_are_decided_by_node_id(world_w):
    assert shipped(world_w({"S3": {"A": 2}, "S2": {"A": 2}}).plan({"A": 1})) == {"S2": {"A": 1}}


SAVE_THE_SALE = {"S1": {"TEE": 0}, "S2": {"TEE": 2}, "S3": {"TEE": 1}, "DC1": {"TEE": 40}}
STORES_FIRST = '  - pool: stores\n    nodes: node.type = "store"\n  - pool: dcs\n    nodes: node.type = "dc"'


def test_a_store_below_its_floor_is_out_and_says_why(world_w):
    plan = world_w(SAVE_THE_SALE, pools=STORES_FIRST).plan({"TEE": 1})
    assert shipped(plan) == {"S2": {"TEE": 1}}
    assert because(plan, "S3") == ["availability 0 (1 on hand - floor 1)"]
    assert because(plan, "DC1") == ["its pool is used only when the pools above it cannot serve"]


def test_the_next_pool_serves_what_the_first_cannot(world_w):
    plan = world_w(SAVE_THE_SALE | {"S2": {"TEE": 1}}, pools=STORES_FIRST).plan({"TEE": 1})
    assert shipped(plan) == {"DC1": {"TEE": 1}}
    assert (plan.cost, plan.shipments[0].ship_on, plan.shipments[0].deliver_on) == (
        Decimal("6.00"), date(2026, 3, 2), date(2026, 3, 4),
    )  # fmt: skip


def test_pools_serve_together_when_the_first_has_too_little(world_w):
    plan = world_w(SAVE_THE_SALE, pools=STORES_FIRST).plan({"TEE": 2})
    assert shipped(plan) == {"DC1": {"TEE": 2}}, "7.50 from the DC alone is less than 8.50 + 6.00 from both"


def test_a_dearer_node_says_by_how_much(world_w):
    plan = world_w({"DC1": {"A": 4}, "S2": {"A": 4}}).plan({"A": 1})
    assert because(plan, "S2") == ["costs 8.50, 2.50 more"]
    assert next(each.cost for each in plan.candidates if each.node == "S2") == Decimal("8.50")


def test_a_node_with_too_little_says_what_the_plan_costs_with_it(world_w):
    plan = world_w({"DC1": {"A": 2}, "DC2": {"A": 3}}).plan({"A": 3})
    assert shipped(plan) == {"DC2": {"A": 3}}
    assert because(plan, "DC1") == ["has 2 of 3 x A; with it the plan costs 17.50, 4.50 more"]


def test_an_exclusion_gives_its_reason_and_place(world_w):
    rule = 'exclude:\n  - when: item.bulky and node.type = "store"\n    because: a store does not ship bulky items'
    plan = world_w({"S1": {"SOFA": 9}, "DC2": {"SOFA": 9}}, bulky=("SOFA",), exclude=rule).plan({"SOFA": 1})
    out = next(candidate for candidate in plan.candidates if candidate.node == "S1")
    assert (out.because, out.line) == ("a store does not ship bulky items", "SOFA")
    assert out.origin is not None
    assert out.origin.startswith("rules/policy.yaml:")


LAMPS = {"DC1": {"LAMP": 2}, "DC2": {"LAMP": 5}}


def test_lines_of_one_item_are_consolidated(world_w):
    plan = world_w(LAMPS).plan({"LAMP": 3})
    assert shipped(plan) == {"DC2": {"LAMP": 3}}
    assert (plan.cost, plan.shipments[0].deliver_on) == (Decimal("13.00"), date(2026, 3, 6))
    assert because(plan, "DC1") == ["has 2 of 3 x LAMP; with it the plan costs 17.50, 4.50 more"]


def test_a_date_that_only_two_of_three_can_keep(world_w):
    plan = world_w(LAMPS, limits="late: hard").plan({"LAMP": 3}, THURSDAY)
    assert plan.outcome == "nothing"
    assert plan.relaxations == ("1 day late: 13.00",)
    assert because(plan, "DC2") == ["no service takes the order from here in time"]


def test_what_can_be_served_is_served_when_the_rest_may_wait(world_w):
    plan = world_w(LAMPS, limits="late: hard", fallback="backorder").plan({"LAMP": 3}, THURSDAY)
    assert shipped(plan) == {"DC1": {"LAMP": 2}}
    assert plan.outcome == "partly"
    assert [(each.line, each.quantity) for each in plan.unfilled] == [("LAMP", 1)]
    assert plan.cost == Decimal("7.50"), "units that wait cost nothing"


def test_a_line_is_cut_where_no_node_has_it_all(world_w):
    plan = world_w({"DC1": {"A": 2}, "DC2": {"A": 1}}).plan({"A": 3})
    assert shipped(plan) == {"DC1": {"A": 2}, "DC2": {"A": 1}}
    assert plan.cost == Decimal("17.50")


def test_a_vendor_ships_after_its_lead_time(world_w):
    shipment = world_w({"V1": {"SOFA": 1}}).plan({"SOFA": 1}).shipments[0]
    assert (shipment.ship_on, shipment.deliver_on) == (date(2026, 3, 4), date(2026, 3, 7))
    assert shipment.derivation == (
        "ordered Mon 2026-03-02 10:00",
        "2 working days of lead time: ready Wed 2026-03-04",
        "work starts Wed 2026-03-04",
        "ships Wed 2026-03-04, parcel takes 3 days: delivered Sat 2026-03-07",
    )
    assert shipment.release_at == datetime(2026, 3, 4, 8, tzinfo=UTC), "when the vendor opens"


def test_an_order_past_the_cut_off_starts_on_the_next_working_day(world_w):
    late = datetime(2026, 3, 5, 15, 30, tzinfo=UTC)
    shipment = world_w({"DC1": {"TOWEL": 1}}).plan({"TOWEL": 1}, at=late).shipments[0]
    assert (shipment.ship_on, shipment.deliver_on) == (date(2026, 3, 6), date(2026, 3, 8))
    assert "past the cut-off of 14:00" in shipment.derivation[0]


def inbound(quantity: int, due: date, node: str = "DC1") -> Supply:
    return Supply(f"PO-{due:%d}", "A", node, "in-transit", quantity, due)


def test_a_shipment_is_held_for_what_is_on_its_way(world_w):
    plan = world_w({"DC1": {"A": 1, "B": 3}}, inbound(5, date(2026, 3, 3))).plan({"A": 2, "B": 1})
    assert [(each.node, each.ship_on, each.supply_type) for each in plan.shipments] == [("DC1", date(2026, 3, 4), "in-transit")]
    assert plan.cost == Decimal("9.00"), "one shipment of three; on Monday and Wednesday it would be 7.50 + 6.00"
    supplies = {part.supply: part.quantity for part in plan.shipments[0].allocations}
    assert supplies == {"PO-03": 2, "DC1-B": 1}, "as it waits anyway, what is on hand stays for others"


def test_what_waits_is_sent_apart_when_holding_costs_more(world_w):
    by_unit = "    waiting: 9.00 * days_late"
    plan = world_w({"DC1": {"A": 1, "B": 3}}, inbound(5, date(2026, 3, 10)), terms=by_unit).plan({"A": 2, "B": 1}, THURSDAY)
    assert [(each.ship_on, shipped_on(each)) for each in plan.shipments] == [
        (date(2026, 3, 2), {"A": 1, "B": 1}), (date(2026, 3, 11), {"A": 1}),
    ]  # fmt: skip


def shipped_on(shipment) -> dict[str, int]:
    return {part.line: part.quantity for part in shipment.allocations}


def test_equal_input_gives_an_equal_plan(world_w):
    one = world_w(SPLIT_OR_WAIT, late="2.00").plan(WANTED, THURSDAY)
    turned = world_w({node: SPLIT_OR_WAIT[node] for node in reversed(SPLIT_OR_WAIT)}, late="2.00").plan(WANTED, THURSDAY)
    assert one == turned


CANCEL = "  per cancelled unit:\n    goodwill: 5.00"


def test_a_unit_may_be_left_out_where_cancelling_is_cheaper(world_w):
    plan = world_w({"DC1": {"A": 1}, "S1": {"A": 9}}, terms=CANCEL, fallback="cancel").plan({"A": 2})
    assert plan.cost == Decimal("10.00"), "5.00 twice; DC1 and 5.00 is 11.00, S1 alone 11.50"
    assert plan.terms == {"goodwill": Decimal("10.00")}


def test_without_a_price_for_cancelling_nothing_is_left_out(world_w):
    plan = world_w({"DC1": {"A": 1}, "S1": {"A": 9}}, fallback="cancel").plan({"A": 2})
    assert plan.outcome == "sourced"


SERVICES = """\
  - service: letter
    method: ship
    when: {letter}
    transit days: 1
  - service: parcel
    method: ship
    transit days: node.transit"""
RATE = 'if service = "letter" then 1.00 else node.base + 0.50 * (shipment.quantity - 1)'


def services(plan: Plan) -> list[tuple[str, str, Decimal]]:
    return [(each.node, each.service, sum(each.costs.values(), Decimal(0))) for each in plan.shipments]


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (2, [("DC1", "letter", Decimal("3.00"))]),
        (3, [("DC1", "letter", Decimal("3.00")), ("DC2", "letter", Decimal("2.00"))]),
        (5, [("DC1", "parcel", Decimal("12.00"))]),
    ],
)
def test_a_service_that_takes_light_shipments_alone(world_w, quantity, expected):
    letters = SERVICES.format(letter="shipment.weight <= 2")
    plan = world_w({"DC1": {"A": 9}, "DC2": {"A": 1}}, services=letters, base=RATE).plan({"A": quantity})
    assert services(plan) == expected
    assert plan.optimal


def test_a_service_that_takes_no_bulky_lines_leaves_them_to_another(world_w):
    letters = SERVICES.format(letter="every l in shipment.lines satisfies not(l.item.bulky)")
    plan = world_w({"DC1": {"A": 1, "SOFA": 1}}, services=letters, base=RATE, bulky=("SOFA",)).plan({"A": 1, "SOFA": 1})
    assert services(plan) == [("DC1", "parcel", Decimal("7.50"))]


def test_a_service_for_few_units_of_a_line_is_not_given_more(world_w):
    letters = SERVICES.format(letter="every l in shipment.lines satisfies l.quantity <= 2")
    plan = world_w({"DC1": {"A": 5}}, services=letters, base=RATE).plan({"A": 3})
    assert services(plan) == [("DC1", "parcel", Decimal("9.00"))]


OVERTIME = "    overtime: if load > 60000 then 1.50 else 0"


def test_a_line_of_100_000_units(world_w):
    plan = world_w({"V1": {"A": 70_000}, "DC1": {"A": 90_000}}, terms=OVERTIME).plan({"A": 100_000})
    assert shipped(plan) == {"DC1": {"A": 40_000}, "V1": {"A": 60_000}}
    # V1 7.00 + 59,999 x 0.50, nothing for handling; DC1 5.00 + 39,999 x 0.50 + 40,000 x 1.00: less than 1.50 more at V1
    assert plan.cost == Decimal("7.00") + Decimal("29999.50") + Decimal("5.00") + Decimal("19999.50") + 40_000
    assert plan.optimal


def test_an_order_to_pick_up_without_an_address_is_not_shipped(world_w):
    services = "  - { service: counter, method: pickup, when: node.id = order.pickup_node, transit days: 0 }\n"
    w = world_w({"DC1": {"A": 9}, "S1": {"A": 9}}, services=f"{services}  - {{ service: van, method: ship, transit days: 1 }}")
    monday = datetime(2026, 3, 2, 10, tzinfo=UTC)
    order = Order("O1", "web", monday, Customer("C1"), (Line("1", "A", 2, Decimal(20), "pickup"),), "USD", pickup_node="S1")
    made = planned(w.program.sourcing["policy"], Demand(order, (("1", 2),)), w.world, monday)
    assert [(each.node, each.service) for each in made.shipments] == [("S1", "counter")]
    assert because(made, "DC1") == ["no service takes the order from here"]


def test_what_costs_less_to_leave_out_tells_what_each_node_would_have_cost(world_w):
    cancel = {"terms": "    wait: 2 * days_late\n  per cancelled unit:\n    cancel: 5", "fallback": "cancel"}
    plan = world_w({"DC1": {"A": 1}, "DC2": {"A": 2}}, **cancel).plan({"A": 2}, date(2026, 3, 1))
    assert (plan.outcome, plan.cost) == ("nothing", Decimal("10.00"))
    # DC1: base 5.00, one unit for 1.00 and three days, and 5.00 for what it has not got; DC2: 9.50, two for 1.00 and five days
    assert because(plan, "DC1") == ["has 1 of 2 x A; costs 17.00, 7.00 more: delivered Wed 2026-03-04, 3 days late"]
    assert because(plan, "DC2") == ["costs 31.50, 21.50 more: delivered Fri 2026-03-06, 5 days late"]
