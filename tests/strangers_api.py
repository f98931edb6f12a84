"""The API of the strangers' shop, asked by one key at a time, in the version of a generated case."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

import httpx
from fastapi import FastAPI
from msgspec.structs import replace
from strangers import drawn, somebody

from orderloom.adapters.api import Desk, Keys, make_app
from orderloom.adapters.stage import Stage
from orderloom.dsl.program import Program
from orderloom.engine.access.who import Who

ROLES = ("seller", "vendor", "customer")
Asked = tuple[str, str, object]  #: method, path and body


class InForce:
    """Every version is that of the case; the store of the stage has none written down."""

    def __init__(self, desk: Generated) -> None:
        self.desk = desk

    def get(self, _connection: object, _digest: str) -> Program:
        return self.desk.in_force


class Generated(Desk):
    """The desk of a store whose version in force changes from case to case."""

    in_force: Program

    def current(self) -> Program:
        return self.in_force


class Api:
    """The application, asked by one key at a time."""

    def __init__(self, desk: Desk) -> None:
        self.roles: dict[str, str] = {}
        self.app: FastAPI = make_app(desk, Keys({"somebody": sha256(b"key").hexdigest()}, self.roles))

    def get(self, who: str, paths: Sequence[str]) -> Mapping[str, httpx.Response]:
        """What he gets at these paths."""
        return dict(zip(paths, self.ask(who, [("GET", path, None) for path in paths]), strict=True))

    def ask(self, who: str, requests: Sequence[Asked]) -> list[httpx.Response]:
        """What he is answered, in this order."""
        self.roles["somebody"] = who

        async def every() -> list[httpx.Response]:
            headers, transport = {"Authorization": "Bearer key"}, httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=headers) as client:
                return [await client.request(method, path, json=body) for method, path, body in requests]

        return asyncio.run(every())


def as_said(who: Who) -> str:
    """Who it is, in the words of a line of the keys."""
    where, customer = f"@{who.node}" if who.node else "", f"#{who.customer}" if who.customer else ""
    return f"{who.organization}:{who.role}{where}{customer}"


def generated(shop: Stage, cases: int, seed: int) -> Iterator[tuple[Api, Program, Who]]:
    """So many cases: the API, the version that is in force, and who asks."""
    desk = Generated(shop.store, shop.program)
    desk.programs = InForce(desk)  # type: ignore[assignment]
    api = Api(desk)
    for number in range(cases):
        chance = random.Random(f"{seed}/{number}")
        program, who = drawn(chance, shop.program), somebody(chance)
        who = replace(who, node=None) if who.organization == "tailor" else who  # which operates no node: refused before all else
        tailor = replace(program.organizations["tailor"], roles=ROLES)
        desk.in_force = replace(program, organizations={**program.organizations, "tailor": tailor})
        yield api, desk.in_force, who
