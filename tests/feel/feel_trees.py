"""Hypothesis strategies for FEEL trees that a text can have, over a small scope, and for contexts of that scope."""

from decimal import Decimal

from hypothesis import strategies as st

from orderloom.dsl import feel
from orderloom.dsl.feel import tree
from orderloom.dsl.feel.types import ANY, ContextType

NAMES = ("a", "b", "xs", "Years of Service", "a-b", "two words")
SCOPE = feel.Scope(dict.fromkeys(NAMES, ANY) | {"c": ContextType({"first name": ANY}, open=True)})
OWN = ("i", "j")  # what loops, parameters and contexts declare
FIELDS = ("f", "g", "first name", "year", "start")
BUILT_IN = ("sum", "count", "not", "string", "upper case", "list contains", "max", "substring", "decimal", "concatenate", "sort")
ATS = ("2026-03-02", "10:30:00", "2026-03-02T10:30:00Z", "P3D", "P1Y2M", "-PT1H", "no date")

numbers = st.builds(tree.Number, st.decimals(-99, 99, places=1) | st.integers(-3, 5).map(Decimal)).map(
    lambda node: tree.Number(Decimal(0)) if not node.value else node
)
strings = st.builds(tree.String, st.sampled_from(["", "a", "b", 'with "quotes"', "back\\slash", "line\nbreak", "é🐎"]))
literals = (
    numbers | strings | st.builds(tree.Boolean, st.booleans()) | st.just(tree.Null()) | st.builds(tree.At, st.sampled_from(ATS))
)
names = st.builds(tree.Name, st.sampled_from(NAMES))
types = st.recursive(
    st.builds(tree.NamedType, st.sampled_from(["number", "string", "Any", "date and time", "days and time duration"])),
    lambda inner: (
        st.builds(tree.GenericType, st.sampled_from(["list", "range"]), inner)
        | st.builds(tree.ContextTypeText, st.lists(st.tuples(st.sampled_from(["f", "g"]), inner), max_size=2).map(tuple))
        | st.builds(tree.FunctionTypeText, st.lists(inner, max_size=2).map(tuple), inner)
    ),
    max_leaves=3,
)


def _negation(operand):
    """A minus before a positive number is that number's sign."""
    if isinstance(operand, tree.Number) and operand.value > 0:
        return tree.Number(-operand.value)
    return tree.Negation(operand)


def _tuples(inner, low, high):
    return st.lists(inner, min_size=low, max_size=high).map(tuple)


def _named(inner, keys, high=2):
    return st.lists(st.tuples(st.sampled_from(keys), inner), max_size=high).map(tuple)


def _own(inner):
    """What stands inside a declaration may use the declared names."""
    return inner | st.builds(tree.Name, st.sampled_from(OWN))


def _tests(inner):
    unary = st.builds(tree.UnaryTest, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), inner)
    ranges = st.builds(tree.RangeOf, inner, inner, st.booleans(), st.booleans())
    return inner | unary | ranges


def _compound(inner):
    iterations = st.builds(tree.Iteration, st.sampled_from(["i", "j"]), inner, st.none() | numbers)
    parameters = st.builds(tree.ParameterText, st.sampled_from(["i", "j"]), st.none() | types)
    unique = st.lists(parameters, max_size=2, unique_by=lambda param: param.name).map(tuple)
    return st.one_of(
        st.builds(tree.Arithmetic, st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner),
        st.builds(_negation, inner),
        st.builds(tree.Logic, st.sampled_from(["and", "or"]), inner, inner),
        st.builds(tree.Comparison, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), inner, inner),
        st.builds(tree.Between, inner, inner, inner),
        st.builds(tree.In, inner, _tuples(_tests(inner), 1, 3)),
        st.builds(tree.InstanceOf, inner, types),
        st.builds(tree.Path, inner, st.sampled_from(FIELDS)),
        st.builds(tree.Filter, inner, inner | st.builds(tree.Name, st.sampled_from(["item", "f", "g"]))),
        st.builds(tree.Call, names | st.builds(tree.Name, st.sampled_from(BUILT_IN)), _tuples(inner, 0, 3)),
        st.builds(tree.NamedCall, st.builds(tree.Name, st.sampled_from(BUILT_IN)),
                  st.lists(st.tuples(st.sampled_from(["list", "string", "start position", "n", "scale"]), inner),
                           min_size=1, max_size=3).map(tuple)),
        st.builds(tree.ListOf, _tuples(inner, 0, 3)),
        st.builds(tree.ContextOf, _named(_own(inner), ["f", "g", "i", "first name"])),
        st.builds(tree.RangeOf, inner, inner, st.booleans(), st.booleans()),
        st.builds(tree.If, inner, inner, inner),
        st.builds(tree.For, _tuples(iterations, 1, 2), _own(inner) | st.just(tree.Name("partial"))),
        st.builds(tree.Quantified, st.sampled_from(["some", "every"]), _tuples(iterations, 1, 2), _own(inner)),
        st.builds(tree.Lambda, unique, _own(inner)),
    )  # fmt: skip


expressions = st.recursive(literals | names, _compound, max_leaves=14)
cells = st.builds(
    tree.Tests,
    _tuples(_tests(st.recursive(literals | names | st.just(tree.Name("?")), _compound, max_leaves=4)), 1, 3),
    st.booleans(),
) | st.just(tree.Tests(()))

values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 5) | st.decimals(-9, 9, places=1) | st.sampled_from(["", "a", "b"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["f", "g", "first name", "a"]), inner, max_size=2)
    ),
    max_leaves=6,
)
contexts = st.fixed_dictionaries(dict.fromkeys(SCOPE.names, values))
