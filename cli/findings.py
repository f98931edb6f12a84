"""Findings of the compiler, printed for people, programs, code scanning and reviews."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

import click

from orderloom.cli.output import print_json
from orderloom.dsl.diagnostics import Diagnostic, place, render, to_json
from orderloom.dsl.source import Span

if TYPE_CHECKING:
    from orderloom.dsl.fixes import Fix


def print_findings(findings: Sequence[Diagnostic], form: str, offers: bool = True) -> None:
    """Prints findings in one of `FORMATS`; without `offers`, no word of what might put them right."""
    FORMATS[form](findings)
    fixable = sum(fix is not None and not fix.loses for fix in map(_fix, findings)) if offers and form == "text" else 0
    if fixable:
        click.echo(f"{fixable} of them can perhaps be put right: orderloom validate --fix")


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
    print_json([{**to_json(finding), "fix": _fix_json(finding)} for finding in findings])


def _fix(finding: Diagnostic) -> Fix | None:
    from orderloom.dsl.fixes import fix_of  # a workspace without findings starts without it

    return fix_of(finding)


def _fix_json(finding: Diagnostic) -> dict[str, object] | None:
    fix = _fix(finding)
    if fix is None:
        return None
    return {"title": fix.title, "loses": fix.loses, "edits": [{**place(edit.span), "text": edit.text} for edit in fix.edits]}


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
    where = {"physicalLocation": {"artifactLocation": {"uri": finding.span.path}, "region": _region(finding.span)}}
    result: dict[str, object] = {
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": words},
        "locations": [where],
    }
    fix = _fix(finding)
    return {**result, "fixes": [_sarif_fix(fix)]} if fix is not None else result


def _sarif_fix(fix: Fix) -> dict[str, object]:
    changes = [
        {"deletedRegion": _region(edit.span), **({"insertedContent": {"text": edit.text}} if edit.text else {})}
        for edit in fix.edits
    ]
    artifact = {"artifactLocation": {"uri": fix.edits[0].span.path}, "replacements": changes}
    return {"description": {"text": fix.title}, "artifactChanges": [artifact]}


def _region(span: Span) -> dict[str, object]:
    placed = place(span)
    names = {"startLine": "line", "startColumn": "column", "endLine": "end_line", "endColumn": "end_column"}
    return {name: placed[key] for name, key in names.items()}


FORMATS: Mapping[str, Callable[[Sequence[Diagnostic]], None]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
}
