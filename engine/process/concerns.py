"""Whom a declared event concerns: of an order its own process, and the units of work that the event is about."""

from __future__ import annotations

from orderloom.dsl.program import Ask, Event, Organization, Tell
from orderloom.engine.errors import NoWayForward
from orderloom.engine.events import Happened
from orderloom.engine.process.messages import recipient
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.unit import Unit
from orderloom.engine.world import World


def concerned(world: World, state: OrderState, declared: Event, event: Happened) -> tuple[str, ...]:
    """The order's process and those of the units of work that an event is about; of a unit's event that unit's alone."""
    if declared.about == "unit":
        return (event.unit or ORDER,)
    return (ORDER, *_units(world, state, declared, event))


def concerns(world: World, state: OrderState, event: Happened) -> bool:
    """Whether an event of a node or of a participant has to do with what runs of an order."""
    declared = world.program.events.get(event.name)
    if declared is None or state.ended:
        return False
    to_come = any(shipment.node == event.node for shipment in state.planned) if declared.about == "node" else False
    return to_come or bool(_units(world, state, declared, event))


def _units(world: World, state: OrderState, declared: Event, event: Happened) -> list[str]:
    running = (unit for unit in state.units.values() if unit.outcome is None)
    return [unit.id for unit in running if _is_about(world, state, declared, event, unit)]


def _is_about(world: World, state: OrderState, declared: Event, event: Happened, unit: Unit) -> bool:
    match declared.about:
        case "line":
            return any(part.line == event.line for part in unit.lines)
        case "node":
            return unit.node == event.node
        case "participant":
            organization = world.program.organizations.get(event.participant or "")
            return organization is not None and _works_on(world, state, organization, unit)
        case _:
            return True


def _works_on(world: World, state: OrderState, organization: Organization, unit: Unit) -> bool:
    """Whether it operates the unit's node; one that operates none, such as a carrier, has to do with what it is asked or told."""
    if organization.nodes is not None:
        return organization.nodes({"node": world.catalog.node_views.get(unit.node)}) is True
    instance = state.instances.get(unit.id)
    process = world.program.processes.get(instance.process) if instance is not None else None
    verbs = (step.verb for step in process.steps.values()) if process is not None else ()
    roles = {verb.role for verb in verbs if isinstance(verb, (Ask, Tell))} & set(organization.roles)
    return any(_has(world, role, unit.node) == organization.name for role in roles)


def _has(world: World, role: str, node: str) -> str | None:
    try:
        return recipient(world, role, node)
    except NoWayForward:
        return None
