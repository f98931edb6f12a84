"""Versions of definitions between the compiler, which knows packs and files, and the store, which keeps content by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from orderloom.dsl.compile import compile_once
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source
from orderloom.engine.refused import Refused
from orderloom.engine.shell.programs import Programs, Sources, UnknownProgram, current, deploy, is_deployed
from orderloom.engine.shell.versions import Version, version_named
from orderloom.engine.store import Store

_OF_PACK = ":"  #: stands between a pack's name and a path in it


def deploy_version(
    store: Store, program: Program, sources: Iterable[Source], at: datetime,
    effective_at: datetime | None = None, by: str = "", note: str = "",
) -> int:  # fmt: skip
    """Sets a compiled program in force, from `effective_at` on, else from now; its number."""
    return deploy(store, program.digest, content_of(sources), program.workspace, at, effective_at, by, note)


def publish(store: Store, program: Program, sources: Iterable[Source]) -> str:
    """Deploys a program that the store does not have yet; the digest of the version that new orders run on.

    One that it has stays what it was made by `orderloom deploy`: in force, not in force yet, or not any more.
    """
    with store.writing() as connection:  # whoever may not write is told so before he begins
        there = is_deployed(connection, store.shard, program.digest)
    if not there:
        deploy_version(store, program, sources, store.now())
    return current(store) or program.digest


def compiled_version(store: Store, name: str) -> tuple[Version, Program] | Refused:
    """The version with this number or digest, compiled."""
    version = version_named(store, name)
    if isinstance(version, Refused):
        return version
    try:
        with store.reading() as connection:
            return version, versions(store).get(connection, version.digest)
    except UnknownProgram as unknown:
        return Refused(str(unknown))


def content_of(sources: Iterable[Source]) -> Sources:
    """Files as a store keeps them; `compiled` is the way back."""
    return {f"{source.pack or ''}{_OF_PACK}{source.path}": source.content for source in sources}


def versions(store: Store) -> Programs:
    """The versions that the store has."""
    return Programs(store, compiled)


def current_version(store: Store) -> Program:
    """The version that new orders run on; raises UnknownProgram where none was deployed."""
    with store.reading() as connection:
        return versions(store).current(connection)


def compiled(content: Sources) -> Program:
    """The program of files as a store keeps them; raises UnknownProgram where they do not compile.

    Only what compiles is deployed, but an older release may have compiled what this one does not.
    """
    names = [(*name.partition(_OF_PACK)[::2], text) for name, text in content.items()]
    compiled = compile_once(tuple([Source(path, text, pack or None) for pack, path, text in names]))
    if compiled.program is None:
        first = next(found for found in compiled.diagnostics if found.severity == "error")
        place = f"{first.span.path}:{first.span.line}"
        raise UnknownProgram(f"a version in this store is written in an older form of the language: {place} {first.message}")
    return compiled.program
