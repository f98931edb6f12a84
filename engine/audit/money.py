"""The laws of money: what an order was billed, has paid and got back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from orderloom.engine.audit.finding import Finding
from orderloom.engine.audit.known import Known
from orderloom.engine.money.billing import standing_invoices
from orderloom.engine.state import OrderState


def of_money(found: Known, state: OrderState) -> Iterator[Finding]:
    """Findings of the documents: each was written once, is noted in the history, and together they keep to the order's total."""
    for because in _broken(found, state):
        todo = "compare the documents with what was booked elsewhere, and decide; nothing here says which is right"
        yield Finding("the documents add up", found.id, because, "orders", found.id, todo, found.id)


def _broken(found: Known, state: OrderState) -> Iterator[str]:
    numbers = [document.number for document in state.documents]
    if len(set(numbers)) < len(numbers):
        yield f"a number is given twice among {', '.join(numbers)}"
    noted = {text for _, _, kind, text in found.notes if kind == "document"}
    for each in state.documents:
        if noted and f"{each.kind} {each.number} {each.amount}" not in noted:
            yield f"the history has no {each.kind} {each.number} of {each.amount}"
    payments, refunds = (_sum(state, kind) for kind in ("payment", "refund"))
    invoices = sum((each.amount for each in standing_invoices(state)), Decimal(0))
    owed, recorded = state.order.total, any(each.kind == "payment" for each in state.documents)
    for kind, amount in ("invoice", invoices), ("payment", payments - refunds if recorded else Decimal(0)):
        if not min(owed, Decimal(0)) <= amount <= max(owed, Decimal(0)):
            yield f"{kind}s come to {amount}, the order to {owed}"
    if abs(refunds) > max(abs(owed), abs(payments)):
        yield f"refunds come to {refunds}, the order to {owed}"


def _sum(state: OrderState, kind: str) -> Decimal:
    return sum((each.amount for each in state.documents if each.kind == kind), Decimal(0))
