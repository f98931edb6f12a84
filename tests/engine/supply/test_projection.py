"""Supply, demand and balance by day."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from orderloom.engine.ledger.stock import ON_HAND, Position, Supply
from orderloom.engine.supply.projection import Movement, projected, to_come, usable

TODAY, END = date(2026, 3, 2), date(2026, 4, 27)


def move(day: int, quantity: int, reference: str = "x") -> Movement:
    """A supply of March where the quantity is above 0, else a demand."""
    return Movement(date(2026, 3, day), "supply" if quantity > 0 else "demand", abs(quantity), reference)


def test_every_day_on_which_something_happens_has_its_balance() -> None:
    days = projected(24, [move(5, 30), move(4, -3), move(5, -10), move(9, -50), move(20, 50)], TODAY, END)
    assert [(day.day.day, day.supply, day.demand, day.balance) for day in days] == [
        (2, 0, 0, 24),
        (4, 0, 3, 21),
        (5, 30, 10, 41),
        (9, 0, 50, -9),  # short by 9 until the purchase order comes
        (20, 50, 0, 41),
    ]


def test_what_is_late_counts_today_and_what_is_far_off_not_yet() -> None:
    overdue, far = Movement(date(2026, 2, 20), "supply", 7, "PO"), Movement(date(2026, 5, 1), "supply", 9, "PO2")
    [today] = projected(1, [overdue, far], TODAY, END)
    assert (today.day, today.supply, today.balance, today.movements) == (TODAY, 7, 8, (overdue,))


def test_only_good_units_outside_quarantine_are_usable() -> None:
    supplies = (
        Supply("OH", "X", "S1", ON_HAND, 4),
        Supply("BAD", "X", "S1", ON_HAND, 2, stock_class="damaged"),
        Supply("PO", "X", "S1", "on-order", 10, date(2026, 3, 9), received=3),
    )
    position = Position("X", "S1", supplies=supplies)
    assert usable(position, ["good"]) == 7  # 4, and 3 that have come of the 10
    assert usable(Position("X", "S1", quarantined=True, supplies=supplies), ["good"]) == 0
    assert to_come(position, TODAY) == [Movement(date(2026, 3, 9), "supply", 7, "PO")]


moves = st.builds(move, st.integers(1, 31), st.integers(-50, 50).filter(bool))


@given(st.integers(0, 100), st.lists(moves, max_size=12))
def test_nothing_is_lost_on_the_way(on_hand: int, those: list[Movement]) -> None:
    days = projected(on_hand, those, TODAY, END)
    net = sum(each.quantity if each.kind == "supply" else -each.quantity for each in those)
    assert days[-1].balance == on_hand + net
    assert [day.day for day in days] == sorted({day.day for day in days})
    assert sum(len(day.movements) for day in days) == len(those)
