"""A mapping that is never changed: what is put into it gives a new one, which shares the old one's entries."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_RATIO = 16  #: a layer is at least so many times as large as the one above it


class Layers(Generic[K, V]):
    """Entries in layers, the newest on top.

    A layer that has grown too like the one below joins it, so n entries have O(log n) layers, and an entry is copied
    O(log n) times in all.
    """

    __slots__ = ("_layers",)

    def __init__(self, layers: tuple[dict[K, V], ...] = ()) -> None:
        self._layers = layers

    def get(self, key: K) -> V | None:
        """The newest value of the key, None without one."""
        for layer in self._layers:
            found = layer.get(key)
            if found is not None:
                return found
        return None

    def having(self, entries: Mapping[K, V]) -> Layers[K, V]:
        """These entries on top of all others."""
        top, below = dict(entries), self._layers
        while below and len(below[0]) < _RATIO * len(top):
            top, below = below[0] | top, below[1:]
        return Layers((top, *below)) if top else self

    def merged(self) -> dict[K, V]:
        """All entries, the newest of each key."""
        entries: dict[K, V] = {}
        for layer in reversed(self._layers):
            entries |= layer
        return entries
