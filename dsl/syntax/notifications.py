"""Notifications as they are written: what somebody is told of an order, in his language, when it comes to something."""

from __future__ import annotations

from orderloom.dsl.fields import Formula, ListOf, Located, MapOf, Name, OneOf, Pair, Ref, Section, Syntax, Text, key

SCOPE = "notification"
MESSAGE = "message "  #: before the name of a message on which a notification goes
OF = ("order", "unit", "line")
_ON = (
    "On what: a milestone, `status X`, `hold X`, `exception X`, an event; or `message X`, which a process tells the role: then "
    "that message takes the text along."
)
_OF = "Whose point that is: the `order`'s own (unless said), that of each `unit` of work, or of each `line`."
_TEXT = "The text. Behind `{` stands an expression up to `}`, as in `{order.id}`; `{{` is a brace."


class Words(Syntax, frozen=True, eq=False):
    """A notification in one language."""

    subject: Located[str] = key("subject", Text(), "The subject, with expressions as in the text.", required=True)
    text: Located[str] = key("text", Text(), _TEXT, required=True)


class Notice(Syntax, frozen=True, eq=False):
    """One notification. It goes once for the order, the unit of work or the line that it is of, whatever is repeated."""

    name: Located[str] = key("notify", Name(), "Its name.", marks=True)
    on: Located[str] = key("on", Text(), _ON, required=True)
    of: Located[str] | None = key("of", OneOf(OF), _OF)
    when: Located[str] | None = key("when", Formula(SCOPE, "boolean"), "Whether it goes.")
    by: tuple[Located[str], ...] = key("by", ListOf(Name()), "The channels by which it goes; all of them unless said.")
    per: Located[str] | None = key("once per", Formula(SCOPE), "It goes once more for another value of this, as a new date.")
    texts: tuple[Pair[Words], ...] = key("texts", MapOf(Section(Words)), "By language, such as `en`.", required=True)


class Channel(Syntax, frozen=True, eq=False):
    """A way to somebody, by the adapter of an organization."""

    address: Located[str] = key("address", Formula(SCOPE, "string"), "Where to; it does not go without one.", required=True)
    through: Located[str] | None = key(
        "through", Text(), "The organization that brings it; that which has the role, unless said."
    )
    when: Located[str] | None = key("when", Formula(SCOPE, "boolean"), "Whether this way is taken.")


class Notifications(Syntax, frozen=True, eq=False):
    """What a role is told in words, by e-mail or by whatever its organizations connect with."""

    name: Located[str] = key("name", Name(), "Name, unique among documents of this kind.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    to: Located[str] = key("to", Ref("role"), "The role that is told.", required=True)
    language: Located[str] | None = key("language", Formula(SCOPE, "string"), "The language, such as `order.customer.language`.")
    fallback: Located[str] = key(
        "fallback", Name(), "The language where there is no text in the other one; every notification has it.", required=True
    )
    channels: tuple[Pair[Channel], ...] = key("channels", MapOf(Section(Channel)), "The channels, by name.", required=True)
    notifications: tuple[Notice, ...] = key("notifications", ListOf(Section(Notice)), "The notifications.", required=True)
