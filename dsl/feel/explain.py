"""Why a value is null: the operations that answered null, with their operands, in words."""

from collections.abc import Iterable

from msgspec import Struct

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.kinds import kind_of


class Null(Struct, frozen=True):
    """One operation that answered null."""

    start: int
    end: int
    reason: str


def reasons(trace: Iterable[tuple[tree.Node, tuple[object, ...]]]) -> tuple[Null, ...]:
    return tuple(Null(node.start, node.end, _reason(node, args)) for node, args in trace)


def _reason(node: tree.Node, args: tuple[object, ...]) -> str:
    kinds = [kind_of(arg) for arg in args]
    match node:
        case tree.Path(_, name):
            return f"there is no {name} in a {kinds[0]}"
        case tree.Arithmetic(op, _, _) | tree.Comparison(op, _, _) | tree.UnaryTest(op, _):
            return f"{op} has no answer for {' and '.join(kinds)}"
        case tree.Filter():
            return "the list has no item at this position"
        case tree.Call() | tree.NamedCall():
            return f"the function has no answer for {', '.join(kinds)}" if kinds else "the function has no answer"
    return f"no answer for {' and '.join(kinds)}"
