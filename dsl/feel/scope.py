"""What an expression may speak of: names with their types, functions, named types."""

from collections.abc import Callable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from orderloom.dsl.feel.memo import Memo
from orderloom.dsl.feel.types import ANY, Type


class Parameter(Struct, frozen=True):
    name: str
    type: Type = ANY
    optional: bool = False


class Function(Struct, frozen=True):
    """A function, whether built in, added by the host, or made by an expression.

    `call` gets its arguments by position, each of its parameter's type (null only where that type is Any), and answers a
    FEEL value; None means null. The last parameter of a variadic function may be given any number of times.
    """

    name: str
    params: tuple[Parameter, ...]
    result: Type
    call: Callable[..., object]
    doc: str = ""
    variadic: bool = False

    def accepts(self, count: int) -> bool:
        """Whether the function may be called with so many arguments."""
        required = sum(not param.optional for param in self.params)
        return required <= count and (self.variadic or count <= len(self.params))


class Scope(Struct, frozen=True):
    """Immutable: `extend` answers a new scope. Its `memo` has what was understood of expressions before."""

    names: Mapping[str, Type] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    memo: Memo | None = None

    def extend(self, names: Mapping[str, Type]) -> "Scope":
        return replace(self, names={**self.names, **names})
