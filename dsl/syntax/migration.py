"""Maps of running orders from one version to another, as they are written."""

from __future__ import annotations

from orderloom.dsl.fields import Located, MapOf, Pair, Ref, Section, Syntax, Text, key


class MappedProcess(Syntax, frozen=True, eq=False):
    """What becomes of whoever runs a process of the version that is left."""

    becomes: Located[str] | None = key("becomes", Ref("process"), "The process of the new version, where it has another name.")
    steps: tuple[Pair[Located[str]], ...] = key(
        "steps",
        MapOf(Ref("step"), Text()),
        "Steps of the old version to steps of the new one; the others are found by themselves.",
    )


class Migration(Syntax, frozen=True, eq=False):
    """Where running orders go that stand at steps which the new version does not have: a file for `orderloom migrate --map`."""

    processes: tuple[Pair[MappedProcess], ...] = key(
        "processes", MapOf(Section(MappedProcess), Text()), "Processes of the old version by name.", required=True
    )
