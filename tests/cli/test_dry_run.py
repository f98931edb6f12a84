import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]


def test_it_tells_path_sources_promise_messages_and_why(run: Run, order: Path) -> None:
    result = run("dry-run", "--order", order)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("order W1: delivered\n")
    for words in (
        "path",
        "promises",
        "messages",
        "why these sources",
        "policy cheapest (rules/retail/sourcing.yaml:",
        "nodes that lost",
    ):
        assert words in result.output
    assert "process of W1-1: ship-to-customer (rules/retail/process-selection.yaml:" in result.output


CONFIRM = """
kind: holds
name: shop
order:
  sales-confirm:
    because: every order is confirmed
    apply: { when: "true" }
    resolve: { by: [customer-service] }
"""


def test_a_hold_that_stands_is_told(run: Run, order: Path) -> None:
    run("init", "shop")
    Path("shop/rules/holds.yaml").write_text(CONFIRM)
    found = run("dry-run", "--dir", "shop", "--order", order)
    assert found.exit_code == 0, found.output
    assert found.output.startswith("order W1: captured, held: sales-confirm\n")
    assert "sales-confirm: every order is confirmed; waiting before check\n" in found.output
    told = json.loads(run("dry-run", "--dir", "shop", "--order", order, "--format", "json").output)["holds"]
    assert told == [{"hold": "sales-confirm", "line": None, "because": "every order is confirmed", "blocks": ["check"]}]


@pytest.mark.parametrize("id", ["#1001", "W 1:2", "größe-7", "order"])
def test_ids_may_be_odd(run: Run, order: Path, id: str) -> None:
    order.write_text(json.dumps(json.loads(order.read_text()) | {"id": id}))
    assert run("dry-run", "--order", order).output.startswith(f"order {id}: delivered\n")


def test_nothing_is_written(run: Run, order: Path, tmp_path: Path) -> None:
    run("dry-run", "--order", order)
    assert [path.name for path in tmp_path.iterdir()] == ["one.json"]


def test_a_forced_reply_takes_the_other_way(run: Run, order: Path) -> None:
    found = json.loads(
        run("dry-run", "--order", order, "--reply", "fulfiller.pick-request=short-picked", "--format", "json").output
    )
    steps = [passage["step"] for passage in found["path"]]
    assert "shortage" in steps
    assert len(found["sources"]) > 1


def test_a_moment_is_in_the_workspaces_time_zone(run: Run, order: Path) -> None:
    found = json.loads(run("dry-run", "--order", order, "--at", "2026-10-22T07:00", "--format", "json").output)
    assert found["path"][0]["at"] == "2026-10-22T07:00:00Z"


def test_a_page_shows_the_way_on_the_picture(run: Run, order: Path) -> None:
    output = run("dry-run", "--order", order, "--format", "html").output
    assert output.startswith("<!doctype html>")
    assert output.count("<svg") == 2


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("fulfler.pick-request=picked", "there is no role fulfler; did you mean fulfiller?"),
        ("fulfiller.pick=picked", "fulfiller receives no message pick"),
        ("fulfiller.pick-request=pickd", "pickd is no reply to pick-request; did you mean picked?"),
        ("nonsense", "there is no role nonsense"),
    ],
)
def test_a_reply_that_nobody_gives_is_told(run: Run, order: Path, reply: str, words: str) -> None:
    result = run("dry-run", "--order", order, "--reply", reply)
    assert result.exit_code == 2
    assert words in result.output


def test_a_bad_order_is_told_in_business_words(run: Run, order: Path) -> None:
    order.write_text(
        json.dumps(json.loads(order.read_text()) | {"lines": [{"id": 1, "sku": "I02991", "qty": 0, "unit_price": 1}]})
    )
    result = run("dry-run", "--order", order)
    assert result.exit_code == 1
    assert "line 1: item is missing" in result.output
    assert "lines.qty, lines.sku; --rename THEIRS=OURS maps names" in result.output
    order.write_text("[1, 2")
    assert run("dry-run", "--order", order).exit_code == 2


def test_an_orders_file_of_another_system(run: Run, order: Path) -> None:
    order.write_text(order.read_text().replace('"item"', '"sku"').replace('"quantity"', '"qty"'))
    assert run("dry-run", "--order", order, "--rename", "sku=item", "--rename", "qty=quantity").exit_code == 0
    assert run("dry-run", "--order", order, "--rename", "sku").exit_code == 2


def test_the_workspaces_store_is_read_where_there_is_one(
    run: Run, order: Path, shop: Path, fill: Callable[[dict[str, str]], Path]
) -> None:
    fill(
        {
            "nodes": "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\nD9,dc,35,-106,RETAIL,1,0,0\n",
            "items": "id,weight\nI02991,1\n",
            "stock": "item,node,on_hand\nI02991,D9,5\n",
        }
    )
    result = run("dry-run", "--order", order, "--dir", shop)
    assert "2 of I02991, on-hand supply I02991@D9" in result.output
    assert "2" in run("stock", "--dir", shop).output
    stock = json.loads(run("stock", "--dir", shop, "--format", "json").output)
    assert [(row["node"], row["on_hand"], row["reserved"]) for row in stock] == [("D9", 5, 0)]


def test_an_unknown_item_without_a_store_is_one_of_the_shipped_data(run: Run, order: Path) -> None:
    order.write_text(order.read_text().replace("I02991", "TEE"))
    result = run("dry-run", "--order", order)
    assert result.exit_code == 1
    assert "unknown item TEE" in result.output
    assert "items and nodes are those of the shipped data" in result.output
