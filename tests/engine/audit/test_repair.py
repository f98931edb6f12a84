"""Repairs: what is certain is proposed, in words and exactly, and applied only while it still is what makes the law hold."""

from __future__ import annotations

import pytest
from msgspec import json
from shop import Shop

from orderloom.engine.audit import Finding, audit
from orderloom.engine.audit.repair import Applied, Plan, apply, plan
from orderloom.engine.refused import Refused

TIMER = "timer/O00003/order:2"


def broken(shop: Shop, damage: str) -> tuple[Finding, ...]:
    with shop.store.writing() as connection:
        connection.exec_driver_sql(damage)
    return audit(shop.store)


def rows(shop: Shop, query: str) -> list[tuple[object, ...]]:
    with shop.store.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def carried(made: Plan) -> Plan:
    """The plan as it comes back out of a file."""
    return json.decode(json.encode(made), type=Plan)


@pytest.mark.parametrize(
    ("damage", "statement"),
    [
        ("UPDATE supplies SET reserved = 7 WHERE item = 'I010' AND node = 'N0'", "reserved 7 becomes 0"),
        (f"DELETE FROM due WHERE key = '{TIMER}'", "a row is added to due"),
        ("UPDATE loads SET units = units + 5 WHERE node = 'N0' AND day = '2026-03-02'", "units 17 becomes 12"),
        ("UPDATE orders SET state = 'torn' WHERE id = 'O00003'", "state torn becomes"),
        (
            "UPDATE orders SET state = REPLACE(state, 'shipped', 'shopped') WHERE id = 'O00003'",
            "by it status, units would be otherwise",
        ),
        ("UPDATE orders SET outcome = 'lost' WHERE id = 'O00003'", "outcome lost becomes None"),
    ],
)
def test_what_is_certain_is_proposed_and_makes_the_store_sound_again(shop: Shop, damage: str, statement: str) -> None:
    before = {table: rows(shop, f"SELECT * FROM {table}") for table in ("supplies", "due", "loads", "orders")}
    made = carried(plan("toys", broken(shop, damage)))
    assert any(statement in each.statement for each in made.changes), made
    done = apply(shop.store, made, "ann")
    assert not isinstance(done, Refused) and any(not each.refused for each in done)
    assert audit(shop.store) == ()
    assert {table: sorted(rows(shop, f"SELECT * FROM {table}"), key=repr) for table in before} == {
        table: sorted(found, key=repr) for table, found in before.items()
    }
    kept = rows(shop, "SELECT number, applied_by, law FROM repairs")
    assert kept == [(n, "ann", each.planned.law) for n, each in enumerate((e for e in done if not e.refused), 1)]
    assert {each.refused for each in apply(shop.store, made, "ann") if isinstance(each, Applied)} == {"the law holds by now"}


def test_a_plan_is_checked_anew_when_it_is_applied(shop: Shop) -> None:
    made = plan("toys", broken(shop, "UPDATE supplies SET reserved = 7 WHERE item = 'I010' AND node = 'N0'"))
    again = broken(shop, "UPDATE supplies SET reserved = 8 WHERE item = 'I010' AND node = 'N0'")
    [done] = apply(shop.store, made, "ann")  # type: ignore[misc]
    assert done.refused == "it is otherwise now: audit again"
    assert audit(shop.store) == again and rows(shop, "SELECT * FROM repairs") == []


def test_a_plan_of_another_workspace_is_refused(shop: Shop) -> None:
    assert apply(shop.store, Plan("boats", (), ()), "ann") == Refused(
        "the plan is for the workspace boats, this store belongs to toys"
    )


@pytest.mark.parametrize(
    "damage",
    [
        # the ledger says otherwise than the orders: either may be right
        "UPDATE ledger SET quantity = 9 WHERE order_id = 'O00003' AND kind = 'reserve' AND number = 0",
        # the history was changed, too
        "UPDATE history SET change = REPLACE(change, 'shipped', 'shopped') WHERE order_id = 'O00003' AND sequence = 2",
        "INSERT INTO reservations VALUES (0, 'O00003', '1', 'I010', 'N0', 'OH', 1, NULL)",
        "DELETE FROM outbox WHERE order_id = 'O00003'",
    ],
)
def test_what_is_not_certain_is_for_a_person_to_decide(shop: Shop, damage: str) -> None:
    made = plan("toys", broken(shop, damage))
    assert made.decide and all(each.todo for each in made.decide)
    assert not any("ledger" in each.change.table or "history" in each.change.table for each in made.changes)
    assert not any(each.change.table in ("supplies", "orders") for each in made.changes)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_server_is_repaired_as_a_file_is(shop: Shop) -> None:
    for damage in (
        "UPDATE supplies SET reserved = 7 WHERE item = 'I010' AND node = 'N0'",
        f"DELETE FROM due WHERE key = '{TIMER}'",
        "UPDATE loads SET units = units + 5 WHERE node = 'N0' AND day = '2026-03-02'",
        "UPDATE orders SET state = 'torn' WHERE id = 'O00003'",
    ):
        apply(shop.store, carried(plan("toys", broken(shop, damage))), "ann")
    assert audit(shop.store) == () and len(rows(shop, "SELECT * FROM repairs")) >= 4
