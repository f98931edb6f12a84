"""What is mentioned must be so, and only that; a difference is told in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.adapters.scenarios.matching import differences, shown

PLAIN = st.recursive(
    st.one_of(st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.booleans(), st.text(max_size=5), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=8,
)


@given(PLAIN)
def test_everything_is_as_it_is(value: object) -> None:
    assert list(differences(value, value, "it")) == []


@given(st.dictionaries(st.text(max_size=4), PLAIN, max_size=4), st.data())
def test_a_record_may_leave_out_fields(found: dict[str, object], data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(found)))) if found else set()
    assert list(differences({key: found[key] for key in kept}, found, "it")) == []


@given(st.lists(PLAIN, max_size=3), PLAIN)
def test_a_list_must_have_all_entries(found: list[object], more: object) -> None:
    assert len(list(differences([*found, more], found, "it"))) == 1


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (6, Decimal("6.00")),
        (Decimal("6.0"), 6),
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-03-02T10:00:00Z", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-03-02T11:00:00+01:00", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("too far", ["no stock", "too far"]),
        ("pick-late", {"name": "pick-late", "role": "operations"}),
        (1, "1"),
    ],
)
def test_the_same_value_in_other_words_fits(expected: object, found: object) -> None:
    assert list(differences(expected, found, "it")) == []


@pytest.mark.parametrize(
    ("expected", "found", "words"),
    [
        (1, True, "it: expected 1, found true"),
        (0, None, "it: expected 0, found nothing"),
        (Decimal("29.00"), Decimal("29.01"), "it: expected 29.00, found 29.01"),
        ("noon", datetime(2026, 3, 2, 10, tzinfo=UTC), "it: expected noon, found 2026-03-02T10:00:00Z"),
        ([1], [], "it: expected 1, found 0: []"),
        ([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}], "it 2.a: expected 2, found 3"),
        ({"statsu": 1}, {"status": 1}, "it: there is no statsu; there is status; did you mean status?"),
        ({"a": 1}, [], "it: expected { a: 1 }, found []"),
    ],
)
def test_a_difference_is_told_in_words(expected: object, found: object, words: str) -> None:
    assert list(differences(expected, found, "it")) == [words]


def test_values_are_shown_as_an_analyst_writes_them() -> None:
    assert shown({"on": [True, None, Decimal("1.50"), date(2026, 3, 2)]}) == "{ on: [true, nothing, 1.50, 2026-03-02] }"
