"""Maps of statuses as they are written: many words of ours, few for whoever looks at an order from outside."""

from __future__ import annotations

from orderloom.dsl.fields import Formula, ListOf, Located, MapOf, Name, Pair, Ref, Syntax, Text, key


class StatusMap(Syntax, frozen=True, eq=False):
    """What some roles are told of the status of an order and of its lines. Of several maps the first that fits counts.

    Who sees an order by a map sees no unit of work, no node and no participant.
    """

    name: Located[str] = key("name", Name(), "Name, unique among status maps.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    roles: tuple[Located[str], ...] = key("roles", ListOf(Ref("role")), "The roles that see orders by it.", required=True)
    when: Located[str] | None = key("when", Formula("limits", "boolean"), "For which orders; for all of them unless said.")
    words: tuple[Pair[tuple[Located[str], ...]], ...] = key(
        "words", MapOf(ListOf(Text()), Text()), "By the word that is told, the statuses that it stands for.", required=True
    )
    otherwise: Located[str] | None = key(
        "otherwise", Text(), "The word for every other status; without it each status must stand somewhere."
    )
