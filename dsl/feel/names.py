"""Names in FEEL may hold spaces and operators (`Years of Service`, `a-b`): finding the declared ones in a text."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

SPACE = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_START = (
    r"?A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff\u200c-\u200d"
    r"\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_PART = _START + r"0-9\xb7\u0300-\u036f\u203f-\u2040"

WORD = re.compile(f"[{_START}][{_PART}]*")
_PART_PAIR = re.compile(f"[{_PART}]{{2}}")
_PIECE = re.compile(f"[{_PART}]+|[^{_PART}{SPACE}]")
_SPACES = f"[{SPACE}]*"


def normal(name: str) -> str:
    """The name with its white space made single."""
    return re.sub(f"[{SPACE}]+", " ", name).strip()


@lru_cache(maxsize=4096)
def is_plain(name: str) -> bool:
    """Whether the name is one word, so that no declaration is needed to read it."""
    return WORD.fullmatch(name) is not None


@lru_cache(maxsize=4096)
def _pattern(name: str) -> re.Pattern[str]:
    pieces = _PIECE.findall(name)
    text = re.escape(pieces[0]) if pieces else "(?!)"
    for before, piece in pairwise(pieces):
        both_words = _is_word(before) and _is_word(piece)
        text += (f"[{SPACE}]+" if both_words else _SPACES) + re.escape(piece)
    return re.compile(text)


def _is_word(piece: str) -> bool:
    return re.fullmatch(f"[{_PART}]+", piece) is not None


class Lexicon:
    """Declared names that are not one plain word, by their first piece; the longest that stands in the text wins."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[str]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        if not is_plain(name) and name.strip():
            self._by_first.setdefault(_PIECE.findall(name)[0], []).append(name)

    def match(self, text: str, pos: int) -> Iterator[tuple[str, int]]:
        """The declared names that stand at `pos`, each with the offset of its end."""
        if not self._by_first:
            return
        first = _PIECE.match(text, pos)
        for name in self._by_first.get(first.group(), ()) if first else ():
            found = _pattern(name).match(text, pos)  # made when it is wanted: few of the built-in names are
            if found and not _PART_PAIR.match(text, found.end() - 1):  # else the text's last word goes on
                yield name, found.end()
