"""Types of calls: the function is known, takes so many arguments, of these names, of these types."""

from collections.abc import Sequence

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.builtins import BUILTINS
from orderloom.dsl.feel.check_operators import described
from orderloom.dsl.feel.checker import Checker, Names
from orderloom.dsl.feel.conform import fits
from orderloom.dsl.feel.invoke import by_name, choose
from orderloom.dsl.feel.scope import Function, Parameter
from orderloom.dsl.feel.suggest import did_you_mean
from orderloom.dsl.feel.temporal import parse_temporal
from orderloom.dsl.feel.types import ANY, DATE, DATE_TIME, NULL, FunctionType, ListType, Type, common_type, same_kind

# What other languages call it.
_ELSEWHERE = {
    **dict.fromkeys(("len", "length", "size"), "count(list) and string length(string)"),
    **dict.fromkeys(("avg", "average"), "mean(list)"),
    **dict.fromkeys(("upper", "toupper", "ucase"), "upper case(string)"),
    **dict.fromkeys(("lower", "tolower", "lcase"), "lower case(string)"),
    **dict.fromkeys(("substr", "mid", "left", "right"), "substring(string, start position, length)"),
    **dict.fromkeys(("isnull", "isempty", "isblank"), "x = null and count(list) = 0"),
    "round": "round half up(n, scale)",
    "mod": "modulo(dividend, divisor)",
    "concat": "concatenate(list, list) and +",
}
_ITEM_OF = {"min", "max", "sum", "mean"}
_FIRST_COUNTS = {"sublist", "remove", "reverse", "distinct values", "sort"}
_LIST_OF = {*_FIRST_COUNTS, "concatenate", "union", "append"}
_FROM_TEXT = ("date", "time", "date and time", "duration")


def call(checker: Checker, node: tree.Call, names: Names) -> Type:
    kinds = [checker.type_of(arg, names) for arg in node.args]
    rows = _rows(checker, node.function, names)
    if rows is None:
        return _call_value(checker, node, kinds, names)
    if not rows:
        return _unknown(checker, node.function)
    fitting = choose(rows, len(kinds))
    if not fitting:
        return checker.report("E311", node, _count_message(rows, len(kinds)), _forms(rows))
    row = next((row for row in fitting if _takes(row, kinds)), fitting[0])
    _check_args(checker, row, row.params, list(zip(node.args, kinds, strict=True)))
    _check_literal(checker, row, node.args)
    return _result(row, kinds)


def named_call(checker: Checker, node: tree.NamedCall, names: Names) -> Type:
    given = {name: (arg, checker.type_of(arg, names)) for name, arg in node.args}
    rows = _rows(checker, node.function, names)
    if rows is None:
        kind = checker.type_of(node.function, names)
        return kind.result if isinstance(kind, FunctionType) else ANY
    if not rows:
        return _unknown(checker, node.function)
    found = by_name(rows, [name for name, _ in node.args])
    if found is None:
        return _wrong_names(checker, node, rows, list(given))
    row, _ = found
    params = [param for param in row.params if param.name in given]
    args = [given[param.name] for param in params]
    _check_args(checker, row, params, args)
    return _result(row, [kind for _, kind in args])


def _result(row: Function, kinds: Sequence[Type]) -> Type:
    """The type of a call. What hands out items, or lists of them, has theirs."""
    if row.name in _ITEM_OF and row in BUILTINS.get(row.name, ()):
        return common_type([kind.of if isinstance(kind, ListType) else kind for kind in kinds])
    if row.name in _LIST_OF and row in BUILTINS.get(row.name, ()):
        return ListType(_result(BUILTINS["max"][0], kinds[:1] if row.name in _FIRST_COUNTS else kinds))
    return row.result


def _rows(checker: Checker, function: tree.Expr, names: Names) -> Sequence[Function] | None:
    """The functions of the name that is called, empty when it is unknown; None when a value is called."""
    if not isinstance(function, tree.Name) or checker.find(function.name, names) not in (None, ANY):
        return None
    if checker.find(function.name, names) is ANY and not checker.functions(function.name):
        return None
    return checker.functions(function.name)


