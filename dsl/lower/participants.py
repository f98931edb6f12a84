"""Participants."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.fields import Pair
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.scopes import written_type
from orderloom.dsl.syntax import Message, Organization, Person, Role, StockView


def lowered_role(pair: Pair[Role], formulas: Compiled) -> program.Role:
    name, role = pair.key.value, pair.value
    receives = {message.key.value: _message(message) for message in role.receives}
    views = tuple(_view(view, formulas) for view in role.sees_stock)
    sends = tuple(e.value for e in role.sends)
    return program.Role(name, text(role.title, name), receives, sends, origin(pair.key.span), views)


def _message(pair: Pair[Message]) -> program.Message:
    name, message = pair.key.value, pair.value
    fields = {field.key.value: written_type(field.value, []) for field in message.fields}
    return program.Message(name, text(message.title, name), tuple(reply.value for reply in message.replies), fields)


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
    )


def lowered_person(pair: Pair[Person]) -> program.Person:
    name, person = pair.key.value, pair.value
    roles, skills = (tuple(each.value for each in those) for those in (person.roles, person.skills))
    return program.Person(name, text(person.title, name), roles, skills)
