"""What the free keys of a relation say: who grants whom which flows."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from orderloom.dsl.fields import Located
from orderloom.dsl.nodes import Node
from orderloom.dsl.syntax import Relation

GRANTS = " grants "


class Granted(Struct, frozen=True, eq=False):
    """A key `A grants B`, as it is written, with the flows behind it."""

    key: Located[str]
    granter: str
    grantee: str
    flows: tuple[str, ...]
    written: Node


def granted_in(relation: Relation) -> Iterator[Granted]:
    """Every `A grants B` of an entry; what else stands there is left out."""
    for pair in relation.grants:
        granter, mark, grantee = pair.key.value.partition(GRANTS)
        if mark:
            told = pair.value.value
            flows = tuple(str(flow) for flow in told) if isinstance(told, list) else (str(told),)
            yield Granted(pair.key, granter.strip(), grantee.strip(), flows, pair.value.node)
