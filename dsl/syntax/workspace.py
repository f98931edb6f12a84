"""The manifest of a workspace as it is written."""

from __future__ import annotations

from decimal import Decimal

from orderloom.dsl.fields import (
    ListOf,
    Located,
    Name,
    Number,
    Ref,
    Syntax,
    Text,
    key,
)

LANGUAGE = 1  #: the version of the language that this compiler reads


class Manifest(Syntax, frozen=True, eq=False):
    """`orderloom.yaml`: what the workspace is called and what it builds on."""

    language: Located[Decimal] = key("orderloom", Number(whole=True), f"Version of the language: {LANGUAGE}.", required=True)
    workspace: Located[str] = key("workspace", Name(), "Name of the workspace.", required=True)
    packs: tuple[Located[str], ...] = key("packs", ListOf(Ref("pack")), "Shipped packs that it builds on.")
    currency: Located[str] = key("currency", Text(), "ISO 4217 code of the currency of all costs and prices.", required=True)
    timezone: Located[str] = key("timezone", Text(), "Time zone of days and of clocks without a node.", required=True)
