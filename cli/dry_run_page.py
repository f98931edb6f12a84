"""A dry run as a page of HTML that stands by itself: the words, and each process drawn with the way that was taken."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from orderloom.adapters.dry_run import DryRun
from orderloom.cli.dry_run_words import headline, sections
from orderloom.dsl.pictures import Overlay, svg
from orderloom.dsl.program import Program

_STYLE = "body{font:14px/1.5 system-ui;max-width:72rem;margin:2rem auto;padding:0 1rem}pre{overflow:auto}svg{max-width:100%}"


def page(found: DryRun, program: Program) -> str:
    """The whole page."""
    title = escape(headline(found))
    head = f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
    words = [
        f"<h2>{escape(name)}</h2>\n<pre>{escape(chr(10).join(lines))}</pre>" for name, lines in sections(found, program.currency)
    ]
    return "\n".join([head, f"<body><h1>{title}</h1>", *words, *_pictures(found, program), "</body></html>"])


def _pictures(found: DryRun, program: Program) -> Iterator[str]:
    """The process of each subject with its way, in the order in which they were begun."""
    ways: dict[tuple[str, str], list[str]] = {}
    for passage in found.path:
        ways.setdefault((passage.subject, passage.process), []).append(passage.step)
    for (subject, process), steps in ways.items():
        drawn = svg(program.processes[process], Overlay(tuple(steps), steps[-1]))
        yield f"<h2>{escape(subject)}: {escape(process)}</h2>\n{drawn}"
