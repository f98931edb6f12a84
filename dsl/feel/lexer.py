"""The scope-aware lexer.

It runs in step with the LALR parser: before each token it asks which terminals the parser would accept, so that keywords
are keywords only where they may stand, declared names are read as such, and `>` in `list<number>` closes a type.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from lark.lexer import Lexer, LexerState, Token
from msgspec import Struct, field

from orderloom.dsl.feel.lookahead import could_follow
from orderloom.dsl.feel.names import SPACE, WORD, Lexicon, normal
from orderloom.dsl.feel.problem import Problem

_SKIP = re.compile(rf"(?:[{SPACE}]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")
_AT = re.compile(rf'@[{SPACE}]*(?=")')
_INSTANCE = re.compile(rf"instance[{SPACE}]+of(?![\w?])")
_BIND = re.compile(rf"(?:[^\"{SPACE}()\[\]{{}},]+[{SPACE}]+)+?(?=in(?![\w?]))")
_ARG = re.compile(r'[^:,()\[\]{}"@<>=]+(?=:)')
_KEY = re.compile(r"[^:,{}()<>\[\]\"]+(?=:)")
_PARAM = re.compile(r"[^:,()\[\]{}\"]+")
_DOT = re.compile(r"\s*\.\s*")

_SYMBOLS = {
    "..": "DOTS", "**": "POWER", "->": "ARROW", "<=": "REL", ">=": "REL", "!=": "EQ", "=": "EQ", "<": "REL", ">": "REL",
    "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH", "(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "RSQB",
    "{": "LBRACE", "}": "RBRACE", ",": "COMMA", ":": "COLON", ".": "DOT",
}  # fmt: skip
_SYMBOL = re.compile("|".join(re.escape(symbol) for symbol in _SYMBOLS))
_KEYWORDS = {
    word: word.upper()
    for word in (
        "and", "or", "between", "in", "then", "else", "return", "satisfies", "external",
        "if", "for", "some", "every", "function", "true", "false", "null",
    )
}  # fmt: skip
_GENERIC = {"list": "LIST", "range": "RANGE", "context": "CONTEXT", "function": "FUNCTION"}
_HINTS = {
    **dict.fromkeys("$€£¥", "write the number alone: amounts are in the workspace's currency"),
    **dict.fromkeys("'‘’“”`", 'texts stand in double quotes: "..."'),
    "&": "write and", "|": "write or", "!": "write not(...)", "%": "write modulo(a, b), or 0.5 for 50 percent", "^": "write **",
    ";": "an expression has no ; at its end", "@": 'dates and durations stand in quotes: @"2026-03-02"',
}  # fmt: skip
_OPENING, _CLOSING = "([{", ")]}"
MAX_NESTING = 100


class Refused(Exception):
    """The text cannot be read; carries the problem. Never leaves the package."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Source(Struct, frozen=True):
    """A text with the names that may stand in it."""

    text: str
    names: Lexicon
    members: Lexicon
    functions: Sequence[Lexicon]
    types: Sequence[Lexicon]
    negated: bool = False  # whether `not(` opens the tests of a cell, and does not call the function


class FeelLexer(Lexer):
    __future_interface__ = 2

    def __init__(self, _conf: object) -> None:
        pass

    def lex(self, lexer_state: LexerState, parser_state: Any) -> Iterator[Token]:
        source: Any = lexer_state.text
        return _Scanner(source, parser_state).tokens()


class _Level(Struct):
    """What was declared since a bracket opened; `filter` when it is a filter's."""

    opening: str
    pos: int
    filter: bool = False
    names: Lexicon = field(default_factory=Lexicon)


