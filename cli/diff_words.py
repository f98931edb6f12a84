"""What two versions decide differently, as text, as Markdown for a review, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click
import msgspec

from orderloom.adapters.touched import Standing
from orderloom.cli.output import print_json
from orderloom.dsl.diffing.found import Case, Decides, Differences, ProcessChange, Setting

Standings = Sequence[Standing] | None  #: None where no store was asked


def print_differences(old: str, new: str, found: Differences, standing: Standings, form: str) -> None:
    """Prints the differences in one of the forms."""
    if form == "json":
        orders = {} if standing is None else {"orders": standing}
        print_json({"old": old, "new": new, "differs": not found.none, **msgspec.to_builtins(found), **orders})
        return
    lines = _markdown if form == "markdown" else _text
    for line in lines(old, new, found, standing):
        click.echo(line)


def headline(found: Differences) -> str:
    """The whole in one sentence."""
    decided = [each for each in found.decides if each.verdict.cases]
    unsure = [each for each in found.decides if each.verdict.unsure and not each.verdict.cases]
    counts = [
        (len(decided), "decides otherwise", "decide otherwise"),
        (len(unsure), "may decide otherwise", "may decide otherwise"),
        (len(found.settings), "setting is another", "settings are others"),
        (len(found.processes), "process is another", "processes are others"),
    ]
    said = [f"{number} {one if number == 1 else many}" for number, one, many in counts if number]
    return "; ".join(said) if said else "no difference in behaviour"


# --- text ------------------------------------------------------------------------------------------------------------


def _text(old: str, new: str, found: Differences, standing: Standings) -> Iterator[str]:
    yield f"{old} -> {new}: {headline(found)}"
    for each in found.decides:
        if not each.same:
            yield ""
            yield from _decides(each, "")
    for change in found.processes:
        yield ""
        yield from _process(change, standing)
    yield from _block("settings", [_setting(each) + (f"  ({each.at})" if each.at else "") for each in found.settings])
    yield from _block("without effect: written otherwise, decides the same", _idle(found))
    yield from _block("words", [_setting(each) for each in found.words])


def _decides(each: Decides, indent: str) -> Iterator[str]:
    yield f"{indent}{each.what}  ({each.now_at})"
    for case in each.verdict.cases:
        yield f"{indent}  {_when(case) + ': ' if _when(case) else ''}{case.before} -> {case.after}"
        about = [f"for example {_given(case)}"] if case.given else []
        yield from (f"{indent}    {line}" for line in (*about, *_rows(case)))
    if each.verdict.unsure:
        yield f"{indent}  unsure: {each.verdict.unsure}"
    if each.used_by:
        yield f"{indent}  asked by {', '.join(each.used_by)}"


def _when(case: Case) -> str:
    """The inputs around the example; empty where these are not known."""
    if case.within:
        return ", ".join(f"{name} {text}" for name, text in case.within.items())
    return "always" if case.was or case.now or not case.given else ""


def _given(case: Case) -> str:
    return ", ".join(f"{name} = {value}" for name, value in case.given.items())


def _rows(case: Case) -> Iterator[str]:
    if case.was or case.now:
        yield f"was {', '.join(case.was) or 'no row'}, now {', '.join(case.now) or 'no row'}"


def _process(change: ProcessChange, standing: Standings) -> Iterator[str]:
    yield f"process {change.process}  ({change.at})"
    yield from (f"  {text}" for text in change.changes)
    for each in change.decides:
        yield from _decides(each, "  ")
    yield from (f"  followed by {text}" for text in change.followed_by)
    yield from (f"  {text}" for text in _orders(change, standing))


def _orders(change: ProcessChange, standing: Standings) -> Iterator[str]:
    if standing is None:
        return
    here = [each for each in standing if each.process == change.process]
    for each in here:
        stand = "1 order stands" if each.orders == 1 else f"{each.orders:,} orders stand"
        yield f"{stand} at {each.step}" + (", which changed" if each.changed else "")
    if not here:
        yield "no running order stands in it"


def _setting(each: Setting) -> str:
    return f"{each.what}: {each.before} -> {each.after}"


def _idle(found: Differences) -> list[str]:
    return [f"{each.what}: {', '.join(each.verdict.idle)}" for each in found.decides if each.verdict.idle]


def _block(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from ("", title, *(f"  {line}" for line in lines))


# --- Markdown --------------------------------------------------------------------------------------------------------


def _markdown(old: str, new: str, found: Differences, standing: Standings) -> Iterator[str]:
    yield f"## `{old}` → `{new}`: {headline(found)}"
    differing = [each for each in found.decides if not each.same]
    for change in found.processes:
        yield from ("", f"### process `{change.process}` ({change.at})", "")
        yield from (f"- {text}" for text in (*change.changes, *(f"followed by {text}" for text in change.followed_by)))
        yield from (f"- **{text}**" for text in _orders(change, standing))
        differing += [_in_process(change, each) for each in change.decides]
    for each in differing:
        yield from ("", f"### {each.what} ({each.now_at})", "")
        yield from _cases(each)
    yield from _list("Settings", [_setting(each) + (f" ({each.at})" if each.at else "") for each in found.settings])
    yield from _list("Written otherwise, decides the same", _idle(found))
    yield from _list("Words", [_setting(each) for each in found.words])


def _in_process(change: ProcessChange, each: Decides) -> Decides:
    return Decides(f"process {change.process}: {each.what}", each.was_at, each.now_at, each.verdict)


def _cases(each: Decides) -> Iterator[str]:
    if each.verdict.cases:
        yield from ("| when | before | after | for example | rows |", "| --- | --- | --- | --- | --- |")
    for case in each.verdict.cases:
        cells = (_when(case), case.before, case.after, _given(case), "; ".join(_rows(case)))
        yield "| " + " | ".join(f"`{_cell(cell)}`" if cell and at < 4 else _cell(cell) for at, cell in enumerate(cells)) + " |"
    if each.verdict.unsure:
        yield from ("", f"Unsure: {each.verdict.unsure}.")
    if each.used_by:
        yield from ("", f"Asked by {', '.join(each.used_by)}.")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"### {title}", "", *(f"- {line}" for line in lines))
