"""`orderloom validate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from msgspec import Struct

from orderloom.adapters.registry import absent
from orderloom.cli.files import closed, put
from orderloom.cli.findings import FORMATS, print_findings
from orderloom.cli.stop import Stop
from orderloom.cli.workspace import PACK, sources_of
from orderloom.dsl.compile import compile
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.documents import MANIFEST
from orderloom.dsl.packs import pack_at, pack_sources, packs
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source

LONE = b"orderloom: 1\nworkspace: files\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"


@click.command()
@click.argument("paths", metavar="[DIR|FILES]", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--pack", type=click.Choice(packs()), help="Check a shipped pack by itself.")
@click.option("--store", "store_name", metavar="FILE", help="Tell, too, where running orders of a store would have no place.")
@click.option("--fix", is_flag=True, help="Put right what can be meant in one way only, before telling what is left.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to print.")
def validate(paths: tuple[Path, ...], pack: str | None, store_name: str | None, fix: bool, form: str) -> None:
    """Check every definition of a workspace; exit code 0 when there is nothing to say, else 1.

    With FILES, the whole workspace around them is checked and what concerns these files is printed; files in no workspace are
    checked together, on top of the shipped retail pack.

    With --fix, names and keys that are misspelt, values without their quotes, signs of other languages and the like are put right
    in the files, comments kept. Only what takes its finding away and brings no other is written; what nothing uses stays.

    \b
    Example: orderloom validate
             orderloom validate shop --format sarif
             orderloom validate processes/ship.yaml rules/sourcing.yaml
             orderloom validate --fix
             orderloom validate --store orderloom.sqlite
    """
    asked = _Asked(pack_sources(pack), None, None) if pack else _asked(paths)
    sources, names = _fixed(asked) if fix else asked.sources, asked.names
    compiled = compile(sources)
    said = compiled.diagnostics + (_stranded(store_name, compiled.program, sources) if store_name and compiled.program else ())
    findings = [finding for finding in said if names is None or finding.span.path in names]
    print_findings(findings, form, offers=not fix)  # what could be put right has been
    unreached = absent(compiled.program) if compiled.program else ()
    missing = [f"{origin}: {because}" for origin, because in unreached if names is None or origin.path in names]
    for sentence in missing:
        click.echo(sentence, err=True)
    sys.exit(1 if findings or missing else 0)


def _stranded(store_name: str, program: Program, sources: tuple[Source, ...]) -> tuple[Diagnostic, ...]:
    from orderloom.adapters.stranded import without_place  # a store is opened by few of those who validate
    from orderloom.cli.stores import opened, store_url

    return tuple(without_place(opened(store_url(Path(), store_name)), program, sources))


class _Asked(Struct, frozen=True):
    """The files to check, the names of those whose findings are asked for (None for all), and where the files stand.

    `lone` are files in no workspace.
    """

    sources: tuple[Source, ...]
    names: set[str] | None
    folder: Path | None
    lone: bool = False


def _asked(paths: tuple[Path, ...]) -> _Asked:
    if not paths or (len(paths) == 1 and paths[0].is_dir()):
        folder = paths[0] if paths else Path()
        return _Asked(_sources_at(folder), None, folder)
    above = _workspace_of(paths[0])
    return _Asked(
        sources_of(above) if above else _lone(paths), {_name(path, above) for path in paths}, above or Path(), not above
    )


def _fixed(asked: _Asked) -> tuple[Source, ...]:
    """The files after every fix that holds, which are written; what was done is told on the side."""
    from orderloom.dsl.fixes import fix_of, repaired  # few ask for it
    from orderloom.dsl.known import Known

    known = Known()
    shut = _closed(asked)
    written = {source.path for source in asked.sources if source.path not in shut}
    may = written if asked.names is None else written & asked.names
    after = repaired(asked.sources, lambda sources: compile(sources, known).diagnostics, may)
    for was, now in zip(asked.sources, after.sources, strict=True):
        if now is not was and asked.folder is not None:
            path = asked.folder / was.path
            if path.read_bytes() != was.content:
                raise Stop(f"{path} was changed by somebody else meanwhile; nothing of it was put right")
            put(path, now.content)
    for finding, fix in after.done:
        click.echo(f"{finding.span}: {finding.code}: {finding.message}: {fix.title}", err=True)
    wanting = {each.span.path for each in after.left if each.span.path in shut and fix_of(each)}
    for name in sorted(wanting if asked.names is None else wanting & asked.names):
        click.echo(f"{name}: {shut[name]}, and is left alone", err=True)
    click.echo(f"{len(after.done)} put right", err=True)
    return after.sources


def _closed(asked: _Asked) -> dict[str, str]:
    """The files that are not written, and why; a link out of its own folder leads away from files in no workspace."""
    if asked.folder is None:
        return {}
    paths = {source.path: asked.folder / source.path for source in asked.sources}
    why = {name: closed(path, path.parent if asked.lone else asked.folder) for name, path in paths.items() if path.is_file()}
    return {name: because for name, because in why.items() if because}


def _sources_at(folder: Path) -> tuple[Source, ...]:
    """The files of the workspace in the folder, or of the shipped pack of which it is a half."""
    pack = pack_at(folder)
    return pack_sources(pack) if pack else sources_of(folder)


def _workspace_of(path: Path) -> Path | None:
    """The closest folder above a file that has a manifest."""
    return next((folder for folder in path.resolve().parents if (folder / MANIFEST).is_file()), None)


def _lone(paths: tuple[Path, ...]) -> tuple[Source, ...]:
    """Files in no workspace, as the whole of one."""
    return (*pack_sources(PACK), Source(MANIFEST, LONE), *(Source(_name(path, None), path.read_bytes()) for path in paths))


def _name(path: Path, folder: Path | None) -> str:
    """How findings call a file."""
    if folder is None:
        return path.as_posix()
    if not path.resolve().is_relative_to(folder):
        raise Stop(f"{path} is not in the workspace {folder}")
    return path.resolve().relative_to(folder).as_posix()
