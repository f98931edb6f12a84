"""Our values in the words of the protocol."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path
from pygls.workspace import PositionCodec

from orderloom.dsl.authoring.item import Item
from orderloom.dsl.authoring.outline import Part
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fixes import Edit
from orderloom.dsl.source import Source, Span

KINDS = {
    "key": types.CompletionItemKind.Property,
    "field": types.CompletionItemKind.Field,
    "name": types.CompletionItemKind.Variable,
    "function": types.CompletionItemKind.Function,
    "decision": types.CompletionItemKind.Function,
    "keyword": types.CompletionItemKind.Keyword,
    "value": types.CompletionItemKind.Value,
    "event": types.CompletionItemKind.Event,
}
SYMBOLS = {
    "process": types.SymbolKind.Module,
    "decision": types.SymbolKind.Function,
    "event": types.SymbolKind.Event,
    "form": types.SymbolKind.Field,
}


class Words:
    """Says things to one client, which counts columns in units of its own."""

    def __init__(self, codec: PositionCodec, folder: Path) -> None:
        self.codec, self.folder = codec, folder

    def uri(self, path: str) -> str:
        return from_fs_path(str(self.folder / path)) or ""

    def position(self, source: Source, at: int) -> types.Position:
        line, column = source.position(at)
        return types.Position(line - 1, self.codec.client_num_units(source.line(line)[: column - 1]))

    def offset(self, source: Source, position: types.Position) -> int:
        """The offset of a place of the client."""
        line = source.line(position.line + 1)
        column = 0
        while column < len(line) and self.codec.client_num_units(line[:column]) < position.character:
            column += 1
        return source.start_of(position.line + 1) + column

    def range(self, span: Span) -> types.Range:
        return types.Range(self.position(span.source, span.start), self.position(span.source, max(span.start, span.end)))

    def location(self, span: Span) -> types.Location:
        return types.Location(self.uri(span.path), self.range(span))

    def diagnostic(self, found: Diagnostic) -> types.Diagnostic:
        words = found.message + (f"\n{found.hint}" if found.hint else "")
        severity = types.DiagnosticSeverity.Error if found.severity == "error" else types.DiagnosticSeverity.Warning
        labels = [
            types.DiagnosticRelatedInformation(self.location(label.span), label.text)
            for label in found.labels
            if label.span.source.pack is None
        ]
        return types.Diagnostic(
            self.range(found.span), words, severity, found.code, source="orderloom", related_information=labels or None
        )

    def edits(self, edits: Iterable[Edit]) -> types.WorkspaceEdit:
        changes: dict[str, list[types.TextEdit]] = {}
        for edit in edits:
            changes.setdefault(self.uri(edit.span.path), []).append(types.TextEdit(self.range(edit.span), edit.text))
        return types.WorkspaceEdit(changes=changes)

    def item(self, item: Item, number: int, source: Source, at: int) -> types.CompletionItem:
        """What goes in stands in the place of what is written of it; ours is the order, not the alphabet's."""
        edit = types.TextEdit(types.Range(self.position(source, item.start), self.position(source, at)), item.text)
        return types.CompletionItem(
            item.label,
            kind=KINDS.get(item.kind, types.CompletionItemKind.Reference),
            detail=item.detail or None,
            documentation=types.MarkupContent(types.MarkupKind.Markdown, item.doc) if item.doc else None,
            sort_text=f"{number:04}",
            filter_text=item.label if item.text.startswith(item.label) else item.text,
            text_edit=edit,
        )

    def symbol(self, part: Part) -> types.DocumentSymbol:
        kind = SYMBOLS.get(part.detail, types.SymbolKind.Object)
        return types.DocumentSymbol(
            part.name or "?",
            kind,
            self.range(part.span),
            self.range(part.name_span),
            detail=part.detail,
            children=[self.symbol(each) for each in part.parts],
        )
