"""Which matcher finds a pattern: the plain one, or the Rete network where somebody asks for it. Both find the same."""

from __future__ import annotations

import os
from functools import cache

from orderloom.engine.monitoring.pattern import Matcher, Shape
from orderloom.engine.monitoring.plain import Plain

CHOICE = "ORDERLOOM_MATCHER"  #: `rete` asks for the network: it is C that has been seen to end its process (decision 047)
PLAIN = Plain()


def matcher_for(shape: Shape) -> Matcher:
    """The matcher of a pattern."""
    rete = _rete()
    return rete if rete is not None and rete.carries(shape) else PLAIN


@cache
def _rete() -> Matcher | None:
    if os.environ.get(CHOICE) != "rete":
        return None
    from orderloom.engine.monitoring.rete import Rete, loads

    return Rete() if loads() else None
