"""Who calls, and whether he may: every route needs a right, and a key says in which role its owner acts.

Whoever calls without keys on this machine, or with a key that says `operator`, is the operator of the workspace. Where roles say
what they may do, a key that says nothing may do nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import Request

from orderloom.adapters.api.answers import Problem, granted
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.keys import OPERATOR as BY_NAME
from orderloom.adapters.imports.repeats import Sees, everybody
from orderloom.dsl.rights import SEES, SHOWS_APPEASEMENTS, SHOWS_REPAIRS, SHOWS_RETURNS
from orderloom.dsl.suggest import hint_for
from orderloom.engine.access.grants import granted as relations
from orderloom.engine.access.grants import home, is_own
from orderloom.engine.access.rights import are_declared
from orderloom.engine.access.who import Who, acting_for, somebody
from orderloom.engine.desk import reporting
from orderloom.engine.desk.gate import Gate
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.order import Order
from orderloom.engine.store.node_views import nodes_in

#: The right that a route needs, or several of which one is enough. What is not named here is for the operator alone.
RIGHT_OF: Mapping[str, str | tuple[str, ...]] = {
    "POST /orders": "capture",
    "GET /orders": SEES,
    "GET /orders/{order}": SEES,
    "GET /orders/{order}/explain": "inspect",
    "POST /orders/{order}/cancel": "cancel",
    "POST /orders/{order}/returns": "return",
    "GET /orders/{order}/returns": SHOWS_RETURNS,
    "POST /returns": "return",
    "GET /returns/{returned}": SHOWS_RETURNS,
    "POST /returns/{returned}/receipt": "receive",
    "POST /orders/{order}/repairs": "repair",
    "GET /orders/{order}/repairs": SHOWS_REPAIRS,
    "GET /repairs/{repair}": SHOWS_REPAIRS,
    "POST /repairs/{repair}/told": "repair",
    "POST /orders/{order}/changes": "modify",
    "POST /orders/{order}/changes/{change}/confirm": "modify",
    "POST /orders/{order}/holds": "hold",
    "POST /orders/{order}/holds/{hold}/resolve": "release",
    "POST /orders/{order}/submit": "capture",
    "POST /drafts": "capture",
    "POST /promises/options": "quote",
    "GET /slots": "quote",
    "GET /stock/{item}": SEES,
    "GET /stock/{item}/why/{node}": "inspect",
    "POST /stock/adjustments": "count",
    "POST /stock/receipts": "count",
    "POST /stock/counts": "count",
    "POST /participants/{participant}/events": "report",
    "GET /exceptions": SEES,
    "POST /exceptions/resolve": "resolve",
    "POST /exceptions/{exception:path}/claim": "resolve",
    "POST /orders/{order}/exceptions/{exception:path}": "resolve",
    "POST /orders/{order}/offers": "appease",
    "POST /orders/{order}/appeasements": "appease",
    "GET /appeasements": SHOWS_APPEASEMENTS,
    "GET /appeasements/report": "inspect",
    "GET /orders/{order}/offers": "offer",
    "POST /offers": "offer",
    "GET /customers/{customer}": "customer",
    "POST /interests": "interest",
    "GET /tasks": SEES,
    "GET /tasks/{task:path}": "work",
    "POST /tasks/{task:path}/{doing}": "work",
}


def admitting(desk: Desk) -> Callable[[Request], None]:
    """Lets a request in, or ends it: who calls and what stands between him and the store is in the request's state."""

    def admit(request: Request) -> None:
        request.state.gate = None
        acts_as = request.state.acts_as
        program = desk.current()
        request.state.roles = program.roles
        if acts_as == BY_NAME or not (acts_as or are_declared(program)):
            return
        if not acts_as:
            words = f"the key of {request.state.caller} says no role: add one to its line, as in --as, or `{BY_NAME}`"
            raise Problem(403, words)
        right = RIGHT_OF.get(f"{request.method} {request.scope['route'].path}")
        who = granted(somebody(program, acts_as, str(request.state.caller), nodes_in(desk.store, program)), 403)
        if right is None:
            raise Problem(403, f"{request.method} {request.url.path} is for the operator alone")
        gate = gate_of(desk, who)
        refused = gate.admits(right, request.path_params)
        if refused is not None:
            raise Problem(403, refused.because)
        request.state.who, request.state.gate = who, gate
        request.state.caller = who.by  # what is done is recorded as done by the person, whatever the key is called

    return admit


