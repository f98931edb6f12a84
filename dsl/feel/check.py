"""The typed front: every name and field is there, every operator and call can have an answer."""

from collections.abc import Mapping

from orderloom.dsl.feel import check_calls, check_operators, tree
from orderloom.dsl.feel.check_operators import described, require_boolean
from orderloom.dsl.feel.checker import Checker, Names, Rule
from orderloom.dsl.feel.conform import CLASSES
from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.feel.scope import Scope
from orderloom.dsl.feel.suggest import did_you_mean
from orderloom.dsl.feel.temporal import Temporal, parse_temporal
from orderloom.dsl.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    ContextType,
    FunctionType,
    ListType,
    RangeType,
    Type,
    common_type,
    same_kind,
)  # fmt: skip
from orderloom.dsl.feel.typetexts import resolve

_DATE_FIELDS: dict[str, Type] = dict.fromkeys(("year", "month", "day", "weekday"), NUMBER)
_TIME_FIELDS: dict[str, Type] = {
    **dict.fromkeys(("hour", "minute", "second"), NUMBER), "time offset": DAYS_DURATION, "timezone": STRING,
}  # fmt: skip
#: What values of a simple type have behind a dot.
FIELDS: dict[Type, dict[str, Type]] = {
    DATE: _DATE_FIELDS,
    TIME: _TIME_FIELDS,
    DATE_TIME: _DATE_FIELDS | _TIME_FIELDS,
    DAYS_DURATION: dict.fromkeys(("days", "hours", "minutes", "seconds", "value"), NUMBER),
    MONTHS_DURATION: dict.fromkeys(("years", "months", "value"), NUMBER),
}


def check(expr: tree.Expr, scope: Scope) -> tuple[Type, tuple[Problem, ...]]:
    """The type of an expression's value, and what can never work in it."""
    checker = Checker(scope, RULES)
    kind = checker.type_of(expr, Names())
    return kind, _sorted(checker.problems)


def check_tests(tests: tree.Tests, scope: Scope, value: Type) -> tuple[Problem, ...]:
    """What can never work in a cell whose column is of the given type."""
    checker = Checker(scope, RULES)
    names = Names({"?": value})
    for test in tests.tests:
        if mentions_input(test):
            require_boolean(checker, test, checker.type_of(test, names), "a cell with ? is a condition")
        else:
            check_operators.one_test(checker, tree.Name("?", start=test.start, end=test.end), value, test, names)
    return _sorted(checker.problems)


def mentions_input(node: tree.Node) -> bool:
    """Whether a cell speaks of the tested value, so that it is a condition."""
    return (isinstance(node, tree.Name) and node.name == "?") or any(mentions_input(child) for child in tree.children(node))


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    unique = {(problem.start, problem.end, problem.code): problem for problem in reversed(problems)}
    return tuple(unique[key] for key in sorted(unique))


def name(checker: Checker, node: tree.Name, names: Names) -> Type:
    found = checker.find(node.name, names)
    if found is not None:
        return found
    rows = checker.functions(node.name)
    if rows:
        return FunctionType(tuple(param.type for param in rows[0].params), rows[0].result)
    known = checker.known_names(names)
    hint = (
        _path_hint(node.name, checker.scope) or did_you_mean(node.name, known) or _path_hint(node.name, checker.scope, near=True)
    )
    return checker.report("E401", node, f"there is no {node.name} here", hint or _what_there_is(node.name, checker.scope))


DEEPEST = 3  #: fields within fields in which a name is looked for
FEW = 12  #: so many names are listed


def _path_hint(name: str, scope: Scope, near: bool = False) -> str:
    """A field of that name, or one `near` it, in one of the contexts in scope is likely to be meant; the outermost one."""
    level: list[tuple[str, Type]] = list(scope.names.items())
    for _ in range(DEEPEST):
        level = [
            (f"{path}.{field}", kind) for path, of in level if isinstance(of, ContextType) for field, kind in of.fields.items()
        ]
        ends = {path.rpartition(".")[2]: path for path, _ in reversed(level)}
        if name in ends:
            return f"did you mean {ends[name]}?"
        if near and (hint := did_you_mean(name, ends)):
            return f"did you mean {ends[hint.removeprefix('did you mean ').removesuffix('?')]}?"
    return ""


def _what_there_is(name: str, scope: Scope) -> str:
    """The names that this place sees, where they are few; a word that is none of them may be meant as a text."""
    there = f"this place sees {', '.join(scope.names)}; " if 0 < len(scope.names) <= FEW else ""
    return f'{there}a text stands in double quotes: "{name}"'


def path(checker: Checker, node: tree.Path, names: Names) -> Type:
    return _field(checker, node, checker.type_of(node.base, names))


def _field(checker: Checker, node: tree.Path, base: Type) -> Type:
    if isinstance(base, ListType):
        return ListType(_field(checker, node, base.of))
    if isinstance(base, RangeType):
        fields: Mapping[str, Type] = {"start": base.of, "end": base.of, "start included": BOOLEAN, "end included": BOOLEAN}
    elif isinstance(base, ContextType):
        fields = base.fields
    else:
        fields = {} if isinstance(base, FunctionType) else FIELDS.get(base, {})
    if node.name in fields:
        return fields[node.name]
    if base is ANY or (isinstance(base, ContextType) and base.open):
        return ANY
    what = "there is no field" if isinstance(base, ContextType) else f"{described(base)} has no"
    field = tree.Name(node.name, start=max(node.start, node.end - len(node.name)), end=node.end)
    return checker.report("E402", field, f"{what} {node.name}", did_you_mean(node.name, fields))


