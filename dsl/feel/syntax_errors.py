"""What to say when the parser meets a token that it cannot accept."""

from typing import Any

from lark.exceptions import UnexpectedToken
from lark.lexer import Token
from lark.parsers.lalr_analysis import Shift

from orderloom.dsl.feel.problem import Problem

_OPERAND = {"NAME", "NUMBER"}
_WORDS = {
    "THEN": "then", "ELSE": "else", "RETURN": "return", "SATISFIES": "satisfies", "IN": "in", "AND": "and", "COLON": ":",
    "RPAR": ")", "RSQB": "]", "RBRACE": "}", "COMMA": ",", "DOTS": "..", "GT": ">", "LT": "<", "ARROW": "->", "LPAR": "(",
    "MEMBER": "the name of a field", "BIND": "a name and then in", "KEY": "a name and then :", "TYPE": "the name of a type",
    "PARAM": "the name of a parameter",
}  # fmt: skip
_CLOSERS = {"RPAR": "(", "RSQB": "[", "RBRACE": "{"}
_FOREIGN = {"==": ("=", "equality is written with one ="), "&&": ("and", "write and"), "||": ("or", "write or")}


def describe(text: str, error: UnexpectedToken) -> Problem:
    """The problem at the token: what stands there, what was expected, what to do."""
    token: Token = error.token
    expected = accepted(error)
    if token.type == "$END":
        return _at_end(text, expected)
    start, end = int(token.start_pos or 0), int(token.end_pos or 0)
    if "NAME" in expected:
        return Problem("E202", start, end, f"a value is missing before {_shown(text, token)}", _operand_hint(text, token))
    if token.type in _CLOSERS and not expected & {token.type}:
        return Problem("E205", start, end, f"this {token} closes nothing", f"remove it, or open it with {_CLOSERS[token.type]}")
    if token.type == "NAME":
        return _unknown_words(text, token, expected)
    if token.type in ("NUMBER", "STRING", "AT", "LBRACE", "LPAR"):
        return Problem("E201", start, end, f"an operator is missing before {_shown(text, token)}", _expected(expected))
    return Problem("E201", start, end, f"{_shown(text, token)} cannot stand here", _expected(expected))


def accepted(error: UnexpectedToken) -> set[str]:
    """The terminals that could really follow: the parser's own list has some that only other contexts allow."""
    state: Any = error.state
    return {terminal for terminal in error.expected if _could_shift(state.parse_conf.states, list(state.state_stack), terminal)}


def _could_shift(states: Any, stack: list[Any], terminal: str) -> bool:
    while True:
        found = states[stack[-1]].get(terminal)
        if found is None:
            return False
        action, target = found
        if action is Shift:
            return True
        if target.expansion:
            del stack[-len(target.expansion) :]
        stack.append(states[stack[-1]][target.origin.name][1])


def _at_end(text: str, expected: set[str]) -> Problem:
    end = len(text.rstrip())
    if not text.strip():
        return Problem("E207", 0, len(text), "there is no expression here", "write one, or null")
    if "NAME" in expected:
        return Problem("E202", max(end - 1, 0), end, "the expression ends where a value must follow", "")
    return Problem("E208", max(end - 1, 0), end, "the expression ends too early", _expected(expected))


def _unknown_words(text: str, token: Token, expected: set[str]) -> Problem:
    """Two words side by side: a name with a space that is not declared, or a forgotten operator."""
    start, end = int(token.start_pos or 0), int(token.end_pos or 0)
    missing = [word for name, word in _WORDS.items() if name in expected and name in ("THEN", "ELSE", "RETURN", "SATISFIES")]
    hint = f"expected {missing[0]}" if missing else "join them with an operator, or check the spelling of the name"
    return Problem("E201", start, end, f"{token} cannot follow here: no name in scope reads so", hint)


def _operand_hint(text: str, token: Token) -> str:
    for foreign, (_, hint) in _FOREIGN.items():
        if text.startswith(foreign, max(int(token.start_pos or 0) - 1, 0)):
            return hint
    return ""


def _shown(text: str, token: Token) -> str:
    return text[token.start_pos : token.end_pos]


def _expected(expected: set[str]) -> str:
    words = [word for name, word in _WORDS.items() if name in expected]
    return f"expected {' or '.join(words[:4])}" if words else ""
