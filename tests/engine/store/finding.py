"""What every store must find of orders, and keep of what customers are interested in. Imported like `conformance`."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import toy
from msgspec.structs import replace
from shop import ITEMS, Shop, stocked

from orderloom.engine.desk.customers import Timeline, timeline
from orderloom.engine.interest import Interest
from orderloom.engine.order import Address, Customer, Order
from orderloom.engine.refused import Refused
from orderloom.engine.shell.inbox import Receipt, capture
from orderloom.engine.store import queries
from orderloom.engine.store.interests import interests_of, put_interests
from orderloom.engine.store.search import Asked, find

DAY = timedelta(days=1)
ANN = Customer("ANN", "Ann Müller-Lee", "Ann@Example.com", phone="+1 (555) 0100")
HOME = Address("A. Lee", "12 Elm Street", "Springfield", zip="62701")


def _order(number: int, customer: Customer = ANN, to: Address = HOME) -> Order:
    return replace(toy.order(number, ITEMS), customer=customer, ship_to=to)


def _found(shop: Shop, after: str = "", limit: int = 100, **asked: object) -> list[str]:
    return [line.id for line in find(shop.store, Asked(**asked), after, limit)]  # type: ignore[arg-type]


def _shop(url: str) -> Shop:
    """Orders 0 to 4 of Ann's, and 5 to 9 of nobody in particular; order n was placed 7 n minutes after the start."""
    shop = stocked(url)
    capture(shop.store, [_order(number) for number in range(5)], toy.DIGEST)
    shop.capture(*range(5, 10))
    shop.worker().run_until_idle()
    return shop


def test_orders_are_found_by_what_is_in_them(url: str) -> None:
    shop = _shop(url)
    hers = [f"O{number:05}" for number in range(5)]
    for asked in (
        {"email": "ann@EXAMPLE.com "},
        {"phone": "15550100"},
        {"text": "elm springfield"},
        {"text": "MÜLLER"},
        {"text": "62701", "status": "delivered", "channel": "web"},
        {"customer": "ANN"},
        {"customer": "ANN", "until": toy.START + DAY},
    ):
        assert _found(shop, **asked) == hers, asked
    assert _found(shop, text="elm shelbyville") == _found(shop, email="nobody@example.com") == []
    assert _found(shop, text="elm", status="captured") == _found(shop, number="W3", channel="store") == []
    assert _found(shop, number="W7") == ["O00007"]
    item = toy.order(2, ITEMS).lines[0].item
    assert _found(shop, item=item) == [f"O{n:05}" for n in range(10) if item in {line.item for line in toy.order(n, ITEMS).lines}]


def test_orders_are_found_by_the_day(url: str) -> None:
    shop = _shop(url)
    since, until = toy.START + timedelta(minutes=14), toy.START + timedelta(minutes=35)
    assert _found(shop, since=since, until=until) == ["O00002", "O00003", "O00004"]
    assert _found(shop, since=since, until=until, after="O00002", limit=1) == ["O00003"]
    assert _found(shop, since=since, until=until, status="captured") == []
    assert _found(shop, until=toy.START) == []


def test_what_is_found_comes_page_by_page(url: str) -> None:
    shop, after, pages = _shop(url), "", list[str]()
    while page := _found(shop, after, 2, text="springfield"):
        pages += page
        after = page[-1]
    assert pages == _found(shop, text="springfield") and len(pages) == 5


def _interest(id: str, **other: object) -> Interest:
    return replace(Interest(id, "ANN", "I003", "quote", "web", toy.START, 2, Decimal("9.50")), **other)


def test_an_interest_counts_once(url: str) -> None:
    store = stocked(url).store
    later = _interest("2", at=toy.START + DAY, kind="view")
    assert put_interests(store, [later, _interest("1"), _interest("1")]) == [True, True, False]
    [refused] = put_interests(store, [_interest("1", quantity=3)])
    assert isinstance(refused, Refused) and "with other content" in refused.because
    assert interests_of(store, "ANN") == (_interest("1"), later)
    assert interests_of(store, "BOB") == ()


def test_a_customer_over_all_channels(url: str) -> None:
    shop = _shop(url)
    put_interests(shop.store, [_interest("1", item=_order(3).lines[0].item)])
    found = timeline(shop.store, "ANN")
    assert isinstance(found, Timeline)
    assert [bought.order for bought in found.orders] == [f"O{number:05}" for number in range(5)]
    assert (found.name, found.email, found.open) == (ANN.name, ANN.email, 0)
    assert [shown.led_to for shown in found.interests] == ["O00003"]
    assert isinstance(timeline(shop.store, "BOB"), Refused)


def test_two_who_take_in_the_same_number_at_once_take_in_one_order(url: str) -> None:
    """Each under an id of its own, from ten channels at a time; nobody sees an error of the database."""
    shop = stocked(url)
    for number in range(5):
        start, receipts = Barrier(2), list[Receipt]()

        def tell(id: str, number: int = number, start: Barrier = start, into: list[Receipt] = receipts) -> None:
            start.wait()
            into += capture(shop.store, [replace(toy.order(number, ITEMS), id=id)], toy.DIGEST)

        threads = [Thread(target=tell, args=(f"{who}-{number}",)) for who in "AB"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({receipt.order for receipt in receipts}) == 1 and sorted(each.repeated for each in receipts) == [False, True]
    assert len(queries.orders(shop.store)) == 5
