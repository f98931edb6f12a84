"""Names in FEEL may hold spaces and operators (`Years of Service`, `a-b`): finding the declared ones in a text."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

SPACE = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
#: What no name holds: all but FEEL's name start and part characters. Compiles in a tenth of the time of theirs.
_OUTSIDE = (
    r"\x00-/:->@\[-^`{-\xb6\xb8-\xbf\xd7\xf7\u037e\u1680\u180e\u2000-\u200b\u200e-\u203e\u2041-\u206f\u2190-\u2bff\u2ff0-\u3000"
    r"\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufffe-\uffff\U000f0000-\U0010ffff"
)
_NO_START = r"0-9\xb7\u0300-\u036f\u203f-\u2040"  # what a name holds, but does not begin with

WORD = re.compile(f"(?![{_NO_START}])[^{_OUTSIDE}]+")
_PART_PAIR = re.compile(f"[^{_OUTSIDE}]{{2}}")
_PIECE = re.compile(f"[^{_OUTSIDE}]+|[^{SPACE}]")
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
    return re.fullmatch(f"[^{_OUTSIDE}]+", piece) is not None


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
