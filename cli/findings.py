"""Findings of the compiler, printed."""

from __future__ import annotations

from collections.abc import Sequence

import click

from orderloom.dsl.diagnostics import Diagnostic, render


def print_findings(findings: Sequence[Diagnostic], form: str) -> None:
    """Findings in one of the formats; the text one ends with a count."""
    for finding in findings:
        click.echo(render(finding))