def at(checker: Checker, node: tree.At, _names: Names) -> Type:
    value = parse_temporal(node.text)
    if value is None:
        return checker.report(
            "E306", node, f'"{node.text}" is no date, time or duration', 'write it like @"2026-03-02" or @"PT2H"'
        )
    return _temporal_type(value)


def _temporal_type(value: Temporal) -> Type:
    names = {python: kind for kind, python in CLASSES.items()}
    return next(kind for kind in (*FIELDS,) if str(kind) == names[type(value)])


def list_of(checker: Checker, node: tree.ListOf, names: Names) -> Type:
    return ListType(common_type([checker.type_of(item, names) for item in node.items]))


def context_of(checker: Checker, node: tree.ContextOf, names: Names) -> Type:
    fields: dict[str, Type] = {}
    for key, value in node.entries:
        if key in fields:
            return checker.report("E310", value, f"the entry {key} comes twice, so the context is null")
        inner = {**fields, key: ANY} if isinstance(value, tree.Lambda) else dict(fields)
        fields[key] = checker.type_of(value, names.bind(inner))
    return ContextType(fields)


def range_of(checker: Checker, node: tree.RangeOf, names: Names) -> Type:
    low, high = checker.type_of(node.low, names), checker.type_of(node.high, names)
    if NULL not in (low, high) and not same_kind(low, high):
        return checker.report("E301", node, f"a range cannot go from {described(low)} to {described(high)}")
    return RangeType(high if low in (ANY, NULL) else low)


def if_then(checker: Checker, node: tree.If, names: Names) -> Type:
    require_boolean(checker, node.condition, checker.type_of(node.condition, names), "if asks for a condition")
    return common_type([checker.type_of(node.then, names), checker.type_of(node.otherwise, names)])


def filter_(checker: Checker, node: tree.Filter, names: Names) -> Type:
    base = checker.type_of(node.base, names)
    item = base.of if isinstance(base, ListType) else base
    condition = checker.type_of(node.condition, names.filtering(item))
    if isinstance(node.condition, tree.Number) and not node.condition.value:
        return checker.report("E308", node.condition, "there is no item 0, so this is always null", "the first item is 1")
    if str(condition) == "number":
        return item
    require_boolean(checker, node.condition, condition, "a filter asks for a condition or a position")
    return ANY if condition is ANY else ListType(item)


def for_each(checker: Checker, node: tree.For, names: Names) -> Type:
    inner = _iterated(checker, node.iterations, names)
    return ListType(checker.type_of(node.body, inner.bind({"partial": ListType(ANY)})))


def quantified(checker: Checker, node: tree.Quantified, names: Names) -> Type:
    inner = _iterated(checker, node.iterations, names)
    condition = checker.type_of(node.condition, inner)
    require_boolean(checker, node.condition, condition, "satisfies asks for a condition")
    return BOOLEAN


def _iterated(checker: Checker, iterations: tuple[tree.Iteration, ...], names: Names) -> Names:
    for iteration in iterations:
        names = names.bind({iteration.name: _item_of(checker, iteration, names)})
    return names


def _item_of(checker: Checker, iteration: tree.Iteration, names: Names) -> Type:
    domain = checker.type_of(iteration.domain, names)
    if iteration.high is not None:
        high = checker.type_of(iteration.high, names)
        if domain is not ANY and str(domain) not in ("number", "date"):
            checker.report("E305", iteration.domain, f"a loop cannot count through {described(domain)}")
        elif not same_kind(domain, high):
            checker.report("E301", iteration, f"a loop cannot go from {described(domain)} to {described(high)}")
        return domain
    if isinstance(domain, ListType | RangeType):
        return domain.of
    if domain is not ANY:
        checker.report("E305", iteration.domain, f"a loop goes over a list, and this is {described(domain)}")
    return ANY


def instance_of(checker: Checker, node: tree.InstanceOf, names: Names) -> Type:
    checker.type_of(node.value, names)
    checker.problems += resolve(node.type, checker.scope.types)[1]
    return BOOLEAN


def lambda_(checker: Checker, node: tree.Lambda, names: Names) -> Type:
    params: dict[str, Type] = {}
    for param in node.params:
        kind, problems = resolve(param.type, checker.scope.types) if param.type else (ANY, ())
        checker.problems += problems
        params[param.name] = kind or ANY
    result = ANY if node.external else checker.type_of(node.body, names.bind(params))
    return FunctionType(tuple(params.values()), result)


RULES: Mapping[type, Rule] = {
    tree.Number: lambda *_: NUMBER,
    tree.String: lambda *_: STRING,
    tree.Boolean: lambda *_: BOOLEAN,
    tree.Null: lambda *_: NULL,
    tree.At: at,
    tree.Name: name,
    tree.Path: path,
    tree.ListOf: list_of,
    tree.ContextOf: context_of,
    tree.RangeOf: range_of,
    tree.If: if_then,
    tree.Filter: filter_,
    tree.For: for_each,
    tree.Quantified: quantified,
    tree.InstanceOf: instance_of,
    tree.Lambda: lambda_,
    tree.Negation: check_operators.minus,
    tree.Arithmetic: check_operators.arithmetic,
    tree.Logic: check_operators.logic,
    tree.Comparison: check_operators.comparison,
    tree.Between: check_operators.between,
    tree.In: check_operators.member_of,
    tree.UnaryTest: check_operators.unary_test,
    tree.Call: check_calls.call,
    tree.NamedCall: check_calls.named_call,
}
