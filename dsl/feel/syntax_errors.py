"""What to say when the parser meets a token that it cannot accept."""

from typing import Any

from lark.exceptions import UnexpectedToken
from lark.lexer import Token

from orderloom.dsl.feel.lookahead import could_follow
from orderloom.dsl.feel.problem import Problem

_WORDS = {
    "THEN": "then", "ELSE": "else", "RETURN": "return", "SATISFIES": "satisfies", "IN": "in", "AND": "and", "COLON": ":",
    "RPAR": ")", "RSQB": "]", "RBRACE": "}", "COMMA": ",", "DOTS": "..", "GT": ">", "LT": "<", "ARROW": "->", "LPAR": "(",
    "MEMBER": "the name of a field", "BIND": "a name and then in", "KEY": "a name and then :", "TYPE": "the name of a type",
    "PARAM": "the name of a parameter",
}  # fmt: skip
_CLOSERS = {"RPAR": "(", "RSQB": "[", "RBRACE": "{"}
_VALUES = {"NAME", "NUMBER", "STRING", "AT", "TRUE", "FALSE", "NULL", "LBRACE", "IF", "FOR"}
_AFTER_VALUE = {"PLUS", "AND", "OR"}  # one of them is expected wherever a value may be followed
_FOREIGN = {
    "==": "equality is written with one =",
    "<>": "write !=",
    "=>": "write >=",
    "=<": "write <=",
    "..": "a range stands in brackets: [1..5]",
    "instance": "write instance of",
}


def describe(text: str, error: UnexpectedToken) -> Problem:
    """The problem at the token: what stands there, what was expected, what to do."""
    token: Token = error.token
    expected = accepted(error)
    if token.type == "$END":
        state: Any = error.state
        return _at_end(text, expected, nothing=not state.value_stack)
    code, message, hint = _described(text, token, expected)
    return Problem(code, token.start_pos or 0, token.end_pos or 0, message, hint)


def _described(text: str, token: Token, expected: set[str]) -> tuple[str, str, str]:
    shown = text[token.start_pos : token.end_pos]
    foreign = _FOREIGN.get(shown, "")
    if "NAME" in expected:
        return "E202", f"a value is missing before {shown}", _FOREIGN.get(_with_one_before(text, token), "")
    if token.type in _CLOSERS and expected & set(_CLOSERS):
        return "E205", f"this {shown} does not close what is open here", _expected(expected)
    if token.type in _CLOSERS and expected & _AFTER_VALUE:
        return "E205", f"this {shown} closes nothing", f"remove it, or open it with {_CLOSERS[token.type]}"
    if token.type in _VALUES and expected & _AFTER_VALUE:
        return _no_operator(token, shown, expected, foreign)
    return "E201", f"{shown} cannot stand here", foreign or _expected(expected)


def _no_operator(token: Token, shown: str, expected: set[str], foreign: str) -> tuple[str, str, str]:
    """Two values side by side: a name with a space that is not declared, or a forgotten operator."""
    if token.type == "NAME":
        message = f"{shown} cannot follow here: no name in scope reads so"
        return "E201", message, foreign or _expected(expected) or "join them with an operator, or check the spelling of the name"
    return "E201", f"an operator is missing before {shown}", _expected(expected)


def accepted(error: UnexpectedToken) -> set[str]:
    """The terminals that could really follow: the parser's own list has some that only other contexts allow."""
    return {terminal for terminal in error.expected if could_follow(error.state, terminal)}


def _at_end(text: str, expected: set[str], nothing: bool) -> Problem:
    end = len(text.rstrip())
    if nothing:
        return Problem("E207", 0, len(text), "there is no expression here", "write one, or null")
    if "NAME" in expected:
        return Problem("E202", max(end - 1, 0), end, "the expression ends where a value must follow")
    return Problem("E208", max(end - 1, 0), end, "the expression ends too early", _expected(expected))


def _with_one_before(text: str, token: Token) -> str:
    """What other languages write as one operator is read here as two."""
    start = token.start_pos or 0
    return text[max(start - 1, 0) : start + 1]


def _expected(expected: set[str]) -> str:
    """What belongs here, leaving out what may follow any value."""
    always = {"IN", "LPAR"} | ({"AND"} if "OR" in expected else set()) if expected & _AFTER_VALUE else set()
    words = [word for name, word in _WORDS.items() if name in expected - always]
    return f"expected {' or '.join(words[:4])}" if words else ""
