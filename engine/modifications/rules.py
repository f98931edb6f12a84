"""What the tables of changes say to a request: allowed, refused, at a price, or when a role agrees. The strictest answer counts.

Without a table everything is allowed that has not left its node.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.feel import to_python
from orderloom.dsl.program.changes import Until
from orderloom.dsl.suggest import with_hint
from orderloom.engine.commands import being_cancelled, can_come_back
from orderloom.engine.decisions import decide
from orderloom.engine.modifications.request import Part
from orderloom.engine.process.points import point_of
from orderloom.engine.refused import Refused
from orderloom.engine.sourcing.choice import PICKUP
from orderloom.engine.state import ORDER, OrderState, Passed
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit

OF_SOME = ("quantity-down", "cancel")  #: what units that may not be touched only make smaller


class Verdict(Struct, frozen=True, omit_defaults=True):
    """What is asked for the change: a fee, a role that agrees. Units of work that are `stuck` must stay as they are.

    `soft` where it is refused to whoever has not agreed to its cost.
    """

    fee: Decimal = Decimal(0)
    approve: str | None = None
    stuck: dict[str, str] = {}
    origins: tuple[str, ...] = ()
    soft: bool = False


def verdict(turn: Turn, part: Part, role: str, agreed: bool = False) -> Verdict | Refused:
    """The answer to one part of a request by somebody in this role, who may have `agreed` to what cannot be undone."""
    tables, roles = turn.world.program.changes, turn.world.program.roles
    if going := being_cancelled(turn.state):
        return going
    if tables and roles and not role:
        return _whoever_asks([verdict(turn, part, each, agreed) for each in roles], tuple(roles))
    if tables and role not in roles:
        return Refused(with_hint(f"there is no role {role}", role, roles) if role else "there is no role that may ask")
    what, units = part.asked(turn.state.order), concerned(turn.state, part)
    said = Verdict()
    for unit in units or (None,):
        answers = [_asked(turn, table.table, part, what, unit, role) for table in tables.values()]
        answers += [_too_late(turn, table.until[what], unit) for table in tables.values() if what in table.until]
        if unit is not None and (passed := point_of(turn.state, unit.id)):
            answers = [_beyond(passed, answers, agreed)]
        elif unit is not None and not tables and unit.shipped and not can_come_back(unit.id, turn.state):
            answers = [(f"{unit.id} left its node; take it back as a return", Verdict())]
        for because, answer in answers:
            if because and unit is not None and what in OF_SOME and part.line is not None:
                said = Verdict(said.fee, said.approve, {**said.stuck, unit.id: because}, said.origins)
            elif because:
                of = f" of {unit.id}" if unit and part.level != "order" else ""
                return Refused(f"{what}{of} is refused: {because}", soft=answer.soft)
            else:
                fee, approve = max(said.fee, answer.fee), said.approve or answer.approve
                said = Verdict(fee, approve, said.stuck, (*said.origins, *answer.origins))
    return said


def _whoever_asks(answers: Sequence[Verdict | Refused], roles: Sequence[str]) -> Verdict | Refused:
    """The answer where every role gets the same one, or none may; else it must be said who asks."""
    may = [role for role, each in zip(roles, answers, strict=True) if isinstance(each, Verdict)]
    same = [replace(each, origins=()) for each in answers if isinstance(each, Verdict)]
    if not may or (len(may) == len(roles) and all(each == same[0] for each in same)):
        return answers[0]
    return Refused(f"the answer depends on who asks: say in which role it is asked, such as {may[0]}")


def _beyond(passed: Passed, answers: list[tuple[str, Verdict]], agreed: bool) -> tuple[str, Verdict]:
    """Behind a hard point nothing is taken back; behind a soft one only what has a price, or what somebody agrees to."""
    because = next((because for because, _ in answers if because), "")
    fee = max((each.fee for _, each in answers), default=Decimal(0))
    approve = next((each.approve for _, each in answers if each.approve), None)
    stays = not because and (passed.hard or not (fee or approve or agreed))
    if stays:
        because = f"it is behind {passed.step}, from which there is no return"
        because += "" if passed.hard else " unless its cost is agreed to"
    origins = tuple(origin for _, each in answers for origin in each.origins)
    return because, Verdict(fee, approve, origins=origins, soft=stays and not passed.hard)


def _asked(turn: Turn, table: object, part: Part, what: str, unit: Unit | None, role: str) -> tuple[str, Verdict]:
    """Why a table refuses, empty where it does not; and what it asks for."""
    context = turn.context(unit.id if unit else "order")
    lines = context["order"]["lines"] if isinstance(context["order"], dict) else []
    line = next((each for each in lines if each["id"] == part.line), None)
    status = unit.status if unit else turn.state.status
    own = {"line": line, "item": line and line["item"], "what": what, "level": part.level, "status": status, "role": role}
    answer = decide(table, {"unit": None, "node": None, **context, **own})  # type: ignore[arg-type]
    value = answer.value if isinstance(answer.value, dict) else {"answer": answer.value}
    match value.get("answer"):
        case "allow":
            return "", Verdict(origins=(answer.origin,))
        case "price":
            fee = to_python(value.get("price"))
            if not isinstance(fee, (Decimal, int)) or fee < 0:
                return f"its price cannot be told ({answer.origin})", Verdict()
            return "", Verdict(fee=Decimal(fee), origins=(answer.origin,))
        case "approval" if value.get("approve"):
            return "", Verdict(approve=str(value["approve"]), origins=(answer.origin,))
        case "refuse":
            return str(value.get("because") or "no reason is given") + f" ({answer.origin})", Verdict()
        case _:
            return f"nothing says that {role} may ({answer.origin})", Verdict()


def _too_late(turn: Turn, until: Until, unit: Unit | None) -> tuple[str, Verdict]:
    """Why something is refused that may be changed until a status; empty where that is not reached."""
    status = unit.status if unit is not None else turn.state.status
    instance = turn.state.instances.get(unit.id if unit is not None else ORDER)
    if instance is None or not until.passed(instance.process, status):
        return "", Verdict()
    return f"it may be done until {until.status}, and it is {status} ({until.origin})", Verdict(origins=(str(until.origin),))


def concerned(state: OrderState, part: Part) -> tuple[Unit, ...]:
    """The units of work that the change is about: those that were given back have nothing to do with it."""
    units = [unit for unit in state.units.values() if unit.quantity and not unit.released]
    if part.unit is not None:
        return tuple(unit for unit in units if unit.id == part.unit)
    if part.line is not None:
        return () if part.what == "attributes" else _with_lines(units, _lines(state, part.line))
    if part.what == "address":
        return tuple(unit for unit in units if unit.method != PICKUP)
    return tuple(units) if part.what in ("method", "date", "cancel") else ()


def _lines(state: OrderState, line: str) -> set[str]:
    """The line, and its components."""
    return {line, *(each.id for each in state.order.components(line))}


def _with_lines(units: Iterable[Unit], lines: set[str]) -> tuple[Unit, ...]:
    return tuple(unit for unit in units if any(each.quantity and each.line in lines for each in unit.lines))
