"""Decimal arithmetic: 34 digits, half even, no infinity. Figures worked out by hand or from IEEE 754 decimal128."""

import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.dsl import feel
from orderloom.dsl.feel.types import ANY

SCOPE = feel.Scope({"x": ANY, "y": ANY})


def evaluate(text, **context):
    tree, problems = feel.parse(text, SCOPE)
    assert problems == ()
    return feel.compile(tree, SCOPE)(context)


CASES = [
    ("1 / 3", "0.3333333333333333333333333333333333"),
    ("2 / 3", "0.6666666666666666666666666666666667"),
    ("10 / 3", "3.333333333333333333333333333333333"),
    ("0.1 + 0.2", "0.3"),
    ("1 - 0.9", "0.1"),
    ("9999999999999999999999999999999999 + 1", "1.000000000000000000000000000000000E+34"),
    ("9999999999999999999999999999999999 + 2", "1.000000000000000000000000000000000E+34"),
    ("9999999999999999999999999999999999 + 6", "1.000000000000000000000000000000000E+34"),
    ("9999999999999999999999999999999999 + 16", "1.000000000000000000000000000000002E+34"),
    ("1234567890123456789012345678901234 * 10 + 5", "1.234567890123456789012345678901234E+34"),
    ("1234567890123456789012345678901235 * 10 + 5", "1.234567890123456789012345678901236E+34"),
    ("12345678901234567890.12345678901234567890", "12345678901234567890.12345678901235"),
    ("2 ** 100", "1267650600228229401496703205376"),
    ("2 ** -1", "0.5"),
    ("4 ** 0.5", "2"),
    ("-3 ** 2", "9"),
    ("2 ** 3 ** 2", "64"),
    ("0 ** 0", "1"),
    ("1e3", "1000"),
    ("1.5E-3", "0.0015"),
    (".5", "0.5"),
    ("sqrt(2)", "1.414213562373095048801688724209698"),
    ("exp(1)", "2.718281828459045235360287471352662"),
    ("log(10)", "2.302585092994045684017991454684364"),
    ("1.10", "1.10"),
    ("decimal(0.125, 2)", "0.12"),
    ("decimal(0.135, 2)", "0.14"),
    ("decimal(1250, -2)", "1.2E+3"),
    ("round up(1.121, 2)", "1.13"),
    ("round half up(2.5, 0)", "3"),
    ("round half down(2.5, 0)", "2"),
    ("round half down(-2.51, 0)", "-3"),
    ("floor(-1.5)", "-2"),
    ("ceiling(-1.5)", "-1"),
    ("modulo(-12, 5)", "3"),
    ("modulo(10.1, -4.5)", "-3.4"),
    ("median([1, 2, 3, 4])", "2.5"),
    ("stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931"),
    ("mean([1, 2])", "1.5"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_figures(text, expected):
    value = evaluate(text)
    assert type(value) is Decimal
    assert value == Decimal(expected)


NULL = [
    "1 / 0", "0 / 0", "9e6144 * 10", "9e6144 + 9e6144", "-9e6144 - 9e6144", "10 ** 7000", "exp(100000)", "sqrt(-1)", "log(0)",
    "(-8) ** 0.5", "0 ** -1", "modulo(1, 0)", "decimal(1, 7000)", "decimal(1, -7000)", "9e6144 / 0.01", "sum([9e6144, 9e6144])",
]  # fmt: skip


@pytest.mark.parametrize("text", NULL)
def test_never_infinite_or_undefined(text):
    assert evaluate(text) is None


def test_an_overflow_makes_only_its_part_null():
    assert evaluate("if 9e6144 * 10 = null then 1 else 2") == 1
    assert evaluate("[1, 9e6144 * x, 3]", x=Decimal(10)) == [1, None, 3]


def test_underflow_goes_to_zero():
    assert evaluate("1e-6143 / 1e100") == 0


def test_host_integers_are_numbers():
    for text, expected in [
        ("x + y", 7),
        ("x * y", 10),
        ("x / y", Decimal("0.4")),
        ("x - y", -3),
        ("-x", -2),
        ("x", 2),
        ("x ** y", 32),
    ]:
        value = evaluate(text, x=2, y=5)
        assert type(value) is Decimal
        assert value == expected
    assert evaluate("x * y", x=10**20, y=10**20 + 1) == Decimal("1.0000000000000000000100000000000000000E+40")
    assert evaluate("x = 2.0 and x < 2.5 and x in [1..2]", x=2) is True


def test_booleans_are_no_numbers():
    assert evaluate("x + 1", x=True) is None
    assert evaluate("x = 1", x=True) is None
    assert evaluate("x > 0", x=True) is None
    assert evaluate("x = true", x=1) is None


def test_floats_are_read_as_they_print():
    assert evaluate("x + 0.2", x=0.1) == Decimal("0.3")
    assert evaluate("x", x=0.5) is not None
    assert evaluate("x + 1", x=float("inf")) is None


@pytest.mark.parametrize("precision", [5, 28, 60])
def test_the_hosts_arithmetic_does_not_matter_and_is_left_alone(precision):
    with decimal.localcontext(decimal.Context(prec=precision)) as context:
        assert str(evaluate("x / 3", x=Decimal(1))) == "0.3333333333333333333333333333333333"
        assert decimal.getcontext() is context
        with feel.arithmetic():
            assert str(evaluate("x / 3", x=Decimal(1))) == "0.3333333333333333333333333333333333"
        assert decimal.getcontext() is context


@given(st.decimals(-(10**9), 10**9, places=4), st.decimals(-(10**9), 10**9, places=4))
def test_exact_sums_differences_and_products(x, y):
    """Within 34 digits nothing is rounded, so that whole numbers of ten-thousandths give the same."""
    assert evaluate("x + y", x=x, y=y) * 10**4 == int(x * 10**4) + int(y * 10**4)
    assert evaluate("x - y", x=x, y=y) * 10**4 == int(x * 10**4) - int(y * 10**4)
    assert evaluate("x * y", x=x, y=y) * 10**8 == int(x * 10**4) * int(y * 10**4)


@given(st.integers(-(10**30), 10**30), st.integers(-5, 28))
def test_string_and_number_go_back_and_forth(whole, scale):
    value = Decimal(whole).scaleb(-scale)
    text = evaluate("string(x)", x=value)
    assert "E" not in text
    assert evaluate("number(x)", x=text) == value
