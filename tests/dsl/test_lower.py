"""The retail pack and small processes, as the engine sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from orderloom.dsl.compile import Compiled, compile_pack
from orderloom.dsl.program import Ask, Choose, Do, Process, Program, Wait

HEAD = "kind: process\nname: backorder\nfor: fulfillment\nsteps:\n"


def retail() -> Program:
    program = compile_pack("retail").program
    assert program is not None
    return program


def process(compile_file: Callable[[str], Compiled], steps: str) -> Process:
    compiled = compile_file(HEAD + steps)
    assert compiled.program is not None, compiled.diagnostics
    return compiled.program.processes["backorder"]


def test_ways_of_a_request() -> None:
    pick = retail().processes["ship-to-customer"].steps["pick"]
    assert pick.verb == Ask("fulfiller", "pick-request")
    assert pick.next == "pack"
    assert pick.ways == {"picked": "pack", "short-picked": "shortage", "late": "pick-late"}
    assert pick.within == timedelta(days=2)
    assert str(pick.origin).startswith("processes/retail/ship-to-customer.yaml:")


def test_ways_of_a_choice() -> None:
    verb = retail().processes["sales-order"].steps["outcome"].verb
    assert isinstance(verb, Choose)
    assert [(way.when.text if way.when else None, way.next) for way in verb.ways] == [
        ("order.delivered_quantity = 0", "cancelled"),
        ("order.delivered_quantity < order.quantity", "partly-delivered"),
        (None, "delivered"),
    ]


def test_the_word_next_means_the_step_below(compile_file: Callable[[str], Compiled]) -> None:
    steps = """\
  - { step: pick, ask: fulfiller, message: pick-request, on: { short-picked: next, picked: done } }
  - { step: short, end: short }
  - { step: done, end: done }
"""
    pick = process(compile_file, steps).steps["pick"]
    assert pick.ways == {"picked": "done", "short-picked": "short"}
    assert pick.next == "done"


def test_kinds_of_waits(compile_file: Callable[[str], Compiled]) -> None:
    steps = """\
  - { step: event, wait: collected, until: today + duration("P3D"), on: { late: done } }
  - { step: moment, wait: unit.release_at }
  - { step: pause, wait: PT90M }
  - { step: done, end: done }
"""
    found = process(compile_file, steps).steps
    event, moment, pause = (found[name].verb for name in ("event", "moment", "pause"))
    assert isinstance(event, Wait) and isinstance(moment, Wait) and isinstance(pause, Wait)
    assert (event.event, event.moment, event.duration) == ("collected", None, None)
    assert event.deadline is not None
    at = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert (moment.event, moment.duration) == (None, None)
    assert moment.moment is not None
    assert moment.moment({"unit": {"release_at": at}}) == at
    assert (pause.event, pause.moment, pause.duration) == (None, None, timedelta(minutes=90))


def test_an_action_that_leaves_ends_the_graph() -> None:
    last = retail().processes["backorder"].steps["go-on"]
    assert (last.verb, last.next, last.ways) == (Do("choose-process"), None, {})


def test_decisions_are_functions_of_expressions() -> None:
    promising = retail().promising["retail"]
    here, there = {"lat": Decimal("40.7"), "lon": Decimal("-74.0")}, {"lat": Decimal("34.05"), "lon": Decimal("-118.24")}
    context: dict[str, object] = {"node": here, "order": {"ship_to": there}}
    lane: dict[str, object] = {}
    for name, formula in promising.lane.items():
        lane[name] = formula({**context, "lane": lane})
    miles = lane["miles"]
    assert isinstance(miles, Decimal)
    assert 2440 < miles < 2460  # New York to Los Angeles
    assert lane["zone"] == {"zone": 8, "rate_per_lb": Decimal("1.6132"), "ground_days": 5, "two_day_days": 2}


def test_costs_by_the_thing_that_they_are_worked_out_for() -> None:
    terms = {term.name: term.scope for term in retail().sourcing["cheapest"].terms}
    assert terms["parcel"] == "shipment"
    assert terms["handling"] == "unit"
    assert terms["split"] == "extra shipment"
    assert terms["cancel"] == "cancelled unit"


def test_a_day_to_its_end() -> None:
    assert retail().calendars["every-day"].hours == ((time(0), time.max),) * 7


def test_settings_of_an_adapter_stay_as_they_are_written(compile_file: Callable[[str], Compiled]) -> None:
    compiled = compile_file(
        "kind: participants\nname: more\norganizations:\n"
        "  - name: parcel-carrier\n    roles: [carrier]\n"
        '    connect: { adapter: webhook, url: env("CARRIER_URL"), tries: 3, parts: [a, 1.5] }\n'
    )
    assert compiled.program is not None
    carrier = compiled.program.organizations["parcel-carrier"]
    assert carrier.adapter == "webhook"
    assert carrier.settings == {"url": 'env("CARRIER_URL")', "tries": 3, "parts": ["a", Decimal("1.5")]}


def test_how_much_a_participant_takes_is_no_setting_of_its_adapter(compile_file: Callable[[str], Compiled]) -> None:
    text = "kind: participants\nname: more\norganizations:\n  - name: parcel-carrier\n    roles: [carrier]\n    connect: "
    compiled = compile_file(text + "{ adapter: webhook, concurrency: 4, rate: 2.5, tries: 3 }\n")
    assert compiled.program is not None
    carrier = compiled.program.organizations["parcel-carrier"]
    assert (carrier.concurrency, carrier.rate, carrier.settings) == (4, Decimal("2.5"), {"tries": 3})
    assert all(one.concurrency == 1 and one.rate is None for one in retail().organizations.values())
    for wrong in ("concurrency: 0", "concurrency: 1.5", "concurrency: many", "rate: 0"):
        found = compile_file(text + f"{{ adapter: webhook, {wrong} }}\n")
        assert found.program is None and len(found.diagnostics) == 1


def test_attributes_are_typed() -> None:
    attributes = retail().attributes
    assert str(attributes["node"]["divisions"]) == "list<string>"
    assert attributes["customer"]["tier"].values == ("standard", "silver", "gold")  # type: ignore[union-attr]


def test_a_role_of_the_workspace_adds_to_that_of_its_pack(compile_file: Callable[[str], Compiled]) -> None:
    compiled = compile_file(
        "kind: participants\nname: more\nroles:\n  customer:\n    title: Buyer\n"
        "    receives: { ready-at-curb: , shipped: { title: On its way } }\n    sends: [customer-arrives]\n"
    )
    assert compiled.program is not None, compiled.diagnostics
    before, customer = retail().roles["customer"], compiled.program.roles["customer"]
    assert customer.title == "Buyer"
    assert list(customer.receives) == [*before.receives, "ready-at-curb"]
    assert customer.receives["shipped"].title == "On its way"
    assert customer.receives["order-confirmed"] == before.receives["order-confirmed"]
    assert customer.sends == (*before.sends, "customer-arrives")


def test_organizations_of_packs_come_first(compile_file: Callable[[str], Compiled]) -> None:
    shipped = list(retail().organizations)
    rest = """roles: [fulfiller], operates: 'node.type = "store"', connect: { adapter: simulator }"""
    replaced = next(name for name, organization in retail().organizations.items() if organization.roles == ("fulfiller",))
    compiled = compile_file(
        f"kind: participants\nname: more\norganizations:\n  - {{ name: a-shop, {rest} }}\n  - {{ name: {replaced}, {rest} }}\n"
    )
    assert compiled.program is not None, compiled.diagnostics
    shipped.remove(replaced)
    assert list(compiled.program.organizations) == [*shipped, "a-shop", replaced]
