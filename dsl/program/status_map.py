"""Maps of statuses."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin


class StatusMap(Struct, frozen=True):
    """What `roles` are told of a status, for orders for which `when` holds (None: all); `otherwise` is the word for the rest."""

    name: str
    title: str
    roles: tuple[str, ...]
    when: Formula | None
    words: Mapping[str, str]
    otherwise: str
    origin: Origin

    def word(self, status: str) -> str:
        """What is told of a status."""
        return self.words.get(status, self.otherwise)
