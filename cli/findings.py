"""Findings of the compiler, printed for people, programs, code scanning and reviews."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version

import click

from orderloom.cli.output import print_json
from orderloom.dsl.diagnostics import Diagnostic, render, to_json


def print_findings(findings: Sequence[Diagnostic], form: str) -> None:
    """Prints findings in one of `FORMATS`."""
    FORMATS[form](findings)


def _text(findings: Sequence[Diagnostic]) -> None:
    for finding in findings:
        click.echo(render(finding) + "\n")
    errors = sum(finding.severity == "error" for finding in findings)
    click.echo(f"{_counted(errors, 'error')}, {_counted(len(findings) - errors, 'warning')}")
    if findings:
        click.echo(f"More about a code: orderloom explain {findings[0].code}")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _json(findings: Sequence[Diagnostic]) -> None:
    print_json([to_json(finding) for finding in findings])


def _github(findings: Sequence[Diagnostic]) -> None:
    """Workflow commands, which a pull request shows as annotations at their lines."""
    for finding in findings:
        place = f"file={finding.span.path},line={finding.span.line},col={finding.span.column}"
        words = finding.message + (f"; {finding.hint}" if finding.hint else "")
        click.echo(f"::{finding.severity} {place},title={finding.code}::{_escaped(words)}")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _sarif(findings: Sequence[Diagnostic]) -> None:
    """SARIF 2.1.0, which code scanning reads."""
    rules = [{"id": code} for code in sorted({finding.code for finding in findings})]
    driver = {"name": "orderloom", "version": version("orderloom"), "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [_result(f) for f in findings]}
    print_json({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]})


def _result(finding: Diagnostic) -> dict[str, object]:
    words = finding.message + (f" ({finding.hint})" if finding.hint else "")
    placed = to_json(finding)
    names = {"startLine": "line", "startColumn": "column", "endLine": "end_line", "endColumn": "end_column"}
    region = {name: placed[key] for name, key in names.items()}
    where = {"physicalLocation": {"artifactLocation": {"uri": finding.span.path}, "region": region}}
    return {"ruleId": finding.code, "level": finding.severity, "message": {"text": words}, "locations": [where]}


FORMATS: Mapping[str, Callable[[Sequence[Diagnostic]], None]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
}
