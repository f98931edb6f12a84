"""A fault that is found in an expression before it ever runs."""

from msgspec import Struct


class Problem(Struct, frozen=True):
    """One fault: a stable code, offsets into the expression's text, and words for the analyst.

    Codes: E201.. syntax, E301.. types, E401.. unknown names.
    """

    code: str
    start: int
    end: int
    message: str
    hint: str = ""
