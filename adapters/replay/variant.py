"""A version of the definitions on which orders are played: of a folder, or of a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from msgspec import Struct
from sqlalchemy import select

from orderloom.adapters.versions import compiled, content_of
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source
from orderloom.engine.ahead import looks_ahead
from orderloom.engine.refused import Refused
from orderloom.engine.shell.programs import UnknownProgram, sources_of
from orderloom.engine.store import Store, tables


class Variant(Struct, frozen=True):
    """A version by its files, which compile, and the name that the user knows it by. Each process compiles it once."""

    name: str
    digest: str
    content: Mapping[str, bytes]

    @property
    def program(self) -> Program:
        """The program of these files."""
        return compiled(self.content)

    @property
    def looks_ahead(self) -> bool:
        """Whether a policy of it weighs what a unit would be worth elsewhere."""
        return any(looks_ahead(policy) for policy in self.program.sourcing.values())


def variant_of(name: str, program: Program, sources: Iterable[Source]) -> Variant:
    """A program that was compiled of these files."""
    return Variant(name, program.digest, content_of(sources))


def variant_in(store: Store, digest: str, name: str) -> Variant | Refused:
    """The version of a store whose digest begins so."""
    t = tables.definitions.c
    with store.reading() as connection:
        found = connection.execute(select(t.digest).where(t.shard == store.shard, t.digest.startswith(digest, autoescape=True)))
        digests = found.scalars().all()
        if len(digests) != 1:
            several = f"{len(digests)} versions in the store begin with {digest}"
            return Refused(several if digests else f"{digest} is neither a workspace's folder nor a version in the store")
        content = sources_of(connection, store.shard, digests[0])
    return _checked(
        name, digests[0], {path: text for path, text in content.items() if "scenarios" not in PurePosixPath(path).parts}
    )


def _checked(name: str, digest: str, content: Mapping[str, bytes]) -> Variant | Refused:
    try:
        compiled(content)
    except UnknownProgram as unknown:
        return Refused(str(unknown))
    return Variant(name, digest, content)