def _call_value(checker: Checker, node: tree.Call, kinds: list[Type], names: Names) -> Type:
    kind = checker.type_of(node.function, names)
    if kind is ANY:
        return ANY
    if not isinstance(kind, FunctionType):
        return checker.report("E314", node.function, f"{described(kind)} cannot be called", "only functions take arguments")
    if len(kinds) != len(kind.params):
        return checker.report("E311", node, f"this function takes {_arguments([len(kind.params)])}, not {len(kinds)}")
    params = [Parameter(f"argument {i}", param) for i, param in enumerate(kind.params, 1)]
    _check_args(checker, None, params, list(zip(node.args, kinds, strict=True)))
    return kind.result


def _unknown(checker: Checker, function: tree.Expr) -> Type:
    name = function.name if isinstance(function, tree.Name) else ""
    elsewhere = _ELSEWHERE.get(name.lower())
    hint = f"FEEL has {elsewhere}" if elsewhere else did_you_mean(name, [*checker.scope.functions, *BUILTINS])
    return checker.report("E404", function, f"there is no function {name}", hint)


def _count_message(rows: Sequence[Function], count: int) -> str:
    counts = sorted({len(row.params) for row in rows} | {sum(not p.optional for p in row.params) for row in rows})
    return f"{rows[0].name} takes {_arguments(counts)}, not {count}"


def _arguments(counts: list[int]) -> str:
    return f"{' or '.join(map(str, counts))} argument{'' if counts == [1] else 's'}"


def _forms(rows: Sequence[Function]) -> str:
    return " or ".join(f"{row.name}({', '.join(param.name for param in row.params)})" for row in rows[:3])


def _wrong_names(checker: Checker, node: tree.NamedCall, rows: Sequence[Function], given: list[str]) -> Type:
    known = [param.name for row in rows for param in row.params]
    for name in given:
        if name not in known:
            hint = did_you_mean(name, known) or _forms(rows)
            return checker.report("E312", node, f"{rows[0].name} has no parameter {name}", hint)
    return checker.report("E311", node, f"{rows[0].name} cannot be called with just these arguments", _forms(rows))


def _check_args(
    checker: Checker, row: Function | None, params: Sequence[Parameter], args: Sequence[tuple[tree.Expr, Type]]
) -> None:
    name = row.name if row else "this function"
    for i, (arg, kind) in enumerate(args):
        param = params[min(i, len(params) - 1)]
        if not _acceptable(kind, param.type):
            checker.report("E313", arg, f"{param.name} of {name} is {described(param.type)}, and this is {described(kind)}")
        elif kind == NULL and param.type is not ANY and not param.optional and row:
            checker.report("E309", arg, f"{name} is always null when its {param.name} is null")


def _takes(row: Function, kinds: Sequence[Type]) -> bool:
    return all(_acceptable(kind, row.params[min(i, len(row.params) - 1)].type) for i, kind in enumerate(kinds))


def _acceptable(kind: Type, wanted: Type) -> bool:
    """Whether a value of the type could be taken, with FEEL's conversions."""
    if ANY in (kind, wanted) or kind == NULL or fits(kind, wanted) or same_kind(kind, wanted):
        return True
    if isinstance(wanted, ListType):
        return _acceptable(kind, wanted.of)
    return (isinstance(kind, ListType) and _acceptable(kind.of, wanted)) or (kind == DATE and wanted == DATE_TIME)


def _check_literal(checker: Checker, row: Function, args: tuple[tree.Expr, ...]) -> None:
    """A text that is no date, time or duration gives null for ever."""
    if row.name in _FROM_TEXT and len(args) == 1 and isinstance(args[0], tree.String) and row.call(args[0].value) is None:
        hint = f"it reads as {_kind(args[0].value)}" if parse_temporal(args[0].value) else _EXAMPLES[row.name]
        checker.report("E306", args[0], f'"{args[0].value}" is no {row.name}', hint)


def _kind(text: str) -> str:
    return "a duration" if text.startswith(("P", "-P")) else "a date and time" if "T" in text else "a date or a time"


_EXAMPLES = {
    "date": 'write it like "2026-03-02"',
    "time": 'write it like "10:30:00"',
    "date and time": 'write it like "2026-03-02T10:30:00"',
    "duration": 'write it like "PT2H", "P3D" or "P1Y6M"',
}
