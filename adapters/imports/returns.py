"""Requests to give goods back, as channels and analysts write them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import uuid4

from msgspec import Struct
from msgspec.structs import replace

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import Known
from orderloom.adapters.imports.orders import price_of
from orderloom.dsl.suggest import hint_for, with_hint
from orderloom.engine.desk.blind import LINE
from orderloom.engine.events import ReturnAsked
from orderloom.engine.order import Customer, Order
from orderloom.engine.refused import Refused
from orderloom.engine.returns.request import Exchange, ReturnRequest

_EXCHANGE = (*Exchange.__struct_fields__[:3], "kind")
_KINDS = ("regular", "advance")
_BROUGHT = ("id", "customer", "item", "channel", "division")  #: fields of goods whose order nobody knows, besides


class Told(Struct, frozen=True):
    """A return of an order by the number that whoever asked gave it."""

    number: str
    order: str
    asked: ReturnAsked


def request_of(record: object) -> ReturnRequest | Refused:
    """A request: { line: "1", quantity: 1, reason: too small, node: S2 }. Fields that it does not have are refused."""
    if not isinstance(record, dict):
        return Refused('a return is a map, such as { line: "1", quantity: 1, reason: too small }')
    row = Fields(record)
    request = request_in(row)
    _all_known(row)
    return Refused("; ".join(row.problems)) if row.problems else request


def _all_known(row: Fields, *others: str) -> None:
    """Notes the fields that no return has."""
    row.done("")
    known = (*ReturnRequest.__struct_fields__, *others)
    for name in sorted(row.unknown):
        row.problem(f"a return has no field {name}; {hint_for(name, known) or 'known: ' + ', '.join(known)}")


def request_in(row: Fields) -> ReturnRequest:
    """The fields of a row that are those of a request; what is wrong with them is noted in the row."""
    return ReturnRequest(
        line=row.needed("line"),
        quantity=1 if row.raw("quantity") is None else row.count("quantity", least=1),
        reason=row.text("reason") or "",
        node=row.id("node"),
        way=row.text("way"),
        condition=row.text("condition"),
        serials=_serials(row),
        exchange=_exchange(row),
        currency=row.text("currency"),
        reference=row.text("reference"),
    )


def _serials(row: Fields) -> tuple[str, ...]:
    given = row.raw("serials")
    values = given if isinstance(given, list) else [] if given in (None, "") else [given]
    return tuple(str(value) for value in values)


def _exchange(row: Fields) -> Exchange | None:
    part = row.part("exchange")
    if part is None:
        return None
    kind = part.text("kind") or "regular"
    if kind not in _KINDS:
        row.problem(with_hint(f"there is no exchange {kind}", kind, _KINDS))
    quantity = None if part.raw("quantity") is None else part.count("quantity", least=1)
    found = Exchange(part.id("item"), quantity, price_of(part, "unit_price"), kind == "advance")
    part.done("exchange")
    return found


def brought_in(row: Fields, currency: str, now: datetime) -> tuple[Order, str, ReturnRequest]:
    """What somebody brings whose sale nobody knows: the order under which it is kept, the item, and what is asked."""
    key, customer, division = row.id("id") or f"BR-{uuid4().hex[:10]}", row.needed("customer"), row.id("division")
    item, channel = row.needed("item"), row.text("channel") or "store"
    row.values = {**row.values, "line": LINE}
    request = request_in(row)
    _all_known(row, *_BROUGHT)
    return Order(key, channel, now, Customer(customer), (), currency, division), item, request


def told_of(row: Fields, known: Known, now: datetime) -> Told:
    """The return of a row, asked on its day (`asked_on`), else now; of use only when the row has no problems."""
    number, order = row.needed("id"), row.id("order", needed=True) or ""
    on = row.day("asked_on")
    at = now if on is None else datetime.combine(on, time(12), known.zone).astimezone(UTC)
    return Told(number, order, ReturnAsked(at, replace(request_in(row), reference=number)))
