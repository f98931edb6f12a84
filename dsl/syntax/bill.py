"""Bills of components as they are written."""

from __future__ import annotations

from orderloom.dsl.fields import Formula, ListOf, Located, Name, OneOf, Section, Syntax, Text, key

SHIPPED = ("together", "apart")


class Component(Syntax, frozen=True, eq=False):
    """A part of what is made up; its item is written, or follows from what the customer chose."""

    name: Located[str] = key("component", Name(), "Name of the component, unique in its bill.", required=True, marks=True)
    item: Located[str] | None = key("item", Text(), "The item that it is, always. In its place: `item from`.")
    item_from: Located[str] | None = key(
        "item from", Formula("bill", "string"), "The item that it is, by what the line says; null where there is none."
    )
    quantity: Located[str] | None = key("quantity", Formula("bill", "number"), "How many are in one; 1 without it.")
    when: Located[str] | None = key("when", Formula("bill", "boolean"), "It is a part when this is true; always without it.")


class Refusal(Syntax, frozen=True, eq=False):
    """What nobody can make up."""

    when: Located[str] = key("when", Formula("bill", "boolean"), "The line is refused when this is true.", required=True)
    because: Located[str] = key("because", Text(), "The reason that people read.", required=True)


class Bill(Syntax, frozen=True, eq=False):
    """What items are made up of: kits, bundles, and what is configured or built to order."""

    name: Located[str] = key("name", Name(), "Name, unique among bills.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    items: tuple[Located[str], ...] = key("items", ListOf(Text()), "The items that are made up so.", required=True)
    components: tuple[Component, ...] = key(
        "components", ListOf(Section(Component)), "What they are made up of, worked out when a line is captured.", required=True
    )
    refuse: tuple[Refusal, ...] = key("refuse", ListOf(Section(Refusal)), "Choices that do not go together, and why.")
    shipped: Located[str] | None = key(
        "shipped",
        OneOf(SHIPPED),
        "`together`, unless said: the components of a line leave one node in one shipment; `apart`: each as suits best.",
    )
