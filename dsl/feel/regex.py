r"""Regular expressions as XPath 2.0 and XML Schema write them, run by the `regex` package under a time limit.

They differ from Python's: `[a-z-[aeiou]]` subtracts, `\i` and `\c` are XML name characters, `\p{IsBasicLatin}` names a
block, `$` is the very end, and there are no look-arounds, no named groups, no `\b`. What XPath forbids is refused.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from orderloom.dsl.feel.limits import REGEX_SECONDS, bounded

if TYPE_CHECKING:
    import regex  # imported by the first pattern: few expressions have any

MAX_PATTERN = 2_000
MAX_REPEAT = 1_000
_START = r":A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
_NAME = _START + r"\-.0-9\xb7\u0300-\u036f\u203f-\u2040"
_CLASSES = {
    "s": r"[ \t\n\r]", "S": r"[^ \t\n\r]", "d": r"\p{Nd}", "D": r"\P{Nd}",
    "w": r"[^\p{P}\p{Z}\p{C}]", "W": r"[\p{P}\p{Z}\p{C}]",
    "i": f"[{_START}]", "I": f"[^{_START}]", "c": f"[{_NAME}]", "C": f"[^{_NAME}]",
}  # fmt: skip
_SINGLE = set("nrt\\|.?*+(){}-[]^$")
_FLAGS = {"s": "DOTALL", "m": "MULTILINE", "i": "IGNORECASE"}
_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_PROPERTY = re.compile(r"[pP]\{[A-Za-z0-9-]+\}")


class Illegal(ValueError):
    """No XPath regular expression."""


def matches(text: str, pattern: str, flags: str = "") -> bool | None:
    """Whether the pattern is found anywhere; None when it is illegal or takes too long."""
    compiled = _compiled(pattern, flags)
    try:
        return None if compiled is None else compiled.search(text, timeout=REGEX_SECONDS) is not None
    except TimeoutError:
        return None


def replace(text: str, pattern: str, replacement: str, flags: str = "") -> str | None:
    """All matches replaced, `$1` in the replacement meaning the first group; None as for `matches`.

    A pattern that matches the empty text is illegal here.
    """
    compiled = _compiled(pattern, flags)
    template = _template(replacement, compiled.groups) if compiled else None
    if compiled is None or template is None:
        return None
    try:
        if compiled.search("", timeout=REGEX_SECONDS):
            return None
        replaced: str = compiled.sub(lambda found: _filled(template, found), text, timeout=REGEX_SECONDS)
        return bounded(replaced)
    except TimeoutError:
        return None


def split(text: str, delimiter: str) -> list[str] | None:
    """The parts between the matches of the delimiter."""
    compiled = _compiled(delimiter, "")
    if compiled is None or compiled.search(""):
        return None
    parts, start = [], 0
    try:
        for found in compiled.finditer(text, timeout=REGEX_SECONDS):
            parts.append(text[start : found.start()])
            start = found.end()
    except TimeoutError:
        return None
    return [*parts, text[start:]]


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> "regex.Pattern[str] | None":
    import regex

    if not set(flags) <= {*_FLAGS, "x"} or len(pattern) > MAX_PATTERN:
        return None
    options = regex.VERSION1 | regex.UNICODE
    for flag in set(flags) & set(_FLAGS):
        options |= getattr(regex, _FLAGS[flag])
    try:
        return regex.compile("(?-f)" + _Translator(pattern, flags).translate(), options)
    except (Illegal, regex.error, OverflowError):
        return None


class _Translator:
    """Reads an XPath pattern once, writing the `regex` package's."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.text, self.flags, self.pos = _without_space(pattern) if "x" in flags else pattern, flags, 0

    def translate(self) -> str:
        out = []
        while self.pos < len(self.text):
            out.append(self._next())
        return "".join(out)

    def _next(self) -> str:
        char = self.text[self.pos]
        self.pos += 1
        if char == "\\":
            return self._unaffected(self._escape(in_class=False))
        if char == "[":
            return self._class()
        if char == "(" and self.text.startswith("?", self.pos) and not self.text.startswith("?:", self.pos):
            raise Illegal("only (?: may open a group this way")
        if char == "{":
            return self._repeat()
        if char in "]}":
            raise Illegal(f"{char} must be escaped")
        return self._plain(char)

    def _unaffected(self, escape: str) -> str:
        """Properties and classes of characters mean the same with and without the flag i."""
        return f"(?-i:{escape})" if "i" in self.flags and escape[1:2] in "pP" else escape

    def _plain(self, char: str) -> str:
        if char == "." and "s" not in self.flags:
            return r"[^\n\r]"
        if char == "$" and "m" not in self.flags:
            return r"\Z"
        return "\\" + char if char in "#&~ -" else char

    def _repeat(self) -> str:
        found = _REPEAT.match(self.text, self.pos - 1)
        if not found or max(int(found[1]), int(found[2] or 0)) > MAX_REPEAT:
            raise Illegal("a repeat must be {n}, {n,} or {n,m}")
        self.pos = found.end()
        return found[0]

    def _escape(self, in_class: bool) -> str:
        if self.pos >= len(self.text):
            raise Illegal("a pattern cannot end with a backslash")
        char = self.text[self.pos]
        self.pos += 1
        if char in _CLASSES:
            return _CLASSES[char]
        if char in "pP":
            return self._property(char)
        if char in _SINGLE:
            return "\\" + char
        if char.isdigit() and char != "0" and not in_class:
            return f"(?:\\{char})"
        raise Illegal(f"there is no \\{char}")

    def _property(self, char: str) -> str:
        found = _PROPERTY.match(self.text, self.pos - 1)
        if not found:
            raise Illegal("a property is written \\p{...}")
        self.pos = found.end()
        name = found[0][2:-1]
        return f"\\{char}{{In{name[2:]}}}" if name.startswith("Is") else f"\\{char}{{{name}}}"

    def _class(self) -> str:
        """`[...]`, after its opening bracket; `-[` begins a class that is taken away."""
        negated = self.text.startswith("^", self.pos)
        self.pos += negated
        out: list[str] = []
        subtracted = ""
        while not self.text.startswith("]", self.pos):
            if self.pos >= len(self.text) or subtracted:
                raise Illegal("a class is not closed")
            if self.text.startswith("-[", self.pos) and out:
                self.pos += 2
                subtracted = self._class()
            else:
                out.append(self._member())
        self.pos += 1
        if not out:
            raise Illegal("a class is empty")
        written = f"[{'^' if negated else ''}{''.join(out)}]"
        return f"[{written}--{subtracted}]" if subtracted else written

    def _member(self) -> str:
        char = self.text[self.pos]
        self.pos += 1
        if char == "\\":
            return self._escape(in_class=True)
        if char == "[":
            raise Illegal("[ must be escaped in a class")
        if char == "-":
            return self._hyphen()
        return "\\" + char if char in "&~|#^" else char

    def _hyphen(self) -> str:
        """A hyphen makes a range between two characters, and stands for itself at either end."""
        at_start = self.text[self.pos - 2] in "[^"
        return "\\-" if at_start or self.text.startswith("]", self.pos) else "-"


