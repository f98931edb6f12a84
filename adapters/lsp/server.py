"""The server: requests of an editor -> desks -> answers. Findings are told shortly after the last keystroke."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from orderloom.adapters.lsp.desk import Desk, home_of
from orderloom.adapters.lsp.words import Words
from orderloom.dsl.authoring.completing import complete
from orderloom.dsl.authoring.hovering import hover
from orderloom.dsl.authoring.names import Use, symbol_at, uses
from orderloom.dsl.authoring.outline import outline
from orderloom.dsl.authoring.renaming import Refused, nameable, renamed
from orderloom.dsl.fixes import fix_of, holds
from orderloom.dsl.formatting import formatted
from orderloom.dsl.source import Source, Span

QUIET = 0.05  #: seconds without a keystroke, after which findings are told
ASKS = (".", '"', " ", ":")  #: characters behind which an editor asks what may stand there


_OPTIONS: Mapping[str, Any] = {
    types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(trigger_characters=list(ASKS)),
    types.TEXT_DOCUMENT_RENAME: types.RenameOptions(prepare_provider=True),
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
}


class Unmet(JsonRpcException):
    """What an editor asked for cannot be: the answer says why, and it is no fault."""


class At:
    """A place in a file of a workspace."""

    def __init__(self, desk: Desk, source: Source, offset: int, words: Words) -> None:
        self.desk, self.source, self.offset, self.words = desk, source, offset, words


class Server:
    """One editor, with the desks of the workspaces whose files it has open."""

    def __init__(self) -> None:
        self.lsp = LanguageServer("orderloom", version("orderloom"))
        self.desks: dict[Path, Desk] = {}
        self.told: dict[Path, set[str]] = {}
        self.waiting: dict[Path, asyncio.TimerHandle] = {}
        features: dict[str, Any] = {
            types.TEXT_DOCUMENT_DID_OPEN: self.opened,
            types.TEXT_DOCUMENT_DID_CHANGE: self.changed,
            types.TEXT_DOCUMENT_DID_SAVE: self.saved,
            types.TEXT_DOCUMENT_DID_CLOSE: self.closed,
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES: self.watched,
            types.TEXT_DOCUMENT_HOVER: self.hover,
            types.TEXT_DOCUMENT_DEFINITION: self.definition,
            types.TEXT_DOCUMENT_REFERENCES: self.references,
            types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: self.outline,
            types.TEXT_DOCUMENT_FORMATTING: self.formatting,
            types.TEXT_DOCUMENT_COMPLETION: self.completion,
            types.TEXT_DOCUMENT_RENAME: self.rename,
            types.TEXT_DOCUMENT_PREPARE_RENAME: self.prepare_rename,
            types.TEXT_DOCUMENT_CODE_ACTION: self.actions,
        }
        for name, answer in features.items():
            self.lsp.feature(name, _OPTIONS.get(name))(_plain(answer))

    # --- texts --------------------------------------------------------------------------------------------------------

    def opened(self, params: types.DidOpenTextDocumentParams) -> None:
        path = _path(params.text_document.uri)
        self._desk(path).put(path, params.text_document.text)
        self._soon(self._desk(path))

    def changed(self, params: types.DidChangeTextDocumentParams) -> None:
        path = _path(params.text_document.uri)
        self._desk(path).put(path, self.lsp.workspace.get_text_document(params.text_document.uri).source)
        self._soon(self._desk(path))

    def saved(self, params: types.DidSaveTextDocumentParams) -> None:
        self._anew(_path(params.text_document.uri))

    def closed(self, params: types.DidCloseTextDocumentParams) -> None:
        path = _path(params.text_document.uri)
        self._desk(path).close(path)
        self._soon(self._desk(path))

    def watched(self, params: types.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            self._anew(_path(change.uri))

    def _anew(self, path: Path) -> None:
        desk = self._desk(path)
        desk.reload()
        self._soon(desk)

    def _desk(self, path: Path) -> Desk:
        folder = home_of(path)
        if folder not in self.desks:
            self.desks[folder] = Desk(folder)
        return self.desks[folder]

    def _soon(self, desk: Desk) -> None:
        """Tells the findings of a workspace once nothing was typed for a moment."""
        if desk.folder in self.waiting:
            self.waiting[desk.folder].cancel()
        self.waiting[desk.folder] = asyncio.get_running_loop().call_later(QUIET, self._tell, desk)

    def _tell(self, desk: Desk) -> None:
        words = self._words(desk)
        by_path: dict[str, list[types.Diagnostic]] = {path: [] for path in self.told.get(desk.folder, set())}
        for found in desk.whole().found:
            if found.span.source.pack is None:
                by_path.setdefault(found.span.path, []).append(words.diagnostic(found))
        for path, found_there in by_path.items():
            self.lsp.text_document_publish_diagnostics(types.PublishDiagnosticsParams(words.uri(path), found_there))
        self.told[desk.folder] = {path for path, found_there in by_path.items() if found_there}

    def _words(self, desk: Desk) -> Words:
        return Words(self.lsp.workspace.position_codec, desk.folder)

    def _at(self, params: Any) -> At | None:
        path = _path(params.text_document.uri)
        desk = self._desk(path)
        source = desk.source(path)
        if source is None:
            return None
        words = self._words(desk)
        position = getattr(params, "position", None)
        return At(desk, source, words.offset(source, position) if position is not None else 0, words)

    # --- questions ----------------------------------------------------------------------------------------------------

    def completion(self, params: types.CompletionParams) -> types.CompletionList:
        at = self._at(params)
        items = complete(at.source, at.offset, at.desk.look) if at is not None else ()
        said = [at.words.item(item, n, at.source, at.offset) for n, item in enumerate(items)] if at is not None else []
        return types.CompletionList(is_incomplete=False, items=said)

    def hover(self, params: types.HoverParams) -> types.Hover | None:
        at = self._at(params)
        help = hover(at.source, at.offset, at.desk.whole()) if at is not None else None
        if at is None or help is None:
            return None
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, help.text), at.words.range(help.span))

    def definition(self, params: types.DefinitionParams) -> list[types.Location]:
        return self._places(params, lambda use: use.defines)

    def references(self, params: types.ReferenceParams) -> list[types.Location]:
        return self._places(params, lambda use: params.context.include_declaration or not use.defines)

    def _places(self, params: Any, wanted: Any) -> list[types.Location]:
        at = self._at(params)
        if at is None:
            return []
        found = uses(at.desk.whole())
        here = symbol_at(found, at.source.path, at.offset)
        there: list[Use] = [use for use in found if here is not None and use.symbol == here.symbol and wanted(use)]
        return [at.words.location(use.span) for use in there if use.span.source.pack is None]

    def prepare_rename(self, params: types.PrepareRenameParams) -> types.PrepareRenameResult | None:
        at = self._at(params)
        use = nameable(at.desk.whole(), at.source.path, at.offset) if at is not None else None
        if at is None or not isinstance(use, Use):
            return None
        return types.PrepareRenamePlaceholder(at.words.range(use.span), use.symbol.name)

    def rename(self, params: types.RenameParams) -> types.WorkspaceEdit | None:
        at = self._at(params)
        if at is None:
            return None
        fix = renamed(at.desk.whole(), at.source.path, at.offset, params.new_name, at.desk.check)
        if isinstance(fix, Refused):
            raise Unmet(fix.because, code=types.LSPErrorCodes.RequestFailed.value)
        return at.words.edits(fix.edits)

    def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """The fixes of what is told of these lines, those that hold."""
        at = self._at(params)
        if at is None:
            return []
        whole = at.desk.whole()
        first, last = params.range.start.line + 1, params.range.end.line + 1
        said: list[types.CodeAction] = []
        for found in whole.found:
            fix = fix_of(found) if found.span.path == at.source.path and first <= found.span.line <= last else None
            if fix is not None and holds(fix, found, tuple(whole.files.values()), whole.found, at.desk.check):
                told = [at.words.diagnostic(found)]
                kind = types.CodeActionKind.QuickFix
                edit = at.words.edits(fix.edits)
                said.append(types.CodeAction(fix.title, kind=kind, diagnostics=told, edit=edit, is_preferred=not fix.loses))
        return said

    def outline(self, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        at = self._at(params)
        page = at.desk.whole().pages.get(at.source) if at is not None else None
        return [at.words.symbol(part) for part in outline(page)] if at is not None and page is not None else []

    def formatting(self, params: types.DocumentFormattingParams) -> list[types.TextEdit]:
        at = self._at(params)
        after = formatted(at.source.text) if at is not None else None
        if at is None or after is None or after == at.source.text:
            return []
        return [types.TextEdit(at.words.range(Span(at.source, 0, len(at.source.text))), after)]


def _plain(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of its own, on which the library can leave notes."""
    return lambda params: answer(params)


def _path(uri: str) -> Path:
    return Path(to_fs_path(uri) or uri).resolve()


def _is_fault(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], Unmet))


def serve() -> None:
    """Speaks with the editor that started this program, until that goes."""
    gc.set_threshold(100_000)  # every keystroke makes many small values, and hardly any that refer to each other in a circle
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_fault)  # it would tell the answer as a fault, with a traceback
    Server().lsp.start_io()
