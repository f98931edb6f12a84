"""What somebody may report: as himself, of orders and units of work that he sees, and what he was asked."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.dsl.rights import US
from orderloom.engine.desk.explained import asked_of
from orderloom.engine.desk.gate import Gate
from orderloom.engine.refused import Refused
from orderloom.engine.store import Store, queries


def may_report(gate: Gate, store: Store, participant: str, record: Mapping[str, object]) -> Refused | None:
    """Why somebody may not report this (`order`, `unit`, `node`, and the `request` that he answers); None where he may.

    What names no order reaches all that it concerns: it is for our own people, and of one who works at a node about that alone.
    """
    who, order, key, unit = gate.who, record.get("order"), record.get("request"), record.get("unit")
    if participant not in (who.by, who.organization):
        return Refused(f"{who.by} reports as {who.by}, not as {participant}")
    if not isinstance(order, str):
        ours = who.organization == US and who.customer is None and who.node in (None, record.get("node"))
        return gate.may("report") if ours and record.get("node") else Refused("what is reported must name its order")
    if (refused := gate.may("report", order)) is not None:
        return refused
    found = queries.order(store, order) if key is not None or isinstance(unit, str) else None
    looked = gate.look(found.state) if found is not None and found.state is not None else None
    if found is not None and key is not None:
        asked = any(m.key == key and m.organization == participant for m in found.messages)
        if not asked or (looked is not None and not looked.has(asked_of(str(key)))):
            return Refused(f"{participant} was asked nothing under the key {key}")
    if looked is not None and isinstance(unit, str) and unit in looked.state.units and not looked.has(unit):
        return Refused(f"there is no unit of work {unit} that {who.role} of {who.organization} may see")
    return None