class _Scanner:
    """Reads one text, once."""

    def __init__(self, source: Source, parser: Any) -> None:
        self.source, self.text, self.parser = source, source.text, parser
        self.pos = 0
        self.levels = [_Level("", 0)]
        self.seen_members = Lexicon()

    def tokens(self) -> Iterator[Token]:
        states: Mapping[Any, Mapping[str, object]] = self.parser.parse_conf.states
        self._skip()
        while self.pos < len(self.text):
            accepted = states[self.parser.state_stack[-1]]
            yield self._next(accepted)
            self._skip()
        if len(self.levels) > 1:
            self._refuse_open_bracket()

    def _skip(self) -> None:
        found = _SKIP.match(self.text, self.pos)
        self.pos = found.end() if found else self.pos
        if self.text.startswith("/*", self.pos):
            raise Refused(Problem("E203", self.pos, len(self.text), "this comment is never closed", "end it with */"))

    def _token(self, kind: str, end: int, value: str | None = None) -> Token:
        start, self.pos = self.pos, end
        return Token(kind, self.text[start:end] if value is None else value, start_pos=start, end_pos=end)

    def _next(self, accepted: Collection[str]) -> Token:
        declared = self._declared(accepted)
        if declared is not None:
            return declared
        char = self.text[self.pos]
        if char == '"':
            return self._string("STRING", self.pos)
        at = _AT.match(self.text, self.pos)
        if at:
            return self._string("AT", at.end())
        found = _NUMBER.match(self.text, self.pos) if "NUMBER" in accepted or char.isdigit() else None
        if found:
            return self._token("NUMBER", found.end())
        return self._word(accepted) or self._symbol(accepted)

    # -- names that are declared here -----------------------------------------------------------------------------------

    def _declared(self, accepted: Collection[str]) -> Token | None:
        if "BIND" in accepted:
            return self._declaring("BIND", _BIND)
        if "PARAM" in accepted:
            return self._declaring("PARAM", _PARAM)
        if "KEY" in accepted:
            return self._key()
        if "MEMBER" in accepted:
            return self._member()
        if "TYPE" in accepted:
            return self._type()
        if "ARG" in accepted:
            found = _ARG.match(self.text, self.pos)
            if found and WORD.match(self.text, self.pos):
                return self._token("ARG", found.end(), normal(found.group()))
        return None

    def _declaring(self, kind: str, pattern: re.Pattern[str]) -> Token | None:
        found = pattern.match(self.text, self.pos)
        if not found or not WORD.match(self.text, self.pos):
            return None
        name = normal(found.group())
        outside_parameters = self.levels[-2] if kind == "PARAM" and len(self.levels) > 1 else self.levels[-1]
        outside_parameters.names.add(name)
        return self._token(kind, found.end(), name)

    def _key(self) -> Token | None:
        if self.text[self.pos] == '"':
            token = self._string("KEY", self.pos)
        else:
            found = _KEY.match(self.text, self.pos)
            if not found:
                return None
            token = self._token("KEY", found.end(), normal(found.group()))
        self.levels[-1].names.add(str(token))
        self.seen_members.add(str(token))
        return token

    def _type(self) -> Token | None:
        word = WORD.match(self.text, self.pos)
        if not word:
            return None
        after = _SKIP.match(self.text, word.end())
        if word.group() in _GENERIC and after and self.text.startswith("<", after.end()):
            return self._token(_GENERIC[word.group()], word.end())
        end, name = max([(self._dotted(word.end()), ""), *self._matches(self.source.types)])
        return self._token("TYPE", end, name or re.sub(r"\s", "", self.text[self.pos : end]))

    def _dotted(self, end: int) -> int:
        """Where a name of words with dots between ends; its first word ends at `end`."""
        while (dot := _DOT.match(self.text, end)) and (word := WORD.match(self.text, dot.end())):
            end = word.end()
        return end

    # -- names, keywords, literals, symbols -----------------------------------------------------------------------------

    def _matches(self, lexicons: Iterable[Lexicon]) -> Iterator[tuple[int, str]]:
        """The declared names that stand here, each after its end."""
        for lexicon in lexicons:
            for name, end in lexicon.match(self.text, self.pos):
                yield end, name

    def _member(self) -> Token | None:
        """The longest field name that stands here, or one plain word."""
        word = WORD.match(self.text, self.pos)
        plain = (word.end(), word.group()) if word else (0, "")
        end, name = max([plain, *self._matches((self.source.members, self.seen_members))])
        return self._token("MEMBER", end, name) if end else None

    def _word(self, accepted: Collection[str]) -> Token | None:
        word = WORD.match(self.text, self.pos)
        if "NAME" in accepted:
            if self.source.negated and "NOT" in accepted and word and word.group() == "not":
                return self._token("NOT", self.pos + 3)
            if self._is_dash(accepted):
                return self._token("DASH", self.pos + 1)
            return self._name(word)
        instance = _INSTANCE.match(self.text, self.pos)
        if instance:
            return self._token("INSTANCE", instance.end())
        return self._token(_KEYWORDS.get(word.group(), "NAME"), word.end()) if word else None

    def _name(self, word: re.Match[str] | None) -> Token | None:
        """The longest name in scope that stands here, a function's when it is called, or one plain word."""
        known = [self.source.names, *(level.names for level in self.levels)]
        if any(level.filter for level in self.levels):
            known += [self.source.members, self.seen_members]
        plain = (word.end(), word.group()) if word else (0, "")
        called = [found for found in self._matches(self.source.functions) if self._is_called(found[0])]
        end, name = max([plain, *self._matches(known), *called])
        if not end:
            return None
        kind = _KEYWORDS.get(name, "NAME") if end == plain[0] else "NAME"
        return self._token(kind, end, name)

    def _is_called(self, pos: int) -> bool:
        after = _SKIP.match(self.text, pos)
        return bool(after) and self.text.startswith("(", after.end())  # type: ignore[union-attr]

    def _is_dash(self, accepted: Collection[str]) -> bool:
        return "DASH" in accepted and self.text[self.pos :].strip() == "-"

    def _string(self, kind: str, quote: int) -> Token:
        found = _STRING.match(self.text, quote)
        if not found:
            raise Refused(Problem("E203", quote, len(self.text), "this text is never closed", 'end it with a double quote "'))
        return self._token(kind, found.end(), unescape(found.group()[1:-1]))

    def _symbol(self, accepted: Collection[str]) -> Token:
        found = _SYMBOL.match(self.text, self.pos)
        if not found:
            char = self.text[self.pos]
            raise Refused(
                Problem("E204", self.pos, self.pos + 1, f"the character {char} has no meaning here", _HINTS.get(char, ""))
            )
        symbol = found.group()
        if symbol[0] in "[]()":
            return self._bracket(symbol, accepted)
        if symbol in "{}":
            self._level(symbol)
        kind = _SYMBOLS[symbol]
        if symbol == "<" and "LT" in accepted:
            kind = "LT"
        elif symbol == ">" and "GT" in accepted and could_follow(self.parser, "GT"):
            kind = "GT"
        return self._token(kind, found.end())

    # -- brackets -------------------------------------------------------------------------------------------------------

    def _bracket(self, symbol: str, accepted: Collection[str]) -> Token:
        operand = "NAME" in accepted
        if symbol == "]" and operand and "RSQB" not in accepted:
            self._level("[")
            return self._token("LREV", self.pos + 1)
        closes = symbol == "[" and "RREV" in accepted and could_follow(self.parser, "RREV")
        if closes and not self._operand_follows(self.pos + 1):
            self._level("]")
            return self._token("RREV", self.pos + 1)
        self._level(symbol, is_filter=symbol == "[" and not operand)
        return self._token(_SYMBOLS[symbol], self.pos + 1)

    def _operand_follows(self, pos: int) -> bool:
        after = _SKIP.match(self.text, pos)
        rest = self.text[after.end() :] if after else ""
        word = WORD.match(rest)
        if word:
            return word.group() not in ("and", "or", "in", "between", "instance", "then", "else", "return", "satisfies")
        return bool(rest) and (rest[0].isdigit() or rest[0] in '"@([{-')

    def _level(self, symbol: str, is_filter: bool = False) -> None:
        """Enter or leave a bracket. A range may open and close with different ones (`(1..5]`)."""
        if symbol in _OPENING:
            if len(self.levels) > MAX_NESTING:
                raise Refused(Problem("E209", self.pos, self.pos + 1, "this expression is nested too deeply", "name its parts"))
            self.levels.append(_Level(symbol, self.pos, is_filter))
        elif len(self.levels) > 1:
            self.levels.pop()

    def _refuse_open_bracket(self) -> None:
        level = self.levels[-1]
        if self.text[level.pos] not in _OPENING:
            raise Refused(Problem("E202", level.pos, level.pos + 1, f"a value is missing before {self.text[level.pos]}"))
        wanted = _CLOSING[_OPENING.index(level.opening)]
        problem = Problem("E205", level.pos, level.pos + 1, f"this {level.opening} is never closed", f"add the missing {wanted}")
        raise Refused(problem)


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def unescape(text: str) -> str:
    r"""The text with `\n`, `é`, `\U01F40E` ... replaced; surrogate pairs become one character."""
    if "\\" not in text:
        return text
    return _PAIR.sub(_join_pair, _ESCAPE.sub(_unescape_one, text))


def _unescape_one(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else found[0]
    return _ESCAPED.get(found[3], found[0])


def _join_pair(found: re.Match[str]) -> str:
    high, low = map(ord, found[0])
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
