"""Maps of running orders from one version to another, as they are written."""

# ruff: noqa: RUF009 - `key` declares a field, as `dataclasses.field` does
from __future__ import annotations

from dataclasses import dataclass

from orderloom.dsl.fields import Located, MapOf, Pair, Ref, Section, Syntax, Text, key


@dataclass(frozen=True, slots=True, eq=False)
class MappedProcess(Syntax):
    """What becomes of whoever runs a process of the version that is left."""

    becomes: Located[str] | None = key("becomes", Ref("process"), "The process of the new version, where it has another name.")
    steps: tuple[Pair[Located[str]], ...] = key(
        "steps",
        MapOf(Ref("step"), Text()),
        "Steps of the old version to steps of the new one; the others are found by themselves.",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Migration(Syntax):
    """Where running orders go that stand at steps which the new version does not have: a file for `orderloom migrate --map`."""

    processes: tuple[Pair[MappedProcess], ...] = key(
        "processes", MapOf(Section(MappedProcess), Text()), "Processes of the old version by name.", required=True
    )
