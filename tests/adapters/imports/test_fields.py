from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.adapters.imports.fields import Fields, converted
from orderloom.dsl.feel.types import BOOLEAN, DATE, DATE_TIME, NUMBER, STRING, TIME, ListType, Type, one_of


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("a", STRING, "a"),
        (7, STRING, "7"),
        (True, STRING, None),
        ("0.10", NUMBER, Decimal("0.10")),
        (3, NUMBER, Decimal(3)),
        ("1e400", NUMBER, Decimal("1e400")),
        ("ten", NUMBER, None),
        ("NaN", NUMBER, None),
        (False, NUMBER, None),
        ("1", BOOLEAN, True),
        ("False", BOOLEAN, False),
        (True, BOOLEAN, True),
        ("yes", BOOLEAN, None),
        ("2026-02-28", DATE, "2026-02-28"),
        ("2026-02-29", DATE, None),
        (20260228, DATE, None),
        ("16:00", TIME, "16:00"),
        ("24:30", TIME, None),
        ("2026-02-28T10:00:00Z", DATE_TIME, "2026-02-28T10:00:00Z"),
        ("a|b", ListType(STRING), ["a", "b"]),
        (["a", "b"], ListType(STRING), ["a", "b"]),
        ("1|x", ListType(NUMBER), None),
        (5, ListType(NUMBER), None),
        ("gold", one_of("silver", "gold"), "gold"),
        ("tin", one_of("silver", "gold"), None),
    ],
)
def test_values_take_their_type(value: object, kind: Type, expected: object) -> None:
    assert converted(value, kind) == expected


def problem_of(value: object, kind: Type) -> str:
    fields = Fields({"f": value})
    fields.value("f", kind)
    [problem] = fields.problems
    return problem


def test_problems_are_in_business_words() -> None:
    assert problem_of("ten", NUMBER) == "f must be a number, not 'ten'"
    assert problem_of("31.12.2026", DATE) == "f must be a date such as 2026-03-31, not '31.12.2026'"
    assert problem_of("tin", one_of("silver", "gold")) == "f must be one of silver, gold, not 'tin'"
    assert problem_of("1|x", ListType(NUMBER)) == "f must be a list, each a number, not '1|x'"


@pytest.mark.parametrize("value", ["-1", "0", "1.5", -3, Decimal("0.5")])
def test_a_quantity_is_whole_and_positive(value: object) -> None:
    fields = Fields({"quantity": value})
    fields.count("quantity", least=1, needed=True)
    [problem] = fields.problems
    assert problem.startswith("quantity must be a whole number, 1 or more, not ")


def test_a_quantity_has_an_upper_limit() -> None:
    fields = Fields({"quantity": "1e29"})
    fields.count("quantity", least=1, needed=True)
    assert fields.problems == ["quantity is '1e29'; more than 1,000,000,000 cannot be taken"]


def test_missing_and_empty_are_the_same() -> None:
    fields = Fields({"a": "", "b": None})
    assert (fields.text("a"), fields.amount("b"), fields.day("c")) == (None, None, None)
    assert fields.problems == []
    assert fields.needed("a") == ""
    assert fields.problems == ["a is missing"]


def test_a_moment_without_zone_is_in_the_workspaces() -> None:
    fields = Fields({"a": "2026-03-02T10:00:00", "b": "2026-03-02T10:00:00+02:00"})
    zone = ZoneInfo("America/Chicago")
    assert fields.moment("a", zone) == datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert fields.moment("b", zone) == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert fields.problems == []


def test_parts_tell_their_place() -> None:
    fields = Fields({"lines": [{"quantity": "x"}, 5], "customer": "me"})
    for part in fields.parts("lines", "line"):
        part.count("quantity", least=1)
    assert fields.part("customer") is None
    assert fields.problems == [
        "line 2 must be an object, not 5",
        "line 1: quantity must be a number, not 'x'",
        "customer must be an object, not 'me'",
    ]


def test_what_nobody_took_is_unknown() -> None:
    fields = Fields({"id": "1", "colour": "red", "part": {"size": 1}})
    fields.needed("id")
    part = fields.part("part")
    assert part is not None
    part.done("part")
    fields.done("")
    assert fields.unknown == {"colour", "part.size"}


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=12), st.decimals()))
def test_no_value_is_an_error(value: object) -> None:
    fields = Fields({"f": value})
    for kind in (STRING, NUMBER, BOOLEAN, DATE, TIME, DATE_TIME, ListType(DATE)):
        fields.value("f", kind)
    fields.count("f", least=1)
    fields.moment("f", ZoneInfo("Asia/Kolkata"))
    assert isinstance(fields.day("f"), date | None)


def test_what_no_database_takes_as_a_key_is_a_problem() -> None:
    fields = Fields({"id": "x" * 201, "name": "a\0b", "external_id": "y" * 200})
    assert (fields.text("name"), fields.id("external_id")) == (None, "y" * 200)
    fields.needed("id")
    assert fields.problems == ["name contains a NUL character", "id has 201 characters; more than 200 cannot be taken"]


def test_what_is_dated_beyond_the_calendar_is_a_problem() -> None:
    fields = Fields({"due_on": "9999-12-31", "placed_at": "9000-01-01T00:00:00Z", "want_by": "8999-12-31"})
    assert fields.day("want_by") == date(8999, 12, 31)
    assert fields.day("due_on") is None
    fields.moment("placed_at", ZoneInfo("UTC"))
    assert [problem.rpartition("; ")[2] for problem in fields.problems] == ["nothing is dated after 8999"] * 2
