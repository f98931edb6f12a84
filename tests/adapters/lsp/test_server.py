"""The language server, driven by a real client over its standard input and output."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="the extra `lsp` is not installed")

from editing import Editor, edit
from lsprotocol import types

MANIFEST = "orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
PROCESS = """\
kind: process
name: gift-wrap
title: Wrap it
for: fulfillment
steps:
  - step: big
    choose:
      - when: order.total > 500
        next: tell
      - otherwise: done
  - step: tell
    tell: customer
    message: shipped
  - step: done
    end: done
"""
ZONE = """\
kind: decision
name: zone
title: How far it is
given: { miles: number }
value: if miles > 100 then 2 else 1
"""
USES = PROCESS.replace("order.total > 500", "zone(distance in miles(node, order.ship_to)) > 1")
POLICY = """\
kind: decision
name: surcharge
given: { way: number }
inputs: { far: zone(way) }
outputs: { price: number }
table: |
  far || price
  1   || 0
  2   || zone(5) * 3
  > 2 || zone(way)
  < 1 || 0
  (1..2) || 0
"""
ATTRIBUTES = "kind: attributes\nname: ours\norder: { gift_note: string }\n"


@pytest.fixture(name="shop")
def _shop(tmp_path: Path) -> Path:
    for folder in ("rules", "processes"):
        (tmp_path / folder).mkdir()
    (tmp_path / "orderloom.yaml").write_text(MANIFEST)
    (tmp_path / "processes" / "gift-wrap.yaml").write_text(PROCESS)
    (tmp_path / "rules" / "ours.yaml").write_text(ATTRIBUTES)
    return tmp_path


WRAP = "processes/gift-wrap.yaml"


def test_findings_come_as_one_types_and_go_when_they_are_mended(shop: Path) -> None:
    async def session(editor: Editor) -> None:
        await editor.open(WRAP)
        assert editor.codes(WRAP) == ["W412"]
        await editor.write(WRAP, PROCESS.replace("order.total", "order.totl"))
        assert editor.codes(WRAP) == ["W412", "E402"]
        found = editor.told[editor.uri(WRAP)][1]
        assert (found.range.start.line, found.range.start.character, found.range.end.character) == (7, 20, 24)
        assert "did you mean total?" in found.message
        await editor.write(WRAP, PROCESS)
        assert editor.codes(WRAP) == ["W412"]

    edit(shop, session)


def test_findings_of_other_files_follow_an_open_buffer(shop: Path) -> None:
    (shop / "rules" / "zone.yaml").write_text(ZONE)
    (shop / WRAP).write_text(USES)

    async def session(editor: Editor) -> None:
        await editor.open("rules/zone.yaml")
        assert editor.codes(WRAP) == ["W412"]
        await editor.write("rules/zone.yaml", ZONE.replace("name: zone", "name: range"))
        assert "E404" in editor.codes(WRAP)

    edit(shop, session)


def test_completion_inside_when(shop: Path) -> None:
    async def session(editor: Editor) -> None:
        await editor.open(WRAP)
        fields = await editor.offered(WRAP, PROCESS.replace("order.total > 500", "order.to@ > 500"))
        assert fields["total"].detail == "number"
        assert {"gift_note", "customer", "ship_to"} <= fields.keys()
        inner = await editor.offered(WRAP, PROCESS.replace("order.total > 500", "order.total > 5 and order.ship_to.@"))
        assert {"zip", "country"} <= inner.keys()
        assert "total" not in inner
        names = await editor.offered(WRAP, PROCESS.replace("order.total > 500", "@"))
        assert {"order", "unit", "node", "upper case", "distance in miles", "some"} <= names.keys()
        assert names["upper case"].detail == "upper case(string: string) -> string"
        element = await editor.offered(WRAP, PROCESS.replace("order.total > 500", "some l in order.lines satisfies l.@"))
        assert {"quantity", "item"} <= element.keys()
        half = await editor.offered(WRAP, PROCESS.replace("order.total > 500", "if order.@"))
        assert "total" in half
        texts = await editor.offered(WRAP, PROCESS.replace("order.total > 500", 'order.customer.tier = "@"'))
        assert {"gold", "silver"} <= texts.keys()

    edit(shop, session)


def test_completion_of_keys_and_names(shop: Path) -> None:
    async def session(editor: Editor) -> None:
        await editor.open(WRAP)
        keys = await editor.offered(WRAP, PROCESS.replace("    message: shipped", "    message: shipped\n    n@"))
        assert {"next", "when", "undo"} <= keys.keys()
        assert not {"tell", "message", "within"} & keys.keys()
        assert keys["next"].documentation.value.startswith("The step that follows")
        steps = await editor.offered(WRAP, PROCESS.replace("next: tell", "next: @"))
        assert {"big", "tell", "done", "next"} <= steps.keys()
        messages = await editor.offered(WRAP, PROCESS.replace("message: shipped", "message: @"))
        assert "backordered" in messages
        assert "pick-request" not in messages
        roles = await editor.offered(WRAP, PROCESS.replace("tell: customer", "tell: @"))
        assert {"customer", "fulfiller"} <= roles.keys()
        verbs = await editor.offered(WRAP, PROCESS + "  - step: more\n    @")
        assert {"ask", "wait", "do"} <= verbs.keys()
        purposes = await editor.offered(WRAP, PROCESS.replace("for: fulfillment", "for: @"))
        assert {"fulfillment", "return"} <= purposes.keys()
        kinds = await editor.offered(WRAP, "kind: @\n")
        assert {"process", "decision", "calendar"} <= kinds.keys()

    edit(shop, session)


def test_hover_shows_docs_and_types(shop: Path) -> None:
    async def help(editor: Editor, old: str, new: str) -> str:
        asked = types.HoverParams(*await editor.write(WRAP, PROCESS.replace(old, new)))
        found = await editor.client.text_document_hover_async(asked)
        return found.contents.value if found is not None else ""

    async def session(editor: Editor) -> None:
        await editor.open(WRAP)
        assert await help(editor, "order.total", "order.tot@al") == "**order.total**: number"
        assert (await help(editor, "order.total", "ord@er.total")).startswith("**order**: { id, channel")
        assert (await help(editor, "message: shipped", "mess@age: shipped")).startswith(
            "**message**: the name of a message, required"
        )
        assert "money, with two decimals" in await help(editor, "order.total > 500", 'mo@ney(order.total) = "5.00"')
        assert (await help(editor, "next: tell", "next: te@ll")).startswith("**tell**: step of gift-wrap")
        assert (await help(editor, "kind: process", "kind: pro@cess")).startswith("**process**")

    edit(shop, session)


def test_a_name_is_renamed_over_three_files(shop: Path) -> None:
    (shop / "rules" / "zone.yaml").write_text(ZONE)
    (shop / "rules" / "surcharge.yaml").write_text(POLICY)
    (shop / WRAP).write_text(USES)

    async def session(editor: Editor) -> None:
        await editor.open("rules/zone.yaml")
        before = editor.codes("rules/zone.yaml")
        document, at = await editor.write("rules/zone.yaml", ZONE.replace("name: zone", "name: zo@ne"))
        prepared = await editor.client.text_document_prepare_rename_async(types.PrepareRenameParams(document, at))
        assert prepared.placeholder == "zone"
        asked = types.RenameParams(document, at, "parcel-reach")
        after = editor.edited(await editor.client.text_document_rename_async(asked))
        assert after == {
            "rules/zone.yaml": ZONE.replace("name: zone", "name: parcel-reach"),
            "rules/surcharge.yaml": POLICY.replace("zone(", "parcel-reach("),
            WRAP: USES.replace("zone(", "parcel-reach("),
        }
        places = types.ReferenceParams(types.ReferenceContext(include_declaration=True), document, at)
        assert len(await editor.client.text_document_references_async(places)) == 5
        for path, text in after.items():
            (shop / path).write_text(text)
        written = [types.FileEvent(editor.uri(path), types.FileChangeType.Changed) for path in after]
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(written))
        await editor.write("rules/zone.yaml", after["rules/zone.yaml"])
        for _ in range(100):  # what was found before may be told first
            if editor.codes("rules/zone.yaml") != before:
                await asyncio.sleep(0.1)
        assert editor.codes("rules/zone.yaml") == before

    edit(shop, session)


def test_a_name_that_would_break_something_stays(shop: Path) -> None:
    async def session(editor: Editor) -> None:
        await editor.open(WRAP)
        for old, new, name, because in (
            ("step: tell", "step: te@ll", "done", "there is a step done already"),
            ("step: tell", "step: te@ll", "2 words", "cannot be a name"),
            ("tell: customer", "tell: cust@omer", "buyer", "of the pack"),
        ):
            document, at = await editor.write(WRAP, PROCESS.replace(old, new))
            with pytest.raises(Exception, match=because):
                await editor.client.text_document_rename_async(types.RenameParams(document, at, name))

    assert edit(shop, session) == ""  # an answer is no fault


def test_steps_fields_and_definitions(shop: Path) -> None:
    async def session(editor: Editor) -> None:
        await editor.open(WRAP)
        document, at = await editor.write(WRAP, PROCESS.replace("next: tell", "next: te@ll"))
        (place,) = await editor.client.text_document_definition_async(types.DefinitionParams(document, at))
        assert (place.uri, place.range.start.line) == (editor.uri(WRAP), 10)
        note = PROCESS.replace("order.total > 500", "order.gift_note != null")
        document, at = await editor.write(WRAP, note.replace("gift_note", "gift@_note"))
        (place,) = await editor.client.text_document_definition_async(types.DefinitionParams(document, at))
        assert place.uri == editor.uri("rules/ours.yaml")
        after = editor.edited(await editor.client.text_document_rename_async(types.RenameParams(document, at, "card")))
        assert after == {WRAP: note.replace("gift_note", "card"), "rules/ours.yaml": ATTRIBUTES.replace("gift_note", "card")}

    edit(shop, session)


def test_fixes_are_offered_where_they_hold(shop: Path) -> None:
    async def session(editor: Editor) -> None:
        await editor.open(WRAP)
        broken = PROCESS.replace("order.total", "order.totl").replace("next: tell", "next: tel")
        document, _ = await editor.write(WRAP, broken)
        whole = types.Range(types.Position(0, 0), types.Position(20, 0))
        asked = types.CodeActionParams(document, whole, types.CodeActionContext(editor.told[editor.uri(WRAP)]))
        found = await editor.client.text_document_code_action_async(asked)
        assert [each.title for each in found] == ["write total in place of totl", "write tell in place of tel"]
        for each in found:
            editor.texts |= editor.edited(each.edit)
        assert editor.texts[WRAP] == PROCESS

    edit(shop, session)


def test_outline_and_formatting(shop: Path) -> None:
    async def session(editor: Editor) -> None:
        await editor.open(WRAP)
        document, _ = await editor.write(WRAP, PROCESS.replace("for: fulfillment", "for:   fulfillment"))
        (process,) = await editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
        assert (process.name, process.detail) == ("gift-wrap", "process")
        assert [(each.name, each.detail) for each in process.children] == [("big", "choose"), ("tell", "tell"), ("done", "end")]
        options = types.FormattingOptions(tab_size=2, insert_spaces=True)
        (change,) = await editor.client.text_document_formatting_async(types.DocumentFormattingParams(document, options))
        assert change.new_text == PROCESS

    edit(shop, session)