def _without_space(pattern: str) -> str:
    """The flag x takes white space away before the pattern is read, except inside classes."""
    return re.sub(r"\[(?:\\.|[^\]\\])*\]|[ \t\n\r]+", lambda found: found[0] if found[0][0] == "[" else "", pattern)


Template = list[str | int]


def _template(replacement: str, groups: int) -> Template | None:
    r"""The replacement in parts: texts and group numbers; `\$` and `\\` stand for themselves. None when it is illegal."""
    parts: Template = []
    pos = 0
    while pos < len(replacement):
        char = replacement[pos]
        pos += 1
        if char == "\\":
            if replacement[pos : pos + 1] not in ("\\", "$"):
                return None
            parts.append(replacement[pos])
            pos += 1
        elif char == "$":
            found = re.compile("[0-9]+").match(replacement, pos)
            if not found:
                return None
            number, used = _group(found[0], groups)
            parts.append(number)
            pos += used
        else:
            parts.append(char)
    return parts


def _group(digits: str, groups: int) -> tuple[int, int]:
    """The longest number that a group has, and how many digits it takes; without such a group the first digit counts."""
    for length in range(len(digits), 1, -1):
        if int(digits[:length]) <= groups:
            return int(digits[:length]), length
    return int(digits[0]), 1


def _filled(template: Template, found: "regex.Match[str]") -> str:
    groups = len(found.groups())
    return "".join(part if isinstance(part, str) else (found[part] or "" if part <= groups else "") for part in template)
