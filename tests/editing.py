"""An editor: a real client of the protocol, which starts the server as editors do and speaks with it over pipes."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

COMMAND = (sys.executable, "-c", "from orderloom.cli.main import main; main()", "lsp", "--stdio")
HERE = "@"  #: the cursor, in texts of tests

Session = Callable[["Editor"], Awaitable[None]]


class Editor:
    """`texts` are the open buffers by path; what is told of a file is in `told`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.client = LanguageClient("tests", "1")
        self.texts: dict[str, str] = {}
        self.told: dict[str, list[types.Diagnostic]] = {}
        self.news = asyncio.Event()
        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self._told(params))

    def _told(self, params: types.PublishDiagnosticsParams) -> None:
        self.told[params.uri] = list(params.diagnostics)
        self.news.set()

    def uri(self, path: str) -> str:
        return (self.folder / path).as_uri()

    async def start(self) -> None:
        await self.client.start_io(*COMMAND)
        asked = types.InitializeParams(capabilities=types.ClientCapabilities(), root_uri=self.folder.as_uri())
        await self.client.initialize_async(asked)
        self.client.initialized(types.InitializedParams())

    def cpu_seconds(self) -> float:
        """The processor time that the server has taken, on Linux."""
        process: Any = self.client._server
        stat = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    async def stop(self) -> str:
        """What the server told on the side, until it ended."""
        server: Any = self.client._server
        await self.client.shutdown_async(None)
        self.client.exit(None)
        told: bytes = await server.stderr.read()
        await self.client.stop()
        return told.decode()

    async def open(self, path: str, text: str | None = None) -> None:
        self.texts[path] = (self.folder / path).read_text() if text is None else text
        item = types.TextDocumentItem(self.uri(path), "yaml", 1, self.texts[path])
        self.news.clear()
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        await self.news.wait()

    async def write(self, path: str, text: str) -> tuple[types.TextDocumentIdentifier, types.Position]:
        """The buffer has another text, with the cursor where it stands in it; waits until findings were told."""
        at = text.find(HERE)
        text = text.replace(HERE, "", 1)
        self.texts[path] = text
        changes = [types.TextDocumentContentChangeWholeDocument(text)]
        document = types.VersionedTextDocumentIdentifier(uri=self.uri(path), version=len(text))
        self.news.clear()
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))
        await self.news.wait()
        before = text[: max(at, 0)]
        place = types.Position(before.count("\n"), len(before.rpartition("\n")[2].encode("utf-16-le")) // 2)
        return types.TextDocumentIdentifier(self.uri(path)), place

    def codes(self, path: str) -> list[str]:
        return [str(each.code) for each in self.told.get(self.uri(path), [])]

    async def offered(self, path: str, text: str) -> dict[str, types.CompletionItem]:
        """What may stand at the cursor, by its label."""
        asked = types.CompletionParams(*await self.write(path, text))
        found: Any = await self.client.text_document_completion_async(asked)
        return {item.label: item for item in found.items}

    def edited(self, edit: types.WorkspaceEdit) -> dict[str, str]:
        """The texts of all files that an edit is about, after it."""
        after: dict[str, str] = {}
        for uri, edits in (edit.changes or {}).items():
            path = next(each for each in [*self.texts, *_files(self.folder)] if self.uri(each) == uri)
            text = self.texts.get(path) or (self.folder / path).read_text()
            after[path] = _edited(text, list(edits))
        return after


def _files(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


def _edited(text: str, edits: list[types.TextEdit]) -> str:
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:at]) for at in range(len(lines) + 1)]
    for edit in sorted(edits, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True):
        start, end = (starts[place.line] + place.character for place in (edit.range.start, edit.range.end))
        text = text[:start] + edit.new_text + text[end:]
    return text


def edit(folder: Path, session: Session, limit: float = 60) -> str:
    """Runs a session of an editor from its start to its end; what the server told on the side."""

    async def whole() -> str:
        editor = Editor(folder)
        await editor.start()
        try:
            await session(editor)
        finally:
            told = await editor.stop()
        return told

    return asyncio.run(asyncio.wait_for(whole(), limit))
