"""Holds as they are written."""

from __future__ import annotations

from datetime import timedelta

from orderloom.dsl.fields import Duration, Formula, ListOf, Located, MapOf, Name, OneOf, Pair, Ref, Section, Syntax, Text, key

AFTER_A_CHANGE = ("keep", "ask again")

_APPLIED_WHEN = (
    "The rule: it is applied as soon as this is true, and resolved as soon as this is false again. Asked when the order is "
    "captured or changed, when anything happens to it, and when its status changes."
)
_RESOLVED_WHEN = "It is resolved as soon as this is true."
_APPLIED_AT = "The date or the moment from which on it is applied."
_RESOLVED_AT = "The date or the moment from which on it is resolved."


class Apply(Syntax, frozen=True, eq=False):
    """Who or what applies a hold."""

    by: tuple[Located[str], ...] = key("by", ListOf(Ref("role")), "The roles that may apply it.")
    on: tuple[Located[str], ...] = key("on", ListOf(Ref("event")), "The events that apply it.")


class Resolve(Syntax, frozen=True, eq=False):
    """Who or what resolves a hold; the first of the roles owns it while it stands."""

    by: tuple[Located[str], ...] = key("by", ListOf(Ref("role")), "The roles that may resolve it; the first one owns it.")
    on: tuple[Located[str], ...] = key("on", ListOf(Ref("event")), "The events that resolve it.")
    after: Located[timedelta] | None = key("after", Duration(), "How long after it was applied it is resolved by itself.")
    into: Located[str] | None = key("into", Ref("hold"), "The hold that is applied when this one is resolved by a role or event.")


class ApplyToOrder(Apply, frozen=True, eq=False):
    """Who or what applies a hold to an order."""

    when: Located[str] | None = key("when", Formula("hold of an order", "boolean"), _APPLIED_WHEN)
    at: Located[str] | None = key("at", Formula("hold of an order", "date"), _APPLIED_AT)


class ResolveOfOrder(Resolve, frozen=True, eq=False):
    """Who or what resolves a hold of an order; the first of the roles owns it while it stands."""

    when: Located[str] | None = key("when", Formula("hold of an order", "boolean"), _RESOLVED_WHEN)
    at: Located[str] | None = key("at", Formula("hold of an order", "date"), _RESOLVED_AT)


class ApplyToLine(Apply, frozen=True, eq=False):
    """Who or what applies a hold to a line."""

    when: Located[str] | None = key("when", Formula("hold of a line", "boolean"), _APPLIED_WHEN)
    at: Located[str] | None = key("at", Formula("hold of a line", "date"), _APPLIED_AT)


class ResolveOfLine(Resolve, frozen=True, eq=False):
    """Who or what resolves a hold of a line; the first of the roles owns it while it stands."""

    when: Located[str] | None = key("when", Formula("hold of a line", "boolean"), _RESOLVED_WHEN)
    at: Located[str] | None = key("at", Formula("hold of a line", "date"), _RESOLVED_AT)


_BLOCKS = (
    "The steps that it blocks, by their name or that of the action that they `do`; every step unless said. "
    "`PROCESS.STEP` is the step of one process."
)
_AFTER = (
    "`keep`, unless said: what somebody has resolved stays so while its rule is true. `ask again`: after a change of the order "
    "it is applied again where the rule is still true."
)


class Hold(Syntax, frozen=True, eq=False):
    """A named stop beside the status. What it blocks is entered only when it is resolved."""

    title: Located[str] | None = key("title", Text(), "What people see.")
    because: Located[str] = key("because", Text(), "Why the order is held, for whoever asks.", required=True)
    blocks: tuple[Located[str], ...] = key("blocks", ListOf(Text()), _BLOCKS)
    after_a_change: Located[str] | None = key("after a change", OneOf(AFTER_A_CHANGE), _AFTER)


class OrderHold(Hold, frozen=True, eq=False):
    """A hold of an order: it blocks the steps of the order and of its units of work."""

    apply: ApplyToOrder = key("apply", Section(ApplyToOrder), "Who or what applies it.", required=True)
    resolve: ResolveOfOrder = key("resolve", Section(ResolveOfOrder), "Who or what resolves it.", required=True)


class LineHold(Hold, frozen=True, eq=False):
    """A hold of a line: it blocks units of work that have the line, and steps of the order where `blocks` names them."""

    apply: ApplyToLine = key("apply", Section(ApplyToLine), "Who or what applies it.", required=True)
    resolve: ResolveOfLine = key("resolve", Section(ResolveOfLine), "Who or what resolves it.", required=True)


class Holds(Syntax, frozen=True, eq=False):
    """Named holds of orders and of lines, beside their status. An order may have many of them at once."""

    name: Located[str] = key("name", Name(), "Name, unique among documents of this kind.", required=True)
    order: tuple[Pair[OrderHold], ...] = key("order", MapOf(Section(OrderHold)), "Holds of orders, by name.")
    line: tuple[Pair[LineHold], ...] = key("line", MapOf(Section(LineHold)), "Holds of lines, by name.")
