"""Names of DMN, which may hold spaces, to names of Orderloom and back."""

from __future__ import annotations

import re
from collections.abc import Mapping

_STRING = r'"(?:[^"\\]|\\.)*"'


def slug(name: str, joint: str = "-") -> str:
    """The name in lower case, its words joined; `joint` is `-` for definitions and `_` for what expressions read."""
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name))
    found = joint.join(words).lower() or "unnamed"
    return found if found[0].isalpha() else f"n{joint}{found}"


def plain(name: str) -> str:
    """The name as expressions read it: itself where it is one word, else its words joined by `_`."""
    return name if re.fullmatch(r"[^\W\d]\w*", name) else slug(name, "_")


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The expression with whole names replaced, the longest first; texts in quotes stay."""
    if not names:
        return text
    longest = sorted(names, key=len, reverse=True)
    pieces = [r"\s+".join(map(re.escape, name.split())) for name in longest]
    pattern = re.compile(rf"{_STRING}|(?<![\w.-])(?:{'|'.join(pieces)})(?![\w-])")
    return pattern.sub(lambda found: names.get(" ".join(found[0].split()), found[0]), text)