def gate_of(desk: Desk, who: Who) -> Gate:
    """What stands between somebody and the store, by the version that new orders run on now."""
    program = desk.current()
    return Gate(Lookup(desk.store, program), desk.store, program, who, desk.now())


def gate_for(desk: Desk, request: Request, asked: str | None, customer: str | None = None) -> Gate | None:
    """The gate of whoever calls; the operator may ask to see what somebody else does, and nobody else may."""
    gate: Gate | None = request.state.gate
    if asked is None or gate is not None:
        if asked is not None and gate is not None and asked != gate.who.role:
            raise Problem(403, f"the key of {gate.who.by} acts as {gate.who.role}, not as {asked}")
        return gate
    program = desk.current()
    who = granted(somebody(program, asked, str(request.state.caller), nodes_in(desk.store, program)), 422)
    return gate_of(desk, acting_for(who, customer))


def role_of(request: Request, named: str) -> str:
    """The role in which it is asked: that of the key; the operator names one."""
    who: Who = request.state.who
    if who.is_operator:
        if named and named not in request.state.roles:
            raise Problem(422, f"there is no role {named}; {hint_for(named, request.state.roles) or 'see orderloom access'}")
        return named
    if named and named != who.role:
        raise Problem(403, f"the key of {who.by} acts as {who.role}, not as {named}")
    return who.role


def may_capture(request: Request, records: list[dict[str, object]]) -> None:
    """Ends a request to capture what is another customer's, or another organization's."""
    gate: Gate | None = request.state.gate
    for record in records if gate is not None else ():
        assert gate is not None
        who, customer, division = gate.who, record.get("customer"), record.get("division")
        of = home(gate.program, division if isinstance(division, str) else None)
        if who.customer is not None and (not isinstance(customer, dict) or customer.get("id") != who.customer):
            raise Problem(403, f"{who.role} {who.customer} captures orders of {who.customer} alone")
        by = next(relations(gate.program, of, who.organization, "orders"), None)
        if by is None and not is_own(gate.program, who.organization, of):
            raise Problem(403, f"{of} grants {who.organization} no orders; `{of} grants {who.organization}: orders` would")


def may_for(request: Request, right: str, order: Order) -> None:
    """Ends a request to do what makes a first order of somebody, where that is another customer or another organization's."""
    gate: Gate | None = request.state.gate
    refused = gate.may_for(right, order) if gate is not None else None
    if refused is not None:
        raise Problem(403, refused.because)


def sees(request: Request) -> Sees:
    """Which of the orders that are there whoever calls may hear of."""
    gate: Gate | None = request.state.gate
    return everybody if gate is None else gate.may_hear


def may_tell(request: Request, records: list[dict[str, object]]) -> None:
    """Ends a request to tell what another customer is interested in."""
    who: Who = request.state.who
    if who.customer is not None and any(record.get("customer") != who.customer for record in records):
        raise Problem(403, f"{who.role} {who.customer} tells of {who.customer} alone")


def told_at(request: Request, records: list[dict[str, object]]) -> list[dict[str, object]]:
    """The records, of the stock where he works unless they say it; ends a request to tell of that of another node."""
    who: Who = request.state.who
    away = next((each["node"] for each in records if each.get("node") not in (None, "", who.node)), None)
    if who.node is not None and away is not None:
        raise Problem(403, f"{who.role} works at {who.node}, and tells of the stock there; not of that of {away}")
    return records if who.node is None else [{**each, "node": who.node} for each in records]


def may_report(desk: Desk, request: Request, participant: str, records: list[dict[str, object]]) -> None:
    """Ends a request to report as somebody else, of orders that he may not know of, or answer what somebody else was asked."""
    gate: Gate | None = request.state.gate
    for record in records if gate is not None else ():
        assert gate is not None
        refused = reporting.may_report(gate, desk.store, participant, record)
        if refused is not None:
            raise Problem(403, refused.because)
