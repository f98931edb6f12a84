"""`sees.WHO.ITEM` and `sees.WHO at NODE.ITEM` of a scenario: what somebody at that node sees of an item's stock.

WHO is as `--as` has it: a role, or an organization or division with a role, as in `northgate:planner`.
"""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.adapters.scenarios.matching import differences
from orderloom.adapters.stage import Stage
from orderloom.engine.access.who import somebody
from orderloom.engine.desk.inquiry import Inquiry, answer
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.refused import Refused
from orderloom.engine.store.node_views import nodes_in


def not_seen_so(path: str, expected: object, stage: Stage) -> Iterator[str]:
    """Why the role does not see just this, a sentence each; what it sees besides is told, too."""
    _, _, rest = path.partition(".")
    who, _, item = rest.partition(".")
    named, _, node = who.partition(" at ")
    asks = somebody(stage.program, f"{named}@{node}", nodes=nodes_in(stage.store, stage.program))
    asked = asks if isinstance(asks, Refused) else Inquiry(item, who=asks)
    found = asked if isinstance(asked, Refused) else answer(Lookup(stage.store, stage.program), asked, stage.now)
    if isinstance(found, Refused):
        yield f"{path}: {found.because}"
        return
    rows = [{name.replace("_", " "): value for name, value in row.items()} for row in found]
    yield from differences(expected, rows, path)
    for number, (wanted, row) in enumerate(zip(expected if isinstance(expected, list) else [], rows, strict=False), 1):
        besides = [name for name in row if isinstance(wanted, dict) and name not in wanted]
        if besides:
            yield f"{path} {number}: {', '.join(besides)} is seen, too"
