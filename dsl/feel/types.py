"""FEEL's types as values, and their names in FEEL's words."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field


class Simple(Struct, frozen=True):
    """A type without parts. `values` lists the only texts or numbers that are allowed; empty means any."""

    name: str
    values: tuple[object, ...] = ()

    def __str__(self) -> str:
        return self.name


class ListType(Struct, frozen=True):
    of: "Type"

    def __str__(self) -> str:
        return f"list<{self.of}>"


class RangeType(Struct, frozen=True):
    of: "Type"

    def __str__(self) -> str:
        return f"range<{self.of}>"


class ContextType(Struct, frozen=True):
    """Named entries. An open context may hold more than is listed, so that an unknown field is no fault."""

    fields: Mapping[str, "Type"] = field(default_factory=dict)
    open: bool = False

    def __str__(self) -> str:
        return "context<" + ", ".join(f"{name}: {kind}" for name, kind in self.fields.items()) + ">"


class FunctionType(Struct, frozen=True):
    params: tuple["Type", ...]
    result: "Type"

    def __str__(self) -> str:
        return "function<" + ", ".join(map(str, self.params)) + f"> -> {self.result}"


Type = Simple | ListType | RangeType | ContextType | FunctionType

ANY = Simple("Any")
NULL = Simple("Null")
NUMBER = Simple("number")
STRING = Simple("string")
BOOLEAN = Simple("boolean")
DATE = Simple("date")
TIME = Simple("time")
DATE_TIME = Simple("date and time")
DAYS_DURATION = Simple("days and time duration")
MONTHS_DURATION = Simple("years and months duration")
ANY_CONTEXT = ContextType({}, open=True)
ANY_LIST = ListType(ANY)

BY_NAME: Mapping[str, Type] = {
    **{kind.name: kind for kind in (ANY, NULL, NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_TIME, DAYS_DURATION, MONTHS_DURATION)},
    "dateTime": DATE_TIME,
    "dayTimeDuration": DAYS_DURATION,
    "yearMonthDuration": MONTHS_DURATION,
    "list": ANY_LIST,
    "range": RangeType(ANY),
    "context": ANY_CONTEXT,
    "function": FunctionType((), ANY),
}


def one_of(*values: str) -> Simple:
    """The string type that allows only these texts."""
    return Simple("string", values)


def same_kind(one: Type, other: Type) -> bool:
    """Whether values of the two types may be compared with each other; allowed values do not count."""
    if isinstance(one, Simple) and isinstance(other, Simple):
        return one.name == other.name or ANY.name in (one.name, other.name)
    return type(one) is type(other) or ANY in (one, other)


def common_type(kinds: Sequence[Type]) -> Type:
    """The type that all of them are, allowed values aside; Any when they differ. Null goes with every type."""
    real = [kind for kind in kinds if kind != NULL]
    if not real:
        return NULL if kinds else ANY
    first = real[0]
    if all(kind == first for kind in real):
        return first
    return next((kind for kind in (STRING, NUMBER) if all(str(kind) == str(each) for each in real)), ANY)
