from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orderloom.adapters.chance import between, draw, pick


@given(st.integers(), st.text(max_size=20), st.text(max_size=5))
def test_draw_is_a_pure_number_below_one(seed: int, key: str, purpose: str) -> None:
    assert 0 <= draw(seed, key, purpose) < 1
    assert draw(seed, key, purpose) == draw(seed, key, purpose)


def test_draws_spread_evenly_over_keys() -> None:
    below = sum(draw(7, f"order-{n}", "outcome") < Decimal("0.1") for n in range(10_000))
    assert 900 < below < 1100


def test_seed_and_purpose_change_the_draw() -> None:
    assert len({draw(1, "k", "a"), draw(2, "k", "a"), draw(1, "k", "b")}) == 3


def test_between_stays_between() -> None:
    hour = timedelta(hours=1)
    assert between(hour, 3 * hour, Decimal(0)) == hour
    assert between(hour, 3 * hour, Decimal("0.5")) == 2 * hour


def test_pick_takes_the_slice_that_holds_the_share() -> None:
    rates = {"lost": Decimal("0.2"), "late": Decimal("0.1")}
    assert [pick(rates, Decimal(share)) for share in ("0", "0.19", "0.2", "0.29", "0.3")] == [
        "lost",
        "lost",
        "late",
        "late",
        None,
    ]
