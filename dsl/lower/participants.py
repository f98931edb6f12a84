"""Participants."""

from __future__ import annotations

from decimal import Decimal

from orderloom.dsl import program
from orderloom.dsl.fields import Located, Pair
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.relations import granted_in
from orderloom.dsl.rights import EVERYTHING, RIGHTS, US
from orderloom.dsl.scopes import written_type
from orderloom.dsl.syntax import Message, Organization, Person, Relation, Role, SavedView, StockView


def lowered_role(pair: Pair[Role], formulas: Compiled) -> program.Role:
    name, role = pair.key.value, pair.value
    receives = {message.key.value: _message(message) for message in role.receives}
    views = tuple(_view(view, formulas) for view in role.sees_stock)
    sends = tuple(e.value for e in role.sends)
    may = [right.value for right in role.may]
    return program.Role(
        name,
        text(role.title, name),
        receives,
        sends,
        origin(pair.key.span),
        views,
        tuple(RIGHTS) if EVERYTHING in may else tuple(may),
        tuple(
            program.OrderView(formulas[v.orders], _shown(v.show), origin(v.orders.span), formula(v.units, formulas))
            for v in role.sees_orders
        ),
        tuple(
            program.ExceptionView(formulas[v.exceptions], _shown(v.show), origin(v.exceptions.span)) for v in role.sees_exceptions
        ),
        {saved.key.value: _saved(saved, formulas) for saved in role.views},
    )


def _shown(fields: tuple[Located[str], ...]) -> tuple[str, ...]:
    return tuple(field.value for field in fields)


def _saved(pair: Pair[SavedView], formulas: Compiled) -> program.SavedView:
    view = pair.value
    return program.SavedView(pair.key.value, formula(view.orders, formulas), formula(view.nodes, formulas), _shown(view.show))


def _message(pair: Pair[Message]) -> program.Message:
    name, message = pair.key.value, pair.value
    fields = {field.key.value: written_type(field.value, []) for field in message.fields}
    replies = tuple(reply.value for reply in message.replies)
    return program.Message(name, text(message.title, name), replies, fields, text(message.money, ""))


def _view(view: StockView, formulas: Compiled) -> program.StockView:
    return program.StockView(formulas[view.nodes], tuple(field.value for field in view.show), origin(view.nodes.span))


def lowered_organization(organization: Organization, formulas: Compiled) -> program.Organization:
    connect = organization.connect
    return program.Organization(
        name=organization.name.value,
        title=text(organization.title, organization.name.value),
        roles=tuple(role.value for role in organization.roles),
        nodes=formula(organization.operates, formulas),
        adapter=connect.adapter.value,
        settings={pair.key.value: pair.value.value for pair in connect.settings},
        origin=origin(organization.name.span),
        concurrency=int(connect.concurrency.value) if connect.concurrency else 1,
        rate=connect.rate.value if connect.rate else None,
        external=text(organization.external, "false") == "true",
    )


def lowered_person(pair: Pair[Person]) -> program.Person:
    name, person = pair.key.value, pair.value
    roles, skills = (tuple(each.value for each in those) for those in (person.roles, person.skills))
    node = person.at.value if person.at is not None else None
    return program.Person(name, text(person.title, name), roles, skills, node, text(person.of, US))


def lowered_relation(relation: Relation, own: str, formulas: Compiled) -> program.Relation:
    """`own` is the workspace's name, by which it may be called, too."""
    [granted] = granted_in(relation)
    return program.Relation(
        US if granted.granter == own else granted.granter,
        US if granted.grantee == own else granted.grantee,
        granted.flows,
        origin(granted.key.span),
        formula(relation.nodes, formulas),
        relation.trust.value if relation.trust is not None else Decimal(1),
    )
