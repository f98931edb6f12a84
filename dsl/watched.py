"""Definitions by name that note who looks at which of them, so that a result is known to hold as long as these are the same."""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, KeysView, MutableMapping, Set, ValuesView
from typing import Any, Protocol, TypeVar

K = TypeVar("K")
V = TypeVar("V")

NAMES, ALL = "<names>", "<all>"  #: looks at all names, and at everything; no name has such characters
IN = "<in> "  #: before a name: only whether it is there


class Notes(Protocol):
    """Who takes note of looks."""

    def note(self, view: str, key: Any, seen: object) -> None: ...


class Watched(MutableMapping[K, V]):
    """Things by name, in their order. What is put in later is for those who look later."""

    def __init__(self, view: str, things: dict[K, V], notes: Notes) -> None:
        self.view, self.things, self._notes = view, things, notes
        self._names = hash(tuple(things))
        self._grown = False

    def look(self, key: Any) -> object:
        """What there is to see now, without a note of it."""
        if key is ALL:
            return tuple(self.things.items()) if self._grown else self.things
        if key is NAMES:
            return self._names
        if isinstance(key, str) and key.startswith(IN):
            return key[len(IN) :] in self.things
        return self.things.get(key)

    def _note(self, key: Any) -> None:
        self._notes.note(self.view, key, self.look(key))

    def __getitem__(self, key: K) -> V:
        self._note(key)
        return self.things[key]

    def get(self, key: Any, default: Any = None) -> Any:
        self._note(key)
        return self.things.get(key, default)

    def __contains__(self, key: object) -> bool:
        self._note(f"{IN}{key}" if isinstance(key, str) else key)
        return key in self.things

    def __iter__(self) -> Iterator[K]:
        self._note(NAMES)
        return iter(self.things)

    def __len__(self) -> int:
        self._note(NAMES)
        return len(self.things)

    def keys(self) -> KeysView[K]:
        self._note(NAMES)
        return self.things.keys()

    def values(self) -> ValuesView[V]:
        self._note(ALL)
        return self.things.values()

    def items(self) -> ItemsView[K, V]:
        self._note(ALL)
        return self.things.items()

    def __setitem__(self, key: K, thing: V) -> None:
        if key not in self.things:
            self._names = hash((self._names, key))
        self._grown = True
        self.things[key] = thing

    def __delitem__(self, key: K) -> None:
        raise TypeError("what has been looked at stays")


class WatchedSet(Set[str]):
    """Names of which somebody asks whether each is among them."""

    def __init__(self, view: str, names: frozenset[str], notes: Notes) -> None:
        self.view, self.names, self._notes = view, names, notes

    def look(self, key: Any) -> object:
        return self.names if key is ALL else key in self.names

    def __contains__(self, name: object) -> bool:
        self._notes.note(self.view, name, name in self.names)
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        self._notes.note(self.view, ALL, self.names)
        return iter(self.names)

    def __len__(self) -> int:
        self._notes.note(self.view, ALL, self.names)
        return len(self.names)

    @classmethod
    def _from_iterable(cls, names: Iterable[Any]) -> Any:
        return frozenset(names)
